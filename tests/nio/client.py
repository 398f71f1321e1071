"""A resident with matrix-nio. Reads one JSON command a line, answers each with one JSON line, and ends with its input."""

import asyncio
import json
import sys

import nio

SYNC_MS = 500


class Resident:
    def __init__(self, homeserver, user_id, store):
        config = nio.AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
        self.client = nio.AsyncClient(homeserver, user_id, store_path=store, config=config)
        self.client.add_event_callback(self.heard, (nio.RoomMessageText, nio.RoomMessageNotice))
        self.client.add_event_callback(self.not_understood, nio.MegolmEvent)
        self.events = []
        self.unread = 0

    async def heard(self, room, event):
        content = event.source["content"]
        self.events.append({
            "room": room.room_id, "id": event.event_id, "by": event.sender,
            "encrypted": event.decrypted, "content": content,
        })

    async def not_understood(self, room, event):
        self.unread += 1

    async def turn(self):
        """One sync, and what nio's own loop does around it."""
        client = self.client
        good(await client.sync(timeout=SYNC_MS))
        await client.send_to_device_messages()
        if client.should_upload_keys:
            good(await client.keys_upload())
        if client.should_query_keys:
            good(await client.keys_query())
        if client.should_claim_keys:
            good(await client.keys_claim(client.get_users_for_key_claiming()))
        for room_id in list(client.invited_rooms):
            good(await client.join(room_id))

    async def do(self, command):
        what = command["do"]
        if what == "log in":
            return {"device": good(await self.client.login(command["password"])).device_id}
        if what == "turn":
            await self.turn()
            return {"events": self.events, "unread": self.unread, "rooms": list(self.client.rooms)}
        if what == "send":
            room = self.client.rooms[command["room"]]
            sent = good(await self.client.room_send(
                command["room"], command["type"], command["content"], ignore_unverified_devices=True,
            ))
            return {"id": sent.event_id, "encrypted": room.encrypted}
        raise ValueError(what)


def good(response):
    if isinstance(response, nio.ErrorResponse):
        raise RuntimeError(str(response))
    return response


async def main():
    homeserver, user_id, store = sys.argv[1:4]
    if not nio.crypto.ENCRYPTION_ENABLED:
        sys.exit("matrix-nio is installed without its library for encryption")
    resident = Resident(homeserver, user_id, store)
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            answer = await resident.do(json.loads(line))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    await resident.client.close()


asyncio.run(main())

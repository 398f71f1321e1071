-- storage/tests/filled/evening.jsonl, played on the console; the rows as the program of schema 0011 leaves them.
insert into community (community_id, next_number) values
    ('console', 8);
insert into person (person_id, user_id, display_name) values
    (1, '王楼长', '王楼长'),
    (2, '赵姐', '赵姐'),
    (3, '李阿姨', '李阿姨'),
    (4, '小陈', '小陈'),
    (5, '张叔', '张叔'),
    (6, '刘姐', '刘姐'),
    (7, '赵主任', '赵主任'),
    (8, '掌灯', '掌灯');
insert into pseudonym (community_id, person_id, pseudonym) values
    ('console', 3, x'b809b663d701a70c901aca2523e2c8af'),
    ('console', 4, x'8b9ef463fb183c0bec71b2e9bfbd6aa2'),
    ('console', 5, x'60731d63f63313d29b432eb744d0e8e2'),
    ('console', 1, x'934d20daab54e82ed75e625c6355fafa'),
    ('console', 6, x'ab64afb9acaf5715848c4f7aec07547d'),
    ('console', 2, x'a38787f8ea31e279b8f8fb2fdea12aaa'),
    ('console', 7, x'79a1a6ff6fcaf9e7abc3cf6742ccd856'),
    ('console', 8, x'48eb98e9b6afd2b95d1d96cb8d28c528');
insert into room (room_id, community_id, kind, name, joined_at_ms) values
    ('3号楼', 'console', 'building', '3号楼', 1767607200000),
    ('舞蹈队', 'console', 'interest', '舞蹈队', 1767607200000);
insert into captain (community_id, room_id, person_id, named_at_ms) values
    ('console', '3号楼', 6, 1767607200000);
insert into direct_chat (person_id, room_id, notice_given_at_ms) values
    (1, 'dm:王楼长', null),
    (2, 'dm:赵姐', null),
    (3, 'dm:李阿姨', null),
    (4, 'dm:小陈', null),
    (5, 'dm:张叔', null),
    (6, 'dm:刘姐', null),
    (7, 'dm:赵主任', null);
insert into inbox (sequence, event_id, room_id, state, attempts, sent_at_ms, first_seen_at_ms, fault_code, fault_text, raw) values
    (1, 'e1', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (2, 'e2', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (3, 'e3', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (4, 'e4', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (5, 'e5', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (6, 'e6', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (7, 'e7', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (8, 'e8', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (9, 'e9', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (10, 'e10', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (11, 'e11', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (12, 'e12', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (13, 'e13', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (14, 'e14', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (15, 'e15', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (16, 'e16', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (17, 'e17', 'dm:王楼长', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (18, 'e18', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (19, 'e19', 'dm:张叔', 'refused', 0, 1767607200000, 1767607200000, null, null, null),
    (20, 'e20', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (21, 'e21', '舞蹈队', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (22, 'e22', '舞蹈队', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (23, 'e25', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (24, 'e26', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (25, 'e27', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (26, 'e28', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (27, 'e29', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (28, 'e31', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (29, 'e32', '3号楼', 'refused', 0, 1767607200000, 1767607200000, null, null, null),
    (30, 'e23', '3号楼', 'handled', 0, 1767607200000, 1767607200000, null, null, null),
    (31, 'agenda 8 1767609000000', '3号楼', 'handled', 0, 1767609000000, 1767609000000, null, null, null),
    (32, 'agenda 9 1767699000000', '3号楼', 'handled', 0, 1767699000000, 1767699000000, null, null, null),
    (33, 'agenda 6 1767700800000', '', 'handled', 0, 1767700800000, 1767700800000, null, null, null),
    (34, 'agenda 7 1767700800000', '', 'handled', 0, 1767700800000, 1767700800000, null, null, null),
    (35, 'agenda 10 1767700800000', '', 'handled', 0, 1767700800000, 1767700800000, null, null, null),
    (36, 'agenda 11 1767700800000', '', 'handled', 0, 1767700800000, 1767700800000, null, null, null),
    (37, 'agenda 12 1767700800000', '', 'handled', 0, 1767700800000, 1767700800000, null, null, null),
    (38, 'e24', '3号楼', 'handled', 0, 1767702600000, 1767702600000, null, null, null);
insert into outbox (outbox_id, cause, ordinal, transaction_id, kind, room_id, person_id, fallback_room_id, target_id, target_event_id, lane, stream, content, state, attempts, not_before_ms, created_at_ms, sent_at_ms, event_id, last_error, unasked_in, stale_at_ms) values
    (1, 'e1', 0, 'll-11a28fdbe399221cd144f2e7c8b4631c', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"✨ 心愿 1：三楼的灯坏了\n李阿姨 想请邻居搭把手\n愿意帮忙：点 ✋ 我来，或发 ！认领 1","html":"✨ <b>心愿 1：三楼的灯坏了</b><br>李阿姨 想请邻居搭把手<br>愿意帮忙：点 ✋ 我来，或发 <code>！认领 1</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b1', null, null, null),
    (2, 'e1', 1, 'll-f934257bd9b182d44a3776fade08edff', 'tap', '3号楼', null, null, 1, null, 2, 'card 1', '{"tap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b2', null, null, null),
    (3, 'e2', 0, 'll-1a6db00512f72c5269ffe1685b6711d7', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"✨ 心愿 2：有没有多余的纸箱\n小陈 想请邻居搭把手\n愿意帮忙：点 ✋ 我来，或发 ！认领 2","html":"✨ <b>心愿 2：有没有多余的纸箱</b><br>小陈 想请邻居搭把手<br>愿意帮忙：点 ✋ 我来，或发 <code>！认领 2</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b3', null, null, null),
    (4, 'e2', 1, 'll-9680f780fcf101da204fd43a752368b8', 'tap', '3号楼', null, null, 3, null, 2, 'card 3', '{"tap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b4', null, null, null),
    (5, 'e3', 0, 'll-609a23c2e92127f717ad7e8531befdcc', 'tap', '3号楼', null, null, null, 'e3', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b5', null, null, null),
    (6, 'e3', 1, 'll-1175b10d6411f43968b581e16e8a3d68', 'edit', '3号楼', null, null, 1, null, 2, 'card 1', '{"message":{"plain":"✨ 心愿 1：三楼的灯坏了\n李阿姨 的心愿，张叔 来帮忙\n帮好了：张叔 点 ✅ 完成；满意了：李阿姨 点 🙏 确认","html":"✨ <b>心愿 1：三楼的灯坏了</b><br>李阿姨 的心愿，张叔 来帮忙<br>帮好了：张叔 点 ✅ 完成；满意了：李阿姨 点 🙏 确认","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b8', null, null, null),
    (7, 'e3', 2, 'll-49dfbbfe987a7463bed6d68b66e95300', 'untap', '3号楼', null, null, 2, null, 2, 'card 1', '{"untap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b9', null, null, null),
    (8, 'e3', 3, 'll-3de025a20d7cb33f878c98c73d7e578d', 'tap', '3号楼', null, null, 1, null, 2, 'card 1', '{"tap":{"key":"✅ 完成"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b10', null, null, null),
    (9, 'e3', 4, 'll-ed2bd0d80348c19bccc1af73183de6f7', 'tap', '3号楼', null, null, 1, null, 2, 'card 1', '{"tap":{"key":"🙏 确认"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b11', null, null, null),
    (10, 'e3', 5, 'll-ab9d2b30e2084a901dc656ebd02702c0', 'post', null, 5, '3号楼', null, null, 0, 'person 5', '{"message":{"plain":"🤝 您接下了 李阿姨 的心愿 1：三楼的灯坏了\n请直接和 李阿姨 商量时间。\n办好了发 完成 1；来不了也没关系，发 放弃 1。","html":"🤝 <b>您接下了 李阿姨 的心愿 1：三楼的灯坏了</b><br>请直接和 李阿姨 商量时间。<br>办好了发 <code>完成 1</code>；来不了也没关系，发 <code>放弃 1</code>。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b6', null, null, null),
    (11, 'e3', 6, 'll-4d67a5392cdc2df867e6882ed0506e07', 'post', null, 3, '3号楼', null, null, 0, 'person 3', '{"message":{"plain":"🤝 张叔 来帮您办心愿 1：三楼的灯坏了\n请直接和 张叔 商量时间。\n办好了发 确认 1，谢谢就送到了。","html":"🤝 <b>张叔 来帮您办心愿 1：三楼的灯坏了</b><br>请直接和 张叔 商量时间。<br>办好了发 <code>确认 1</code>，谢谢就送到了。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b7', null, null, null),
    (12, 'e4', 0, 'll-51307b19a3dbc8edd225b2c0d3275687', 'tap', '3号楼', null, null, null, 'e4', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b12', null, null, null),
    (13, 'e4', 1, 'll-1024c463818ce12ce2ae77a7ecb61633', 'edit', '3号楼', null, null, 1, null, 2, 'card 1', '{"message":{"plain":"✨ 心愿 1：三楼的灯坏了\n李阿姨 的心愿，张叔 来帮忙\n另有 1 位邻居愿意候补\n帮好了：张叔 点 ✅ 完成；满意了：李阿姨 点 🙏 确认","html":"✨ <b>心愿 1：三楼的灯坏了</b><br>李阿姨 的心愿，张叔 来帮忙<br>另有 1 位邻居愿意候补<br>帮好了：张叔 点 ✅ 完成；满意了：李阿姨 点 🙏 确认","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b14', null, null, null),
    (14, 'e4', 2, 'll-1546708dfdef6b3ccd3fe44f5649479a', 'post', null, 4, '3号楼', null, null, 0, 'person 4', '{"message":{"plain":"🤝 您是心愿 1 的候补：三楼的灯坏了\n现在 张叔 在帮。张叔 来不了的话，我再私信问您。\n不想等了，发 放弃 1。","html":"🤝 <b>您是心愿 1 的候补：三楼的灯坏了</b><br>现在 张叔 在帮。张叔 来不了的话，我再私信问您。<br>不想等了，发 <code>放弃 1</code>。","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b13', null, null, null),
    (15, 'e5', 0, 'll-910ab11ee03ab9969537fc9898ae86e0', 'tap', '3号楼', null, null, null, 'e5', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b15', null, null, null),
    (16, 'e5', 1, 'll-bb5d438b43f9235449cb9e8840c4576f', 'edit', '3号楼', null, null, 1, null, 2, 'card 1', '{"message":{"plain":"✨ 心愿 1：三楼的灯坏了\n张叔 说办好了，等 李阿姨 确认\n另有 1 位邻居愿意候补\n李阿姨 请点 🙏 确认，或发 ！确认 1","html":"✨ <b>心愿 1：三楼的灯坏了</b><br>张叔 说办好了，等 李阿姨 确认<br>另有 1 位邻居愿意候补<br>李阿姨 请点 🙏 确认，或发 <code>！确认 1</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b17', null, null, null),
    (17, 'e5', 2, 'll-ee09be1e20d90365e77eb905b6c3f0f7', 'untap', '3号楼', null, null, 8, null, 2, 'card 1', '{"untap":{"key":"✅ 完成"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b18', null, null, null),
    (18, 'e5', 3, 'll-15f15e9c5aef8826d682fb3f29e36ad9', 'post', null, 3, '3号楼', null, null, 0, 'person 3', '{"message":{"plain":"张叔 说心愿 1（三楼的灯坏了）办好了。\n满意的话发 确认 1；还没办好，就和 张叔 说一声。","html":"张叔 说心愿 1（三楼的灯坏了）办好了。<br>满意的话发 <code>确认 1</code>；还没办好，就和 张叔 说一声。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b16', null, null, null),
    (19, 'e6', 0, 'll-841a7909c6c89691694eaf6cff0cc7cb', 'tap', '3号楼', null, null, null, 'e6', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b19', null, null, null),
    (20, 'e6', 1, 'll-8294f3c83b40b0f951dc4dd0ae52913d', 'edit', '3号楼', null, null, 1, null, 2, 'card 1', '{"message":{"plain":"✨ 心愿 1：三楼的灯坏了\n🎉 已实现：张叔 帮 李阿姨 办好了\n经过：发 ！轨迹 1","html":"✨ <b>心愿 1：三楼的灯坏了</b><br>🎉 已实现：张叔 帮 李阿姨 办好了<br>经过：发 <code>！轨迹 1</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b21', null, null, null),
    (21, 'e6', 2, 'll-80bb617e79221f7372960c3b3d4592b3', 'untap', '3号楼', null, null, 9, null, 2, 'card 1', '{"untap":{"key":"🙏 确认"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b22', null, null, null),
    (22, 'e6', 3, 'll-6c8dd69e618bd3e2e91e3191d73b3127', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"🎉 谢谢 张叔！帮 李阿姨 实现了心愿 1：三楼的灯坏了\n爱心积分 +10。发 ！积分 看您的积分（我私信告诉您）。","html":"🎉 <b>谢谢 张叔！</b>帮 李阿姨 实现了心愿 1：三楼的灯坏了<br>爱心积分 +10。发 <code>！积分</code> 看您的积分（我私信告诉您）。","notify":true,"mentions":["张叔"],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b20', null, null, null),
    (23, 'e7', 0, 'll-acb30e5b14b53dec0dc67fb12909561e', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"📅 活动 3：包饺子\n时间：1月10日（周六）19:00\n地点：活动室\n发起：王楼长\n还没有人报名（共 4 个名额）\n想来：点 ✅ 报名，或发 报名 3；不来了发 退出 3","html":"📅 <b>活动 3：包饺子</b><br>时间：1月10日（周六）19:00<br>地点：活动室<br>发起：王楼长<br>还没有人报名（共 4 个名额）<br>想来：点 ✅ 报名，或发 <code>报名 3</code>；不来了发 <code>退出 3</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b23', null, null, null),
    (24, 'e7', 1, 'll-66fbe33d2f5c0c4d4a5fa8773ab88bdf', 'tap', '3号楼', null, null, 23, null, 2, 'card 23', '{"tap":{"key":"✅ 报名"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b24', null, null, null),
    (25, 'e9', 0, 'll-4aae18af0170839984e8d960e3bd4201', 'tap', '3号楼', null, null, null, 'e9', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b25', null, null, null),
    (26, 'e9', 1, 'll-87b957d510affbd06848a77faa735965', 'edit', '3号楼', null, null, 23, null, 2, 'card 23', '{"message":{"plain":"📅 活动 3：包饺子\n时间：1月10日（周六）19:00\n地点：活动室\n发起：王楼长\n已报 1/4 人：张叔\n想来：点 ✅ 报名，或发 报名 3；不来了发 退出 3","html":"📅 <b>活动 3：包饺子</b><br>时间：1月10日（周六）19:00<br>地点：活动室<br>发起：王楼长<br>已报 1/4 人：张叔<br>想来：点 ✅ 报名，或发 <code>报名 3</code>；不来了发 <code>退出 3</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b26', null, null, null),
    (27, 'e10', 0, 'll-276fa9e6b951bb9b69f989334d3f95f7', 'tap', '3号楼', null, null, null, 'e10', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b27', null, null, null),
    (28, 'e10', 1, 'll-8bad5e106f5b4661813dee57c2361b64', 'edit', '3号楼', null, null, 23, null, 2, 'card 23', '{"message":{"plain":"📅 活动 3：包饺子\n时间：1月10日（周六）19:00\n地点：活动室\n发起：王楼长\n已报 2/4 人：张叔、小陈\n想来：点 ✅ 报名，或发 报名 3；不来了发 退出 3","html":"📅 <b>活动 3：包饺子</b><br>时间：1月10日（周六）19:00<br>地点：活动室<br>发起：王楼长<br>已报 2/4 人：张叔、小陈<br>想来：点 ✅ 报名，或发 <code>报名 3</code>；不来了发 <code>退出 3</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b28', null, null, null),
    (29, 'e11', 0, 'll-6c2a910506d1a11c6d80593bb2b19ee3', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"poll":{"question":"要不要装门禁？","options":["要","不要"],"plain":"要不要装门禁？\n1. 要\n2. 不要"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b29', null, null, null),
    (30, 'e11', 1, 'll-bdbdab7b01bded94f7e668feac50f740', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"📊 投票 4：要不要装门禁？\n1. 要\n2. 不要\n点上面的选项，或发 ！投 4 1；可以改，以最后一次为准\n王楼长 发起，截止：1月6日（周二）20:00；已投 0 人","html":"📊 <b>投票 4：要不要装门禁？</b><br>1. 要<br>2. 不要<br>点上面的选项，或发 <code>！投 4 1</code>；可以改，以最后一次为准<br>王楼长 发起，截止：1月6日（周二）20:00；已投 0 人","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b30', null, null, null),
    (31, 'e12', 0, 'll-8d912d7760730327b24e8d45c6fbda0d', 'tap', '3号楼', null, null, null, 'e12', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b31', null, null, null),
    (32, 'e12', 1, 'll-61a561a712144edb1e78d184e2664f4a', 'edit', '3号楼', null, null, 30, null, 2, 'card 30', '{"message":{"plain":"📊 投票 4：要不要装门禁？\n1. 要\n2. 不要\n点上面的选项，或发 ！投 4 1；可以改，以最后一次为准\n王楼长 发起，截止：1月6日（周二）20:00；已投 1 人","html":"📊 <b>投票 4：要不要装门禁？</b><br>1. 要<br>2. 不要<br>点上面的选项，或发 <code>！投 4 1</code>；可以改，以最后一次为准<br>王楼长 发起，截止：1月6日（周二）20:00；已投 1 人","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b32', null, null, null),
    (33, 'e13', 0, 'll-810d90d5b95cda9e07bf834863f6889c', 'tap', '3号楼', null, null, null, 'e13', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b33', null, null, null),
    (34, 'e13', 1, 'll-5b167c8b1afff61bcf1b672d6d6ccc16', 'edit', '3号楼', null, null, 30, null, 2, 'card 30', '{"message":{"plain":"📊 投票 4：要不要装门禁？\n1. 要\n2. 不要\n点上面的选项，或发 ！投 4 1；可以改，以最后一次为准\n王楼长 发起，截止：1月6日（周二）20:00；已投 2 人","html":"📊 <b>投票 4：要不要装门禁？</b><br>1. 要<br>2. 不要<br>点上面的选项，或发 <code>！投 4 1</code>；可以改，以最后一次为准<br>王楼长 发起，截止：1月6日（周二）20:00；已投 2 人","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b34', null, null, null),
    (35, 'e14', 0, 'll-c766be3856b26c2eaba4277f7b5c83e8', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"⏰ 记下了：1月6日（周二）20:00 提醒您“交物业费”。\n不用了就发 ！取消提醒 1。","html":"⏰ 记下了：1月6日（周二）20:00 提醒您“交物业费”。<br>不用了就发 <code>！取消提醒 1</code>。","notify":false,"mentions":[],"reply_to":"e14","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b35', null, null, null),
    (36, 'e15', 0, 'll-d71ebd138b3251b36ac6fe0fd761e69b', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"🔕 好的，到 1月11日（周日） 为止（含当天），我不主动打扰您。您自己要的提醒照常。\n想早点恢复就发 ！免打扰 取消。","html":"🔕 好的，到 1月11日（周日） 为止（含当天），我不主动打扰您。您自己要的提醒照常。<br>想早点恢复就发 <code>！免打扰 取消</code>。","notify":false,"mentions":[],"reply_to":"e15","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b36', null, null, null),
    (37, 'e16', 0, 'll-0d2e408af8d3218abd2c83af1fbbfc98', 'post', null, 7, null, null, null, 1, 'person 7', '{"message":{"plain":"🚩 张叔 想以党员身份向社区报到\n备注：退休电工\n认识、属实就点 ✅ 同意，否则点 ❌ 不同意。群里看不到。","html":"🚩 <b>张叔 想以党员身份向社区报到</b><br>备注：退休电工<br>认识、属实就点 ✅ 同意，否则点 ❌ 不同意。群里看不到。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b38', null, null, null),
    (38, 'e16', 1, 'll-2998030a9c1d503c6f01f2b8cf62391c', 'tap', null, 7, null, 37, null, 2, 'card 37', '{"tap":{"key":"✅ 同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b40', null, null, null),
    (39, 'e16', 2, 'll-f37432084820f7ee8470a3e7e8bf40f9', 'tap', null, 7, null, 37, null, 2, 'card 37', '{"tap":{"key":"❌ 不同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b41', null, null, null),
    (40, 'e16', 3, 'll-24c6dc661dcb73a88063832a5a88db99', 'post', null, 1, null, null, null, 1, 'person 1', '{"message":{"plain":"🚩 张叔 想以党员身份向社区报到\n备注：退休电工\n认识、属实就点 ✅ 同意，否则点 ❌ 不同意。群里看不到。","html":"🚩 <b>张叔 想以党员身份向社区报到</b><br>备注：退休电工<br>认识、属实就点 ✅ 同意，否则点 ❌ 不同意。群里看不到。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b39', null, null, null),
    (41, 'e16', 4, 'll-073b21751d8d581ae56b69aa07e1f46f', 'tap', null, 1, null, 40, null, 2, 'card 40', '{"tap":{"key":"✅ 同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b42', null, null, null),
    (42, 'e16', 5, 'll-ac53ed6cff40b5cfcc24d1033eafe38d', 'tap', null, 1, null, 40, null, 2, 'card 40', '{"tap":{"key":"❌ 不同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b43', null, null, null),
    (43, 'e16', 6, 'll-8ddac22448225906b72359c1128da554', 'post', null, 5, null, null, null, 0, 'person 5', '{"message":{"plain":"🚩 收到您的报到。已私信请楼长和社区管理员确认，群里看不到。确认了我告诉您。","html":"🚩 收到您的报到。已私信请楼长和社区管理员确认，群里看不到。确认了我告诉您。","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b37', null, null, null),
    (44, 'e17', 0, 'll-dce81c35b410ca9bb0aff228fb54c2fb', 'edit', null, 7, null, 37, null, 2, 'card 37', '{"message":{"plain":"🚩 张叔 的报到：✅ 王楼长 已同意","html":"🚩 张叔 的报到：✅ 王楼长 已同意","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b45', null, null, null),
    (45, 'e17', 1, 'll-617f917b39ea0360c4da7ece9657333b', 'untap', null, 7, null, 38, null, 2, 'card 37', '{"untap":{"key":"✅ 同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b46', null, null, null),
    (46, 'e17', 2, 'll-83b56c11b2f99488cf072a9152b05d27', 'untap', null, 7, null, 39, null, 2, 'card 37', '{"untap":{"key":"❌ 不同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b47', null, null, null),
    (47, 'e17', 3, 'll-024286fb78e8f934629a2c715de74a8b', 'edit', null, 1, null, 40, null, 2, 'card 40', '{"message":{"plain":"🚩 张叔 的报到：✅ 王楼长 已同意","html":"🚩 张叔 的报到：✅ 王楼长 已同意","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b48', null, null, null),
    (48, 'e17', 4, 'll-38e55e9f20a2a4b33e9452e37126eda3', 'untap', null, 1, null, 41, null, 2, 'card 40', '{"untap":{"key":"✅ 同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b49', null, null, null),
    (49, 'e17', 5, 'll-bf0276970d58b932f8d018822d072760', 'untap', null, 1, null, 42, null, 2, 'card 40', '{"untap":{"key":"❌ 不同意"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b50', null, null, null),
    (50, 'e17', 6, 'll-89f3692edb9a8e1eb31dede1f299f8b2', 'post', null, 5, null, null, null, 0, 'person 5', '{"message":{"plain":"🚩 您的报到确认了，欢迎！有任务时我会在晚上私信问您，方便就接，不便也没关系，别人看不到。","html":"🚩 您的报到确认了，欢迎！有任务时我会在晚上私信问您，方便就接，不便也没关系，别人看不到。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b44', null, null, null),
    (51, 'e18', 0, 'll-2b2585bfe796529f59c4f8741f1dfc9d', 'tap', '3号楼', null, null, null, 'e18', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b51', null, null, null),
    (52, 'e18', 1, 'll-ecdd5da53649f6e62e7da45c5444ec2f', 'post', null, 1, null, null, null, 1, 'person 1', '{"message":{"plain":"🚩 任务 5：清楼道\n时间：1月10日（周六）上午；接下的 0/8 人\n1月5日（周一）18:30 私信 1 位党员；谁接、谁不便，都显示在这里，只有您看得到","html":"🚩 <b>任务 5：清楼道</b><br>时间：1月10日（周六）上午；接下的 0/8 人<br>1月5日（周一）18:30 私信 1 位党员；谁接、谁不便，都显示在这里，只有您看得到","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b52', null, null, null),
    (53, 'e19', 0, 'll-50ee264e489aad1fe9bba88e4a12cccc', 'post', null, 5, null, null, null, 0, 'person 5', '{"message":{"plain":"任务 5 没有问到您。想参加就直接找 王楼长。","html":"任务 5 没有问到您。想参加就直接找 王楼长。","notify":false,"mentions":[],"reply_to":"e19","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b53', null, null, null),
    (54, 'e20', 0, 'll-f41aaadc80fd75070de39fac81f0a9bd', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"🏅 好的，您上榜了：有积分后名字会出现在 ！排行 里，不写分数。不想了发 ！下榜。","html":"🏅 好的，您上榜了：有积分后名字会出现在 <code>！排行</code> 里，不写分数。不想了发 <code>！下榜</code>。","notify":false,"mentions":[],"reply_to":"e20","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b54', null, null, null),
    (55, 'e21', 0, 'll-2c1e01d6bab1a6661017fd288e7863c5', 'post', '舞蹈队', null, null, null, null, 0, 'room 0 舞蹈队', '{"message":{"plain":"✨ 心愿 6：借一个音箱\n赵姐 想请邻居搭把手\n愿意帮忙：点 ✋ 我来，或发 ！认领 6","html":"✨ <b>心愿 6：借一个音箱</b><br>赵姐 想请邻居搭把手<br>愿意帮忙：点 ✋ 我来，或发 <code>！认领 6</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b55', null, null, null),
    (56, 'e21', 1, 'll-e113d884242b24ec82b04cce496a326c', 'tap', '舞蹈队', null, null, 55, null, 2, 'card 55', '{"tap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b56', null, null, null),
    (57, 'e22', 0, 'll-8d9c7a459c1e335761659d4445c1df03', 'tap', '舞蹈队', null, null, null, 'e22', 0, 'room 0 舞蹈队', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b57', null, null, null),
    (58, 'e22', 1, 'll-b7b5e5a23355ed8b5e73a9e381b30fe0', 'edit', '舞蹈队', null, null, 55, null, 2, 'card 55', '{"message":{"plain":"✨ 心愿 6：借一个音箱\n赵姐 的心愿，李阿姨 来帮忙\n帮好了：李阿姨 点 ✅ 完成；满意了：赵姐 点 🙏 确认","html":"✨ <b>心愿 6：借一个音箱</b><br>赵姐 的心愿，李阿姨 来帮忙<br>帮好了：李阿姨 点 ✅ 完成；满意了：赵姐 点 🙏 确认","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b60', null, null, null),
    (59, 'e22', 2, 'll-831386e7e50af17104e8225993edbf6d', 'untap', '舞蹈队', null, null, 56, null, 2, 'card 55', '{"untap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b61', null, null, null),
    (60, 'e22', 3, 'll-40f514506800204a1d2f02aa2b47b92d', 'tap', '舞蹈队', null, null, 55, null, 2, 'card 55', '{"tap":{"key":"✅ 完成"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b62', null, null, null),
    (61, 'e22', 4, 'll-98092d0808969c44ba9cf4afc160a8a0', 'tap', '舞蹈队', null, null, 55, null, 2, 'card 55', '{"tap":{"key":"🙏 确认"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b63', null, null, null),
    (62, 'e22', 5, 'll-3f9f84d4f63fc6b1d73ef3333e8def89', 'post', null, 3, '舞蹈队', null, null, 0, 'person 3', '{"message":{"plain":"🤝 您接下了 赵姐 的心愿 6：借一个音箱\n请直接和 赵姐 商量时间。\n办好了发 完成 6；来不了也没关系，发 放弃 6。","html":"🤝 <b>您接下了 赵姐 的心愿 6：借一个音箱</b><br>请直接和 赵姐 商量时间。<br>办好了发 <code>完成 6</code>；来不了也没关系，发 <code>放弃 6</code>。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b58', null, null, null),
    (63, 'e22', 6, 'll-a8f240f0fafa93a43b8558765c51f1dd', 'post', null, 2, '舞蹈队', null, null, 0, 'person 2', '{"message":{"plain":"🤝 李阿姨 来帮您办心愿 6：借一个音箱\n请直接和 李阿姨 商量时间。\n办好了发 确认 6，谢谢就送到了。","html":"🤝 <b>李阿姨 来帮您办心愿 6：借一个音箱</b><br>请直接和 李阿姨 商量时间。<br>办好了发 <code>确认 6</code>，谢谢就送到了。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b59', null, null, null),
    (64, 'e25', 0, 'll-3f9c19202a0d37f7496a75732966e5a9', 'edit', '3号楼', null, null, 23, null, 2, 'card 23', '{"message":{"plain":"📅 活动 3：包饺子\n时间：1月10日（周六）19:00\n地点：活动室\n发起：王楼长\n已报 3/4 人：张叔、小陈、刘姐\n想来：点 ✅ 报名，或发 报名 3；不来了发 退出 3","html":"📅 <b>活动 3：包饺子</b><br>时间：1月10日（周六）19:00<br>地点：活动室<br>发起：王楼长<br>已报 3/4 人：张叔、小陈、刘姐<br>想来：点 ✅ 报名，或发 <code>报名 3</code>；不来了发 <code>退出 3</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b64', null, null, null),
    (65, 'e26', 0, 'll-bb82243a6c1a82ec3cb1c45dd5388882', 'edit', '3号楼', null, null, 3, null, 2, 'card 3', '{"message":{"plain":"✨ 心愿 2：有没有多余的纸箱\n小陈 的心愿，刘姐 来帮忙\n帮好了：刘姐 点 ✅ 完成；满意了：小陈 点 🙏 确认","html":"✨ <b>心愿 2：有没有多余的纸箱</b><br>小陈 的心愿，刘姐 来帮忙<br>帮好了：刘姐 点 ✅ 完成；满意了：小陈 点 🙏 确认","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b67', null, null, null),
    (66, 'e26', 1, 'll-5426fa5657a93caefa0f05d05ef71019', 'untap', '3号楼', null, null, 4, null, 2, 'card 3', '{"untap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b68', null, null, null),
    (67, 'e26', 2, 'll-c5c93dd2b78f96c11bf56f966a721569', 'tap', '3号楼', null, null, 3, null, 2, 'card 3', '{"tap":{"key":"✅ 完成"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b69', null, null, null),
    (68, 'e26', 3, 'll-5a4265634309c7ee44da2fd66551be99', 'tap', '3号楼', null, null, 3, null, 2, 'card 3', '{"tap":{"key":"🙏 确认"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b70', null, null, null),
    (69, 'e26', 4, 'll-9d03445584f9de14c67a7b337945dc2a', 'post', null, 6, '3号楼', null, null, 0, 'person 6', '{"message":{"plain":"🤝 您接下了 小陈 的心愿 2：有没有多余的纸箱\n请直接和 小陈 商量时间。\n办好了发 完成 2；来不了也没关系，发 放弃 2。","html":"🤝 <b>您接下了 小陈 的心愿 2：有没有多余的纸箱</b><br>请直接和 小陈 商量时间。<br>办好了发 <code>完成 2</code>；来不了也没关系，发 <code>放弃 2</code>。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b65', null, null, null),
    (70, 'e26', 5, 'll-66623d3597351351873e3a48778ff0ef', 'post', null, 4, '3号楼', null, null, 0, 'person 4', '{"message":{"plain":"🤝 刘姐 来帮您办心愿 2：有没有多余的纸箱\n请直接和 刘姐 商量时间。\n办好了发 确认 2，谢谢就送到了。","html":"🤝 <b>刘姐 来帮您办心愿 2：有没有多余的纸箱</b><br>请直接和 刘姐 商量时间。<br>办好了发 <code>确认 2</code>，谢谢就送到了。","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b66', null, null, null),
    (71, 'e27', 0, 'll-b338a712cd38712e575c4927c715200c', 'edit', '3号楼', null, null, 23, null, 2, 'card 23', '{"message":{"plain":"📅 活动 3：包饺子\n时间：1月10日（周六）19:00\n地点：活动室\n发起：王楼长\n已报 2/4 人：张叔、小陈\n想来：点 ✅ 报名，或发 报名 3；不来了发 退出 3","html":"📅 <b>活动 3：包饺子</b><br>时间：1月10日（周六）19:00<br>地点：活动室<br>发起：王楼长<br>已报 2/4 人：张叔、小陈<br>想来：点 ✅ 报名，或发 <code>报名 3</code>；不来了发 <code>退出 3</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b71', null, null, null),
    (72, 'e28', 0, 'll-a22e6095d93e687fc16b4e7d865dc9a8', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"好的，本群所有人都能发起投票了。","html":"好的，本群所有人都能发起投票了。","notify":false,"mentions":[],"reply_to":"e28","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b72', null, null, null),
    (73, 'e29', 0, 'll-11cbfdf247365ac7cda475970ca3ecbc', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"🏮 刘姐 现在是3号楼的楼长了，有事可以找 刘姐。","html":"🏮 刘姐 现在是3号楼的楼长了，有事可以找 刘姐。","notify":true,"mentions":["刘姐"],"reply_to":"e29","thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b73', null, null, null),
    (74, 'e32', 0, 'll-cf60ccd2e1c069080b05dcc50c053936', 'post', null, 5, '3号楼', null, null, 0, 'person 5', '{"message":{"plain":"心愿 2 要由 小陈 来说。","html":"心愿 2 要由 小陈 来说。","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b74', null, null, null),
    (75, 'e23', 0, 'll-7d91ed7afda68cec6c3a9425faa79442', 'tap', '3号楼', null, null, null, 'e23', 0, 'room 0 3号楼', '{"tap":{"key":"✅"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b75', null, null, null),
    (76, 'e23', 1, 'll-4c05c09027c71b4f65fafd1c8f2cf8a7', 'edit', '3号楼', null, null, 3, null, 2, 'card 3', '{"message":{"plain":"✨ 心愿 2：有没有多余的纸箱\n小陈 已撤回，谢谢大家\n经过：发 ！轨迹 2","html":"✨ <b>心愿 2：有没有多余的纸箱</b><br>小陈 已撤回，谢谢大家<br>经过：发 <code>！轨迹 2</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b77', null, null, null),
    (77, 'e23', 2, 'll-3fa180786f2255e80ca867e2a3d5e53a', 'untap', '3号楼', null, null, 67, null, 2, 'card 3', '{"untap":{"key":"✅ 完成"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b78', null, null, null),
    (78, 'e23', 3, 'll-258ac10030f0b919a18ec6e25d703f3b', 'untap', '3号楼', null, null, 68, null, 2, 'card 3', '{"untap":{"key":"🙏 确认"}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b79', null, null, null),
    (79, 'e23', 4, 'll-49b90035c6d56a6db5f9cbab198b1744', 'post', null, 6, '3号楼', null, null, 0, 'person 6', '{"message":{"plain":"小陈 撤回了心愿 2（有没有多余的纸箱），您不用去了。谢谢您！","html":"小陈 撤回了心愿 2（有没有多余的纸箱），您不用去了。谢谢您！","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767607200000, 1767607200000, 'b76', null, null, null),
    (80, 'agenda 8 1767609000000', 0, 'll-989a8c20cfb7fa571319de13445df10e', 'post', null, 5, null, null, null, 1, 'person 5', '{"message":{"plain":"🚩 任务 5：清楼道\n时间：1月10日（周六）上午\n王楼长 想请 8 位党员搭把手\n能来点 ✅ 接，来不了点 ❌ 不便（只有 王楼长 知道）；也可以回 接 5、不便 5","html":"🚩 <b>任务 5：清楼道</b><br>时间：1月10日（周六）上午<br>王楼长 想请 8 位党员搭把手<br>能来点 ✅ 接，来不了点 ❌ 不便（只有 王楼长 知道）；也可以回 <code>接 5</code>、<code>不便 5</code>","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767609000000, 1767609000000, 'b80', null, 'console', 1768003200000),
    (81, 'agenda 8 1767609000000', 1, 'll-8b45202619fc28dbaf4a6731dfd6b01d', 'tap', null, 5, null, 80, null, 2, 'card 80', '{"tap":{"key":"✅ 接"}}', 'sent', 0, 0, 1767609000000, 1767609000000, 'b81', null, 'console', 1768003200000),
    (82, 'agenda 8 1767609000000', 2, 'll-0b577d6ce04059d4294363d31f03daa9', 'tap', null, 5, null, 80, null, 2, 'card 80', '{"tap":{"key":"❌ 不便"}}', 'sent', 0, 0, 1767609000000, 1767609000000, 'b82', null, 'console', 1768003200000),
    (83, 'agenda 8 1767609000000', 3, 'll-348adf640d4dcd4ec7c5117c5161a2a4', 'edit', null, 1, null, 52, null, 2, 'card 52', '{"message":{"plain":"🚩 任务 5：清楼道\n时间：1月10日（周六）上午；接下的 0/8 人\n… 还没回（1）：张叔","html":"🚩 <b>任务 5：清楼道</b><br>时间：1月10日（周六）上午；接下的 0/8 人<br>… 还没回（1）：张叔","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767609000000, 1767609000000, 'b83', null, 'console', 1768003200000),
    (84, 'agenda 1 1767699000000', 0, 'll-63a77fbf788ad80057de7c2b3ae5b79b', 'post', '3号楼', null, null, null, null, 3, 'room 3 3号楼', '{"message":{"plain":"🏮 1月6日（周二），楼里的事\n快截止的投票，还没投的请投\n• 4：要不要装门禁？ · 截止 1月6日（周二）20:00","html":"🏮 <b>1月6日（周二），楼里的事</b><br><b>快截止的投票，还没投的请投</b><br>• 4：要不要装门禁？ · 截止 1月6日（周二）20:00","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767699000000, 1767699000000, 'b88', null, 'console', 1767706200000),
    (85, 'agenda 9 1767699000000', 0, 'll-e34348bf2cc1d1f1dfc7adf9e5201db1', 'post', null, 5, null, null, null, 1, 'person 5', '{"message":{"plain":"🚩 任务 5：清楼道\n时间：1月10日（周六）上午\n王楼长 想请 8 位党员搭把手\n能来点 ✅ 接，来不了点 ❌ 不便（只有 王楼长 知道）；也可以回 接 5、不便 5","html":"🚩 <b>任务 5：清楼道</b><br>时间：1月10日（周六）上午<br>王楼长 想请 8 位党员搭把手<br>能来点 ✅ 接，来不了点 ❌ 不便（只有 王楼长 知道）；也可以回 <code>接 5</code>、<code>不便 5</code>","notify":true,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767699000000, 1767699000000, 'b84', null, 'console', 1768003200000),
    (86, 'agenda 9 1767699000000', 1, 'll-704b6516772454a5a1b88cf158d3c62c', 'tap', null, 5, null, 85, null, 2, 'card 85', '{"tap":{"key":"✅ 接"}}', 'sent', 0, 0, 1767699000000, 1767699000000, 'b85', null, 'console', 1768003200000),
    (87, 'agenda 9 1767699000000', 2, 'll-21e1634c2a57ab9d9b0abd4726c1a30c', 'tap', null, 5, null, 85, null, 2, 'card 85', '{"tap":{"key":"❌ 不便"}}', 'sent', 0, 0, 1767699000000, 1767699000000, 'b86', null, 'console', 1768003200000),
    (88, 'agenda 9 1767699000000', 3, 'll-99756b1fa0d4b5b588f4a6b990976b79', 'edit', null, 1, null, 52, null, 2, 'card 52', '{"message":{"plain":"🚩 任务 5：清楼道\n时间：1月10日（周六）上午；接下的 0/8 人\n… 还没回（1）：张叔","html":"🚩 <b>任务 5：清楼道</b><br>时间：1月10日（周六）上午；接下的 0/8 人<br>… 还没回（1）：张叔","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767699000000, 1767699000000, 'b87', null, 'console', 1768003200000),
    (89, 'agenda 6 1767700800000', 0, 'll-57f259ce2032e9a29c96da32dfbc6332', 'edit', '3号楼', null, null, 29, null, 0, 'card 29', '{"close_poll":{"plain":"投票 4 结束了"}}', 'sent', 0, 0, 1767700800000, 1767700800000, 'b89', null, null, null),
    (90, 'agenda 6 1767700800000', 1, 'll-7556df59a594be23b7b5a6acfa37ecde', 'edit', '3号楼', null, null, 30, null, 2, 'card 30', '{"message":{"plain":"📊 投票 4：要不要装门禁？\n1. 要\n2. 不要\n投票结束了，共 2 人投票","html":"📊 <b>投票 4：要不要装门禁？</b><br>1. 要<br>2. 不要<br>投票结束了，共 2 人投票","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767700800000, 1767700800000, 'b92', null, null, null),
    (91, 'agenda 7 1767700800000', 0, 'll-bec806d4b118b7683e3504b813080bba', 'post', null, 6, '3号楼', null, null, 0, 'person 6', '{"message":{"plain":"⏰ 刘姐，到时间了：交物业费","html":"⏰ 刘姐，到时间了：交物业费","notify":true,"mentions":["刘姐"],"reply_to":null,"thread":null,"open":true}}', 'sent', 0, 0, 1767700800000, 1767700800000, 'b90', null, null, null),
    (92, 'agenda 10 1767700800000', 0, 'll-bf6cad30b22b7d78c657c91284d6d1b8', 'post', '3号楼', null, null, null, null, 1, 'room 1 3号楼', '{"message":{"plain":"📊 投票 4 结果：要不要装门禁？\n共 2 人投票\n要　▇▇▇▇▇ 1 票（50%）\n不要　▇▇▇▇▇ 1 票（50%）\n票数最多的打平了，没有定论。\n这是听听大家的意见，不是业主大会表决。经过：发 ！轨迹 4","html":"📊 <b>投票 4 结果：要不要装门禁？</b><br>共 2 人投票<br>要　▇▇▇▇▇ 1 票（50%）<br>不要　▇▇▇▇▇ 1 票（50%）<br>票数最多的打平了，没有定论。<br>这是听听大家的意见，不是业主大会表决。经过：发 <code>！轨迹 4</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767700800000, 1767700800000, 'b91', null, 'console', null),
    (93, 'e24', 0, 'll-3cf4c46feca24b9512cfda547da0ba1f', 'post', '3号楼', null, null, null, null, 0, 'room 0 3号楼', '{"message":{"plain":"✨ 心愿 7：修一下单元门\n李阿姨 想请邻居搭把手\n愿意帮忙：点 ✋ 我来，或发 ！认领 7","html":"✨ <b>心愿 7：修一下单元门</b><br>李阿姨 想请邻居搭把手<br>愿意帮忙：点 ✋ 我来，或发 <code>！认领 7</code>","notify":false,"mentions":[],"reply_to":null,"thread":null,"open":false}}', 'sent', 0, 0, 1767702600000, 1767702600000, 'b93', null, null, null),
    (94, 'e24', 1, 'll-9a9fcede8ac13351d15e0f01ec0581c5', 'tap', '3号楼', null, null, 93, null, 2, 'card 93', '{"tap":{"key":"✋ 我来"}}', 'sent', 0, 0, 1767702600000, 1767702600000, 'b94', null, null, null);
insert into journal (community_id, sequence, kind, number, pseudonym, at_ms, payload_hash, previous_hash, hash) values
    ('console', 1, 'wish.posted', 1, x'b809b663d701a70c901aca2523e2c8af', 1767607200000, x'fc2e0fac2500f994ec85702c14fcce5f4b21ae31e9d8f0f9e3dec73e812e320c', x'0000000000000000000000000000000000000000000000000000000000000000', x'fa3904c7da1f90ecaf54c1682e18854473164c9a7e8d61ea561c8a3923ff53e9'),
    ('console', 2, 'wish.posted', 2, x'8b9ef463fb183c0bec71b2e9bfbd6aa2', 1767607200000, x'cac0fbe498d3cf7abf8439430b0e6bcbc01e7dd2dd664b2756583a648614ee10', x'fa3904c7da1f90ecaf54c1682e18854473164c9a7e8d61ea561c8a3923ff53e9', x'74b0b5956e1c4d3807297f476915a66719e5ce4ddff0b72706472435bde55570'),
    ('console', 3, 'wish.claimed', 1, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'5e26e66676142228931472387e427dced7787a0eb084b1e576ade003d7e40312', x'74b0b5956e1c4d3807297f476915a66719e5ce4ddff0b72706472435bde55570', x'40609ef29410e3d54fa05e19dcbaab929968801f02966ae2b53d9c7a6c8ae9e8'),
    ('console', 4, 'wish.stood_by', 1, x'8b9ef463fb183c0bec71b2e9bfbd6aa2', 1767607200000, x'1a82123ff67e317d4a39887238bac489507139252470e7805e3229b568ce388f', x'40609ef29410e3d54fa05e19dcbaab929968801f02966ae2b53d9c7a6c8ae9e8', x'844ee976aa7693ec0812f6c6c8c4bce5eacece41f1eebfbb1c9dfebadcacbb96'),
    ('console', 5, 'wish.finished', 1, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'42697bd43e2ec44eeef46818dea34a0cb35b200c3288bfd980ebccaca9e4234d', x'844ee976aa7693ec0812f6c6c8c4bce5eacece41f1eebfbb1c9dfebadcacbb96', x'7f8add05838fc38cc561ddbef2cf11b3a51854e3d95158ae18e1785c77b0d9c3'),
    ('console', 6, 'wish.confirmed', 1, x'b809b663d701a70c901aca2523e2c8af', 1767607200000, x'a888538ceafc7ff8092239753f8674d73f98debf8af04c7bf69cc15a408ca910', x'7f8add05838fc38cc561ddbef2cf11b3a51854e3d95158ae18e1785c77b0d9c3', x'3cd20a11beea7f92f51a6af6003ab273bd6a3089d629791f5a149dd7e5e7400d'),
    ('console', 7, 'ledger.transfer', 1, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'a7381fc31e2b7ae1ebfd4adc2fe143a580b3f354c979961ae2d1bdf09186f3f7', x'3cd20a11beea7f92f51a6af6003ab273bd6a3089d629791f5a149dd7e5e7400d', x'b25b0599989337e5a33dbe408d02ecf4654b599ce1c6a7601d58096d31dd3130'),
    ('console', 8, 'activity.posted', 3, x'934d20daab54e82ed75e625c6355fafa', 1767607200000, x'd3d5f77fa225fd80b44aebfddec3fdf7071dbf967024a5c4c18f8e9fcf314789', x'b25b0599989337e5a33dbe408d02ecf4654b599ce1c6a7601d58096d31dd3130', x'f1b8417f5abd365a458202a0ab868a18d2c3ec9a2cee7ec5bb760a54cbb47157'),
    ('console', 9, 'activity.joined', 3, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'091154dd26929b3cabdc925f0e88ffb433d477945040834628b43ae2e51cf895', x'f1b8417f5abd365a458202a0ab868a18d2c3ec9a2cee7ec5bb760a54cbb47157', x'dc28580a7ac847bce806967b0d1f1814105607204ccf8b244928c27d507353d2'),
    ('console', 10, 'activity.joined', 3, x'8b9ef463fb183c0bec71b2e9bfbd6aa2', 1767607200000, x'282b435ffb8e4045cca9c776b0360709e7704794dc540c8b78eaf872910d3682', x'dc28580a7ac847bce806967b0d1f1814105607204ccf8b244928c27d507353d2', x'6e8c02b283035fb7fa058540587915539d477b03de545342dd4d5f8ce5de1fc2'),
    ('console', 11, 'poll.posted', 4, x'934d20daab54e82ed75e625c6355fafa', 1767607200000, x'c394d00011b431e182e767f8a1fb186840f34ec14474d9c40f4b9b8e58b50a98', x'6e8c02b283035fb7fa058540587915539d477b03de545342dd4d5f8ce5de1fc2', x'95b497cb49ae745228e8ec3b9a7c4b01e786175f4decbfc403cc136781e40347'),
    ('console', 12, 'poll.answered', 4, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'e8f31faaecdcae38c042c180c2c4667ded4ca86f437535c2b4a524f567757ebe', x'95b497cb49ae745228e8ec3b9a7c4b01e786175f4decbfc403cc136781e40347', x'7d39ea84c12b0d092bc0dd48067b194e27bea1e1ffcc28d6dc418b0b6a473815'),
    ('console', 13, 'poll.answered', 4, x'ab64afb9acaf5715848c4f7aec07547d', 1767607200000, x'5364e16b33d462c5fb90b48600b2cf7f1ecb3010f5e272ac23c07a4fce358ec4', x'7d39ea84c12b0d092bc0dd48067b194e27bea1e1ffcc28d6dc418b0b6a473815', x'bc399846c93d7bfec78efdba8b4ae40be5f0a2b2026407ac596c5a6e618388a4'),
    ('console', 14, 'party.submitted', null, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'e0e5d8b0f7c9404f9eb38a4f139edc87fbf4e5cb8bb1c405b79b1af4425ddaf3', x'bc399846c93d7bfec78efdba8b4ae40be5f0a2b2026407ac596c5a6e618388a4', x'54db89a4b59bc1e282afe2b69811b6d76457807cddf9db3f3e033ecc1ac92fe2'),
    ('console', 15, 'party.confirmed', null, x'934d20daab54e82ed75e625c6355fafa', 1767607200000, x'b4ba4613a6ff5995ecbd0cd11e41731881c9b46e04d0a0e352e94ad73aaa523b', x'54db89a4b59bc1e282afe2b69811b6d76457807cddf9db3f3e033ecc1ac92fe2', x'b6d58ce57e0ba24e03bdf1a1d2f60472cd2dba97f86c0461e1ac3d03df0e62d3'),
    ('console', 16, 'task.posted', 5, x'934d20daab54e82ed75e625c6355fafa', 1767607200000, x'c14ed0b56cba6a30d2b56d95fa963eb8658a0d4faf1ee5c30f5a6b15d9ab0c17', x'b6d58ce57e0ba24e03bdf1a1d2f60472cd2dba97f86c0461e1ac3d03df0e62d3', x'8cc5b31015a6955a23168aa97b5d2bbfb92adaef53f2ea931e60366408395799'),
    ('console', 17, 'ranking.entered', null, x'60731d63f63313d29b432eb744d0e8e2', 1767607200000, x'7121d37b987553f9e984d5835d9b7cc150fe9778753e840c6e0dc94f45d42c1d', x'8cc5b31015a6955a23168aa97b5d2bbfb92adaef53f2ea931e60366408395799', x'ad3fa759803c486e982720650970a6e2476a7d48f8fd4d195e50781b24301f4f'),
    ('console', 18, 'wish.posted', 6, x'a38787f8ea31e279b8f8fb2fdea12aaa', 1767607200000, x'8ac645742e097c87bc9edb0e7e6f179e7a8b6f42ddc8ccc1db76d762ee50e7d0', x'ad3fa759803c486e982720650970a6e2476a7d48f8fd4d195e50781b24301f4f', x'c7608455a9a249d78b1de5ade4d481f4916703f43c438c8ac9c83400da20d46f'),
    ('console', 19, 'wish.claimed', 6, x'b809b663d701a70c901aca2523e2c8af', 1767607200000, x'46542f42ef5ea32cee49d519060f27f8c65aa6d9a231f74adddc9312673a4a7f', x'c7608455a9a249d78b1de5ade4d481f4916703f43c438c8ac9c83400da20d46f', x'482c1412b1a301fdd7c06e76eb6d5112a5930269dcd6b4d6cd53484d6a51e69d'),
    ('console', 20, 'activity.joined', 3, x'ab64afb9acaf5715848c4f7aec07547d', 1767607200000, x'6a6a3031dfc78135ab15481547bd95574887b36276e9dac52c786a7873cc73ee', x'482c1412b1a301fdd7c06e76eb6d5112a5930269dcd6b4d6cd53484d6a51e69d', x'fa94dc1c244b722b0fc475539764d52995643a54fc931af49d053dc6e0260c1b'),
    ('console', 21, 'wish.claimed', 2, x'ab64afb9acaf5715848c4f7aec07547d', 1767607200000, x'a62ba0cd40f6e0ff1712eb2e43d2a5f140fdb1b5d278c50224caaf2ef7b4bcc6', x'fa94dc1c244b722b0fc475539764d52995643a54fc931af49d053dc6e0260c1b', x'b0e2d03be59fc35c5d7f797c40861f9b7497085f0e2f810a675c666d3b1b4824'),
    ('console', 22, 'activity.left', 3, x'ab64afb9acaf5715848c4f7aec07547d', 1767607200000, x'3264daf045fa3486869a404e3ab5a260c0509740c521a942a6bf4c5b214eb617', x'b0e2d03be59fc35c5d7f797c40861f9b7497085f0e2f810a675c666d3b1b4824', x'a42bef0c46209ee8e505879d600591fe57a061998d45a688a199f2dbf5879e37'),
    ('console', 23, 'room.setting', null, x'934d20daab54e82ed75e625c6355fafa', 1767607200000, x'cad147b0b202a075e3aa9f86dd82042ba913bcd60092b702db7c5b3d77f63557', x'a42bef0c46209ee8e505879d600591fe57a061998d45a688a199f2dbf5879e37', x'dead922a41b63ae864e6c74dac48faba5ed52aa99a8130f6ca02bd18eade920f'),
    ('console', 24, 'captain.named', null, x'79a1a6ff6fcaf9e7abc3cf6742ccd856', 1767607200000, x'573891f1e845c2a4e53e18ca2b68dfe0e70811be9242d63ddde890f3b94ee05a', x'dead922a41b63ae864e6c74dac48faba5ed52aa99a8130f6ca02bd18eade920f', x'0ce599a32cf7a849bcbb7e1c47db4adfff0d5db56ec5db80865d71870b917b5f'),
    ('console', 25, 'wish.withdrawn', 2, x'8b9ef463fb183c0bec71b2e9bfbd6aa2', 1767607200000, x'3262e1e39004c63d8aeb260de31652ed596bf675aba1b6bf79f235385f25d831', x'0ce599a32cf7a849bcbb7e1c47db4adfff0d5db56ec5db80865d71870b917b5f', x'bdc13d16e8e78132b17366032b43cc60f99b3114d931184c34bbc81079bf7a62'),
    ('console', 26, 'task.sent', 5, x'48eb98e9b6afd2b95d1d96cb8d28c528', 1767609000000, x'2f19ef834cd48122baa2e41d41085c0335f736be23568580e5ae4e20537c9eb9', x'bdc13d16e8e78132b17366032b43cc60f99b3114d931184c34bbc81079bf7a62', x'9101847f2b7a13e5ac0f847d1dbfcbaa01b50b205d5829b2948e3e281944b916'),
    ('console', 27, 'poll.closed', 4, x'48eb98e9b6afd2b95d1d96cb8d28c528', 1767700800000, x'ddfbd2985273815b0af47eeb31ef746af0def59eb31e222f7c810b32872f069a', x'9101847f2b7a13e5ac0f847d1dbfcbaa01b50b205d5829b2948e3e281944b916', x'173ef3813db61737e6d06ade5995018f87d2c436dd337a86b98321ce1aa1c885'),
    ('console', 28, 'poll.announced', 4, x'48eb98e9b6afd2b95d1d96cb8d28c528', 1767700800000, x'23baa799033bf0b40861038f37b87ee858290bb34a5d807173b792b1ab4f7fbd', x'173ef3813db61737e6d06ade5995018f87d2c436dd337a86b98321ce1aa1c885', x'6f695c48b04760ee6b28590f2f8f48a3f3c7e0199c474cfcfa661ab886ec15f1'),
    ('console', 29, 'ledger.transfer', 4, x'60731d63f63313d29b432eb744d0e8e2', 1767700800000, x'a41a792927c29022b50fe14d4911d1c18e28caab59850c02571a2d9b03acbabf', x'6f695c48b04760ee6b28590f2f8f48a3f3c7e0199c474cfcfa661ab886ec15f1', x'a44f2025a5a1b84828184ea4d83aa557f1fe79b15dec61432e6ae622246b617c'),
    ('console', 30, 'ledger.transfer', 4, x'ab64afb9acaf5715848c4f7aec07547d', 1767700800000, x'28acca5864bdc7941023ab0ecb2eb6d09a395952ba1750e1ae0e62d6af80b06a', x'a44f2025a5a1b84828184ea4d83aa557f1fe79b15dec61432e6ae622246b617c', x'b904cb881f2728ead583874de976c0ebf03157a4b99c0b919304acb4de98ce5c'),
    ('console', 31, 'wish.posted', 7, x'b809b663d701a70c901aca2523e2c8af', 1767702600000, x'50bd616ec88ca4d3644b9515e01fdc3b58ac3914a1284baf31b20ce62e3cd85b', x'b904cb881f2728ead583874de976c0ebf03157a4b99c0b919304acb4de98ce5c', x'aef3c4917751ce6dfca3072f7abdd80788888f99162e3aaf09bfdbcc5700ec5c');
insert into journal_payload (community_id, sequence, salt, payload, cause) values
    ('console', 1, x'7f12de84ca14fb57b7676f0f3442f296', '{"text":"三楼的灯坏了","wisher":3}', 'e1'),
    ('console', 2, x'580c06aaf7d6b5ac1ac8120d12db1edd', '{"text":"有没有多余的纸箱","wisher":4}', 'e2'),
    ('console', 3, x'7c8f3f70b93e491dc4d8fcd47b530664', '{"change":"claimed","person":5}', 'e3'),
    ('console', 4, x'ed843a02c616b58dcbd53afde38144ff', '{"change":"stood_by","person":4}', 'e4'),
    ('console', 5, x'd0a7dfde8876fa0b1921bc63cbac1fb8', '{"change":"finished","person":5}', 'e5'),
    ('console', 6, x'074c9d8d9c889d12e44e83ec839405cc', '{"change":"confirmed","person":3}', 'e6'),
    ('console', 7, x'0fd5313c943bb99b4e19b1656ccc4c85', '{"amount":10,"credit_account":2,"currency":"points","debit_account":1,"rule":"wish_fulfilled"}', 'e6'),
    ('console', 8, x'a9429f4e1d8da75f4f092a05e88c9317', '{"capacity":4,"ends_at_ms":null,"organiser":1,"place":"活动室","starts_at_ms":1768042800000,"title":"包饺子"}', 'e7'),
    ('console', 9, x'f7cb62d5ef270fd0e6b8606c8029aa7a', '{"change":"joined","holder":{"guest":"","person":5},"party":{"adults":1,"children":0}}', 'e9'),
    ('console', 10, x'cb86feefd1afa461db704bd881d3e302', '{"change":"joined","holder":{"guest":"","person":4},"party":{"adults":1,"children":0}}', 'e10'),
    ('console', 11, x'52a003d0b6e6fcd0d314fc47396c053e', '{"closes_at_ms":1767700800000,"options":["要","不要"],"question":"要不要装门禁？","starter":1}', 'e11'),
    ('console', 12, x'2e9e89b91800b084f004a9eb94f8635b', '{"choice":1}', 'e12'),
    ('console', 13, x'f026dffe9fd68c0158cf73d5fdd29bce', '{"choice":2}', 'e13'),
    ('console', 14, x'1b2e7ae64fe3630b811c03faea07b912', '{"check_in":1,"note":"退休电工"}', 'e16'),
    ('console', 15, x'22697899d63544486be6ce833a483cdd', '{"check_in":1}', 'e17'),
    ('console', 16, x'f179e30bcb6495ead8939e6259ecad32', '{"places":8,"starter":1,"starts_at_ms":1768003200000,"text":"清楼道"}', 'e18'),
    ('console', 17, x'b00afed6fad48eea36c8b6bb4d97bcf6', '{}', 'e20'),
    ('console', 18, x'c2af371cb12818a60142a021db22789f', '{"text":"借一个音箱","wisher":2}', 'e21'),
    ('console', 19, x'cc8152b92381569c2b150852210055c0', '{"change":"claimed","person":3}', 'e22'),
    ('console', 20, x'e1b04930a947332e82460d07f47455f0', '{"change":"joined","holder":{"guest":"","person":6},"party":{"adults":1,"children":0}}', 'e25'),
    ('console', 21, x'088675a1f8ac66899cfc7fa636ff1436', '{"change":"claimed","person":6}', 'e26'),
    ('console', 22, x'f8d9fa7b5f0a4e0018433d351ebba711', '{"change":"left","holder":{"guest":"","person":6}}', 'e27'),
    ('console', 23, x'dd5eb42362ca9bd2fa53370c7a583123', '{"name":"poll","room":"3号楼","value":"everyone"}', 'e28'),
    ('console', 24, x'59027cf0b2bc681cfc91873a37cc8104', '{"person":6,"room":"3号楼"}', 'e29'),
    ('console', 25, x'f44e21d8a71b15c8e73c58b4b7520798', '{"change":"withdrawn","person":4}', 'e23'),
    ('console', 26, x'1fe67d69495fa8fd25532da372cecb28', '{}', 'agenda 8 1767609000000'),
    ('console', 27, x'20cd511749088b2f3d7afcbb9084f505', '{}', 'agenda 6 1767700800000'),
    ('console', 28, x'79f46a971909bb9825fa4cf5854c01a4', '[1,1]', 'agenda 10 1767700800000'),
    ('console', 29, x'a831273ec3cf2ac48bf5af4a2fc21e28', '{"amount":1,"credit_account":2,"currency":"points","debit_account":1,"rule":"poll_answered"}', 'agenda 11 1767700800000'),
    ('console', 30, x'cd25a6cf8713a23bfc988f214f207fc5', '{"amount":1,"credit_account":3,"currency":"points","debit_account":1,"rule":"poll_answered"}', 'agenda 11 1767700800000'),
    ('console', 31, x'628ebbe1c736b249d54217252721d977', '{"text":"修一下单元门","wisher":3}', 'e24');
insert into account (account_id, community_id, currency, kind, pseudonym) values
    (1, 'console', 'points', 'issuer', null),
    (2, 'console', 'points', 'person', x'60731d63f63313d29b432eb744d0e8e2'),
    (3, 'console', 'points', 'person', x'ab64afb9acaf5715848c4f7aec07547d');
insert into transfer (transfer_id, community_id, currency, rule, number, debit_account_id, credit_account_id, amount, at_ms, journal_sequence) values
    (1, 'console', 'points', 'wish_fulfilled', 1, 1, 2, 10, 1767607200000, 7),
    (2, 'console', 'points', 'poll_answered', 4, 1, 2, 1, 1767700800000, 29),
    (3, 'console', 'points', 'poll_answered', 4, 1, 3, 1, 1767700800000, 30);
insert into item (community_id, number, kind, room_id) values
    ('console', 1, 'wish', '3号楼'),
    ('console', 2, 'wish', '3号楼'),
    ('console', 3, 'activity', '3号楼'),
    ('console', 4, 'poll', '3号楼'),
    ('console', 5, 'task', '3号楼'),
    ('console', 6, 'wish', '舞蹈队'),
    ('console', 7, 'wish', '3号楼');
insert into card (card_id, community_id, kind, number, room_id, person_id, post_id, open) values
    (1, 'console', 'wish', 1, '3号楼', null, 1, 0),
    (2, 'console', 'wish', 2, '3号楼', null, 3, 0),
    (3, 'console', 'activity', 3, '3号楼', null, 23, 1),
    (4, 'console', 'poll_native', 4, '3号楼', null, 29, 0),
    (5, 'console', 'poll', 4, '3号楼', null, 30, 0),
    (6, 'console', 'check_in_request', 1, null, 7, 37, 0),
    (7, 'console', 'check_in_request', 1, null, 1, 40, 0),
    (8, 'console', 'task_status', 5, null, 1, 52, 1),
    (9, 'console', 'wish', 6, '舞蹈队', null, 55, 1),
    (10, 'console', 'task', 5, null, 5, 80, 1),
    (11, 'console', 'task', 5, null, 5, 85, 1),
    (12, 'console', 'poll_result', 4, '3号楼', null, 92, 0),
    (13, 'console', 'wish', 7, '3号楼', null, 93, 1);
insert into chip (card_id, key, tap_id) values
    (3, '✅ 报名', 24),
    (9, '✅ 完成', 60),
    (9, '🙏 确认', 61),
    (10, '✅ 接', 81),
    (10, '❌ 不便', 82),
    (11, '✅ 接', 86),
    (11, '❌ 不便', 87),
    (13, '✋ 我来', 94);
insert into tap (event_id, card_id, person_id, key, redacted) values
    ('e17', 7, 1, '✅ 同意', 0),
    ('e25', 3, 6, '✅ 报名', 1),
    ('e26', 2, 6, '✋ 我来', 0),
    ('e31', 3, 1, '🌙 改到19:30', 0),
    ('e32', 2, 5, '🙏 确认', 1);
insert into tap_notice (card_id, person_id) values
    (2, 5);
insert into wish (community_id, number, room_id, wisher_id, text, state, helper_id, posted_at_ms, changed_at_ms) values
    ('console', 1, '3号楼', 3, '三楼的灯坏了', 'confirmed', 5, 1767607200000, 1767607200000),
    ('console', 2, '3号楼', 4, '有没有多余的纸箱', 'withdrawn', null, 1767607200000, 1767607200000),
    ('console', 6, '舞蹈队', 2, '借一个音箱', 'claimed', 3, 1767607200000, 1767607200000),
    ('console', 7, '3号楼', 3, '修一下单元门', 'open', null, 1767702600000, 1767702600000);
insert into wish_standby (community_id, number, person_id, place, answer) values
    ('console', 1, 4, 0, 'waiting');
insert into agenda (agenda_id, community_id, key, kind, number, room_id, person_id, due_at_ms, stale_at_ms, unasked, state) values
    (1, 'console', 'digest 3号楼', 'digest', null, '3号楼', null, 1767785400000, null, 0, 'waiting'),
    (2, 'console', 'digest 舞蹈队', 'digest', null, '舞蹈队', null, 1767785400000, null, 0, 'waiting'),
    (3, 'console', 'activity.remind 3 1768042800000', 'activity.remind', 3, '3号楼', null, 1768035600000, 1768042800000, 1, 'waiting'),
    (4, 'console', 'activity.begin 3', 'activity.begin', 3, '3号楼', null, 1768042800000, null, 0, 'waiting'),
    (5, 'console', 'activity.over 3', 'activity.over', 3, '3号楼', null, 1768042800000, null, 1, 'waiting'),
    (6, 'console', 'poll.close 4', 'poll.close', 4, null, null, 1767700800000, null, 0, 'done'),
    (7, 'console', 'reminder 1', 'reminder', 1, null, 6, 1767700800000, null, 0, 'done'),
    (8, 'console', 'task.ping 5', 'task.ping', 5, '3号楼', null, 1767609000000, 1768003200000, 1, 'done'),
    (9, 'console', 'task.follow_up 5', 'task.follow_up', 5, '3号楼', null, 1767699000000, 1768003200000, 1, 'done'),
    (10, 'console', 'poll.announce 4', 'poll.announce', 4, null, null, 1767700800000, null, 1, 'done'),
    (11, 'console', 'poll.pay 4 0 agenda 6 1767700800000', 'poll.pay', 4, null, null, 1767700800000, null, 0, 'done'),
    (12, 'console', 'poll.pay 4 0 agenda 10 1767700800000', 'poll.pay', 4, null, null, 1767700800000, null, 0, 'done');
insert into room_setting (community_id, room_id, name, value) values
    ('console', '3号楼', 'poll', 'everyone');
insert into room_captain (community_id, room_id, person_id) values
    ('console', '3号楼', 1),
    ('console', '舞蹈队', 2);
insert into quiet (person_id, until_ms) values
    (4, 1768147200000);
insert into activity (community_id, number, room_id, organiser_id, title, place, starts_at_ms, ends_at_ms, capacity, state, posted_at_ms) values
    ('console', 3, '3号楼', 1, '包饺子', '活动室', 1768042800000, null, 4, 'open', 1767607200000);
insert into seat (seat_id, community_id, number, person_id, guest, adults, children, state) values
    (1, 'console', 3, 5, '', 1, 0, 'going'),
    (2, 'console', 3, 4, '', 1, 0, 'going');
insert into poll (community_id, number, room_id, starter_id, question, options, closes_at_ms, state, posted_at_ms, turnout) values
    ('console', 4, '3号楼', 1, '要不要装门禁？', '["要","不要"]', 1767700800000, 'announced', 1767607200000, 2);
insert into ballot (ballot_id, community_id, number, person_id, event_id, room_id, choice, at_ms, native, struck) values
    (1, 'console', 4, 5, 'e12', '3号楼', 1, 1767607200000, 0, 0),
    (2, 'console', 4, 6, 'e13', '3号楼', 2, 1767607200000, 0, 0);
insert into check_in (check_in_id, community_id, person_id, note, state, asked_at_ms, decided_by) values
    (1, 'console', 5, '退休电工', 'confirmed', 1767607200000, 1);
insert into task (community_id, number, room_id, starter_id, text, starts_at_ms, grain, places, state, posted_at_ms) values
    ('console', 5, '3号楼', 1, '清楼道', 1768003200000, 'half_day', 8, 'sent', 1767607200000);
insert into task_answer (community_id, number, person_id, answer, answered_at_ms, followed_up) values
    ('console', 5, 5, 'silent', null, 1);
insert into reminder (reminder_id, community_id, person_id, number, text, due_at_ms, room_id, state) values
    (1, 'console', 6, 1, '交物业费', 1767700800000, '3号楼', 'sent');
insert into ranked (community_id, person_id, since_ms) values
    ('console', 5, 1767607200000);
-- Written by hand: what an evening on the console doesn't leave.
insert into room (room_id, community_id, kind, name, joined_at_ms) values ('!new:example.org', null, null, '5号楼', 1767607200000);
insert into binding_request (room_id, community_id, kind, name, asked_by, captains, lacks, asked_at_ms)
    values ('!new:example.org', 'console', 'building', '5号楼', 1, '["赵姐"]', '[]', 1767607200000);
insert into question (room_id, person_id, options, text, asked_at_ms) values ('!new:example.org', 1, '["a","b"]', '积分', 1767607200000);
insert into sync_cursor (only, next_batch) values (1, 's1_2_3');

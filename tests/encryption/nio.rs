//! A second client that isn't the bot's own library: matrix-nio reads what the bot says and is read by it, in an encrypted
//! room and in an encrypted private chat.

use lamplighter_tests::{
    neighbourhood::{CLAIM, Neighbourhood},
    nio::NioResident,
    resident::Extras,
};
use matrix_sdk::ruma::UserId;

use super::{PROGRAM, Result};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resident_with_another_client_takes_part() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let account = neighbourhood.homeserver.register("liu", "a door that is never locked").await?;
    let mut liu = NioResident::log_in(&neighbourhood.homeserver, &account).await?;
    let room_id = neighbourhood.room_id.clone();
    neighbourhood.captain.invite(&room_id, &UserId::parse(&account.user_id)?).await?;
    liu.wait_for_room(&room_id).await?;
    neighbourhood.captain.sync().await?;

    // What nio says the bot reads, and what the bot says nio reads.
    assert!(liu.say(&room_id, "！许愿 修灯").await?, "nio encrypts");
    neighbourhood.wait_for_cards(&["修灯".to_owned()]).await?;
    let (_, card) = liu.wait_for("：修灯").await?;
    assert!(card.encrypted && card.by == neighbourhood.bot_user_id, "{card:?}");

    // Somebody else's card, tapped.
    neighbourhood.captain.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    let (_, card) = liu.wait_for("：借梯子").await?;
    liu.tap(&room_id, &card.id, CLAIM).await?;
    neighbourhood
        .wait_until("the card shows who helps", |messages| {
            messages.iter().any(|message| message.text.contains("：借梯子") && message.text.contains("liu"))
        })
        .await?;

    // The bot makes an encrypted private chat, and what it says there can be read.
    let (chat, introduction) = liu.wait_for("您接下了").await?;
    assert!(chat != room_id && introduction.encrypted, "{introduction:?}");
    assert!(liu.say(&chat, "！我的心愿").await?, "the private chat is encrypted");
    let (_, list) = liu.wait_for("您在帮的忙").await?;
    assert!(list.encrypted, "{list:?}");
    Ok(())
}

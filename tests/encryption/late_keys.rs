//! A message whose key comes late waits, later ones don't, and when it can be read it is answered once: also when the
//! bot was killed in between.

use lamplighter_storage::inbox;
use lamplighter_tests::{discretion, neighbourhood::Neighbourhood, proxy::Proxy, resident::Extras};

use super::{PROGRAM, Result};

/// The bot has this many looks at the server to keep the message.
const LOOKS_MAX: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_waits_for_its_key() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let proxy = Proxy::start(neighbourhood.homeserver.url()).await?;
    let mut late = neighbourhood.resident_at(proxy.url(), "late", "李阿姨").await?;
    let mut prompt = neighbourhood.resident("prompt", "张叔").await?;
    late.sync().await?;
    prompt.sync().await?;
    let room_id = neighbourhood.room_id.clone();

    proxy.hold();
    let event_id = late.say(&room_id, "！许愿 修灯", &Extras::default()).await?;
    prompt.say(&room_id, "！许愿 借梯子", &Extras::default()).await?;
    neighbourhood.wait_for_cards(&["借梯子".to_owned()]).await?;
    let storage = neighbourhood.storage().await?;
    let mut looks = 0;
    while !inbox::waiting(&storage, 0, 10).await?.iter().any(|waiting| waiting.event_id == event_id) {
        looks += 1;
        if looks > LOOKS_MAX {
            return Err("the message isn't kept".into());
        }
        neighbourhood.captain.sync_for(std::time::Duration::from_millis(500)).await?;
    }
    storage.close().await;
    neighbourhood.kill_bot()?;
    neighbourhood.start_bot(None)?;
    neighbourhood.expect_one_card_each(&["借梯子".to_owned()]).await?;

    assert!(proxy.release().await? > 0, "no key was held back");
    let wishes = ["借梯子".to_owned(), "修灯".to_owned()];
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.kill_bot()?;
    neighbourhood.start_bot(None)?;
    prompt.say(&room_id, "！许愿 搬柜子", &Extras::default()).await?;
    let wishes = ["借梯子".to_owned(), "修灯".to_owned(), "搬柜子".to_owned()];
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await?;
    neighbourhood.stop_bot()?;
    discretion::expect_discreet(&neighbourhood.config, &["Lamplighter is up"]).await
}

//! 200 wishes at the same moment: while the bot runs, and while it is stopped.

use futures_util::future::try_join_all;
use lamplighter_tests::{
    neighbourhood::Neighbourhood,
    resident::{Extras, Resident},
};

use super::{PROGRAM, Result};

const RESIDENTS: usize = 40;
const WISHES_EACH: usize = 5;
/// Clients that encrypt are dearer; they post as many wishes between them, none of them faster than the bot lets anybody be.
const ENCRYPTING_RESIDENTS: usize = 8;

/// 40 residents post 5 wishes each at the same moment.
async fn post_200(neighbourhood: &mut Neighbourhood, round: &str) -> Result<Vec<String>> {
    let mut people = Vec::new();
    for index in 0..RESIDENTS {
        people.push(neighbourhood.person(&format!("{round}{index}")).await?);
    }
    let mut wishes = Vec::new();
    let mut posts = Vec::new();
    for (index, person) in people.iter().enumerate() {
        for wish in 0..WISHES_EACH {
            let wish = format!("{round} 愿望 {index} {wish}");
            let (room_id, text) = (neighbourhood.room_id.clone(), format!("！许愿 {wish}"));
            let transaction_id = wish.replace(' ', "-");
            posts.push(async move { person.send_text(&room_id, &text, &transaction_id).await });
            wishes.push(wish);
        }
    }
    try_join_all(posts).await?;
    Ok(wishes)
}

/// The same by fewer residents whose clients encrypt.
async fn post_200_encrypted(
    neighbourhood: &mut Neighbourhood,
    residents: &[Resident],
    round: &str,
) -> Result<Vec<String>> {
    let mut wishes = Vec::new();
    let mut posts = Vec::new();
    for (index, resident) in residents.iter().enumerate() {
        for wish in 0..RESIDENTS * WISHES_EACH / ENCRYPTING_RESIDENTS {
            let wish = format!("{round} 愿望 {index} {wish}");
            let (room_id, text) = (neighbourhood.room_id.clone(), format!("！许愿 {wish}"));
            posts.push(async move { resident.say(&room_id, &text, &Extras::default()).await });
            wishes.push(wish);
        }
    }
    try_join_all(posts).await?;
    Ok(wishes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_plain_room() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, false).await?;
    let mut wishes = post_200(&mut neighbourhood, "a").await?;
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await?;
    neighbourhood.stop_bot()?;
    wishes.extend(post_200(&mut neighbourhood, "b").await?);
    neighbourhood.start_bot(None)?;
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_an_encrypted_room() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let mut residents = Vec::new();
    for index in 0..ENCRYPTING_RESIDENTS {
        residents.push(neighbourhood.resident(&format!("resident{index}"), &format!("邻居{index}")).await?);
    }
    for resident in &mut residents {
        resident.sync().await?;
    }
    let mut wishes = post_200_encrypted(&mut neighbourhood, &residents, "a").await?;
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await?;
    neighbourhood.stop_bot()?;
    wishes.extend(post_200_encrypted(&mut neighbourhood, &residents, "b").await?);
    neighbourhood.start_bot(None)?;
    neighbourhood.wait_for_cards(&wishes).await?;
    neighbourhood.expect_one_card_each(&wishes).await
}

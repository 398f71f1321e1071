//! Verification by emoji: a steward's app trusts the bot afterwards, whichever way the request comes; two stewards at once
//! don't disturb each other; a resident is told that they needn't; and what isn't carried on ends.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lamplighter::{
    clock::SystemClock,
    gateway::matrix::{Bot, Pace},
    worker::Seed,
};
use lamplighter_tests::{discretion, neighbourhood::Neighbourhood, resident::Resident};
use matrix_sdk::{
    encryption::verification::{SasVerification, VerificationRequest, VerificationRequestState},
    ruma::{
        UserId,
        events::key::verification::{
            VerificationMethod,
            cancel::{OriginalSyncKeyVerificationCancelEvent, ToDeviceKeyVerificationCancelEvent},
        },
    },
};

use super::{PROGRAM, Result, bot_account, configure, log, wait_for_log};

/// A verification is looked at this often, with a sync between.
const TURNS_MAX: usize = 200;
const TURN: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, Debug)]
enum Way {
    Room,
    Device,
}

async fn ask(by: &Resident, neighbourhood: &Neighbourhood, way: Way) -> Result<VerificationRequest> {
    let bot = UserId::parse(&neighbourhood.bot_user_id)?;
    let encryption = by.client().encryption();
    let identity = encryption.request_user_identity(&bot).await?.ok_or("the bot has no identity")?;
    let methods = vec![VerificationMethod::SasV1];
    Ok(match way {
        Way::Room => identity.request_verification_with_methods(methods).await?,
        Way::Device => {
            let device = bot_account(neighbourhood)?.device_id.ok_or("no device")?;
            let device = encryption.get_device(&bot, device.as_str().into()).await?.ok_or("the bot has no device")?;
            device.request_verification_with_methods(methods).await?
        }
    })
}

/// Until the bot has accepted, then begins to compare.
async fn begin(by: &mut Resident, request: &VerificationRequest) -> Result<SasVerification> {
    for _ in 0..TURNS_MAX {
        match request.state() {
            VerificationRequestState::Ready { .. } => {
                return Ok(request.start_sas().await?.ok_or("no emoji")?);
            }
            VerificationRequestState::Cancelled(info) => return Err(format!("cancelled: {}", info.reason()).into()),
            _ => by.sync_for(TURN).await?,
        };
    }
    Err("the bot doesn't accept".into())
}

/// The seven emoji on this side, as the bot's log writes them.
async fn emoji(by: &mut Resident, sas: &SasVerification) -> Result<String> {
    for _ in 0..TURNS_MAX {
        if let Some(emoji) = sas.emoji() {
            let each: Vec<String> = emoji.iter().map(|one| format!("{} {}", one.symbol, one.description)).collect();
            return Ok(each.join(", "));
        }
        by.sync_for(TURN).await?;
    }
    Err("there are no emoji".into())
}

async fn finish(by: &mut Resident, sas: &SasVerification) -> Result {
    sas.confirm().await?;
    for _ in 0..TURNS_MAX {
        if sas.is_done() {
            return Ok(());
        }
        by.sync_for(TURN).await?;
    }
    Err("it doesn't end".into())
}

/// The signature that the verification has made comes back with the bot's keys.
async fn expect_verified(by: &mut Resident, bot: &str, device_id: &str) -> Result {
    let bot = UserId::parse(bot)?;
    for _ in 0..TURNS_MAX {
        let encryption = by.client().encryption();
        let identity = encryption.request_user_identity(&bot).await?.ok_or("the bot has no identity")?;
        let device = encryption.get_device(&bot, device_id.into()).await?.ok_or("the bot has no device")?;
        if identity.is_verified() && device.is_verified_with_cross_signing() {
            return Ok(());
        }
        by.sync_for(TURN).await?;
    }
    Err(format!("{} doesn't trust the bot", by.name).into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stewards_verify_the_bot_and_residents_need_not() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    let mut second = neighbourhood.resident("second", "赵书记").await?;
    let mut resident = neighbourhood.resident("li", "李阿姨").await?;
    neighbourhood.stop_bot()?;
    configure(&neighbourhood.config, "stewards = [", &format!("stewards = [\"{}\", ", second.user_id()))?;
    neighbourhood.start_bot(None)?;
    for steward in [&neighbourhood.captain, &second] {
        let account = lamplighter_tests::homeserver::Account {
            user_id: steward.user_id().to_string(),
            password: "a door that is never locked".into(),
            access_token: None,
            device_id: None,
        };
        steward.make_identity(&account).await?;
    }

    // Two at once: one in their private chat, the other to the device. They are in an encrypted room with the bot, so it
    // knows their devices.
    let before = log(&neighbourhood).len();
    let in_room = ask(&neighbourhood.captain, &neighbourhood, Way::Room).await?;
    let to_device = ask(&second, &neighbourhood, Way::Device).await?;
    let first_sas = begin(&mut neighbourhood.captain, &in_room).await?;
    let second_sas = begin(&mut second, &to_device).await?;
    let first_emoji = emoji(&mut neighbourhood.captain, &first_sas).await?;
    let second_emoji = emoji(&mut second, &second_sas).await?;
    assert_ne!(first_emoji, second_emoji);
    for emoji in [&first_emoji, &second_emoji] {
        let line = wait_for_log(&mut neighbourhood, before, emoji).await?;
        assert!(line.contains("INFO") && !line.contains('@'), "{line}");
    }
    finish(&mut second, &second_sas).await?;
    finish(&mut neighbourhood.captain, &first_sas).await?;
    let (bot, device) = (neighbourhood.bot_user_id.clone(), bot_account(&neighbourhood)?.device_id.ok_or("no device")?);
    expect_verified(&mut neighbourhood.captain, &bot, &device).await?;
    expect_verified(&mut second, &bot, &device).await?;
    wait_for_log(&mut neighbourhood, before, "the steward's app trusts the bot's device now").await?;
    // In the private chat it is said what to compare with what.
    let chat = in_room.room_id().ok_or("no private chat")?.to_string();
    for _ in 0..TURNS_MAX {
        if neighbourhood.captain.view(&chat).messages().iter().any(|message| message.text.contains("七个图案")) {
            break;
        }
        neighbourhood.captain.sync_for(TURN).await?;
    }
    let told = neighbourhood.captain.view(&chat).messages();
    let told: Vec<_> = told.iter().filter(|message| message.text.contains("七个图案")).collect();
    assert!(told.len() == 1 && !told[0].text.contains(&first_emoji), "{told:?}");

    // A resident, both ways. Their app is told why; the client library itself keeps only a code.
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let (by_device, by_room) = (Arc::clone(&reasons), Arc::clone(&reasons));
    resident.client().add_event_handler(move |event: ToDeviceKeyVerificationCancelEvent| {
        by_device.lock().unwrap_or_else(PoisonError::into_inner).push(event.content.reason);
        std::future::ready(())
    });
    resident.client().add_event_handler(move |event: OriginalSyncKeyVerificationCancelEvent| {
        by_room.lock().unwrap_or_else(PoisonError::into_inner).push(event.content.reason);
        std::future::ready(())
    });
    for (count, way) in [(1, Way::Room), (2, Way::Device)] {
        let request = ask(&resident, &neighbourhood, way).await?;
        let heard = || {
            let reasons: Vec<String> = reasons.lock().unwrap_or_else(PoisonError::into_inner).clone();
            reasons.into_iter().filter(|reason| reason.contains("只有社区管理员能核对")).count()
        };
        for _ in 0..TURNS_MAX {
            if request.is_cancelled() && heard() >= count {
                break;
            }
            resident.sync_for(TURN).await?;
        }
        assert!(request.is_cancelled() && !request.is_ready(), "{way:?}: the bot says nothing");
        assert_eq!(heard(), count, "{way:?}: once");
    }
    neighbourhood.stop_bot()?;
    let about = ["a steward verifies the bot's device", "cancelled a verification that no steward asked for"];
    discretion::expect_discreet(&neighbourhood.config, &about).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_carried_on_ends() -> Result {
    let mut neighbourhood = Neighbourhood::start(PROGRAM, true).await?;
    neighbourhood.stop_bot()?;
    let config = lamplighter_config::load(&neighbourhood.config, &|_| None)?;
    let pace = Pace { verification: Duration::from_secs(3), ..Pace::default() };
    let bot = Bot::start(&config, config.require_matrix()?, Arc::new(SystemClock), Seed::System, pace).await?;
    let request = ask(&neighbourhood.captain, &neighbourhood, Way::Device).await?;
    for _ in 0..TURNS_MAX {
        if request.is_cancelled() {
            break;
        }
        neighbourhood.captain.sync_for(TURN).await?;
    }
    assert!(request.is_cancelled(), "the bot waits for ever");
    // The next one may begin at once.
    let request = ask(&neighbourhood.captain, &neighbourhood, Way::Device).await?;
    begin(&mut neighbourhood.captain, &request).await?;
    bot.stop().await;
    Ok(())
}

//! The machine's clock jumps: an hour back, a day forward, and back again, in the middle of an evening.

use lamplighter_tests::evening::{Evening, Street, undisturbed};

use super::Result;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_back_a_day_forward_and_back_again() -> Result {
    let mut street = Street::open().await?;
    let undisturbed = undisturbed(&mut street, false).await?;

    // An hour back, after what was due has been done, and while things are under way: nothing falls due again.
    let mut evening = Evening::begin(&mut street, false).await?;
    evening.commands(&street).await?;
    evening.settle(&mut street).await?;
    evening.clock.jump(-HOUR_MS);
    evening.answers(&mut street).await?;
    evening.settle(&mut street).await?;
    evening.clock.jump(HOUR_MS);
    evening.stop().await;
    evening.chatter(&street).await?;
    evening.start().await?;
    evening.settle(&mut street).await?;
    evening.endings(&mut street).await?;
    for clock_time in ["19:30", "20:00", "20:10", "20:20"] {
        evening.clock(&mut street, clock_time).await?;
        evening.clock.jump(-HOUR_MS);
        evening.look_at_clock().await?;
        evening.settle(&mut street).await?;
    }
    evening.clock(&mut street, "20:30").await?;
    let findings = evening.findings(&mut street, &undisturbed).await?;
    findings.record("clock jumps back", "an hour, five times in an evening, with everything falling due anew", 5)?;
    evening.end().await?;

    // A day forward in the middle of talk, and back again: what was due that day is done early and once, and what is said
    // afterwards, cards that change among it, doesn't wait for tomorrow.
    let mut evening = Evening::begin(&mut street, false).await?;
    evening.commands(&street).await?;
    evening.settle(&mut street).await?;
    evening.answers(&mut street).await?;
    evening.settle(&mut street).await?;
    evening.clock.jump(DAY_MS);
    evening.look_at_clock().await?;
    evening.say(&street, 1, "！许愿 换门锁").await?;
    evening.settle(&mut street).await?;
    evening.clock.jump(-DAY_MS);
    evening.look_at_clock().await?;
    evening.say(&street, 2, "！认领 5").await?;
    evening.settle(&mut street).await?;
    evening.nightfall(&mut street).await?;
    evening.clock.jump(DAY_MS);
    evening.look_at_clock().await?;
    evening.settle(&mut street).await?;
    let (_, mut findings) = evening.look(&mut street).await?;
    // By that clock the reminders came a day late, and say so; at their own time they don't come again.
    for (once, text) in [
        (1, "⏰ 张叔，抱歉提醒晚了，您要我 1月5日（周一）20:00 提醒：交物业费"),
        (1, "⏰ 李阿姨，抱歉提醒晚了，您要我 1月5日（周一）20:10 提醒：关火"),
        (0, "到时间了"),
        (1, "结果：要不要装门禁？"),
    ] {
        let count = evening.count(&street, text).await?;
        if count < once {
            findings.lost.push(text.to_owned());
        } else if count > once {
            findings.doubled.push(text.to_owned());
        }
    }
    findings.record("clock jumps forward", "a day and back again, in the middle of an evening", 2)?;
    evening.end().await
}

//! Builds what the commands share from the config.

use lamplighter_commands::{
    flood,
    house::House,
    speech::{Speech, Unspeakable},
};
use lamplighter_config::Community;

/// The name residents know the bot by.
pub const NAME: &str = "掌灯";
/// The same in Latin letters.
pub const LATIN_NAME: &str = "lamplighter";

/// The house of these communities, for a bot with this id and these names.
pub fn build(
    communities: Vec<Community>,
    bot_user_id: &str,
    display_name: Option<&str>,
    ignore: Vec<String>,
    keep_texts_days: u32,
) -> Result<House, Unspeakable> {
    let localpart = bot_user_id.trim_start_matches('@').split(':').next().unwrap_or_default();
    let mut bot_names: Vec<String> = [display_name.unwrap_or(NAME), NAME, LATIN_NAME, bot_user_id, localpart]
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(|name| name.trim_start_matches('@').to_owned())
        .collect();
    bot_names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    bot_names.dedup();
    Ok(House {
        communities,
        speech: Speech::new()?,
        bot_user_id: bot_user_id.to_owned(),
        bot_names,
        ignore,
        keep_texts_days,
        limits: flood::Limits::default(),
    })
}

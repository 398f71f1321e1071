//! What is said for what isn't built yet.

use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable},
};

/// That the bot can't do it yet, and what helps meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct PlannedReply {
    /// The key of the word.
    pub key: &'static str,
}

impl Reply for PlannedReply {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        let id = match self.key {
            "offer" => "planned-offer",
            "borrow" => "planned-borrow",
            "return" => "planned-return",
            "report" => "planned-report",
            "treehole" => "planned-treehole",
            "redeem" => "planned-redeem",
            "group" => "planned-group",
            _ => "planned-check-in",
        };
        say.card(id, &[])
    }
}

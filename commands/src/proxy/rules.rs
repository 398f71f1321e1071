//! Who may act for whom (SPECS.md C2): a pure function.

/// What is known of the one who acts and of the one for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Both are the same.
    pub same: bool,
    /// Whoever it is for wants nobody to.
    pub forbidden: bool,
    /// Whoever acts is a captain of the room, or a steward.
    pub captain: bool,
    /// Or a helper of that one.
    pub helper: bool,
    /// The command is one that may be done for others.
    pub may_be_done: bool,
    /// It names or ends a helper: a captain may, a helper doesn't choose others.
    pub names_helper: bool,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One acts for oneself without further words.
    Oneself,
    /// It is everybody's own.
    Own,
    /// They don't want it.
    Forbidden,
    /// Neither a captain nor a helper.
    NotHelper,
}

/// Whether somebody may act for somebody.
pub fn decide(known: Known) -> Result<(), Refusal> {
    if known.same {
        return Err(Refusal::Oneself);
    }
    if !known.may_be_done {
        return Err(Refusal::Own);
    }
    if !(known.captain || known.helper && !known.names_helper) {
        return Err(Refusal::NotHelper);
    }
    // Said last: that somebody wants nobody to is told only those who could.
    if known.forbidden { Err(Refusal::Forbidden) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captains_and_helpers_may_unless_it_is_forbidden() {
        let base = Known { may_be_done: true, ..Known::default() };
        for (known, expected) in [
            (Known { captain: true, ..base }, Ok(())),
            (Known { helper: true, ..base }, Ok(())),
            (base, Err(Refusal::NotHelper)),
            (Known { forbidden: true, ..base }, Err(Refusal::NotHelper)),
            (Known { captain: true, forbidden: true, ..base }, Err(Refusal::Forbidden)),
            (Known { helper: true, forbidden: true, ..base }, Err(Refusal::Forbidden)),
            (Known { captain: true, may_be_done: false, ..base }, Err(Refusal::Own)),
            (Known { captain: true, same: true, ..base }, Err(Refusal::Oneself)),
            (Known { helper: true, names_helper: true, ..base }, Err(Refusal::NotHelper)),
            (Known { captain: true, names_helper: true, ..base }, Ok(())),
        ] {
            assert_eq!(decide(known), expected, "{known:?}");
        }
    }
}

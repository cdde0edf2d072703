//! Which proposals a permission reaches: all of the event, or those in some tracks; and none that its holder has a
//! conflict of interest with, where it is about judging.

use super::{permission::PermissionName, store::Membership};
use crate::{
    db::types::{AccountId, MemberId},
    jobs::System,
};

/// The limit of what somebody may see. Queries about proposals take it by `store::in_tracks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracks {
    /// The membership whose tracks these are.
    limit: Option<MemberId>,
    /// Whose conflicts of interest count.
    reader: Option<AccountId>,
}

impl Tracks {
    /// What the memberships reach together for a permission; `None` where none of them allows it. No permission is
    /// allowed to two roles that can be limited, so there is one membership whose tracks count.
    pub(super) fn granted(permission: PermissionName, memberships: &[Membership]) -> Option<Tracks> {
        let mut allowing = memberships.iter().filter(|membership| membership.role.allows(permission)).peekable();
        let limit = allowing.peek()?.id;
        let unlimited = allowing.any(|membership| !membership.limited);
        Some(Tracks { limit: (!unlimited).then_some(limit), ..Tracks::all() })
    }

    pub(super) const fn all() -> Tracks {
        Tracks { limit: None, reader: None }
    }

    /// The process itself knows no limit.
    pub fn for_system(_: System) -> Tracks {
        Tracks::all()
    }

    /// The same without what the reader has a conflict of interest with.
    #[must_use]
    pub(super) const fn minding(self, reader: AccountId) -> Tracks {
        Tracks { reader: Some(reader), ..self }
    }

    /// The same with what the reader has a conflict of interest with, for what everybody may know.
    #[must_use]
    pub const fn of_what_is_public(self) -> Tracks {
        Tracks { reader: None, ..self }
    }

    /// Whose conflicts of interest count; `None`: nobody's.
    pub(super) fn reader(self) -> Option<AccountId> {
        self.reader
    }

    /// The membership whose tracks these are; `None`: all of them, and proposals without one.
    pub(super) fn limit(self) -> Option<MemberId> {
        self.limit
    }
}

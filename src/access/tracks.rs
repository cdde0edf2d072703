//! Which proposals a permission reaches: all of the event, or those in some tracks.

use super::{permission::PermissionName, store::Membership};
use crate::{db::types::MemberId, jobs::System};

/// The limit of what somebody may see. Queries about proposals take it by `store::in_tracks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracks(Option<MemberId>);

impl Tracks {
    /// What the memberships reach together for a permission; `None` where none of them allows it. No permission is
    /// allowed to two roles that can be limited, so there is one membership whose tracks count.
    pub(super) fn granted(permission: PermissionName, memberships: &[Membership]) -> Option<Tracks> {
        let mut allowing = memberships.iter().filter(|membership| membership.role.allows(permission)).peekable();
        let limit = allowing.peek()?.id;
        let unlimited = allowing.any(|membership| !membership.limited);
        Some(Tracks((!unlimited).then_some(limit)))
    }

    pub(super) const fn all() -> Tracks {
        Tracks(None)
    }

    /// The process itself knows no limit.
    pub fn for_system(_: System) -> Tracks {
        Tracks::all()
    }

    /// The membership whose tracks these are; `None`: all of them, and proposals without one.
    pub(super) fn limit(self) -> Option<MemberId> {
        self.0
    }
}

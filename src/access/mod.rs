//! Who may do what.
//!
//! A handler's first argument is a capability: the proof, made here and nowhere else, that the caller may do what the
//! handler does. `Public` proves nothing; `SignedIn` that a session or an own token stands; `Speaker` that the event of the path may be
//! seen; `Can<P>` that the caller holds a role in that event which allows `P`. Store functions demand the capability and
//! take the event from it, so no other event can be reached, and its reach, so no proposal outside of the tracks and none
//! that the caller has a conflict of interest with. Every write checks the capability again in its own transaction. What somebody may not know of answers 404, the same as what does
//! not exist; 403 stands only where the thing is public anyway.

pub mod bearer;
mod besides;
pub mod capability;
pub mod in_event;
pub mod permission;
pub mod phase;
pub mod scopes;
pub mod sight;
pub mod store;
pub mod tracks;

pub use capability::{Admin, EventCreator, Public, PublicEvent, SignedIn};
pub use in_event::{Besides, Can, Decider, EventReader, Organizer, ProposalReader, Reviewer, Speaker};
pub use permission::{
    Decide, Implies, ManageEvent, Permission, PermissionName, ReadEvent, ReadProposals, ReviewProposals, Role,
};
pub use phase::Phase;
pub use sight::{SeesAuthors, Sight};
pub use tracks::Tracks;

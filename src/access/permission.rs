//! What each role may do: one `match`, of which `docs/PERMISSIONS.md` is the print.

use super::scopes::{self, TokenScope};
use crate::{http::routes::RouteTable, text_enum};

text_enum! {
    /// What an account is in an event. One account can be several things.
    pub enum Role {
        Organizer = "organizer",
        /// Decides; in some tracks or in all.
        Chair = "chair",
        /// Reviews; in some tracks or in all.
        Reviewer = "reviewer",
        /// Reads what organizers read, and changes nothing.
        Viewer = "viewer",
    }
}

/// A thing that only some roles may do, as a type: `Can<ManageEvent>` is the proof that somebody may.
pub trait Permission: Send + Sync + 'static {
    const NAME: PermissionName;
}

/// Whoever has this permission has `P` too, so what demands `P` can be given the proof of this one.
pub trait Implies<P: Permission>: Permission {}

impl<P: Permission> Implies<P> for P {}
impl Implies<ReadEvent> for ManageEvent {}
impl Implies<ReadProposals> for ManageEvent {}
impl Implies<ReadProposals> for Decide {}

macro_rules! permissions {
    ($($name:ident $audience:literal $meaning:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum PermissionName { $($name),+ }

        impl PermissionName {
            pub const ALL: &'static [PermissionName] = &[$(PermissionName::$name),+];

            /// The audience of its routes.
            pub const fn audience(self) -> &'static str {
                match self { $(PermissionName::$name => $audience),+ }
            }

            pub const fn meaning(self) -> &'static str {
                match self { $(PermissionName::$name => $meaning),+ }
            }
        }

        $(
            #[doc = $meaning]
            pub struct $name;

            impl Permission for $name {
                const NAME: PermissionName = PermissionName::$name;
            }
        )+
    };
}

permissions! {
    ManageEvent "organizer" "set up the event and its call, cancel and reinstate proposals, publish, mail, manage the team";
    ReadEvent "event reader" "read the settings, the team, publications, mails and the audit";
    ReadProposals "proposal reader" "read submitted proposals with their speakers, decisions and reviews, and export them";
    Decide "decider" "decide privately, assign reviewers";
    ReviewProposals "reviewer" "read submitted proposals as the event's blindness allows, and review them";
}

impl Role {
    /// The table: who may do what in the event where the role is held.
    pub const fn allows(self, permission: PermissionName) -> bool {
        use PermissionName::{Decide, ManageEvent, ReadEvent, ReadProposals, ReviewProposals};
        match self {
            Role::Organizer => matches!(permission, ManageEvent | ReadEvent | ReadProposals | Decide),
            Role::Chair => matches!(permission, ReadProposals | Decide),
            Role::Reviewer => matches!(permission, ReviewProposals),
            Role::Viewer => matches!(permission, ReadEvent | ReadProposals),
        }
    }

    /// Whether the role can be given for some tracks only.
    pub const fn can_be_limited(self) -> bool {
        matches!(self, Role::Chair | Role::Reviewer)
    }
}

impl PermissionName {
    /// The scopes of its routes, of those that read and of the others, unless they say another one.
    pub const fn scopes(self) -> (TokenScope, TokenScope) {
        match self {
            PermissionName::ManageEvent | PermissionName::ReadEvent => (TokenScope::EventRead, TokenScope::EventWrite),
            PermissionName::ReadProposals => (TokenScope::ProposalsRead, TokenScope::ProposalsWrite),
            PermissionName::Decide => (TokenScope::ProposalsRead, TokenScope::DecisionsWrite),
            PermissionName::ReviewProposals => (TokenScope::ReviewsRead, TokenScope::ReviewsWrite),
        }
    }

    /// Who may, in words: `organizer or chair`.
    pub fn holders(self) -> String {
        let holders = Role::ALL.iter().filter(|role| role.allows(self)).map(|role| role.as_str());
        holders.collect::<Vec<_>>().join(" or ")
    }
}

/// `docs/PERMISSIONS.md`.
pub fn document(routes: &RouteTable) -> String {
    let mut text = String::from(
        "# Permissions\n\nMade from the code (`cargo test` checks it). Roles are held per event; one account can hold several. \
         Organizers who\nalso review hold both roles. A chair's or reviewer's role can be limited to tracks: to its holder, \
         proposals outside of\nthem, and those without a track, do not exist. The instance admin creates events and sees no \
         proposals by that role.\n\n",
    );
    text.push_str("| permission |");
    for role in Role::ALL {
        text.push_str(&format!(" {role} |"));
    }
    text.push_str(" what it allows |\n| --- |");
    text.push_str(&" --- |".repeat(Role::ALL.len() + 1));
    for permission in PermissionName::ALL {
        text.push_str(&format!("\n| `{permission:?}` |"));
        for role in Role::ALL {
            text.push_str(match (role.allows(*permission), role.can_be_limited()) {
                (true, true) => " in its tracks |",
                (true, false) => " yes |",
                (false, _) => " no |",
            });
        }
        text.push_str(&format!(" {} |", permission.meaning()));
    }
    text.push('\n');
    text.push_str(&scopes::document(routes));
    text
}

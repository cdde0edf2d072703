//! What each role may do: one `match`, of which `docs/PERMISSIONS.md` is the print.

use crate::text_enum;

text_enum! {
    /// What an account is in an event. One account can be several things.
    pub enum Role {
        Organizer = "organizer",
        Reviewer = "reviewer",
    }
}

/// A thing that only some roles may do, as a type: `Can<ManageEvent>` is the proof that somebody may.
pub trait Permission: Send + Sync + 'static {
    const NAME: PermissionName;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermissionName {
    ManageEvent,
    ReviewProposals,
}

impl PermissionName {
    pub const ALL: [PermissionName; 2] = [PermissionName::ManageEvent, PermissionName::ReviewProposals];

    /// The audience of its routes.
    pub const fn audience(self) -> &'static str {
        match self {
            PermissionName::ManageEvent => "organizer",
            PermissionName::ReviewProposals => "reviewer",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            PermissionName::ManageEvent => {
                "set up the event and its call, see all proposals and reviews, decide, publish, mail, export, manage the team"
            }
            PermissionName::ReviewProposals => {
                "read submitted proposals as the event's blindness allows, and review them"
            }
        }
    }
}

/// Set up the event, see everything, decide, publish, manage the team.
pub struct ManageEvent;

impl Permission for ManageEvent {
    const NAME: PermissionName = PermissionName::ManageEvent;
}

/// Read proposals as the event's blindness allows, and review them.
pub struct ReviewProposals;

impl Permission for ReviewProposals {
    const NAME: PermissionName = PermissionName::ReviewProposals;
}

impl Role {
    /// The table: who may do what in the event where the role is held.
    pub const fn allows(self, permission: PermissionName) -> bool {
        match (self, permission) {
            (Role::Organizer, PermissionName::ManageEvent) | (Role::Reviewer, PermissionName::ReviewProposals) => true,
            (Role::Organizer, PermissionName::ReviewProposals) | (Role::Reviewer, PermissionName::ManageEvent) => false,
        }
    }
}

/// `docs/PERMISSIONS.md`.
pub fn document() -> String {
    let mut text = String::from(
        "# Permissions\n\nMade from the code (`cargo test` checks it). Roles are held per event; one account can hold several. \
         Organizers who\nalso review hold both roles. The instance admin creates events and sees no proposals by that role.\n\n",
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
            text.push_str(if role.allows(permission) { " yes |" } else { " no |" });
        }
        text.push_str(&format!(" {} |", permission.meaning()));
    }
    text.push('\n');
    text
}

//! The golden table: a change of what a role may do shows here and in `docs/PERMISSIONS.md`.

use callboard::access::{PermissionName, Role};

#[test]
fn who_may_do_what() {
    let table: Vec<(Role, PermissionName, bool)> = Role::ALL
        .iter()
        .flat_map(|role| PermissionName::ALL.map(|permission| (*role, permission, role.allows(permission))))
        .collect();
    assert_eq!(
        table,
        [
            (Role::Organizer, PermissionName::ManageEvent, true),
            (Role::Organizer, PermissionName::ReviewProposals, false),
            (Role::Reviewer, PermissionName::ManageEvent, false),
            (Role::Reviewer, PermissionName::ReviewProposals, true),
        ]
    );
}

//! The golden table: a change of what a role may do shows here and in `docs/PERMISSIONS.md`.

use callboard::access::{
    PermissionName::{self, Decide, ManageEvent, ReadEvent, ReadProposals, ReviewProposals},
    Role,
};

#[test]
fn who_may_do_what() {
    let allowed = |role: &Role| -> Vec<PermissionName> {
        PermissionName::ALL.iter().copied().filter(|permission| role.allows(*permission)).collect()
    };
    let table: Vec<(Role, Vec<PermissionName>)> = Role::ALL.iter().map(|role| (*role, allowed(role))).collect();
    assert_eq!(
        table,
        [
            (Role::Organizer, vec![ManageEvent, ReadEvent, ReadProposals, Decide]),
            (Role::Chair, vec![ReadProposals, Decide]),
            (Role::Reviewer, vec![ReviewProposals]),
            (Role::Viewer, vec![ReadEvent, ReadProposals]),
        ]
    );
}

/// `Implies` is written by hand; this is what it relies on.
#[test]
fn who_manages_an_event_reads_all_of_it() {
    for role in Role::ALL.iter().filter(|role| role.allows(ManageEvent)) {
        assert!(role.allows(ReadEvent) && role.allows(ReadProposals) && !role.can_be_limited(), "{role}");
    }
}

/// What a permission reaches is the tracks of one membership, so no two roles may share one between them.
#[test]
fn no_permission_is_allowed_to_two_roles_that_can_be_limited() {
    for permission in PermissionName::ALL {
        let limited = Role::ALL.iter().filter(|role| role.can_be_limited() && role.allows(*permission));
        assert!(limited.count() <= 1, "{permission:?}");
    }
}

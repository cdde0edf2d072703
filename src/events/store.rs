//! SQL of events and their teams.

use crate::{
    access::Role,
    db::{
        Conn,
        schema::{accounts, members},
        types::{AccountId, EventId},
    },
    error::Result,
    mail::Recipient,
};
use diesel::prelude::*;

/// Who is told what concerns all organizers.
pub fn organizers(conn: &mut Conn, event: EventId) -> Result<Vec<Recipient>> {
    let found: Vec<(AccountId, String, String)> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(event))
        .filter(members::role.eq(Role::Organizer))
        .select((accounts::id, accounts::email, accounts::name))
        .order(accounts::id)
        .load(conn)?;
    let recipient = |(account, address, name)| Recipient { account: Some(account), address, name };
    Ok(found.into_iter().map(recipient).collect())
}

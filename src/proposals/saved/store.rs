//! SQL of saved views.

use super::model::SavedView;
use crate::{
    access::Organizer,
    db::{Conn, Tx, schema::proposal_views, types::EventId},
    error::Result,
};
use diesel::prelude::*;

/// By name.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<SavedView>> {
    let columns = (proposal_views::code, proposal_views::name, proposal_views::query);
    let rows: Vec<(String, String, String)> =
        proposal_views::table.filter(proposal_views::event_id.eq(event)).select(columns).load(conn)?;
    let mut views: Vec<SavedView> =
        rows.into_iter().map(|(code, name, query)| SavedView { code, name, query }).collect();
    views.sort_by(|one, other| (&one.name, &one.code).cmp(&(&other.name, &other.code)));
    Ok(views)
}

pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: &SavedView) -> Result<()> {
    let row = (
        proposal_views::event_id.eq(who.event()),
        proposal_views::code.eq(&new.code),
        proposal_views::name.eq(&new.name),
        proposal_views::query.eq(&new.query),
    );
    diesel::insert_into(proposal_views::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Whether there was one of this code.
pub fn delete(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<bool> {
    let row = proposal_views::table.filter(proposal_views::event_id.eq(who.event()));
    Ok(diesel::delete(row.filter(proposal_views::code.eq(code))).execute(tx.conn())? > 0)
}

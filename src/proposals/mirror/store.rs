//! SQL of who a proposal's speakers are, for themselves.

use super::model::Author;
use crate::{
    db::{
        Conn,
        schema::{accounts, proposal_speakers, speakers},
        types::{EventId, ProposalId, TextList},
    },
    error::Result,
};
use diesel::prelude::*;

/// Everybody who speaks, by the names of the profile and of the account.
pub fn authors(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Vec<Author>> {
    type Row = (String, String, TextList, Option<String>, Option<String>);
    let rows: Vec<Row> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .select((
            speakers::name,
            speakers::affiliation,
            speakers::links,
            accounts::name.nullable(),
            accounts::email.nullable(),
        ))
        .order(proposal_speakers::position)
        .load(conn)?;
    let author = |(name, affiliation, links, account, email): Row| Author {
        names: [Some(name), account].into_iter().flatten().collect(),
        affiliation,
        links: links.0,
        email,
    };
    Ok(rows.into_iter().map(author).collect())
}

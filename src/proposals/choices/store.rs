//! SQL of what was picked.

use super::model::{Audience, Picked};
use crate::{
    calls::categories::model::ShownTo,
    db::{
        Conn, Tx,
        among::among,
        schema::{categories, choices, proposal_choices},
        types::{ChoiceId, EventId, ProposalId},
    },
    error::Result,
    on,
};
use diesel::{prelude::*, result::DatabaseErrorKind::ForeignKeyViolation, result::Error::DatabaseError};
use std::collections::HashMap;

/// Both databases bound the number of values in a statement.
const AT_ONCE: usize = 1000;

/// By proposal, in the order of the categories and their choices.
pub type PickedOf = HashMap<ProposalId, Vec<Picked>>;

type PickedRow = (ProposalId, ChoiceId, String, String, String, String);

macro_rules! picked {
    ($audience:expr) => {
        proposal_choices::table
            .inner_join(choices::table.inner_join(categories::table))
            .filter(categories::shown_to.eq_any($audience.sees()))
            .order((categories::position, categories::code, choices::position, choices::code))
            .select((
                proposal_choices::proposal_id,
                choices::id,
                choices::code,
                choices::name,
                categories::name,
                categories::code,
            ))
    };
}

fn by_proposal(rows: Vec<PickedRow>) -> PickedOf {
    let mut of: PickedOf = HashMap::new();
    for (proposal, id, code, name, category, category_code) in rows {
        of.entry(proposal).or_default().push(Picked { id, code, name, category, category_code });
    }
    of
}

/// What the audience may know of these proposals.
pub fn of(conn: &mut Conn, proposals: &[ProposalId], audience: Audience) -> Result<PickedOf> {
    if proposals.is_empty() {
        return Ok(HashMap::new());
    }
    let query = picked!(audience).filter(among(proposal_choices::proposal_id, proposals.iter().copied()));
    Ok(by_proposal(query.load(conn)?))
}

/// What the audience may know of all proposals of an event.
pub fn of_event(conn: &mut Conn, event: EventId, audience: Audience) -> Result<PickedOf> {
    let query = picked!(audience).filter(choices::event_id.eq(event));
    Ok(by_proposal(query.load(conn)?))
}

/// Makes these the proposal's choices.
pub fn set(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, choices: &[ChoiceId]) -> Result<()> {
    diesel::delete(proposal_choices::table.filter(proposal_choices::proposal_id.eq(proposal))).execute(tx.conn())?;
    insert(tx, event, proposal, choices)
}

/// The choices of a new proposal.
pub fn insert(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, choices: &[ChoiceId]) -> Result<()> {
    insert_many(tx, event, &choices.iter().map(|choice| (proposal, *choice)).collect::<Vec<_>>())
}

/// The choices of many new proposals.
pub fn insert_many(tx: &mut Tx<'_>, event: EventId, picks: &[(ProposalId, ChoiceId)]) -> Result<()> {
    let pick = |&(proposal, choice): &(ProposalId, ChoiceId)| {
        (
            proposal_choices::event_id.eq(event),
            proposal_choices::proposal_id.eq(proposal),
            proposal_choices::choice_id.eq(choice),
        )
    };
    for piece in picks.chunks(AT_ONCE) {
        let picks: Vec<_> = piece.iter().map(pick).collect();
        let inserted = on!(tx.conn(), c => diesel::insert_into(proposal_choices::table).values(&picks).execute(c));
        match inserted {
            // A choice was removed in this moment: nothing is stored, and the next try finds it gone.
            Err(DatabaseError(ForeignKeyViolation, _)) => return Err(crate::error::Error::busy()),
            other => drop(other?),
        }
    }
    Ok(())
}

/// Of a talk whose speaker has gone: what was never public.
pub fn forget_hidden(tx: &mut Tx<'_>, proposal: ProposalId) -> Result<()> {
    let hidden = choices::table
        .inner_join(categories::table)
        .filter(categories::shown_to.ne(ShownTo::Everyone))
        .select(choices::id);
    let picks = proposal_choices::table
        .filter(proposal_choices::proposal_id.eq(proposal))
        .filter(proposal_choices::choice_id.eq_any(hidden));
    diesel::delete(picks).execute(tx.conn())?;
    Ok(())
}

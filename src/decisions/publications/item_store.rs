//! SQL of what publications say of each proposal.

use super::{
    model::{Addressee, Pending, PublicationState, Told, ToldState},
    store::{Ended, Locked, speakers_of},
};
use crate::{
    db::{
        Conn, Tx,
        schema::{proposals, publication_items, publications},
        types::{EventId, ProposalId, PublicationId, Ts},
    },
    error::Result,
    mail::Recipient,
    on,
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
    secrets::Link,
};
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = publication_items, treat_none_as_default_value = false)]
struct NewItem {
    event_id: EventId,
    publication_id: PublicationId,
    proposal_id: ProposalId,
    decision: PublishedDecision,
    link_nonce: Option<String>,
    token_sha256: Option<Vec<u8>>,
}

/// Both databases bound the number of values in a statement.
const INSERTED_AT_ONCE: usize = 1000;

/// What is published of each proposal, with the link that answers an acceptance and its hash.
pub fn insert_items(
    tx: &mut Tx<'_>,
    publication: &Locked,
    items: &[(&Pending, Option<Link>)],
    hash: impl Fn(&Link) -> Vec<u8>,
) -> Result<()> {
    for some in items.chunks(INSERTED_AT_ONCE) {
        let rows = some.iter().map(|(pending, link)| NewItem {
            event_id: publication.event(),
            publication_id: publication.id(),
            proposal_id: pending.id,
            decision: pending.decision,
            link_nonce: link.as_ref().map(|link| link.nonce().to_owned()),
            token_sha256: link.as_ref().map(&hash),
        });
        let rows: Vec<NewItem> = rows.collect();
        on!(tx.conn(), c => diesel::insert_into(publication_items::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// A proposal about to be told.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Releasable {
    pub proposal: ProposalId,
    pub decision: PublishedDecision,
    pub before: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
}

/// The items whose proposals are still submitted.
pub fn list_releasable(tx: &mut Tx<'_>, ended: &Ended) -> Result<Vec<Releasable>> {
    let query = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(ended.event()))
        .filter(publication_items::publication_id.eq(ended.id()))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .select((proposals::id, publication_items::decision, proposals::published_decision, proposals::confirmation));
    Ok(query.order(proposals::id).load(tx.conn())?)
}

/// Tells these proposals the same.
pub fn update_published(
    tx: &mut Tx<'_>,
    ended: &Ended,
    told: &[ProposalId],
    (decision, confirmation): (PublishedDecision, Option<Confirmation>),
    now: Ts,
) -> Result<()> {
    let submitted = proposals::table
        .filter(proposals::event_id.eq(ended.event()))
        .filter(proposals::id.eq_any(told))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted));
    diesel::update(submitted)
        .set((
            proposals::published_decision.eq(decision),
            proposals::published_at.eq(now),
            proposals::publication_id.eq(ended.id()),
            proposals::confirmation.eq(confirmation),
        ))
        .execute(tx.conn())?;
    // What is accepted is in the program from now on; what is not was there only if it has been accepted before.
    let shown =
        proposals::table.filter(proposals::publication_id.eq(ended.id())).filter(proposals::id.eq_any(told)).filter(
            proposals::published_decision.eq(PublishedDecision::Accepted).or(proposals::talk_changed_at.is_not_null()),
        );
    diesel::update(shown).set(proposals::talk_changed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Takes a proposal out of a publication that still waits.
pub fn remove_waiting_item(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<()> {
    let waiting = publications::table
        .filter(publications::event_id.eq(event))
        .filter(publications::state.eq(PublicationState::Waiting))
        .select(publications::id);
    let items = publication_items::table
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publication_items::publication_id.eq_any(waiting));
    diesel::delete(items).execute(tx.conn())?;
    Ok(())
}

/// Whether a publication that waits is about the proposal, whose row the caller has locked.
pub fn waits(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<bool> {
    let query = publication_items::table
        .inner_join(publications::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publications::state.eq(PublicationState::Waiting));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(conn)?)
}

/// Gives the published acceptance of a proposal another link; `false` when there is none that can be answered.
pub fn renew_link(
    tx: &mut Tx<'_>,
    event: EventId,
    proposal: ProposalId,
    link: &Link,
    token_sha256: &[u8],
) -> Result<bool> {
    let last = proposals::table
        .filter(proposals::event_id.eq(event))
        .filter(proposals::id.eq(proposal))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(proposals::confirmation.ne(Confirmation::Declined))
        .select(proposals::publication_id.assume_not_null());
    let item = publication_items::table
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publication_items::decision.eq(PublishedDecision::Accepted))
        .filter(publication_items::publication_id.eq_any(last));
    let renewed = diesel::update(item)
        .set((publication_items::link_nonce.eq(link.nonce()), publication_items::token_sha256.eq(token_sha256)))
        .execute(tx.conn())?;
    Ok(renewed > 0)
}

/// The publication that a proposal's published decision came from.
pub fn last_of(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Option<PublicationId>> {
    let query = proposals::table.filter(proposals::event_id.eq(event)).filter(proposals::id.eq(proposal));
    Ok(query.select(proposals::publication_id).first(conn)?)
}

/// What a publication still has to tell somebody about these proposals: nothing of what they do not speak in any more.
pub fn still_to_tell(
    conn: &mut Conn,
    event: EventId,
    publication: PublicationId,
    about: &[ProposalId],
    to: &Recipient,
) -> Result<Vec<Told>> {
    type Row =
        (ProposalId, String, PublishedDecision, Option<String>, Lifecycle, Option<Confirmation>, Option<PublicationId>);
    let rows: Vec<Row> = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::publication_id.eq(publication))
        .filter(publication_items::proposal_id.eq_any(about))
        .select((
            proposals::id,
            proposals::title,
            publication_items::decision,
            publication_items::link_nonce,
            proposals::lifecycle,
            proposals::confirmation,
            proposals::publication_id,
        ))
        .order(proposals::code)
        .load(conn)?;
    let speakers = speakers_of(conn, event, about.to_vec())?;
    let told = |(proposal, title, decision, nonce, lifecycle, confirmation, last): Row| {
        let is_to = |speaker: &&Addressee| speaker.recipient.as_ref().is_some_and(|known| known.is(to));
        let speaker = speakers.get(&proposal)?.iter().find(is_to)?;
        let told = Told { proposal, title, decision, nonce: nonce.filter(|_| speaker.owner) };
        Some(ToldState { told, lifecycle, confirmation, released: last == Some(publication) })
    };
    Ok(rows.into_iter().filter_map(told).filter(ToldState::stands).map(|state| state.told).collect())
}

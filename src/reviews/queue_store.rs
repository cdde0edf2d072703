//! SQL of what a reviewer may review: the one rule, lists, and what comes next.

use super::{
    model::ReviewState,
    queue_model::{Author, BlindProposal, Mine, Neighbors, Standing},
};
use crate::{
    access::{
        Reviewer, SeesAuthors, Tracks,
        phase::Sees,
        store::{InTracks, in_tracks},
    },
    db::{
        Conn, Tx,
        among::among,
        schema::{
            accounts, assignments, formats, proposal_speakers, proposals, review_drafts, review_skips, reviews,
            speakers, tracks,
        },
        types::{AccountId, EventId, ProposalId, TrackId},
    },
    error::{Error, Result},
    locked,
    proposals::{
        choices::{self, model::Audience},
        model::Lifecycle,
        versions,
    },
};
use diesel::{dsl, expression::AsExpression, prelude::*, sql_types::Bool};
use std::{
    collections::{HashMap, HashSet},
    ops::Bound,
};

/// A proposal whose owner has an account and has not verified its address.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn unverified(event: EventId) -> _ {
    dsl::exists(
        proposal_speakers::table
            .inner_join(speakers::table.inner_join(accounts::table))
            .filter(proposal_speakers::event_id.eq(event))
            .filter(proposal_speakers::proposal_id.eq(proposals::id))
            .filter(proposal_speakers::owner.eq(true))
            .filter(accounts::email_verified_at.is_null()),
    )
}

/// What the reviewer was told to review: assignments that are not released are known to organizers only.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn assigned_to(me: AccountId) -> _ {
    assignments::table
        .filter(assignments::account_id.eq(me))
        .filter(assignments::released.eq(true))
        .select(assignments::proposal_id)
}

/// A proposal that the phase lets the reviewer see.
#[dsl::auto_type(type_case = "PascalCase")]
fn in_phase(who: &Reviewer) -> _ {
    let me: AccountId = who.account();
    let all: dsl::AsExprOf<bool, Bool> = AsExpression::<Bool>::as_expression(who.sees() == Sees::All);
    let assigned: AssignedTo = assigned_to(me);
    all.or(proposals::id.eq_any(assigned))
}

/// The one rule of who may review what. To a reviewer, any other proposal does not exist: it is not shown, not counted
/// and not found.
#[dsl::auto_type]
pub fn reviewable_by(who: &Reviewer) -> _ {
    let event: EventId = who.event();
    let tracks: Tracks = who.tracks();
    let submitted: Lifecycle = Lifecycle::Submitted;
    let in_tracks: InTracks = in_tracks(event, tracks);
    let in_phase: InPhase = in_phase(who);
    let unverified: Unverified = unverified(event);
    proposals::event_id
        .eq(event)
        .and(proposals::lifecycle.eq(submitted))
        .and(proposals::invited.eq(false))
        .and(in_tracks)
        .and(in_phase)
        .and(dsl::not(unverified))
}

pub fn find_reviewable(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<ProposalId> {
    let query = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference));
    Ok(query.select(proposals::id).first(conn)?)
}

/// Locks the proposal: reviews of it are written one at a time, and while it stays submitted. Answers its track too.
pub fn lock_reviewable(tx: &mut Tx<'_>, who: &Reviewer, reference: &str) -> Result<(ProposalId, Option<TrackId>)> {
    let query = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference));
    let query = query.select((proposals::id, proposals::track_id));
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<(ProposalId, Option<TrackId>)>)?)
}

/// A proposal that the account has reviewed, or abstained from.
#[dsl::auto_type(type_case = "PascalCase")]
pub(super) fn reviewed(me: AccountId) -> _ {
    let mine = reviews::table.filter(reviews::account_id.eq(me)).select(reviews::proposal_id);
    proposals::id.eq_any(mine)
}

/// A proposal that the account has put off.
#[dsl::auto_type(type_case = "PascalCase")]
pub(super) fn skipped(me: AccountId) -> _ {
    let mine = review_skips::table.filter(review_skips::account_id.eq(me)).select(review_skips::proposal_id);
    proposals::id.eq_any(mine)
}

/// A proposal of which the account has begun a review that is not handed in.
#[dsl::auto_type(type_case = "PascalCase")]
fn begun(me: AccountId) -> _ {
    let mine = review_drafts::table.filter(review_drafts::account_id.eq(me)).select(review_drafts::proposal_id);
    proposals::id.eq_any(mine)
}

/// Adds what is the reviewer's own to proposals with their counts.
fn standings(conn: &mut Conn, who: &Reviewer, found: Vec<(ProposalId, String, i64)>) -> Result<Vec<Standing>> {
    let ids: Vec<ProposalId> = found.iter().map(|(id, ..)| *id).collect();
    let mine: HashMap<ProposalId, ReviewState> = reviews::table
        .filter(reviews::account_id.eq(who.account()))
        .filter(among(reviews::proposal_id, ids.iter().copied()))
        .select((reviews::proposal_id, reviews::state))
        .load(conn)?
        .into_iter()
        .collect();
    let drafts: HashSet<ProposalId> = review_drafts::table
        .filter(review_drafts::account_id.eq(who.account()))
        .filter(among(review_drafts::proposal_id, ids.iter().copied()))
        .select(review_drafts::proposal_id)
        .load(conn)?
        .into_iter()
        .collect();
    let skips: HashSet<ProposalId> = review_skips::table
        .filter(review_skips::account_id.eq(who.account()))
        .filter(among(review_skips::proposal_id, ids.iter().copied()))
        .select(review_skips::proposal_id)
        .load(conn)?
        .into_iter()
        .collect();
    let changed = versions::store::changed_since_review(conn, who, &ids)?;
    let standing = |(id, reference, reviews)| Standing {
        reference,
        reviews,
        mine: mine.get(&id).copied(),
        changed: changed.contains(&id),
        draft: drafts.contains(&id),
        skipped: skips.contains(&id),
    };
    Ok(found.into_iter().map(standing).collect())
}

/// Where one proposal stands; `NotFound` for those the reviewer may not review.
pub fn find_standing(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Standing> {
    let query = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference));
    let found = query.select((proposals::id, proposals::ref_, proposals::review_count)).first(conn)?;
    standings(conn, who, vec![found])?.pop().ok_or_else(Error::not_found)
}

/// Where a page of a reviewer's list begins and ends. References are random, so their order says nothing; each reviewer
/// begins at another one.
pub struct Walk<'w> {
    pub begin: &'w str,
    pub after: Option<&'w str>,
    pub limit: i64,
}

impl Walk<'_> {
    /// From one reference on or after it, and before another one: first up to the last of all, then around to the begin.
    fn pieces(&self) -> Vec<(Bound<&str>, Option<&str>)> {
        match self.after {
            None => vec![(Bound::Included(self.begin), None), (Bound::Unbounded, Some(self.begin))],
            Some(after) if after >= self.begin => {
                vec![(Bound::Excluded(after), None), (Bound::Unbounded, Some(self.begin))]
            }
            Some(after) => vec![(Bound::Excluded(after), Some(self.begin))],
        }
    }
}

/// A page of what the reviewer may review.
pub fn list_standings(conn: &mut Conn, who: &Reviewer, mine: Option<Mine>, walk: &Walk<'_>) -> Result<Vec<Standing>> {
    // What changed is told by the versions, of all that somebody has reviewed.
    let limit = if mine == Some(Mine::Changed) { i64::MAX } else { walk.limit };
    let mut found: Vec<(ProposalId, String, i64)> = vec![];
    for (from, before) in walk.pieces() {
        let left = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if left <= 0 {
            break;
        }
        let mut query = proposals::table.filter(reviewable_by(who)).into_boxed();
        query = match from {
            Bound::Included(from) => query.filter(proposals::ref_.ge(from)),
            Bound::Excluded(after) => query.filter(proposals::ref_.gt(after)),
            Bound::Unbounded => query,
        };
        if let Some(before) = before {
            query = query.filter(proposals::ref_.lt(before));
        }
        query = match mine {
            None => query,
            Some(Mine::Done | Mine::Changed) => query.filter(reviewed(who.account())),
            Some(Mine::Draft) => query.filter(begun(who.account())),
            Some(Mine::Left) => query.filter(dsl::not(reviewed(who.account()))),
            Some(Mine::Skipped) => query.filter(dsl::not(reviewed(who.account()))).filter(skipped(who.account())),
        };
        let columns = (proposals::id, proposals::ref_, proposals::review_count);
        found.extend(query.order(proposals::ref_).select(columns).limit(left).load::<(_, _, i64)>(conn)?);
    }
    let mut standings = standings(conn, who, found)?;
    if mine == Some(Mine::Changed) {
        standings.retain(|standing| standing.changed);
        standings.truncate(usize::try_from(walk.limit).unwrap_or(usize::MAX));
    }
    Ok(standings)
}

/// What stands before and after a proposal: among those that are reviewed if it is, else among those that are left. The
/// order is that of the lists, in which only the begin is the reviewer's own.
pub fn neighbors(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Neighbors> {
    let me = who.account();
    let this = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference));
    let is_done: bool = diesel::select(dsl::exists(this.filter(reviewed(me)))).get_result(conn)?;
    let others = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.ne(reference));
    let others = others.filter(reviewed(me).eq(is_done)).select(proposals::ref_);
    let (up, down) = (others.order(proposals::ref_), others.order(proposals::ref_.desc()));
    let first = |found: Option<String>, around: Option<String>| found.or(around);
    let after = up.filter(proposals::ref_.gt(reference)).first(conn).optional()?;
    let before = down.filter(proposals::ref_.lt(reference)).first(conn).optional()?;
    Ok(Neighbors {
        after: first(after, up.first(conn).optional()?),
        before: first(before, down.first(conn).optional()?),
    })
}

/// The proposal to review next: of those with the fewest reviews the first from the reviewer's own begin on; what they
/// are assigned to before all others, and what they put off at the end. Each step stops at the first row that fits.
pub fn next(conn: &mut Conn, who: &Reviewer, begin: &str) -> Result<Option<String>> {
    macro_rules! fewest {
        ($query:expr) => {{
            let query = $query;
            let fewest = query.clone().order(proposals::review_count).select(proposals::review_count);
            if let Some(fewest) = fewest.first::<i64>(conn).optional()? {
                let among = query.filter(proposals::review_count.eq(fewest)).order(proposals::ref_);
                let ahead = among.clone().filter(proposals::ref_.ge(begin)).select(proposals::ref_);
                return match ahead.first(conn).optional()? {
                    Some(ahead) => Ok(Some(ahead)),
                    None => Ok(Some(among.select(proposals::ref_).first(conn)?)),
                };
            }
        }};
    }
    let me = who.account();
    let left = proposals::table.filter(reviewable_by(who)).filter(dsl::not(reviewed(me)));
    let unseen = left.filter(dsl::not(skipped(me)));
    fewest!(unseen.filter(proposals::id.eq_any(assigned_to(me))));
    if who.sees() == Sees::All {
        fewest!(unseen);
    }
    let put_off = left.inner_join(review_skips::table).filter(review_skips::account_id.eq(me));
    let put_off = put_off.order((review_skips::skipped_at, proposals::ref_)).select(proposals::ref_);
    Ok(put_off.first(conn).optional()?)
}

type BlindRow = (ProposalId, String, String, String, String, String, Option<(TrackId, String)>);

/// The proposals of these references that the reviewer may review. No column about the authors is read.
pub fn for_review(conn: &mut Conn, who: &Reviewer, references: &[&str]) -> Result<Vec<BlindProposal>> {
    let rows: Vec<BlindRow> = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(reviewable_by(who))
        .filter(proposals::ref_.eq_any(references))
        .select((
            proposals::id,
            proposals::ref_,
            proposals::title,
            proposals::abstract_,
            proposals::description,
            formats::name,
            (tracks::id, tracks::name).nullable(),
        ))
        .load(conn)?;
    let ids: Vec<ProposalId> = rows.iter().map(|row| row.0).collect();
    let mut choices = choices::store::of(conn, &ids, Audience::Reviewers)?;
    let proposal = |(id, reference, title, abstract_, description, format, track): BlindRow| BlindProposal {
        choices: choices.remove(&id).unwrap_or_default(),
        id,
        reference,
        title,
        abstract_,
        description,
        format,
        track_id: track.as_ref().map(|(id, _)| *id),
        track: track.map(|(_, name)| name),
    };
    Ok(rows.into_iter().map(proposal).collect())
}

/// Who wrote the proposals: the owner, then those who accepted to speak too.
pub fn authors(conn: &mut Conn, _: &SeesAuthors, of: &[BlindProposal]) -> Result<HashMap<ProposalId, Vec<Author>>> {
    let ids = of.iter().map(|proposal| proposal.id);
    let rows: Vec<(ProposalId, String, String, String)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(among(proposal_speakers::proposal_id, ids))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((proposal_speakers::proposal_id, speakers::name, speakers::affiliation, speakers::bio))
        .order((proposal_speakers::position, proposal_speakers::id))
        .load(conn)?;
    let mut authors: HashMap<_, Vec<Author>> = HashMap::new();
    for (proposal, name, affiliation, bio) in rows {
        authors.entry(proposal).or_default().push(Author { name, affiliation, bio });
    }
    Ok(authors)
}

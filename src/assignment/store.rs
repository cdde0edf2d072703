//! SQL of bids, of what a plan is made from, and of putting one into effect.

use super::{
    inputs::{Expertise, MakePlan, PlacedBid},
    model::{Barrier, Bid, NamedPair, Pair, Proposal, Reviewer, Rules, Task},
};
use crate::{
    access::{self, Decider, store::in_tracks},
    db::{
        Conn, Tx,
        schema::{assignments, bids, proposals, reviews},
        types::{AccountId, ProposalId, TrackId},
    },
    error::{FieldErrors, Result},
    locked, on,
    proposals::model::Lifecycle,
    ranking::{self, store::Reader},
    reviews::{
        assignments::{model::Reviewer as Member, store as by_hand},
        model::ReviewState,
        queue_store::{find_reviewable, lock_reviewable, reviewable_by, unverified},
    },
};
use diesel::{dsl, prelude::*, upsert::excluded};
use std::collections::{HashMap, HashSet};

/// The reviewer's own bids on what they may review, by reference.
pub fn list_bids(conn: &mut Conn, who: &access::Reviewer) -> Result<Vec<PlacedBid>> {
    let mine = bids::table
        .inner_join(proposals::table)
        .filter(bids::account_id.eq(who.account()))
        .filter(reviewable_by(who))
        .select((proposals::ref_, bids::bid, bids::expertise))
        .order(proposals::ref_);
    let mine: Vec<(String, Bid, Expertise)> = mine.load(conn)?;
    Ok(mine.into_iter().map(|(reference, bid, expertise)| PlacedBid { reference, bid, expertise }).collect())
}

/// The reviewer's own bid; what was not bid on is unknown.
pub fn find_bid(conn: &mut Conn, who: &access::Reviewer, reference: &str) -> Result<PlacedBid> {
    let proposal = find_reviewable(conn, who, reference)?;
    let mine = bids::table.filter(bids::account_id.eq(who.account())).filter(bids::proposal_id.eq(proposal));
    let found: Option<(Bid, Expertise)> = mine.select((bids::bid, bids::expertise)).first(conn).optional()?;
    let (bid, expertise) = found.unwrap_or_default();
    Ok(PlacedBid { reference: reference.to_owned(), bid, expertise })
}

/// Places a bid in the place of the one before.
pub fn place_bid(tx: &mut Tx<'_>, who: &access::Reviewer, placed: &PlacedBid) -> Result<()> {
    let (proposal, _) = lock_reviewable(tx, who, &placed.reference)?;
    let row = (
        bids::event_id.eq(who.event()),
        bids::proposal_id.eq(proposal),
        bids::account_id.eq(who.account()),
        bids::bid.eq(placed.bid),
        bids::expertise.eq(placed.expertise),
        bids::updated_at.eq(tx.now()?),
    );
    on!(tx.conn(), c => diesel::insert_into(bids::table)
        .values(row)
        .on_conflict((bids::account_id, bids::proposal_id, bids::event_id))
        .do_update()
        .set((
            bids::bid.eq(excluded(bids::bid)),
            bids::expertise.eq(excluded(bids::expertise)),
            bids::updated_at.eq(excluded(bids::updated_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// A task, and whose its rows and columns are.
pub struct Board {
    pub task: Task,
    proposals: Vec<ProposalId>,
    reviewers: Vec<AccountId>,
}

type ProposalRow = (ProposalId, String, Option<TrackId>);

macro_rules! in_reach {
    ($who:expr) => {
        proposals::table
            .filter(proposals::event_id.eq($who.event()))
            .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
            .filter(proposals::invited.eq(false))
            .filter(dsl::not(unverified($who.event())))
            .filter(in_tracks($who.event(), $who.tracks()))
            .order(proposals::id)
    };
}

/// Keeps the proposals as they are until the transaction ends: nobody writes a review of one or declares a conflict.
pub fn lock_proposals(tx: &mut Tx<'_>, who: &Decider) -> Result<()> {
    let query = in_reach!(who).select(proposals::id);
    let _: Vec<ProposalId> = locked!(tx.conn(), query, for_no_key_update, load::<ProposalId>)?;
    Ok(())
}

/// What there is to plan, within the reach of who plans.
///
/// # Errors
/// `Invalid` for limits of somebody who does not review here, and for a task that cannot be solved.
pub fn board(conn: &mut Conn, who: &Decider, input: &MakePlan) -> Result<Board> {
    let mut rows: Vec<ProposalRow> =
        in_reach!(who).select((proposals::id, proposals::code, proposals::track_id)).load(conn)?;
    rows.sort_by(|one, other| one.1.cmp(&other.1));
    let mut members = by_hand::reviewers(conn, who.event())?;
    members.sort_by(|one, other| one.code.cmp(&other.code));
    check_limits(input, &members)?;
    let known = Known::load(conn, who, &rows)?;
    let mut named = vec![];
    for row in &rows {
        for member in &members {
            let pair = known.pair(row, member);
            if pair != Pair::default() {
                named.push(NamedPair { proposal: row.1.clone(), reviewer: member.code.clone(), pair });
            }
        }
    }
    let accounts: HashSet<AccountId> = members.iter().map(|member| member.account).collect();
    let proposal = |row: &ProposalRow| {
        // Reviews by people who have left count all the same.
        let left = known.reviewed.iter().filter(|((proposal, account), state)| {
            *proposal == row.0 && **state == ReviewState::Submitted && !accounts.contains(account)
        });
        let needs = input.per_proposal.saturating_sub(u32::try_from(left.count()).unwrap_or(u32::MAX));
        Proposal { id: row.1.clone(), needs }
    };
    let reviewer = |member: &Member| {
        let own = input.reviewers.iter().find(|own| own.reviewer == member.code);
        let elsewhere = known.elsewhere.get(&member.account).copied().unwrap_or(0);
        let at_most = own.and_then(|own| own.at_most).unwrap_or(input.at_most).saturating_sub(elsewhere);
        let at_least = own.and_then(|own| own.at_least).unwrap_or(input.at_least).saturating_sub(elsewhere);
        Reviewer { id: member.code.clone(), at_least: at_least.min(at_most), at_most }
    };
    let rules = Rules { balance: input.balance, keep: input.keep, fair: input.fair, seed: input.seed.into() };
    let (proposals, reviewers) = (rows.iter().map(proposal).collect(), members.iter().map(reviewer).collect());
    let task = Task::new(proposals, reviewers, named, rules);
    let task = task.map_err(|wrong| FieldErrors::of("", "too_large", wrong.join("; ")))?;
    Ok(Board {
        task,
        proposals: rows.iter().map(|row| row.0).collect(),
        reviewers: members.iter().map(|member| member.account).collect(),
    })
}

fn check_limits(input: &MakePlan, members: &[Member]) -> Result<()> {
    let mut errors = FieldErrors::default();
    if input.reviewers.len() > members.len() {
        errors.add("reviewers", "too_long", "must be each reviewer of this event once at most");
    }
    for (index, own) in input.reviewers.iter().enumerate() {
        if !members.iter().any(|member| member.code == own.reviewer) {
            errors.add(&format!("reviewers[{index}].reviewer"), "unknown_reviewer", "names no reviewer of this event");
        }
    }
    errors.into_result()
}

/// All that is known of pairs.
struct Known {
    bids: HashMap<(ProposalId, AccountId), (Bid, Expertise)>,
    conflicts: HashSet<(ProposalId, AccountId)>,
    reviewed: HashMap<(ProposalId, AccountId), ReviewState>,
    assigned: HashSet<(ProposalId, AccountId)>,
    /// How many proposals out of reach somebody reads.
    elsewhere: HashMap<AccountId, u32>,
}

impl Known {
    fn load(conn: &mut Conn, who: &Decider, rows: &[ProposalRow]) -> Result<Known> {
        let ids: Vec<ProposalId> = rows.iter().map(|row| row.0).collect();
        let here: HashSet<ProposalId> = ids.iter().copied().collect();
        let placed: Vec<(ProposalId, AccountId, Bid, Expertise)> = bids::table
            .filter(bids::event_id.eq(who.event()))
            .select((bids::proposal_id, bids::account_id, bids::bid, bids::expertise))
            .load(conn)?;
        let reviewed: Vec<(ProposalId, AccountId, ReviewState)> = reviews::table
            .filter(reviews::event_id.eq(who.event()))
            .select((reviews::proposal_id, reviews::account_id, reviews::state))
            .load(conn)?;
        let assigned: Vec<(ProposalId, AccountId)> = assignments::table
            .inner_join(proposals::table)
            .filter(assignments::event_id.eq(who.event()))
            .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
            .select((assignments::proposal_id, assignments::account_id))
            .load(conn)?;
        let mut elsewhere: HashMap<AccountId, u32> = HashMap::new();
        // Room that is missing would tell who reads the own talk.
        let hidden = ranking::store::hidden(
            conn,
            Reader { event: who.event(), tracks: who.tracks(), account: Some(who.account()) },
        )?;
        for (_, account) in
            assigned.iter().filter(|(proposal, _)| !here.contains(proposal) && !hidden.contains(proposal))
        {
            *elsewhere.entry(*account).or_default() += 1;
        }
        Ok(Known {
            bids: placed
                .into_iter()
                .map(|(proposal, account, bid, knows)| ((proposal, account), (bid, knows)))
                .collect(),
            conflicts: by_hand::conflicts_of(conn, &ids)?,
            reviewed: reviewed.into_iter().map(|(proposal, account, state)| ((proposal, account), state)).collect(),
            assigned: assigned.into_iter().collect(),
            elsewhere,
        })
    }

    fn pair(&self, (proposal, _, track): &ProposalRow, member: &Member) -> Pair {
        let key = (*proposal, member.account);
        let (bid, expertise) = self.bids.get(&key).copied().unwrap_or_default();
        let within = member.tracks.as_ref().map(|tracks| track.is_some_and(|track| tracks.contains(&track)));
        let reviewed = self.reviewed.get(&key);
        let barrier = if self.conflicts.contains(&key) {
            Some(Barrier::Conflict)
        } else if within == Some(false) {
            Some(Barrier::Track)
        } else {
            // Who abstains has declined to review it.
            reviewed.filter(|state| **state == ReviewState::Abstained).map(|_| Barrier::Declined)
        };
        Pair {
            bid,
            // Who reads some tracks only was chosen for them.
            fit: if within == Some(true) { 100 } else { 0 },
            expertise: expertise.percent(),
            weight: None,
            fixed: barrier.is_none() && reviewed.is_some_and(|state| *state != ReviewState::Abstained),
            barrier,
            previous: self.assigned.contains(&key),
        }
    }
}

impl Board {
    /// Whose a pair is.
    fn ids(&self, (row, column): (usize, usize)) -> Option<(ProposalId, AccountId)> {
        self.proposals.get(row).copied().zip(self.reviewers.get(column).copied())
    }
}

/// Puts a plan of this very board into effect; reviewers learn of what is new when it is released.
pub fn apply(tx: &mut Tx<'_>, who: &Decider, board: &Board, pairs: &[(usize, usize)]) -> Result<()> {
    let planned: HashSet<(usize, usize)> = pairs.iter().copied().collect();
    for (row, column, _) in board.task.all_pairs().filter(|(.., pair)| pair.previous) {
        if let Some((proposal, account)) = board.ids((row, column)).filter(|_| !planned.contains(&(row, column))) {
            let gone = assignments::table
                .filter(assignments::event_id.eq(who.event()))
                .filter(assignments::proposal_id.eq(proposal))
                .filter(assignments::account_id.eq(account));
            diesel::delete(gone).execute(tx.conn())?;
        }
    }
    let new = pairs.iter().filter(|(row, column)| !board.task.pairs.at(*row, *column).previous);
    let new: Vec<(ProposalId, AccountId)> = new.filter_map(|pair| board.ids(*pair)).collect();
    by_hand::insert(tx, who.event(), &new, false)
}

/// Shows reviewers what was planned for them; answers how many assignments that are.
pub fn release(tx: &mut Tx<'_>, who: &Decider) -> Result<usize> {
    let here = in_reach!(who).select(proposals::id);
    let hidden = assignments::table
        .filter(assignments::event_id.eq(who.event()))
        .filter(assignments::released.eq(false))
        .filter(assignments::proposal_id.eq_any(here));
    Ok(diesel::update(hidden).set(assignments::released.eq(true)).execute(tx.conn())?)
}

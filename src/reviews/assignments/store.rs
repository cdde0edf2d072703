//! SQL of assignments.

use super::model::{Assignment, Board, Filter, Load, Proposal, ProposalName, Reviewer, Wanted};
use crate::{
    access::{Can, Decider, Implies, ReadProposals, Role, store::in_tracks},
    db::{
        Conn, Tx,
        schema::{
            accounts, assignments, conflicts, member_tracks, members, proposal_speakers, proposals, reviews, speakers,
        },
        types::{AccountId, AssignmentId, EventId, MemberId, ProposalId, TrackId, Ts},
    },
    error::Result,
    http::cursor::Cursor,
    locked, on,
    proposals::model::Lifecycle,
    text::PublicCode,
};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

type Row = ((String, String, String, String), (String, String), Ts);

fn assignment(((code, proposal, reference, title), reviewer, created_at): Row) -> Assignment {
    Assignment { code, proposal: (proposal, reference), title, reviewer, created_at }
}

macro_rules! in_reach {
    ($who:expr) => {
        assignments::table
            .inner_join(proposals::table)
            .inner_join(accounts::table)
            .filter(assignments::event_id.eq($who.event()))
            .filter(in_tracks($who.event(), $who.tracks()))
    };
}

/// One page, newest first, behind the cursor.
pub fn list(
    conn: &mut Conn,
    who: &Can<impl Implies<ReadProposals>>,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Assignment>> {
    let mut query = in_reach!(who).into_boxed();
    if let Some(Cursor { at, code }) = after {
        let older = assignments::created_at.lt(*at);
        query = query
            .filter(assignments::created_at.le(*at))
            .filter(older.or(assignments::created_at.eq(*at).and(assignments::code.gt(code))));
    }
    if let Some(proposal) = &filter.proposal {
        query = query.filter(proposals::code.eq(proposal.as_str()));
    }
    if let Some(reviewer) = &filter.reviewer {
        query = query.filter(accounts::code.eq(reviewer));
    }
    let rows: Vec<Row> = query
        .order((assignments::created_at.desc(), assignments::code))
        .limit(limit)
        .select((
            (assignments::code, proposals::code, proposals::ref_, proposals::title),
            (accounts::code, accounts::name),
            assignments::created_at,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(assignment).collect())
}

/// What each reviewer has to do, of what is within reach.
pub fn loads(conn: &mut Conn, who: &Decider) -> Result<Vec<Load>> {
    let assigned: Vec<(ProposalId, AccountId, bool)> = in_reach!(who)
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .select((assignments::proposal_id, assignments::account_id, assignments::released))
        .load(conn)?;
    let reviewed: HashSet<(ProposalId, AccountId)> = reviews::table
        .inner_join(proposals::table)
        .filter(reviews::event_id.eq(who.event()))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(in_tracks(who.event(), who.tracks()))
        .select((reviews::proposal_id, reviews::account_id))
        .load(conn)?
        .into_iter()
        .collect();
    let load = |reviewer: Reviewer| {
        let own = || assigned.iter().filter(|(_, account, _)| *account == reviewer.account);
        Load {
            assigned: own().count(),
            done: own().filter(|(proposal, account, _)| reviewed.contains(&(*proposal, *account))).count(),
            unreleased: own().filter(|(.., released)| !released).count(),
            reviews: reviewed.iter().filter(|(_, account)| *account == reviewer.account).count(),
            code: reviewer.code,
            name: reviewer.name,
        }
    };
    let mut loads: Vec<Load> = reviewers(conn, who.event())?.into_iter().map(load).collect();
    loads.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.code.cmp(&other.code)));
    Ok(loads)
}

/// Text of another form names nothing, and PostgreSQL fails on some of it.
fn names(wanted: &[Wanted]) -> (HashSet<&str>, HashSet<&str>) {
    let (mut codes, mut references) = (HashSet::new(), HashSet::new());
    for wanted in wanted {
        let (set, name) = match &wanted.proposal {
            ProposalName::Code(code) => (&mut codes, code),
            ProposalName::Reference(reference) => (&mut references, reference),
        };
        if PublicCode::new(name).is_ok() {
            set.insert(name.as_str());
        }
    }
    (codes, references)
}

type ProposalRow = (ProposalId, String, String, Option<TrackId>, Lifecycle);

macro_rules! named {
    ($who:expr, $wanted:expr) => {{
        let (codes, references) = names($wanted);
        proposals::table
            .filter(proposals::event_id.eq($who.event()))
            .filter(proposals::code.eq_any(codes).or(proposals::ref_.eq_any(references)))
            .filter(proposals::lifecycle.ne(Lifecycle::Draft))
            .filter(in_tracks($who.event(), $who.tracks()))
            .order(proposals::id)
            .select((proposals::id, proposals::code, proposals::ref_, proposals::track_id, proposals::lifecycle))
    }};
}

fn proposal((id, code, reference, track, lifecycle): ProposalRow) -> Proposal {
    Proposal { id, code, reference, track, lifecycle }
}

/// What the wanted pairs are judged by, with the proposals locked: no conflict comes up until the transaction ends.
pub fn lock_board(tx: &mut Tx<'_>, who: &Decider, wanted: &[Wanted]) -> Result<Board> {
    let rows = locked!(tx.conn(), named!(who, wanted), for_no_key_update, load::<ProposalRow>)?;
    board(tx.conn(), who, rows)
}

/// The same without a lock, to look at only.
pub fn read_board(conn: &mut Conn, who: &Decider, wanted: &[Wanted]) -> Result<Board> {
    let rows = named!(who, wanted).load::<ProposalRow>(conn)?;
    board(conn, who, rows)
}

fn board(conn: &mut Conn, who: &Decider, rows: Vec<ProposalRow>) -> Result<Board> {
    let proposals: Vec<Proposal> = rows.into_iter().map(proposal).collect();
    let ids: Vec<ProposalId> = proposals.iter().map(|proposal| proposal.id).collect();
    Ok(Board {
        proposals,
        reviewers: reviewers(conn, who.event())?,
        conflicts: conflicts_of(conn, &ids)?,
        assigned: assignments::table
            .filter(assignments::proposal_id.eq_any(&ids))
            .select((assignments::proposal_id, assignments::account_id))
            .load(conn)?
            .into_iter()
            .collect(),
    })
}

/// Who has a conflict of interest with which of these proposals: declared, pinned, or because they speak in it,
/// if only by an address that organizers entered.
pub fn conflicts_of(conn: &mut Conn, proposals: &[ProposalId]) -> Result<HashSet<(ProposalId, AccountId)>> {
    let mut pairs: HashSet<(ProposalId, AccountId)> = conflicts::table
        .filter(conflicts::proposal_id.eq_any(proposals))
        .select((conflicts::proposal_id, conflicts::account_id))
        .load(conn)?
        .into_iter()
        .collect();
    let spoken: Vec<(ProposalId, Option<AccountId>)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::proposal_id.eq_any(proposals))
        .select((proposal_speakers::proposal_id, speakers::account_id))
        .load(conn)?;
    pairs.extend(spoken.into_iter().filter_map(|(proposal, account)| Some((proposal, account?))));
    let entered: Vec<(ProposalId, AccountId)> = proposal_speakers::table
        .inner_join(speakers::table)
        .inner_join(accounts::table.on(speakers::email_key.eq(accounts::email_key.nullable())))
        .filter(proposal_speakers::proposal_id.eq_any(proposals))
        .select((proposal_speakers::proposal_id, accounts::id))
        .load(conn)?;
    pairs.extend(entered);
    Ok(pairs)
}

type ReviewerRow = (AccountId, String, String, String, MemberId, bool);

/// The reviewers of the capability's event, in the order of their codes.
pub fn reviewers(conn: &mut Conn, event: EventId) -> Result<Vec<Reviewer>> {
    let rows: Vec<ReviewerRow> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(event))
        .filter(members::role.eq(Role::Reviewer))
        .order(accounts::code)
        .select((accounts::id, accounts::code, accounts::email_key, accounts::name, members::id, members::limited))
        .load(conn)?;
    let limits: Vec<(MemberId, TrackId)> = member_tracks::table
        .filter(member_tracks::event_id.eq(event))
        .select((member_tracks::member_id, member_tracks::track_id))
        .load(conn)?;
    let mut tracks: HashMap<MemberId, Vec<TrackId>> = HashMap::new();
    for (member, track) in limits {
        tracks.entry(member).or_default().push(track);
    }
    let reviewer = |(account, code, email_key, name, member, limited): ReviewerRow| Reviewer {
        account,
        code,
        email_key,
        name,
        tracks: limited.then(|| tracks.remove(&member).unwrap_or_default()),
    };
    Ok(rows.into_iter().map(reviewer).collect())
}

#[derive(Insertable)]
#[diesel(table_name = assignments, treat_none_as_default_value = false)]
struct NewAssignment {
    event_id: EventId,
    code: String,
    proposal_id: ProposalId,
    account_id: AccountId,
    released: bool,
    created_at: Ts,
}

/// A statement takes only so many values.
const ROWS_A_STATEMENT: usize = 1000;

/// Stores pairs that are not assigned yet; their proposals are locked by the caller. Until they are released, only
/// organizers know of them.
pub fn insert(tx: &mut Tx<'_>, event: EventId, pairs: &[(ProposalId, AccountId)], released: bool) -> Result<()> {
    let created_at = tx.now()?;
    for pairs in pairs.chunks(ROWS_A_STATEMENT) {
        let row = |&(proposal_id, account_id): &(ProposalId, AccountId)| NewAssignment {
            event_id: event,
            code: tx.random().code(10),
            proposal_id,
            account_id,
            released,
            created_at,
        };
        let rows: Vec<NewAssignment> = pairs.iter().map(row).collect();
        on!(tx.conn(), c => diesel::insert_into(assignments::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Takes one away; answers the codes of proposal and reviewer.
pub fn delete(tx: &mut Tx<'_>, who: &Decider, code: &str) -> Result<(String, String)> {
    let (id, proposal, reviewer): (AssignmentId, String, String) = in_reach!(who)
        .filter(assignments::code.eq(code))
        .select((assignments::id, proposals::code, accounts::code))
        .first(tx.conn())?;
    diesel::delete(assignments::table.find(id)).execute(tx.conn())?;
    Ok((proposal, reviewer))
}

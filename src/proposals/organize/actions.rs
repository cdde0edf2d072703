//! What organizers do with proposals, and others on the team read of them.

use super::store::{self, Key, Proposal, Texts};
use crate::{
    access::{Can, Implies, Organizer, ProposalReader, ReadProposals},
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::{Conn, Turn, types::ProposalId},
    decisions,
    error::Result,
    http::cursor::{Cursor, bad_cursor},
    once::model::Render,
    proposals::{
        self,
        model::{self, Filter, Lifecycle, Sort},
    },
    ranking::{self, model::Summary, store::Reader},
    search::{self, model::Wanted},
};
use std::collections::HashMap;

/// What reviewers say of each proposal in short; own proposals are left out.
pub type Summaries = HashMap<ProposalId, Summary>;

/// A whole proposal with what reviewers say of it.
pub struct Shown {
    pub proposal: Proposal,
    pub texts: Texts,
    pub summaries: Summaries,
}

pub struct Listed {
    pub proposals: Vec<Proposal>,
    pub summaries: Summaries,
    pub next: Option<String>,
}

const PAGE: u32 = 50;

/// With the names, which is noted.
///
/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: ProposalReader, filter: Filter) -> Result<Listed> {
    let (event, account) = (who.event(), who.account());
    let listed = found(app, who, filter).await?;
    app.reads.add(event, account, listed.proposals.iter().map(|proposal| proposal.row.code.clone()));
    Ok(listed)
}

/// Without the names, so nobody has read any.
///
/// # Errors
/// `BadCursor`.
pub async fn list_folded(app: &Callboard, who: ProposalReader, filter: Filter) -> Result<Listed> {
    let mut listed = found(app, who, filter).await?;
    for proposal in &mut listed.proposals {
        proposal.speakers.clear();
    }
    Ok(listed)
}

async fn found(app: &Callboard, who: ProposalReader, filter: Filter) -> Result<Listed> {
    let after = filter.cursor.as_deref().map(Cursor::decode).transpose()?;
    let limit = usize::try_from(filter.limit.unwrap_or(PAGE)).unwrap_or(usize::MAX);
    let one_more = i64::from(filter.limit.unwrap_or(PAGE)) + 1;
    app.db
        .read(move |conn| {
            let mut proposals = if filter.q.is_some() || filter.sort.is_some_and(|sort| sort != Sort::Newest) {
                let ids = behind(ordered(conn, &who, &filter)?, after.as_ref())?;
                let ids: Vec<ProposalId> = ids.into_iter().take(limit + 1).collect();
                store::these(conn, &who, &ids)?
            } else {
                store::list(conn, &who, &filter, after.as_ref(), one_more)?
            };
            let more = proposals.len() > limit;
            proposals.truncate(limit);
            let last = proposals.last().filter(|_| more);
            let next = last.map(|last| Cursor { at: last.row.created_at, code: last.row.code.clone() }.encode());
            let ids: Vec<ProposalId> = proposals.iter().map(|proposal| proposal.row.id).collect();
            let summaries = ranking::store::summaries(conn, Reader::of(&who), &ids)?;
            Ok(Listed { proposals, summaries, next })
        })
        .await
}

/// The codes of all that a list would show on all its pages, so that something can be done with them at once.
///
/// # Errors
/// `Busy`.
pub async fn codes(app: &Callboard, who: ProposalReader, filter: Filter) -> Result<Vec<String>> {
    let unordered = Filter { sort: None, ..filter };
    let keys = app.db.read(move |conn| ordered(conn, &who, &unordered)).await?;
    Ok(keys.into_iter().map(|key| key.code).collect())
}

/// All that is found on all pages, in the order that is asked for.
fn ordered(conn: &mut Conn, who: &ProposalReader, filter: &Filter) -> Result<Vec<Key>> {
    let mut keys = store::keys(conn, who, filter)?;
    if let Some(question) = &filter.q {
        let ranked = search::store::for_committee(conn, who, &Wanted::parse(question))?;
        let places: HashMap<ProposalId, usize> = ranked.into_iter().zip(0..).collect();
        keys.retain(|key| places.contains_key(&key.id));
        if filter.sort.is_none() {
            keys.sort_by_key(|key| places.get(&key.id).copied());
        }
    }
    match filter.sort {
        None | Some(Sort::Newest) => {}
        Some(Sort::Oldest) => keys.reverse(),
        Some(Sort::Title) => keys.sort_by_cached_key(|key| search::model::folded(&key.title)),
        Some(Sort::Changed) => keys.sort_by_key(|key| std::cmp::Reverse(key.updated_at)),
        Some(sort @ (Sort::Reviews | Sort::Mean)) => {
            let ids: Vec<ProposalId> = keys.iter().map(|key| key.id).collect();
            let summaries = ranking::store::summaries(conn, Reader::of(who), &ids)?;
            let count = |key: &Key| summaries.get(&key.id).map_or(0, |summary| summary.count);
            let mean = |key: &Key| summaries.get(&key.id).and_then(|summary| summary.mean).unwrap_or(f64::NEG_INFINITY);
            match sort {
                Sort::Reviews => keys.sort_by_key(count),
                _ => keys.sort_by(|one, other| mean(other).total_cmp(&mean(one))),
            }
        }
    }
    Ok(keys)
}

fn behind(keys: Vec<Key>, after: Option<&Cursor>) -> Result<Vec<ProposalId>> {
    let first = match after {
        None => 0,
        Some(after) => 1 + keys.iter().position(|key| key.code == after.code).ok_or_else(bad_cursor)?,
    };
    Ok(keys.into_iter().skip(first).map(|key| key.id).collect())
}

pub async fn show(app: &Callboard, who: ProposalReader, code: String) -> Result<Shown> {
    let (event, account) = (who.event(), who.account());
    let shown = app.db.read(move |conn| one(conn, &who, &code)).await?;
    app.reads.add(event, account, [shown.proposal.row.code.clone()]);
    Ok(shown)
}

/// As [`show`], without who is behind it, so nobody has read any name.
///
/// # Errors
/// `NotFound`.
pub async fn show_folded(app: &Callboard, who: ProposalReader, code: String) -> Result<Shown> {
    let mut shown = app.db.read(move |conn| one(conn, &who, &code)).await?;
    shown.proposal.speakers.clear();
    shown.texts.bios.clear();
    Ok(shown)
}

/// One proposal as organizers see it.
///
/// # Errors
/// `NotFound`.
pub fn one(conn: &mut Conn, who: &Can<impl Implies<ReadProposals>>, code: &str) -> Result<Shown> {
    let proposal = store::find(conn, who, code)?;
    let summaries = ranking::store::summaries(conn, Reader::of(who), &[proposal.row.id])?;
    let texts = store::texts(conn, proposal.row.id)?;
    Ok(Shown { proposal, texts, summaries })
}

/// Takes it out of the running; mails about it that have not left are canceled.
///
/// # Errors
/// `WrongState` for what is not submitted.
pub async fn cancel<R: Render<Shown>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let proposal = store::lock(tx, who, &code)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Submitted], "canceled")?;
            proposals::store::set_lifecycle(tx, proposal.row.id, Lifecycle::Submitted, Lifecycle::Canceled)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::ProposalCanceled, Object::Proposal(code.clone())))?;
            decisions::actions::leave(tx, &board, who.scope(), proposal.row.id)?;
            one(tx.conn(), who, &code)
        })
        .await
}

/// # Errors
/// `WrongState` for what is not canceled; `LimitReached` when its owner has submitted others instead.
pub async fn reinstate<R: Render<Shown>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let seen = store::find(tx.conn(), who, &code)?;
            if let Some(owner) = seen.speakers.iter().filter(|person| person.owner).find_map(|person| person.account) {
                accounts::store::lock(tx, owner)?;
                let submitted = proposals::store::count_submitted(tx, who.event(), owner)?;
                let limit = calls::store::setup(tx.conn(), who.event())?.call.limit_per_speaker;
                model::check_limit(submitted, limit)?;
            }
            let proposal = store::lock(tx, who, &code)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Canceled], "reinstated")?;
            proposals::store::set_lifecycle(tx, proposal.row.id, Lifecycle::Canceled, Lifecycle::Submitted)?;
            audit::record(
                tx,
                who,
                who.event(),
                &Entry::new(Action::ProposalReinstated, Object::Proposal(code.clone())),
            )?;
            decisions::actions::return_to(tx, &board, who.scope(), proposal.row.id)?;
            one(tx.conn(), who, &code)
        })
        .await
}

/// Marks a proposal as invited, or as one like the others: what is invited skips the review, and counts in the
/// program's balance all the same.
///
/// # Errors
/// `NotFound`.
pub async fn mark_invited<R: Render<Shown>>(
    app: &Callboard,
    who: Organizer,
    code: String,
    invited: bool,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let proposal = store::lock(tx, who, &code)?;
            if proposal.row.invited != invited {
                store::set_invited(tx, proposal.row.id, invited)?;
                let action = if invited { Action::ProposalMarkedInvited } else { Action::ProposalUnmarkedInvited };
                audit::record(tx, who, who.event(), &Entry::new(action, Object::Proposal(code.clone())))?;
            }
            one(tx.conn(), who, &code)
        })
        .await
}

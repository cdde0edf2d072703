//! SQL of what rankings are made of, and of those that are kept.

use super::model::{Criterion, Draws, Kept, Listed, NewRanking, Parameters, Review, Reviews, Summary, Track, Weights};
use crate::{
    access::{
        Can, Implies, Organizer, ReadProposals, Tracks,
        store::{conflicting, in_tracks, spoken},
    },
    db::{
        Conn, Tx,
        among::among,
        schema::{accounts, criteria, proposals, publications, rankings, review_scores, reviews, tracks},
        types::{AccountId, CriterionId, EventId, ProposalId, PublicationId, ReviewId, Ts},
    },
    error::{Error, Result},
    proposals::model::{Decision, Lifecycle},
    reviews::{
        model::ReviewState,
        store::{Counted, counted},
    },
};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// For whom something is read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub event: EventId,
    pub tracks: Tracks,
    /// Whose own proposals are left out; `None` for the process itself.
    pub account: Option<AccountId>,
}

impl Reader {
    pub fn of(who: &Can<impl Implies<ReadProposals>>) -> Reader {
        Reader { event: who.event(), tracks: who.tracks(), account: Some(who.account()) }
    }

    /// An organizer's whole event: what is kept is kept for everybody, and what each reader may see of it is decided
    /// when it is read.
    fn whole(who: &Organizer) -> Reader {
        Reader { account: None, ..Reader::of(who) }
    }
}

/// The proposals with which the reader has a conflict of interest, in all events: what is said about those is not for the reader.
pub fn hidden(conn: &mut Conn, reader: Reader) -> Result<HashSet<ProposalId>> {
    let Some(account) = reader.account else { return Ok(HashSet::new()) };
    let mut hidden: HashSet<ProposalId> = spoken(account).load(conn)?.into_iter().collect();
    hidden.extend(conflicting(account).load::<ProposalId>(conn)?);
    Ok(hidden)
}

type ListedRow = (ProposalId, String, String, String, Option<(String, String)>, Lifecycle, Decision);

/// All proposals that the reader may see and did not write, but for drafts.
pub fn list(conn: &mut Conn, reader: Reader) -> Result<Vec<Listed>> {
    let hidden = hidden(conn, reader)?;
    let rows: Vec<ListedRow> = proposals::table
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(reader.event))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(reader.event, reader.tracks))
        .select((
            proposals::id,
            proposals::code,
            proposals::ref_,
            proposals::title,
            (tracks::code, tracks::name).nullable(),
            proposals::lifecycle,
            proposals::decision,
        ))
        .load(conn)?;
    let listed = |(id, code, reference, title, track, lifecycle, decision): ListedRow| {
        let track = track.map(|(code, name)| Track { code, name });
        Listed { id, code, reference, title, track, lifecycle, decision }
    };
    Ok(rows.into_iter().filter(|row| !hidden.contains(&row.0)).map(listed).collect())
}

/// The reviews of all these proposals, which come from [`list`], and who the reviewers are by their numbers.
pub fn reviews(conn: &mut Conn, reader: Reader, listed: &[Listed]) -> Result<(Reviews, Vec<AccountId>)> {
    let seen: HashSet<ProposalId> = listed.iter().map(|of| of.id).collect();
    let found: Vec<Found> = written(reader.event).order(reviews::id).load(conn)?;
    let scores: Vec<(ReviewId, CriterionId, i64)> = review_scores::table
        .filter(review_scores::event_id.eq(reader.event))
        .select((review_scores::review_id, review_scores::criterion_id, review_scores::score))
        .load(conn)?;
    let found = found.into_iter().filter(|found| seen.contains(&found.1)).collect();
    let (mut reviews, reviewers) = gather(conn, reader.event, found, scores)?;
    let submitted = listed.iter().filter(|of| of.lifecycle == Lifecycle::Submitted);
    reviews.candidates = submitted.map(|of| of.id).collect();
    Ok((reviews, reviewers))
}

/// What the reviews of each of these proposals say together. Proposals without reviews are not in it, nor are those
/// that are hidden from the reader: nobody reads reviews of the own talk, whatever else they are.
pub fn summaries(conn: &mut Conn, reader: Reader, of: &[ProposalId]) -> Result<HashMap<ProposalId, Summary>> {
    let hidden = hidden(conn, reader)?;
    let in_tracks = proposals::table
        .filter(among(proposals::id, of.iter().copied().filter(|proposal| !hidden.contains(proposal))))
        .filter(in_tracks(reader.event, reader.tracks))
        .select(proposals::id);
    let found: Vec<Found> =
        written(reader.event).filter(reviews::proposal_id.eq_any(in_tracks)).order(reviews::id).load(conn)?;
    let ids = found.iter().map(|(review, ..)| *review);
    let scores: Vec<(ReviewId, CriterionId, i64)> = review_scores::table
        .filter(review_scores::event_id.eq(reader.event))
        .filter(among(review_scores::review_id, ids))
        .select((review_scores::review_id, review_scores::criterion_id, review_scores::score))
        .load(conn)?;
    Ok(gather(conn, reader.event, found, scores)?.0.summaries())
}

type Found = (ReviewId, ProposalId, AccountId, i64, ReviewState);

/// What counts: reviews that were handed in, and abstentions; none by somebody with a conflict of interest.
#[diesel::dsl::auto_type(no_type_alias)]
fn written(event: EventId) -> _ {
    let (submitted, abstained): (ReviewState, ReviewState) = (ReviewState::Submitted, ReviewState::Abstained);
    let counts = reviews::state.eq(submitted).or(reviews::state.eq(abstained));
    let counted: Counted = counted();
    reviews::table.filter(reviews::event_id.eq(event)).filter(counts).filter(counted).select((
        reviews::id,
        reviews::proposal_id,
        reviews::account_id,
        reviews::version,
        reviews::state,
    ))
}

/// Criteria that stand beside the mean are left out, and reviews that scored nothing else.
fn gather(
    conn: &mut Conn,
    event: EventId,
    found: Vec<Found>,
    scores: Vec<(ReviewId, CriterionId, i64)>,
) -> Result<(Reviews, Vec<AccountId>)> {
    let rows: Vec<(CriterionId, String, f64, i64, i64)> = criteria::table
        .filter(criteria::event_id.eq(event))
        .filter(criteria::independent.eq(false))
        .select((criteria::id, criteria::code, criteria::weight, criteria::lowest, criteria::highest))
        .order((criteria::position, criteria::code))
        .load(conn)?;
    let places: HashMap<CriterionId, usize> = rows.iter().zip(0..).map(|(row, place)| (row.0, place)).collect();
    let mut of_review: HashMap<ReviewId, Vec<(usize, i64)>> = HashMap::new();
    for (review, criterion, score) in scores {
        if let Some(place) = places.get(&criterion) {
            of_review.entry(review).or_default().push((*place, score));
        }
    }
    let (mut reviewers, mut numbers): (Vec<AccountId>, HashMap<AccountId, u32>) = (vec![], HashMap::new());
    let review = |(id, proposal, account, version, state): Found| {
        let mut scores = of_review.remove(&id).filter(|_| state == ReviewState::Submitted).unwrap_or_default();
        if scores.is_empty() && state == ReviewState::Submitted {
            return None;
        }
        scores.sort_unstable();
        let next = u32::try_from(reviewers.len()).unwrap_or(u32::MAX);
        let reviewer = *numbers.entry(account).or_insert_with(|| {
            reviewers.push(account);
            next
        });
        Some(Review { proposal, reviewer, version, scores })
    };
    let reviews = found.into_iter().filter_map(review).collect();
    let criterion = |(_, code, weight, lowest, highest)| Criterion { code, weight, lowest, highest };
    let criteria = rows.into_iter().map(criterion).collect();
    Ok((Reviews { criteria, candidates: BTreeSet::new(), reviews }, reviewers))
}

/// The reviewers' codes and names, by the account.
pub fn names(conn: &mut Conn, _: &Organizer, of: &[AccountId]) -> Result<HashMap<AccountId, (String, String)>> {
    let rows: Vec<(AccountId, String, String)> = accounts::table
        .filter(accounts::id.eq_any(of))
        .select((accounts::id, accounts::code, accounts::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, code, name)| (id, (code, name))).collect())
}

/// For what a ranking is kept.
pub enum KeptFor<'r> {
    Publication(PublicationId),
    Committee(&'r NewRanking),
}

/// Keeps what a ranking of now is made of; answers its code.
pub fn insert(tx: &mut Tx<'_>, who: &Organizer, of: &KeptFor<'_>, seed: u64) -> Result<String> {
    let reader = Reader::whole(who);
    let listed = list(tx.conn(), reader)?;
    let (reviews, _) = reviews(tx.conn(), reader, &listed)?;
    let (name, cut, publication) = match of {
        KeptFor::Publication(publication) => ("", None, Some(*publication)),
        KeptFor::Committee(new) => (new.name.as_str(), new.cut, None),
    };
    let Parameters { weights, draws, .. } = reviews.parameters(seed, cut);
    let code = tx.random().code(10);
    let row = (
        rankings::event_id.eq(who.event()),
        rankings::code.eq(&code),
        rankings::publication_id.eq(publication),
        rankings::name.eq(name),
        rankings::cut.eq(cut.map(i64::from)),
        rankings::lambda.eq(i64::from(weights.lambda)),
        rankings::kappa.eq(i64::from(weights.kappa)),
        rankings::seed.eq(draws.seed.cast_signed()),
        rankings::draws.eq(i64::from(draws.number)),
        rankings::reviews.eq(reviews.to_json().map_err(Error::internal)?),
        rankings::created_at.eq(tx.now()?),
    );
    diesel::insert_into(rankings::table).values(row).execute(tx.conn())?;
    Ok(code)
}

/// How many are kept beside those of publications.
pub fn count_kept(conn: &mut Conn, who: &Organizer) -> Result<i64> {
    let of_committee =
        rankings::table.filter(rankings::event_id.eq(who.event())).filter(rankings::publication_id.is_null());
    Ok(of_committee.count().get_result(conn)?)
}

type KeptRow = (String, String, Option<String>, Option<i64>, (i64, i64, i64, i64), Ts);

macro_rules! kept {
    ($who:expr) => {
        rankings::table.left_join(publications::table).filter(rankings::event_id.eq($who.event()))
    };
}

macro_rules! columns {
    () => {
        (
            rankings::code,
            rankings::name,
            publications::code.nullable(),
            rankings::cut,
            (rankings::lambda, rankings::kappa, rankings::seed, rankings::draws),
            rankings::created_at,
        )
    };
}

fn kept((code, name, publication, cut, (lambda, kappa, seed, draws), created_at): KeptRow) -> Kept {
    let whole = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let parameters = Parameters {
        weights: Weights { lambda: whole(lambda), kappa: whole(kappa) },
        draws: Draws { seed: seed.cast_unsigned(), number: whole(draws) },
        cut: cut.map(whole),
    };
    Kept { code, name, publication, parameters, created_at }
}

/// Newest first.
pub fn list_kept(conn: &mut Conn, who: &Can<impl Implies<ReadProposals>>) -> Result<Vec<Kept>> {
    let rows: Vec<KeptRow> =
        kept!(who).select(columns!()).order((rankings::created_at.desc(), rankings::code)).load(conn)?;
    Ok(rows.into_iter().map(kept).collect())
}

/// # Errors
/// `NotFound`.
pub fn find_kept(conn: &mut Conn, who: &Can<impl Implies<ReadProposals>>, code: &str) -> Result<(Kept, Reviews)> {
    let query = kept!(who).filter(rankings::code.eq(code));
    let (row, text): (KeptRow, String) = query.select((columns!(), rankings::reviews)).first(conn)?;
    Ok((kept(row), Reviews::from_json(&text).map_err(Error::internal)?))
}

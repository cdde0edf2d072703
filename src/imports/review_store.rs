//! SQL of imported reviews, and what becomes of each row. A review that is here already is its reviewer's: it is compared
//! and never overwritten.

use super::{
    model::{Content, Outcome, Report, ReviewRecord, Row, Told},
    store::{PIECE, Target},
};
use crate::{
    access::Role,
    db::{
        Conn, Tx,
        schema::{
            accounts, conflicts, import_keys, members, proposal_speakers, proposals, review_scores, reviews, speakers,
        },
        types::{AccountId, CriterionId, ProposalId, ReviewId, TrackId},
    },
    error::Result,
    on,
    proposals::model::Lifecycle,
    reviews::{
        self as reviewing,
        criteria::{self, model::Criterion},
        model::{Confidence, ReviewState},
    },
};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a review says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    state: ReviewState,
    comment: String,
    feedback: String,
    confidence: Option<Confidence>,
    scores: BTreeMap<CriterionId, i64>,
}

impl Said {
    /// Whether a row says nothing else. Of files that say nothing of confidence, that counts for nothing.
    fn is(&self, row: &Said) -> bool {
        let confidence = row.confidence.or(self.confidence);
        *self == Said { confidence, ..row.clone() }
    }
}

/// Everything by which rows are judged.
pub struct Board {
    criteria: Vec<Criterion>,
    /// By code, reference, and the ids they were imported with; those that mean several are `None`.
    proposals: HashMap<String, Option<(ProposalId, String)>>,
    /// The criteria that a proposal is scored by depend on it.
    tracks: HashMap<ProposalId, Option<TrackId>>,
    /// By address, code, and name.
    reviewers: HashMap<String, Option<AccountId>>,
    /// Whoever speaks in a proposal or has a conflict of interest with it does not review it.
    conflicts: HashSet<(ProposalId, AccountId)>,
    here: HashMap<(ProposalId, AccountId), Said>,
}

/// A review to write.
pub struct NewReview {
    proposal: ProposalId,
    account: AccountId,
    said: Said,
}

pub struct ReviewSteps {
    pub report: Report,
    pub new: Vec<NewReview>,
}

pub fn board(conn: &mut Conn, to: Target, source: &str) -> Result<Board> {
    let event = to.event();
    let own = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(event))
        .filter(speakers::account_id.is_not_null())
        .select((proposal_speakers::proposal_id, speakers::account_id.assume_not_null()));
    let tracks = proposals::table.filter(proposals::event_id.eq(event)).select((proposals::id, proposals::track_id));
    let known: Vec<(ProposalId, AccountId)> = conflicts::table
        .filter(conflicts::event_id.eq(event))
        .select((conflicts::proposal_id, conflicts::account_id))
        .load(conn)?;
    Ok(Board {
        criteria: criteria::store::list(conn, event)?,
        tracks: tracks.load::<(ProposalId, Option<TrackId>)>(conn)?.into_iter().collect(),
        proposals: names_of_proposals(conn, to, source)?,
        reviewers: names_of_reviewers(conn, to)?,
        conflicts: own.load::<(ProposalId, AccountId)>(conn)?.into_iter().chain(known).collect(),
        here: reviews_here(conn, to)?,
    })
}

fn names_of_proposals(
    conn: &mut Conn,
    to: Target,
    source: &str,
) -> Result<HashMap<String, Option<(ProposalId, String)>>> {
    let rows: Vec<(ProposalId, String, String)> = proposals::table
        .filter(proposals::event_id.eq(to.event()))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .select((proposals::id, proposals::code, proposals::ref_))
        .load(conn)?;
    let keys: Vec<(String, String, ProposalId)> = import_keys::table
        .filter(import_keys::event_id.eq(to.event()))
        .filter(import_keys::of_speaker.eq(false))
        .select((import_keys::source, import_keys::foreign_id, import_keys::proposal_id.assume_not_null()))
        .load(conn)?;
    let codes: HashMap<ProposalId, String> = rows.iter().map(|(id, code, _)| (*id, code.clone())).collect();
    let mut names: HashMap<String, Option<(ProposalId, String)>> = HashMap::new();
    let mut add = |name: String, id: ProposalId| {
        let Some(code) = codes.get(&id) else { return };
        let found = Some((id, code.clone()));
        names.entry(name).and_modify(|known| *known = None).or_insert(found);
    };
    let of_source = |wanted: bool| keys.iter().filter(move |(from, ..)| (from == source) == wanted);
    let mut named: HashSet<&str> = HashSet::new();
    for (_, id, proposal) in of_source(true) {
        named.insert(id);
        add(id.clone(), *proposal);
    }
    for (_, id, proposal) in of_source(false).filter(|(_, id, _)| !named.contains(id.as_str())) {
        add(id.clone(), *proposal);
    }
    // The event's own names come first.
    for (id, code, reference) in rows {
        names.insert(code.clone(), Some((id, code.clone())));
        names.entry(reference).or_insert(Some((id, code)));
    }
    Ok(names)
}

fn names_of_reviewers(conn: &mut Conn, to: Target) -> Result<HashMap<String, Option<AccountId>>> {
    let rows: Vec<(AccountId, String, String, String)> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(to.event()))
        .filter(members::role.eq(Role::Reviewer))
        .select((accounts::id, accounts::code, accounts::email_key, accounts::name))
        .load(conn)?;
    let mut names: HashMap<String, Option<AccountId>> = HashMap::new();
    for (id, .., name) in &rows {
        names.entry(name.to_lowercase()).and_modify(|known| *known = None).or_insert(Some(*id));
    }
    for (id, code, email, _) in rows {
        names.insert(code.to_lowercase(), Some(id));
        names.insert(email, Some(id));
    }
    Ok(names)
}

type ReviewRow = (ReviewId, ProposalId, AccountId, ReviewState, String, String, Option<Confidence>);

fn reviews_here(conn: &mut Conn, to: Target) -> Result<HashMap<(ProposalId, AccountId), Said>> {
    let rows: Vec<ReviewRow> = reviews::table
        .filter(reviews::event_id.eq(to.event()))
        .select((
            reviews::id,
            reviews::proposal_id,
            reviews::account_id,
            reviews::state,
            reviews::comment,
            reviews::feedback,
            reviews::confidence,
        ))
        .load(conn)?;
    let scored: Vec<(ReviewId, CriterionId, i64)> = review_scores::table
        .filter(review_scores::event_id.eq(to.event()))
        .select((review_scores::review_id, review_scores::criterion_id, review_scores::score))
        .load(conn)?;
    let mut scores: HashMap<ReviewId, BTreeMap<CriterionId, i64>> = HashMap::new();
    for (review, criterion, score) in scored {
        scores.entry(review).or_default().insert(criterion, score);
    }
    let said = |(id, proposal, account, state, comment, feedback, confidence): ReviewRow| {
        let scores = scores.remove(&id).unwrap_or_default();
        ((proposal, account), Said { state, comment, feedback, confidence, scores })
    };
    Ok(rows.into_iter().map(said).collect())
}

impl Board {
    pub fn plan(&self, source: &str, rows: Vec<Row<ReviewRecord>>) -> ReviewSteps {
        let report = Report { source: source.to_owned(), ..Report::default() };
        let mut steps = ReviewSteps { report, new: vec![] };
        let mut seen = HashSet::new();
        for Row { number, id, content } in rows {
            let mut told = Told { number, id, outcome: Outcome::Refused, code: None, remarks: vec![] };
            match content {
                Content::Skipped(why) => {
                    told.outcome = Outcome::Skipped;
                    told.remarks.push(why);
                }
                Content::Refused(why) => told.remarks.push(why),
                Content::Record(record) => match self.judge(&record) {
                    Err(why) => told.remarks.push(why),
                    Ok((new, _)) if !seen.insert((new.proposal, new.account)) => {
                        told.remarks.push("the reviewer and the proposal stand in a row before".to_owned());
                    }
                    Ok((new, code)) => {
                        told.code = Some(code);
                        told.outcome = match self.here.get(&(new.proposal, new.account)) {
                            None => Outcome::Created,
                            Some(here) if here.is(&new.said) => Outcome::Unchanged,
                            Some(_) => Outcome::Kept,
                        };
                        match told.outcome {
                            Outcome::Created => steps.new.push(new),
                            Outcome::Kept => told.remarks.push("the reviewer says something else here".to_owned()),
                            _ => {}
                        }
                    }
                },
            }
            steps.report.rows.push(told);
        }
        steps
    }

    /// The review, and the code of its proposal.
    fn judge(&self, record: &ReviewRecord) -> Result<(NewReview, String), String> {
        let (proposal, code) = match self.proposals.get(&record.proposal) {
            Some(Some((proposal, code))) => (*proposal, code.clone()),
            Some(None) => return Err("proposal: several are known by this id: name the source".to_owned()),
            None => return Err("proposal: there is none of this code, reference or imported id".to_owned()),
        };
        let account = match self.reviewers.get(&record.reviewer.to_lowercase()) {
            Some(Some(account)) => *account,
            Some(None) => return Err("reviewer: several have this name: write the address".to_owned()),
            None => return Err("reviewer: nobody of this address, code or name reviews here".to_owned()),
        };
        if self.conflicts.contains(&(proposal, account)) {
            return Err("reviewer: speaks in this proposal, or has a conflict of interest with it".to_owned());
        }
        let state = if record.abstains { ReviewState::Abstained } else { ReviewState::Submitted };
        let scores = if record.abstains { BTreeMap::new() } else { self.scores(record, proposal)? };
        let (comment, feedback) = (record.comment.clone(), record.feedback.clone());
        let said = Said { state, comment, feedback, confidence: record.confidence, scores };
        Ok((NewReview { proposal, account, said }, code))
    }

    fn scores(&self, record: &ReviewRecord, proposal: ProposalId) -> Result<BTreeMap<CriterionId, i64>, String> {
        let track = self.tracks.get(&proposal).copied().flatten();
        let asked: Vec<&Criterion> = self.criteria.iter().filter(|criterion| criterion.applies_to(track)).collect();
        let mut scores = BTreeMap::new();
        for (name, score) in &record.scores {
            let wanted = words(name);
            let criterion = asked.iter().find(|criterion| {
                criterion.code == *name || words(&criterion.name) == wanted || words(&criterion.code) == wanted
            });
            let criterion = criterion.ok_or_else(|| format!("{name}: is no criterion for this proposal"))?;
            if !(criterion.lowest..=criterion.highest).contains(score) {
                let (lowest, highest) = (criterion.lowest, criterion.highest);
                return Err(format!("{name}: must be from {lowest} to {highest}"));
            }
            scores.insert(criterion.id, *score);
        }
        if let Some(missing) = asked.iter().find(|one| one.required && !scores.contains_key(&one.id)) {
            return Err(format!("{}: has no score", missing.name));
        }
        // Without any that counts, the review would say nothing.
        let mut counted = asked.iter().filter(|criterion| !criterion.independent).peekable();
        if counted.peek().is_some() && !counted.any(|criterion| scores.contains_key(&criterion.id)) {
            return Err("there is no score that counts".to_owned());
        }
        Ok(scores)
    }
}

/// A criterion's name as a column has it: `Fit for the audience` is `fit_for_the_audience`.
fn words(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// Stores the reviews and their scores.
pub fn insert(tx: &mut Tx<'_>, to: Target, all: &[NewReview]) -> Result<()> {
    let (now, event) = (tx.now()?, to.event());
    for piece in all.chunks(PIECE) {
        let row = |new: &NewReview| {
            (
                reviews::event_id.eq(event),
                reviews::proposal_id.eq(new.proposal),
                reviews::account_id.eq(new.account),
                reviews::state.eq(new.said.state),
                reviews::comment.eq(new.said.comment.clone()),
                reviews::feedback.eq(new.said.feedback.clone()),
                reviews::confidence.eq(new.said.confidence),
                reviews::version.eq(1),
                reviews::created_at.eq(now),
                reviews::updated_at.eq(now),
            )
        };
        let rows: Vec<_> = piece.iter().map(row).collect();
        on!(tx.conn(), c => diesel::insert_into(reviews::table).values(rows).execute(c))?;
    }
    let ids: Vec<(ReviewId, ProposalId, AccountId)> = reviews::table
        .filter(reviews::event_id.eq(event))
        .select((reviews::id, reviews::proposal_id, reviews::account_id))
        .load(tx.conn())?;
    let ids: HashMap<(ProposalId, AccountId), ReviewId> =
        ids.into_iter().map(|(id, proposal, account)| ((proposal, account), id)).collect();
    let mut scores = vec![];
    for new in all {
        let Some(review) = ids.get(&(new.proposal, new.account)) else { continue };
        for (criterion, score) in &new.said.scores {
            scores.push((
                review_scores::event_id.eq(event),
                review_scores::review_id.eq(*review),
                review_scores::criterion_id.eq(*criterion),
                review_scores::score.eq(*score),
            ));
        }
    }
    for piece in scores.chunks(PIECE) {
        on!(tx.conn(), c => diesel::insert_into(review_scores::table).values(piece.to_vec()).execute(c))?;
    }
    for proposal in all.iter().map(|new| new.proposal).collect::<BTreeSet<_>>() {
        reviewing::store::recount(tx, proposal)?;
    }
    Ok(())
}

//! What reviewers and organizers see. `Blind` has no field for an author, so nothing can be put there by mistake.

use super::{
    actions,
    model::{self, Confidence, ReviewState, SignedReview},
    queue_model::{self, BlindProposal, Standing},
};
use crate::{
    db::types::Ts,
    http::reply::HasVersion,
    proposals::choices::views::{self as choices, ChoiceView},
    ranking::model::Summary,
};
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};

/// A proposal without who wrote it and when.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::BlindProposal)]
pub struct Blind {
    /// The committee's name for the proposal.
    #[serde(rename = "ref")]
    pub reference: String,
    pub title: String,
    #[serde(rename = "abstract")]
    pub abstract_: String,
    pub description: String,
    pub format: String,
    pub track: Option<String>,
    pub choices: Vec<ChoiceView>,
    /// How many reviewed it or abstained.
    pub reviews: i64,
    /// The state of my review, if there is one.
    pub my_review: Option<ReviewState>,
    /// Whether something that I see of it changed after my review.
    pub changed_since_my_review: bool,
    /// Whether I have begun a review that is not handed in.
    pub my_draft: bool,
    /// Whether I put it off.
    pub skipped: bool,
}

/// A proposal with who wrote it, where the event shows it to reviewers.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::OpenProposal)]
pub struct Open {
    #[serde(flatten)]
    pub proposal: Blind,
    pub authors: Vec<Author>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Author)]
pub struct Author {
    pub name: String,
    pub affiliation: String,
    pub bio: String,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum ForReviewer {
    Blind(Blind),
    Open(Open),
}

/// What is open has all that is blind, so it fits both: a derived schema would want it to fit one.
impl PartialSchema for ForReviewer {
    fn schema() -> RefOr<Schema> {
        let either = [Ref::from_schema_name(Blind::name()), Ref::from_schema_name(Open::name())];
        either.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).into()
    }
}

impl ToSchema for ForReviewer {
    fn name() -> Cow<'static, str> {
        "reviews.ForReviewer".into()
    }
    fn schemas(more: &mut Vec<(String, RefOr<Schema>)>) {
        more.push((Blind::name().into_owned(), Blind::schema()));
        more.push((Open::name().into_owned(), Open::schema()));
        Blind::schemas(more);
        Open::schemas(more);
    }
}

/// The proposal, and who wrote it where the event shows that.
pub fn split(shown: ForReviewer) -> (Blind, Option<Vec<Author>>) {
    match shown {
        ForReviewer::Blind(proposal) => (proposal, None),
        ForReviewer::Open(Open { proposal, authors }) => (proposal, Some(authors)),
    }
}

impl From<actions::Shown> for ForReviewer {
    fn from(shown: actions::Shown) -> ForReviewer {
        let BlindProposal { reference, title, abstract_, description, format, track, choices, .. } = shown.proposal;
        let Standing { reference: _, reviews, mine: my_review, changed, draft: my_draft, skipped } = shown.standing;
        let proposal = Blind {
            reference,
            title,
            abstract_,
            description,
            format,
            track,
            choices: choices::views(choices),
            reviews,
            my_review,
            changed_since_my_review: changed,
            my_draft,
            skipped,
        };
        let author = |queue_model::Author { name, affiliation, bio }| Author { name, affiliation, bio };
        match shown.authors {
            None => ForReviewer::Blind(proposal),
            Some(authors) => ForReviewer::Open(Open { proposal, authors: authors.into_iter().map(author).collect() }),
        }
    }
}

/// The proposal to review next; none when I have seen them all.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Next)]
pub struct Next {
    pub proposal: Option<ForReviewer>,
}

/// My review.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Mine)]
pub struct Mine {
    pub state: ReviewState,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    /// Whether the proposal changed after this was written.
    pub changed_since: bool,
    pub version: i64,
}

impl HasVersion for Mine {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<actions::MyReview> for Mine {
    fn from(actions::MyReview { review, changed_since }: actions::MyReview) -> Mine {
        let scores = scores(&review);
        let model::Review { state, comment, feedback, confidence, version, .. } = review;
        Mine { state, scores, comment, feedback, confidence, changed_since, version }
    }
}

fn scores(review: &model::Review) -> BTreeMap<String, i64> {
    review.scores.iter().map(|score| (score.criterion.clone(), score.score)).collect()
}

/// Another reviewer's review: neither who nor when.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::ByOther)]
pub struct ByOther {
    /// A pseudonym for this proposal only.
    pub reviewer: String,
    pub state: ReviewState,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
    /// The weighted mean of the scores.
    pub total: Option<f64>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
}

impl From<actions::OthersReview> for ByOther {
    fn from(other: actions::OthersReview) -> ByOther {
        let (scores, total) = (scores(&other.review), other.review.total());
        let model::Review { state, comment, feedback, confidence, .. } = other.review;
        ByOther { reviewer: other.reviewer, state, scores, total, comment, feedback, confidence }
    }
}

/// A review as organizers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::ForOrganizer)]
pub struct ForOrganizer {
    pub reviewer: String,
    pub state: ReviewState,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
    /// The weighted mean of the scores.
    pub total: Option<f64>,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub updated_at: Ts,
    /// Whether it counts in the summary: one by somebody with a conflict of interest does not.
    pub counted: bool,
}

impl From<SignedReview> for ForOrganizer {
    fn from(signed: SignedReview) -> ForOrganizer {
        let (scores, total) = (scores(&signed.review), signed.review.total());
        let SignedReview { review, reviewer, updated_at, counted } = signed;
        let model::Review { state, comment, feedback, confidence, .. } = review;
        ForOrganizer { reviewer, state, scores, total, comment, feedback, confidence, updated_at, counted }
    }
}

/// What the reviews of a proposal say together; without numbers where nobody scored it.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = reviews::Summary)]
pub struct ReviewSummary {
    /// How many scored it.
    pub count: u32,
    pub abstentions: u32,
    /// The mean of the reviews' totals.
    pub mean: Option<f64>,
    /// Their standard deviation.
    pub spread: Option<f64>,
}

impl From<Summary> for ReviewSummary {
    fn from(Summary { count, abstentions, mean, spread }: Summary) -> ReviewSummary {
        ReviewSummary { count, abstentions, mean, spread }
    }
}

/// All reviews of a proposal, and what they say together.
#[derive(Serialize, ToSchema)]
#[schema(as = reviews::OfProposal)]
pub struct OfProposal {
    pub summary: ReviewSummary,
    pub reviews: Vec<ForOrganizer>,
}

impl From<(Vec<SignedReview>, Summary)> for OfProposal {
    fn from((reviews, summary): (Vec<SignedReview>, Summary)) -> OfProposal {
        OfProposal { summary: summary.into(), reviews: reviews.into_iter().map(Into::into).collect() }
    }
}

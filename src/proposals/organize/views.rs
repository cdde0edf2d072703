//! What organizers see of proposals.

use super::{
    actions::{Shown, Summaries},
    store::{Person, Proposal, Texts},
};
use crate::{
    db::types::Ts,
    proposals::{
        choices::views::{self as choices, ChoiceView},
        model::{Confirmation, Decision, Lifecycle, PublishedDecision},
        views::{FormatView, TrackView},
    },
    reviews::views::ReviewSummary,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody behind a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Person)]
pub struct PersonView {
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub owner: bool,
    /// Missing for speakers without an account.
    pub email: Option<String>,
    /// Until it is verified, reviewers do not see the proposal.
    pub email_verified: bool,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> PersonView {
        let email_verified = person.email.is_none() || person.email_verified_at.is_some();
        let Person { code, name, affiliation, owner, email, .. } = person;
        PersonView { code, name, affiliation, owner, email, email_verified }
    }
}

/// Somebody behind a proposal, with their bio.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::PersonWithBio)]
pub struct WithBio {
    #[serde(flatten)]
    pub person: PersonView,
    pub bio: String,
}

/// What lists and the proposal's own view show alike.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Facts)]
pub struct Facts {
    pub code: String,
    /// What the committee calls it; unrelated to the code.
    pub r#ref: String,
    /// For feeds that need a number.
    pub public_no: i64,
    pub title: String,
    pub format: FormatView,
    pub track: Option<TrackView>,
    pub choices: Vec<ChoiceView>,
    pub lifecycle: Lifecycle,
    /// The instant that was held against the deadline.
    pub decided_at: Option<Ts>,
    /// What organizers think now; nobody else sees it.
    pub decision: Decision,
    /// What was communicated last.
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    /// Skips the review, and counts in the program's balance.
    pub invited: bool,
    /// Missing for the organizer's own proposals.
    pub reviews: Option<ReviewSummary>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A proposal in a list. Its long texts are in its own view and in the exports.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Listed)]
pub struct Listed {
    #[serde(flatten)]
    pub facts: Facts,
    pub speakers: Vec<PersonView>,
}

impl Listed {
    pub fn new(proposal: Proposal, summaries: &Summaries) -> Listed {
        let (facts, people) = parts(proposal, summaries);
        Listed { facts, speakers: people.into_iter().map(Into::into).collect() }
    }
}

/// A proposal with everything organizers know.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::ForOrganizer)]
pub struct ForOrganizer {
    #[serde(flatten)]
    pub facts: Facts,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    pub speakers: Vec<WithBio>,
}

impl From<Shown> for ForOrganizer {
    fn from(shown: Shown) -> ForOrganizer {
        let (facts, people) = parts(shown.proposal, &shown.summaries);
        let Texts { abstract_, description, notes, mut bios } = shown.texts;
        let with_bio =
            |person: Person| WithBio { bio: bios.remove(&person.code).unwrap_or_default(), person: person.into() };
        let speakers = people.into_iter().map(with_bio).collect();
        ForOrganizer { facts, r#abstract: abstract_, description, notes, speakers }
    }
}

fn parts(proposal: Proposal, summaries: &Summaries) -> (Facts, Vec<Person>) {
    let Proposal { row, format, track, choices, speakers, own } = proposal;
    let facts = Facts {
        reviews: (!own).then(|| summaries.get(&row.id).copied().unwrap_or_default().into()),
        code: row.code,
        r#ref: row.ref_,
        public_no: row.public_no,
        title: row.title,
        format: format.into(),
        track: track.map(Into::into),
        choices: choices::views(choices),
        lifecycle: row.lifecycle,
        decided_at: row.decided_at,
        decision: row.decision,
        published_decision: row.published_decision,
        published_at: row.published_at,
        confirmation: row.confirmation,
        invited: row.invited,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    (facts, speakers)
}

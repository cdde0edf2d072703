//! What organizers see of proposals.

use super::{
    actions::Summaries,
    store::{Person, Proposal},
};
use crate::{
    db::types::Ts,
    proposals::{
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
    pub bio: String,
    pub affiliation: String,
    pub owner: bool,
    /// Of speakers without an account as it was entered, if it was.
    pub email: Option<String>,
    /// Whether they have one; else the profile can be taken over by a mailed link.
    pub has_account: bool,
    /// Until it is verified, reviewers do not see the proposal.
    pub email_verified: bool,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> PersonView {
        let email_verified = person.email.is_none() || person.email_verified_at.is_some();
        let has_account = person.account.is_some();
        let Person { code, name, bio, affiliation, owner, email, entered_email, .. } = person;
        let email = email.or(entered_email);
        PersonView { code, name, bio, affiliation, owner, email, has_account, email_verified }
    }
}

/// A proposal with everything organizers know.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::ForOrganizer)]
pub struct ForOrganizer {
    pub code: String,
    /// What the committee calls it; unrelated to the code.
    pub r#ref: String,
    /// For feeds that need a number.
    pub public_no: i64,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub notes: String,
    /// Where the slides are.
    pub slides: Option<String>,
    pub format: FormatView,
    pub track: Option<TrackView>,
    pub speakers: Vec<PersonView>,
    pub lifecycle: Lifecycle,
    /// The instant that was held against the deadline.
    pub decided_at: Option<Ts>,
    /// What organizers think now; nobody else sees it.
    pub decision: Decision,
    /// What was communicated last.
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    /// Missing for the organizer's own proposals.
    pub reviews: Option<ReviewSummary>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ForOrganizer {
    pub fn new(proposal: Proposal, summaries: &Summaries) -> ForOrganizer {
        let row = proposal.row;
        ForOrganizer {
            reviews: (!proposal.own).then(|| summaries.get(&row.id).copied().unwrap_or_default().into()),
            code: row.code,
            r#ref: row.ref_,
            public_no: row.public_no,
            title: row.title,
            r#abstract: row.abstract_,
            description: row.description,
            notes: row.notes,
            slides: row.slides,
            format: proposal.format.into(),
            track: proposal.track.map(Into::into),
            speakers: proposal.speakers.into_iter().map(Into::into).collect(),
            lifecycle: row.lifecycle,
            decided_at: row.decided_at,
            decision: row.decision,
            published_decision: row.published_decision,
            published_at: row.published_at,
            confirmation: row.confirmation,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

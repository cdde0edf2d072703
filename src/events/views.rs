//! What people see of events and their teams.

use super::{
    actions::Seen,
    model::{Event, Facts, Listed, Visibility},
};
use crate::calls::{model::CallState, time::Day, views::DeadlineView};
use serde::Serialize;
use utoipa::ToSchema;

/// An event as everybody sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = events::ForPublic)]
pub struct ForPublic {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub zone: String,
    #[schema(value_type = Option<Day>)]
    pub starts_on: Option<String>,
    #[schema(value_type = Option<Day>)]
    pub ends_on: Option<String>,
    pub place: String,
    pub website: String,
    pub contact_email: String,
    pub call: CallInShort,
}

/// Whether one can submit now, and the last deadline of the call, its formats and tracks.
#[derive(Serialize, ToSchema)]
#[schema(as = events::CallInShort)]
pub struct CallInShort {
    pub state: CallState,
    pub deadline: Option<DeadlineView>,
}

impl From<Seen<Listed>> for ForPublic {
    fn from(Seen { what: Listed { event, setup }, at }: Seen<Listed>) -> ForPublic {
        let window = setup.window();
        let call = CallInShort { state: window.state_at(at), deadline: window.deadline().map(DeadlineView::from) };
        let Event { slug, facts, .. } = event;
        let Facts { name, description, zone, starts_on, ends_on, place, website, contact_email, .. } = facts;
        ForPublic { slug, name, description, zone, starts_on, ends_on, place, website, contact_email, call }
    }
}

pub fn list(seen: Seen<Vec<Listed>>) -> Vec<ForPublic> {
    let at = seen.at;
    seen.what.into_iter().map(|what| Seen { what, at }.into()).collect()
}

/// All that organizers set about an event.
#[derive(Serialize, ToSchema)]
#[schema(as = events::Settings)]
pub struct Settings {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub zone: String,
    #[schema(value_type = Option<Day>)]
    pub starts_on: Option<String>,
    #[schema(value_type = Option<Day>)]
    pub ends_on: Option<String>,
    pub place: String,
    pub website: String,
    /// Empty: none.
    pub contact_email: String,
    pub visibility: Visibility,
    /// Whether reviewers do not learn who wrote a proposal.
    pub blind: bool,
    pub version: i64,
}

impl From<Event> for Settings {
    fn from(Event { slug, facts, version, .. }: Event) -> Settings {
        let Facts { name, description, zone, starts_on, ends_on, place, website, contact_email, visibility, blind } =
            facts;
        Settings {
            slug,
            name,
            description,
            zone,
            starts_on,
            ends_on,
            place,
            website,
            contact_email,
            visibility,
            blind,
            version,
        }
    }
}

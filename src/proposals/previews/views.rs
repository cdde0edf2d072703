//! What is seen of links that show a proposal, and by them.

use super::{
    actions::{Made, Previews, Shown},
    model::Preview,
};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// A link that shows my proposal; its secret is not stored.
#[derive(Serialize, ToSchema)]
#[schema(as = previews::Link)]
pub struct PreviewLink {
    pub id: String,
    /// Whether I made it, not one I speak with.
    pub mine: bool,
    pub created_at: Ts,
    /// Exclusive.
    pub expires_at: Ts,
}

impl PreviewLink {
    fn new(link: Preview, mine: bool) -> PreviewLink {
        let Preview { code: id, by: _, created_at, expires_at } = link;
        PreviewLink { id, mine, created_at, expires_at }
    }

    pub fn all(previews: Previews) -> impl Iterator<Item = PreviewLink> {
        let me = previews.me;
        previews.links.into_iter().map(move |link| {
            let mine = link.by == me;
            PreviewLink::new(link, mine)
        })
    }
}

/// A link that was made just now. Whoever has its address sees the proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = previews::Made)]
pub struct MadeLink {
    #[serde(flatten)]
    pub link: PreviewLink,
    /// Shown this once.
    pub url: String,
}

impl From<Made> for MadeLink {
    fn from(Made { link, url }: Made) -> MadeLink {
        MadeLink { link: PreviewLink::new(link, true), url }
    }
}

/// A proposal as somebody shows it by a link: as the program would, before anybody decided on it.
#[derive(Serialize, ToSchema)]
#[schema(as = previews::Shown)]
pub struct PreviewView {
    pub event: String,
    pub event_name: String,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub format: String,
    pub track: Option<String>,
    /// Names.
    pub speakers: Vec<String>,
    /// Until when the link works; exclusive.
    pub expires_at: Ts,
}

impl From<Shown> for PreviewView {
    fn from(Shown { event, event_name, content, speakers, expires_at }: Shown) -> PreviewView {
        PreviewView {
            event,
            event_name,
            title: content.title,
            r#abstract: content.abstract_,
            description: content.description,
            format: content.format,
            track: content.track,
            speakers,
            expires_at,
        }
    }
}

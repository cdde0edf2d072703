//! The program as everybody reads it: the list of talks, and a page for each.

use super::{actions, views::Talk};
use crate::{
    access::PublicEvent,
    app::Callboard,
    error::Result,
    http::{
        API,
        input::{CodePath, Query},
        pages::{FormState, Page, Screen, address, filters, language::t, markdown},
    },
};
use askama::Template;
use serde::Deserialize;
use std::iter;
use utoipa::ToSchema;
use validator::Validate;

/// So many stand on one page.
const ON_A_PAGE: usize = 100;

/// Which talks somebody wants to see.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = exports::WhichTalks)]
pub struct WhichTalks {
    #[validate(length(max = 200))]
    pub q: Option<String>,
    /// The name of a track.
    pub track: Option<String>,
    /// The name of a format.
    pub format: Option<String>,
    /// The first is 1.
    pub page: Option<usize>,
}

/// What was chosen; nothing where the empty choice was.
fn chosen(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl WhichTalks {
    fn fits(&self, talk: &Talk) -> bool {
        let of_track = chosen(self.track.as_ref()).is_none_or(|track| talk.track.as_deref() == Some(track));
        of_track && chosen(self.format.as_ref()).is_none_or(|format| talk.format == format)
    }

    /// The address of another page of the same talks.
    fn page_at(&self, slug: &str, page: usize) -> String {
        let page = page.to_string();
        let query = [
            ("q", chosen(self.q.as_ref()).unwrap_or_default()),
            ("track", chosen(self.track.as_ref()).unwrap_or_default()),
            ("format", chosen(self.format.as_ref()).unwrap_or_default()),
            ("page", &*page),
        ];
        address(&format!("/{slug}/talks"), query)
    }
}

#[derive(Template)]
#[template(path = "public/talks.html")]
pub struct TalksPage {
    slug: String,
    form: FormState,
    talks: Vec<Talk>,
    /// Of which the page shows some.
    count: usize,
    /// Whether there are talks that the filters leave out.
    narrowed: bool,
    tracks: Vec<String>,
    formats: Vec<String>,
    earlier: Option<String>,
    later: Option<String>,
}

impl Screen for TalksPage {
    fn title(&self) -> String {
        t("Talks").into_owned()
    }

    fn about(&self) -> String {
        t("The talks that were chosen, with who gives them.").into_owned()
    }
}

impl TalksPage {
    /// The choices of a menu: one of them, or all.
    fn menu(&self, all: &str, names: &[String]) -> Vec<(String, String)> {
        let names = names.iter().map(|name| (name.clone(), name.clone()));
        iter::once((String::new(), t(all).into_owned())).chain(names).collect()
    }
}

/// Each once, in their order.
fn once<'t>(names: impl Iterator<Item = &'t String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn pictures(event: &PublicEvent) -> String {
    format!("{API}/events/{}/headshots", event.slug())
}

pub async fn list(event: PublicEvent, (app, Query(which)): (Callboard, Query<WhichTalks>)) -> Result<Page<TalksPage>> {
    let (slug, pictures) = (event.slug().to_owned(), pictures(&event));
    let question = chosen(which.q.as_ref()).map(ToOwned::to_owned);
    let searched = question.is_some();
    let found = actions::all_talks(&app, event, question).await?;
    let mut talks: Vec<Talk> = found.into_iter().map(|talk| Talk::new(talk, &pictures)).collect();
    let tracks = once(talks.iter().filter_map(|talk| talk.track.as_ref()));
    let formats = once(talks.iter().map(|talk| &talk.format));
    let narrowed = searched || chosen(which.track.as_ref()).is_some() || chosen(which.format.as_ref()).is_some();
    talks.retain(|talk| which.fits(talk));
    if !searched {
        talks.sort_by_cached_key(|talk| talk.title.to_lowercase());
    }
    let count = talks.len();
    let page = which.page.unwrap_or(1).clamp(1, count.div_ceil(ON_A_PAGE).max(1));
    let talks = talks.into_iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE).collect();
    let form = FormState::default()
        .with("q", which.q.clone().unwrap_or_default())
        .with("track", which.track.clone().unwrap_or_default())
        .with("format", which.format.clone().unwrap_or_default());
    let earlier = (page > 1).then(|| which.page_at(&slug, page - 1));
    let later = (page * ON_A_PAGE < count).then(|| which.page_at(&slug, page + 1));
    Ok(Page::new(TalksPage { slug, form, talks, count, narrowed, tracks, formats, earlier, later }))
}

#[derive(Template)]
#[template(path = "public/talk.html")]
pub struct TalkPage {
    slug: String,
    talk: Talk,
}

impl Screen for TalkPage {
    fn title(&self) -> String {
        self.talk.title.clone()
    }

    fn about(&self) -> String {
        markdown::gist(&self.talk.abstract_)
    }
}

pub async fn show(event: PublicEvent, (app, code): (Callboard, CodePath)) -> Result<Page<TalkPage>> {
    let (slug, pictures) = (event.slug().to_owned(), pictures(&event));
    let talk = Talk::new(actions::show_talk(&app, event, code.0).await?, &pictures);
    Ok(Page::new(TalkPage { slug, talk }))
}

//! The page of what is alike, and of the past talks that proposals are compared with.

use super::{
    actions,
    model::{MatchKind, PastTalk},
    views::PairView,
};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{self, IdPath, Query},
        pages::{Form, FormState, Page, Screen, SeeOther, filters, language::t, several::back},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "setup/duplicates.html")]
pub struct DuplicatesPage {
    slug: String,
    pairs: Vec<PairView>,
    past: Vec<PastTalk>,
    next: Option<String>,
    manages: bool,
}

impl Screen for DuplicatesPage {
    fn title(&self) -> String {
        t("Duplicates").into_owned()
    }
}

impl PairView {
    fn percent(&self) -> String {
        format!("{:.0}", self.similar.likeness * 100.0)
    }

    fn kind(&self) -> &'static str {
        match self.similar.kind {
            MatchKind::Own | MatchKind::Proposal => "another proposal",
            MatchKind::Talk => "a talk of a program",
            MatchKind::Past => "a past talk",
        }
    }

    /// The code of the other one, where it is a proposal of this event.
    fn other(&self) -> Option<&str> {
        let here = matches!(self.similar.kind, MatchKind::Own | MatchKind::Proposal);
        self.similar.code.as_deref().filter(|_| here)
    }
}

pub async fn show(
    who: ProposalReader,
    (app, Query(page), besides): (Callboard, Query<input::Page>, Besides),
) -> Result<Page<DuplicatesPage>> {
    let slug = who.scope().slug.clone();
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let mut past = actions::list_past(&app, who.clone(), &page).await?;
    let more = past.len() > limit;
    past.truncate(limit);
    let next = past.last().filter(|_| more).map(|last| last.place().encode());
    let pairs = actions::pairs(&app, who).await?.into_iter().map(PairView::from).collect();
    Ok(Page::new(DuplicatesPage { slug, pairs, past, next, manages: besides.manages() }))
}

pub async fn remove_past(who: Organizer, (app, id, _): (Callboard, IdPath, Form<ButtonForm>)) -> Result<SeeOther> {
    let go = back(who.scope(), "/duplicates", "Proposals are no longer compared with it.");
    actions::remove_past(&app, who, id.0).await?;
    Ok(go)
}

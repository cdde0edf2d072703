//! The list of proposals for organizers, and each of them. Names are folded until somebody asks for them.

pub mod badges;
pub mod one;

use super::{
    actions,
    ask::{self, Ask, Column},
    views::Listed,
};
use crate::{
    access::{Besides, ProposalReader},
    app::Callboard,
    calls::{categories, parts},
    error::Result,
    http::{
        input::Query,
        pages::{FormState, Page, Screen, filters, language::t, several::Returned},
    },
    proposals::{
        model::Sort,
        saved::{self, model::SavedView},
    },
};
use askama::Template;

/// What one can ask for by code.
#[derive(Default)]
struct Parts {
    formats: Vec<(String, String)>,
    tracks: Vec<(String, String)>,
    choices: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "choose/proposals.html")]
pub struct ProposalsPage {
    slug: String,
    zone: String,
    ask: Ask,
    filters: FormState,
    parts: Parts,
    columns: Vec<Column>,
    rows: Vec<Listed>,
    /// How many there are on all pages, and which.
    total: usize,
    codes: String,
    next: Option<String>,
    decides: bool,
    manages: bool,
    saved: Vec<SavedView>,
    /// What of this list can be saved.
    query: String,
    form: FormState,
    saving: FormState,
}

impl Screen for ProposalsPage {
    fn title(&self) -> String {
        t("Proposals").into_owned()
    }
}

impl ProposalsPage {
    fn shows(&self, name: &str) -> bool {
        Column::ALL.iter().any(|(column, known, _)| *known == name && self.columns.contains(column))
    }

    pub fn all_columns(&self) -> Vec<(&'static str, &'static str)> {
        Column::ALL.iter().map(|(_, name, label)| (*name, *label)).collect()
    }

    fn is_saved(&self) -> bool {
        self.saved.iter().any(|view| view.query == self.query)
    }

    fn here(&self) -> String {
        self.ask.address(&self.slug, self.ask.cursor.as_deref())
    }

    fn next_page(&self) -> Option<String> {
        self.next.as_deref().map(|next| self.ask.address(&self.slug, Some(next)))
    }

    fn is_later(&self) -> bool {
        self.ask.cursor.as_ref().is_some_and(|cursor| !cursor.is_empty())
    }

    fn first_page(&self) -> String {
        self.ask.address(&self.slug, None)
    }

    /// What puts the list in order by a column.
    fn sort_of(&self, column: &str) -> Option<Sort> {
        match column {
            "title" => Some(Sort::Title),
            "submitted" => Some(Sort::Newest),
            "reviews" => Some(Sort::Reviews),
            "mean" => Some(Sort::Mean),
            _ => None,
        }
    }

    fn is_sorted_by(&self, column: &str) -> bool {
        self.sort_of(column).is_some_and(|sort| self.ask.sort == Some(sort))
    }

    /// The address of the list in the order of a column.
    fn sorted_by(&self, column: &str) -> Option<String> {
        let sort = self.sort_of(column)?;
        Some(Ask { sort: Some(sort), ..self.ask.clone() }.address(&self.slug, None))
    }

    /// The same with the names shown, or folded again.
    fn with_names(&self, names: bool) -> String {
        Ask { names: Some(names), ..self.ask.clone() }.address(&self.slug, self.ask.cursor.as_deref())
    }
}

async fn parts(app: &Callboard, who: &ProposalReader) -> Result<Parts> {
    let formats = parts::actions::list_formats(app, who.clone()).await?;
    let tracks = parts::actions::list_tracks(app, who.clone()).await?;
    let categories = categories::actions::list(app, who.clone()).await?;
    let choices = categories.into_iter().flat_map(|category| {
        let name = category.name;
        category.choices.into_iter().map(move |choice| (choice.code, format!("{name}: {}", choice.name)))
    });
    Ok(Parts {
        formats: formats.into_iter().map(|format| (format.code, format.name)).collect(),
        tracks: tracks.into_iter().map(|track| (track.code, track.name)).collect(),
        choices: choices.collect(),
    })
}

pub async fn list(
    _: ProposalReader,
    (app, Query(ask), besides): (Callboard, Query<Ask>, Besides),
) -> Result<Page<ProposalsPage>> {
    Ok(Page::new(page(&app, &besides, ask, Returned::default()).await?))
}

pub async fn page(app: &Callboard, besides: &Besides, ask: Ask, returned: Returned) -> Result<ProposalsPage> {
    let who = besides.to_read_proposals()?;
    let listed = if ask.with_names() {
        actions::list(app, who.clone(), ask.filter()).await?
    } else {
        actions::list_folded(app, who.clone(), ask.filter()).await?
    };
    let codes = actions::codes(app, who.clone(), ask.filter()).await?;
    let view = |proposal| Listed::new(proposal, &listed.summaries);
    Ok(ProposalsPage {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        filters: ask.form(),
        parts: parts(app, &who).await?,
        columns: ask.columns(),
        rows: listed.proposals.into_iter().map(view).collect(),
        total: codes.len(),
        codes: codes.join("\n"),
        next: listed.next,
        decides: besides.may_decide(),
        manages: besides.manages(),
        saved: saved::actions::list(app, who).await?,
        query: ask.query(),
        form: returned.of_button(),
        saving: returned.form("view", FormState::new(app).with("query", ask.query())),
        ask,
    })
}

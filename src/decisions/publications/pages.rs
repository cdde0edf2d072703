//! Publishing in a browser: a rehearsal with every mail as it would go, the deed, and a minute to stop it.

use super::{
    actions,
    model::{PublicationState, Publish},
    views::{PreviewItem, PreviewMail, PreviewView, PublicationItem, PublicationView},
};
use crate::{
    access::{Besides, EventReader, Organizer},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{IdPath, Query},
        once::{Answered, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, badge::Badge, filters, language::t},
    },
    proposals::organize::pages::badges,
};
use askama::Template;
use serde::Deserialize;
use std::borrow::Borrow;
use utoipa::ToSchema;
use validator::Validate;

/// How many mails the mailbox lists at once.
const PAGE: usize = 100;

/// Which mail of the rehearsal is open, from 1 on.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = publications::Open)]
pub struct Open {
    #[validate(range(max = 1_000_000))]
    pub mail: Option<u32>,
    /// How many of the told proposals to leave out before the first that is shown.
    #[validate(range(max = 1_000_000))]
    pub told: Option<u32>,
    /// How many the lists show at once.
    #[validate(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

impl Open {
    fn told(self) -> usize {
        self.told.and_then(|told| usize::try_from(told).ok()).unwrap_or_default()
    }

    fn limit(self) -> usize {
        self.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE).max(1)
    }
}

/// The stretch of a list that a page shows.
struct Stretch {
    from: usize,
    limit: usize,
    total: usize,
    /// The address of the page.
    path: String,
}

impl Stretch {
    fn address(&self, from: usize) -> String {
        let limit = if self.limit == PAGE { String::new() } else { format!("&limit={}", self.limit) };
        format!("{}?told={from}{limit}#told", self.path)
    }

    fn earlier(&self) -> Option<String> {
        (self.from > 0).then(|| self.address(self.from.saturating_sub(self.limit)))
    }

    fn later(&self) -> Option<String> {
        let next = self.from + self.limit;
        (next < self.total).then(|| self.address(next))
    }
}

/// What changed between looking and publishing.
#[derive(Default)]
pub struct Differences {
    /// What came, went or reads otherwise, each with its title where it is still to be told.
    added: Vec<(String, String)>,
    removed: Vec<(String, String)>,
    changed: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "choose/publish.html")]
pub struct PublishPage {
    slug: String,
    zone: String,
    preview: PreviewView,
    earlier: Vec<PublicationView>,
    manages: bool,
    open: usize,
    limit: usize,
    told: Stretch,
    delay: u64,
    form: FormState,
    differences: Option<Differences>,
}

impl Screen for PublishPage {
    fn title(&self) -> String {
        t("Rehearse and publish").into_owned()
    }
}

/// A line of the mailbox: its number, and to whom about what.
struct Line<'p> {
    number: usize,
    name: &'p str,
    subject: &'p str,
    address: String,
}

impl PublishPage {
    fn first(&self) -> usize {
        (self.open - 1) / self.limit * self.limit
    }

    fn address(&self, number: usize) -> String {
        let limit = if self.limit == PAGE { String::new() } else { format!("&limit={}", self.limit) };
        format!("/{}/organize/publish?mail={number}{limit}#mail", self.slug)
    }

    fn lines(&self) -> Vec<Line<'_>> {
        let mails = self.preview.mails.iter().enumerate().skip(self.first()).take(self.limit);
        mails
            .map(|(place, mail)| Line {
                number: place + 1,
                name: &mail.name,
                subject: &mail.subject,
                address: self.address(place + 1),
            })
            .collect()
    }

    fn mail(&self) -> Option<&PreviewMail> {
        self.preview.mails.get(self.open - 1)
    }

    fn before(&self) -> Option<String> {
        self.first().checked_sub(1).map(|last| self.address(last + 1 - (self.limit - 1).min(last)))
    }

    fn after(&self) -> Option<String> {
        let next = self.first() + self.limit;
        (next < self.preview.mails.len()).then(|| self.address(next + 1))
    }

    fn is_empty(&self) -> bool {
        self.preview.items.is_empty()
    }

    fn items(&self) -> impl Iterator<Item = &PreviewItem> {
        self.preview.items.iter().skip(self.told.from).take(self.told.limit)
    }
}

/// How a publication stands, in a word.
pub fn state(of: impl Borrow<PublicationState>) -> Badge {
    match of.borrow() {
        PublicationState::Waiting => Badge::new("warn", "Goes out soon"),
        PublicationState::Stopped => Badge::new("", "Stopped"),
        PublicationState::Released => Badge::new("good", "Told"),
    }
}

async fn page_with(
    app: &Callboard,
    who: EventReader,
    (manages, open): (bool, Open),
    (form, differences): (FormState, Option<Differences>),
) -> Result<PublishPage> {
    let scope = who.scope().clone();
    let earlier = actions::list_folded(app, who.clone()).await?;
    let preview = PreviewView::from(actions::preview(app, who).await?);
    let mail = open.mail.and_then(|number| usize::try_from(number).ok()).unwrap_or(1);
    let path = format!("/{}/organize/publish", scope.slug);
    Ok(PublishPage {
        slug: scope.slug,
        zone: scope.zone,
        open: mail.clamp(1, preview.mails.len().max(1)),
        limit: open.limit(),
        told: Stretch { from: open.told(), limit: open.limit(), total: preview.items.len(), path },
        earlier: earlier.into_iter().map(PublicationView::from).collect(),
        preview,
        manages,
        delay: app.config.publication_delay.as_secs(),
        form,
        differences,
    })
}

pub async fn show(
    who: EventReader,
    (app, Query(open), besides): (Callboard, Query<Open>, Besides),
) -> Result<Page<PublishPage>> {
    let form = FormState::new(&app);
    Ok(Page::new(page_with(&app, who, (besides.organizer.is_some(), open), (form, None)).await?))
}

impl Differences {
    /// Of what an outdated preview answers.
    fn read(differences: &serde_json::Value) -> Differences {
        let code = |value: &serde_json::Value| {
            let code = value.as_str().or_else(|| value.get("code").and_then(serde_json::Value::as_str));
            (code.unwrap_or_default().to_owned(), String::new())
        };
        let list = |name: &str| {
            let items = differences.get(name).and_then(serde_json::Value::as_array);
            items.into_iter().flatten().map(code).collect()
        };
        Differences { added: list("added"), removed: list("removed"), changed: list("changed") }
    }

    /// With the titles of what is to be told now.
    fn named(mut self, preview: &PreviewView) -> Differences {
        for (code, title) in self.added.iter_mut().chain(&mut self.changed) {
            if let Some(item) = preview.items.iter().find(|item| item.code == *code) {
                title.clone_from(&item.title);
            }
        }
        self
    }
}

pub async fn publish(
    who: Organizer,
    (app, form, once, besides): (Callboard, Form<Publish>, Once, Besides),
) -> Result<Outcome<PublishPage>> {
    let Form { sent, input } = form;
    let base = format!("/{}/organize/publish", who.scope().slug);
    let done = match input {
        Ok(input) => {
            let go = once.then(move |publication| {
                let view = PublicationView::from(publication);
                SeeOther::to(format!("{base}/{}", view.id))
            });
            actions::publish(&app, who, input, go).await
        }
        Err(errors) => Err(errors.into()),
    };
    match (done, besides.event_reader) {
        (Ok(go), _) => Ok(go.into()),
        (Err(error), None) => Err(error),
        (Err(error), Some(reader)) => {
            let differences = error.differences().map(Differences::read);
            let again = async |form| {
                let mut page = page_with(&app, reader, (true, Open::default()), (form, None)).await?;
                page.differences = differences.map(|differences| differences.named(&page.preview));
                Ok(page)
            };
            sent.again(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "choose/publication.html")]
pub struct PublicationPage {
    slug: String,
    zone: String,
    publication: PublicationView,
    told: Stretch,
    manages: bool,
    button: FormState,
    seconds_left: u64,
}

impl Screen for PublicationPage {
    fn title(&self) -> String {
        t("A publication").into_owned()
    }
}

impl PublicationPage {
    fn is(&self, state: &str) -> bool {
        self.publication.state.as_str() == state
    }

    fn all(&self) -> i64 {
        self.publication.mails.values().sum()
    }

    fn count(&self, state: &str) -> i64 {
        self.publication.mails.get(state).copied().unwrap_or_default()
    }

    fn items(&self) -> impl Iterator<Item = &PublicationItem> {
        self.publication.items.iter().skip(self.told.from).take(self.told.limit)
    }

    /// Whether something still happens by itself.
    fn is_moving(&self) -> bool {
        let under_way: i64 = ["queued", "leased", "retrying"].iter().map(|state| self.count(state)).sum();
        self.is("waiting") || (self.is("released") && under_way > 0)
    }
}

pub async fn show_one(
    who: EventReader,
    (app, id, Query(open), besides): (Callboard, IdPath, Query<Open>, Besides),
) -> Result<Page<PublicationPage>> {
    let scope = who.scope().clone();
    let path = format!("/{}/organize/publish/{}", scope.slug, id.0);
    let publication = PublicationView::from(actions::show(&app, who, id.0).await?);
    Ok(Page::new(PublicationPage {
        told: Stretch { from: open.told(), limit: open.limit(), total: publication.items.len(), path },
        slug: scope.slug,
        zone: scope.zone,
        seconds_left: publication.release_at.since(app.clock.now()).as_secs(),
        publication,
        manages: besides.organizer.is_some(),
        button: FormState::new(&app),
    }))
}

pub async fn stop(
    who: Organizer,
    (app, id, _, once): (Callboard, IdPath, Form<ButtonForm>, Once),
) -> Result<Answered<SeeOther>> {
    let there = format!("/{}/organize/publish/{}", who.scope().slug, id.0);
    let go = once.then(move |_| SeeOther::to(there).saying("Stopped. Nobody was told, and no mail went."));
    actions::stop(&app, who, id.0, go).await
}

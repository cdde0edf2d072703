//! The outbox in a browser: every mail of the event and what became of it.

use super::{
    MailState, actions,
    model::Which,
    outbox::Mail,
    views::{InList, Summary, Whole},
};
use crate::{
    access::{Besides, EventReader, Organizer},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        cursor::Cursor,
        input::{IdPath, Query, blank},
        once::{Answered, Once},
        pages::{Form, FormState, Page, Screen, SeeOther, address, badge::Badge, filters, language::t},
        reply::List,
    },
};
use askama::Template;
use serde::Deserialize;
use std::borrow::Borrow;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = mail::Look)]
pub struct Look {
    #[serde(default, deserialize_with = "blank")]
    pub state: Option<MailState>,
    #[serde(default)]
    #[validate(length(max = 60))]
    pub kind: String,
    #[validate(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

impl Look {
    fn which(&self) -> Which {
        let kind = Some(self.kind.trim().to_owned()).filter(|kind| !kind.is_empty());
        Which { limit: self.limit, cursor: self.cursor.clone(), state: self.state, kind }
    }

    fn address(&self, slug: &str, cursor: &str) -> String {
        let pairs = [
            ("state", self.state.map(|state| state.to_string()).unwrap_or_default()),
            ("kind", self.kind.clone()),
            ("limit", self.limit.map(|limit| limit.to_string()).unwrap_or_default()),
            ("cursor", cursor.to_owned()),
        ];
        address(&format!("/{slug}/organize/mails"), pairs)
    }
}

/// How a mail stands, in a word.
pub fn state(of: impl Borrow<MailState>) -> Badge {
    match of.borrow() {
        MailState::Held => Badge::new("info", "Held"),
        MailState::Queued => Badge::new("", "Queued"),
        MailState::Leased => Badge::new("info", "Being sent"),
        MailState::Sent => Badge::new("good", "Sent"),
        MailState::Retrying => Badge::new("warn", "Tried again soon"),
        MailState::Ambiguous => Badge::new("warn", "Perhaps sent"),
        MailState::Failed => Badge::new("wrong", "Failed"),
        MailState::Canceled => Badge::new("", "Canceled"),
    }
}

#[derive(Template)]
#[template(path = "choose/mails.html")]
pub struct MailsPage {
    slug: String,
    zone: String,
    look: Look,
    summary: Summary,
    mails: Vec<InList>,
    next: Option<String>,
}

impl Screen for MailsPage {
    fn title(&self) -> String {
        t("Mails").into_owned()
    }
}

impl MailsPage {
    /// Each state that there are mails in, and how many.
    fn states(&self) -> Vec<(MailState, i64)> {
        let count = |state: &MailState| self.summary.states.get(state.as_str()).copied();
        MailState::ALL.iter().filter_map(|state| Some((*state, count(state)?))).collect()
    }

    fn total(&self) -> i64 {
        self.summary.states.values().sum()
    }

    pub fn is(&self, state: &MailState) -> bool {
        self.look.state == Some(*state)
    }

    fn is_later(&self) -> bool {
        self.look.cursor.is_some()
    }

    fn next_page(&self) -> Option<String> {
        self.next.as_deref().map(|next| self.look.address(&self.slug, next))
    }
}

pub async fn list(who: EventReader, (app, Query(look)): (Callboard, Query<Look>)) -> Result<Page<MailsPage>> {
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let summary = Summary::from(actions::summary(&app, who.clone()).await?);
    let which = look.which();
    let limit = which.limit();
    let mails = actions::list(&app, who, which).await?;
    let cursor = |mail: &Mail| Cursor { at: mail.created_at, code: mail.code.clone() };
    let List { items, next } = List::page(mails, limit, cursor, InList::from);
    Ok(Page::new(MailsPage { slug, zone, look, summary, mails: items, next }))
}

#[derive(Template)]
#[template(path = "choose/mail.html")]
pub struct MailPage {
    slug: String,
    zone: String,
    whole: Whole,
    manages: bool,
    button: FormState,
}

impl Screen for MailPage {
    fn title(&self) -> String {
        self.whole.mail.subject.clone()
    }
}

impl MailPage {
    fn here(&self) -> String {
        format!("/{}/organize/mails/{}", self.slug, self.whole.mail.id)
    }

    fn held_by(&self) -> String {
        self.whole.mail.held_by.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    fn can_be_held(&self) -> bool {
        self.held_by() == "publication" || matches!(self.whole.mail.state, MailState::Queued | MailState::Retrying)
    }

    fn can_be_released(&self) -> bool {
        self.held_by() == "organizer"
    }

    fn can_go_again(&self) -> bool {
        matches!(self.whole.mail.state, MailState::Failed | MailState::Ambiguous)
    }

    fn waits_for(&self) -> &'static str {
        match self.held_by().as_str() {
            "publication" => "It waits for its publication, which can still be stopped.",
            "organizer" => "An organizer holds it back.",
            "predecessor" => "It replaces a mail that was just being sent, and waits to see what becomes of that.",
            _ => "",
        }
    }
}

pub async fn show(who: EventReader, (app, id, besides): (Callboard, IdPath, Besides)) -> Result<Page<MailPage>> {
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let whole = Whole::from(actions::find(&app, who, id.0).await?);
    let (manages, button) = (besides.organizer.is_some(), FormState::new(&app));
    Ok(Page::new(MailPage { slug, zone, whole, manages, button }))
}

type Button = (Callboard, IdPath, Form<ButtonForm>, Once);

/// Back to the mail with a sentence.
fn back(who: &Organizer, id: &str, said: &'static str) -> impl FnOnce(Mail) -> SeeOther + Send + use<> {
    let there = format!("/{}/organize/mails/{id}", who.scope().slug);
    move |_| SeeOther::to(there).saying(said)
}

pub async fn hold(who: Organizer, (app, id, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &id, "The mail is held until somebody releases it."));
    actions::hold(&app, who, id.0, go).await
}

pub async fn release(who: Organizer, (app, id, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &id, "The mail is on its way."));
    actions::release(&app, who, id.0, go).await
}

pub async fn send_again(who: Organizer, (app, id, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &id, "The mail is sent again."));
    actions::send_again(&app, who, id.0, go).await
}

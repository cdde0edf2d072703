//! The demo's mailbox, where one can be each of its people. On every other server it does not exist.

use super::actions::{self, PEOPLE, Person};
use crate::{
    access::Public,
    accounts,
    app::Callboard,
    error::Result,
    http::pages::{Form, Page, Screen, SeeOther, filters, language::t},
    mail::outbox::Mail,
};
use askama::Template;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Whom one wants to be.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = demo::Be)]
pub struct Be {
    #[validate(length(max = 254))]
    pub email: String,
}

#[derive(Template)]
#[template(path = "setup/mailbox.html")]
pub struct MailboxPage {
    mails: Vec<Mail>,
    base: String,
}

impl Screen for MailboxPage {
    fn title(&self) -> String {
        t("Demo").into_owned()
    }
}

impl MailboxPage {
    fn people() -> &'static [Person] {
        &PEOPLE
    }

    /// The text in pieces, and whether each is an address of this server.
    fn pieces(&self, text: &str) -> Vec<(String, bool)> {
        let mut pieces = vec![];
        let mut rest = text;
        while let Some(start) = rest.find(&self.base) {
            let (before, from) = rest.split_at(start);
            let end = from.find(char::is_whitespace).unwrap_or(from.len());
            let (link, after) = from.split_at(end);
            pieces.push((before.to_owned(), false));
            pieces.push((link.to_owned(), true));
            rest = after;
        }
        pieces.push((rest.to_owned(), false));
        pieces
    }
}

pub async fn mailbox(who: Public, (app,): (Callboard,)) -> Result<Page<MailboxPage>> {
    let mails = actions::mails(&app, &who).await?;
    Ok(Page::new(MailboxPage { mails, base: app.config.base_url.clone() }))
}

pub async fn be(who: Public, (app, Form { input, .. }): (Callboard, Form<Be>)) -> Result<SeeOther> {
    let (begun, starts_at) = actions::be(&app, who, &input?.email).await?;
    Ok(SeeOther::to(starts_at).with_cookie(accounts::sessions::pages::cookie(&app, &begun)))
}

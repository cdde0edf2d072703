//! Mail. `queue` is the only way to send one: it renders the message and stores it in the transaction of the deed that
//! causes it. The outbox is the queue; `deliver` empties it.

pub mod actions;
pub mod api;
pub mod deliver;
pub mod message;
pub mod mime;
pub mod outbox;
pub mod relay;
pub mod smtp;
pub mod stream;
pub mod transport;
pub mod views;

use crate::{
    app::Callboard,
    db::{
        Tx,
        types::{AccountId, EventId, ProposalId, PublicationId},
    },
    error::Result,
    http::routes::Routes,
    text_enum,
};
use message::Letter;

pub fn routes() -> Routes {
    Routes::of("mail")
        .get("/events/{event}/mails", "Every mail of the event and what became of it", api::list)
        .get("/events/{event}/mails/{id}", "A mail of the event, its secret links masked", api::show)
        .post("/events/{event}/mails/{id}/retry", "Send a failed or ambiguous mail again", api::send_again)
}

text_enum! {
    /// Where a mail is on its way.
    pub enum MailState {
        /// Waits behind the stop button of a publication.
        Held = "held",
        Queued = "queued",
        /// Being sent now; after a crash it may have been sent.
        Leased = "leased",
        Sent = "sent",
        Retrying = "retrying",
        /// Handed over whole, but the mail server's last answer was lost.
        Ambiguous = "ambiguous",
        Failed = "failed",
        Canceled = "canceled",
    }
}

/// Who gets a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub account: Option<AccountId>,
    pub address: String,
    pub name: String,
}

/// What a mail is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub event: Option<EventAbout>,
    pub publication: Option<PublicationId>,
    pub proposals: Vec<ProposalId>,
}

/// The event a mail speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAbout {
    pub id: EventId,
    /// Where answers go; empty when the event has no contact address.
    pub reply_to: String,
}

/// Stores a mail, to be sent after this transaction.
///
/// # Errors
/// When the database refuses it.
pub fn queue(tx: &mut Tx<'_>, app: &Callboard, to: &Recipient, about: &About, letter: &Letter) -> Result<()> {
    insert(tx, app, to, about, letter, MailState::Queued)
}

/// Stores a mail that waits until its publication is released.
///
/// # Errors
/// When the database refuses it.
pub fn hold(tx: &mut Tx<'_>, app: &Callboard, to: &Recipient, about: &About, letter: &Letter) -> Result<()> {
    insert(tx, app, to, about, letter, MailState::Held)
}

fn insert(
    tx: &mut Tx<'_>,
    app: &Callboard,
    to: &Recipient,
    about: &About,
    letter: &Letter,
    state: MailState,
) -> Result<()> {
    let code = tx.random().code(10);
    let now = tx.now()?;
    let host = url::Url::parse(&app.config.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let row = outbox::NewMail {
        message_id: format!("<{code}@{}>", host.as_deref().unwrap_or("callboard.invalid")),
        code,
        event_id: about.event.as_ref().map(|event| event.id),
        publication_id: about.publication,
        account_id: to.account,
        kind: letter.kind.to_owned(),
        to_address: to.address.clone(),
        to_name: to.name.clone(),
        reply_to: about.event.as_ref().map(|event| event.reply_to.clone()).filter(|address| !address.is_empty()),
        subject: letter.subject.clone(),
        body_text: letter.text(),
        body_html: letter.html(),
        state,
        attempts: 0,
        ambiguous_ends: 0,
        next_at: now,
        created_at: now,
    };
    outbox::insert(tx, &row, &about.proposals)?;
    app.mail_queued.notify_one();
    Ok(())
}

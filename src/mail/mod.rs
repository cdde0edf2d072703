//! Mail. `queue` is the only way to send one: it renders the message and stores it in the transaction of the deed that
//! causes it. The outbox is the queue; `deliver` empties it.

pub mod actions;
pub mod api;
pub mod deliver;
pub mod message;
pub mod mime;
pub mod model;
pub mod outbox;
pub mod pages;
pub mod relay;
pub mod smtp;
pub mod store;
pub mod stream;
pub mod transport;
pub mod unasked;
pub mod views;

use crate::{
    app::Callboard,
    db::{
        Tx,
        types::{AccountId, EventId, MailId, ProposalId, PublicationId},
    },
    error::Code,
    error::Result,
    http::routes::Routes,
    text_enum,
};
use message::Letter;

pub fn routes() -> Routes {
    Routes::of("mail")
        .get("/events/{event}/mails", "Every mail of the event and what became of it", api::list)
        .get("/events/{event}/mails/{id}", "A mail of the event, its secret links masked", api::show)
        .get("/events/{event}/mails/summary", "How many mails are in each state", api::summary)
        .post("/events/{event}/mails/{id}/hold", "Keep a mail that has not left from being sent", api::hold)
        .fails(&[Code::WrongState])
        .post("/events/{event}/mails/{id}/release", "Send a held mail on its way", api::release)
        .fails(&[Code::WrongState])
        .post("/events/{event}/mails/{id}/retry", "Send a failed or ambiguous mail again", api::send_again)
        .fails(&[Code::WrongState])
        .and(
            Routes::pages("mail")
                .get("/{event}/organize/mails", "Every mail of the event and what became of it", pages::list)
                .get("/{event}/organize/mails/{id}", "One mail with its text and fate", pages::show)
                .post("/{event}/organize/mails/{id}/hold", "Keep a mail that has not left from being sent", pages::hold)
                .fails(&[Code::WrongState])
                .post("/{event}/organize/mails/{id}/release", "Send a held mail on its way", pages::release)
                .fails(&[Code::WrongState])
                .post("/{event}/organize/mails/{id}/again", "Send a failed or ambiguous mail again", pages::send_again)
                .fails(&[Code::WrongState]),
        )
}

text_enum! {
    /// Where a mail is on its way.
    pub enum MailState {
        /// Waits until whoever holds it lets it go: see `held_by`.
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

impl Recipient {
    /// Whether both are the same person. A mail may have gone to the address before an account had it.
    pub fn is(&self, other: &Recipient) -> bool {
        match (self.account, other.account) {
            (Some(one), Some(other)) => one == other,
            _ => self.address.to_lowercase() == other.address.to_lowercase(),
        }
    }
}

/// What a mail is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub event: Option<EventAbout>,
    pub publication: Option<PublicationId>,
    pub proposals: Vec<ProposalId>,
    /// Whose name, words or address stand in it although it goes to somebody else: it is emptied when that person goes.
    pub names: Option<AccountId>,
}

/// The event a mail speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAbout {
    pub id: EventId,
    /// Where answers go; empty when the event has no contact address.
    pub reply_to: String,
}

/// What a mail waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The release of its publication.
    Publication,
    /// Its release by an organizer.
    Organizer,
    /// The end of a mail that is being handed over and says some of the same: where that one is sent, this one is not.
    EndOf(MailId),
}

/// Stores a mail, to be sent after this transaction.
///
/// # Errors
/// When the database refuses it.
pub fn queue(tx: &mut Tx<'_>, app: &Callboard, to: &Recipient, about: &About, letter: &Letter) -> Result<()> {
    queue_behind(tx, app, to, about, letter, None).map(|_| ())
}

/// Stores a mail, to be sent once nothing holds it any more.
///
/// # Errors
/// When the database refuses it.
pub fn queue_behind(
    tx: &mut Tx<'_>,
    app: &Callboard,
    to: &Recipient,
    about: &About,
    letter: &Letter,
    hold: Option<Hold>,
) -> Result<MailId> {
    let code = tx.random().code(10);
    let now = tx.now()?;
    let host = url::Url::parse(&app.config.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let row = outbox::NewMail {
        message_id: format!("<{code}@{}>", host.as_deref().unwrap_or("callboard.invalid")),
        code,
        event_id: about.event.as_ref().map(|event| event.id),
        publication_id: about.publication,
        account_id: to.account,
        names_id: about.names,
        kind: letter.kind.to_owned(),
        to_address: to.address.clone(),
        to_name: to.name.clone(),
        reply_to: about.event.as_ref().map(|event| event.reply_to.clone()).filter(|address| !address.is_empty()),
        subject: letter.subject.clone(),
        body_text: letter.text(),
        body_html: letter.html(),
        state: if hold.is_some() { MailState::Held } else { MailState::Queued },
        held_by: hold.map(|hold| match hold {
            Hold::Publication => store::HeldBy::Publication,
            Hold::Organizer => store::HeldBy::Organizer,
            Hold::EndOf(_) => store::HeldBy::Predecessor,
        }),
        instead_of: hold.and_then(|hold| if let Hold::EndOf(mail) = hold { Some(mail) } else { None }),
        recalled: false,
        attempts: 0,
        ambiguous_ends: 0,
        next_at: now,
        created_at: now,
    };
    let id = outbox::insert(tx, &row, &about.proposals)?;
    app.mail_queued.notify_one();
    Ok(id)
}

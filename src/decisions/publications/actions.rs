//! Preview, publish, stop, release.

use super::{
    item_store,
    letters::{Personal, Sender},
    model::{Pending, Publication, PublicationState, Publish, confirmation_after},
    store::{self, Ended},
    version::Version,
};
use crate::{
    access::{
        EventReader, Organizer,
        store::{Scope, lock_event, scope_of},
    },
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Turn, Tx,
        types::{ProposalId, Ts},
    },
    decisions::actions::take_back_mails,
    error::{Code, Error, FieldErrors, Result},
    jobs::System,
    mail::{self, About, Hold},
    once::model::Render,
    proposals::model::{Confirmation, PublishedDecision},
    ranking,
    secrets::{self, Link, LinkKind},
};
use std::collections::BTreeMap;

/// What publishing now would do.
pub struct Preview {
    pub version: String,
    pub items: Vec<Pending>,
    pub mails: Vec<Personal>,
    /// The publication that is on its way already.
    pub waiting: Option<String>,
}

fn sender<'a>(app: &'a Callboard, scope: &'a Scope) -> Sender<'a> {
    Sender { base_url: &app.config.base_url, event: &scope.name }
}

/// That the names are read is noted.
///
/// # Errors
/// `Busy`.
pub async fn preview(app: &Callboard, who: EventReader) -> Result<Preview> {
    let board = app.clone();
    let (event, account) = (who.event(), who.account());
    let preview = app
        .db
        .read(move |conn| {
            let items = store::list_pending(conn, &who)?;
            let waiting = store::find_waiting(conn, &who)?;
            let sender = sender(&board, who.scope());
            let version = sender.version(&items).token();
            let mails = sender.letters(items.iter().map(|pending| (pending, "")));
            Ok(Preview { version, items, mails, waiting })
        })
        .await?;
    app.reads.add(event, account, preview.items.iter().map(|pending| pending.code.clone()));
    Ok(preview)
}

/// Publishes exactly what the preview of that version showed.
///
/// # Errors
/// `PublicationWaiting`; `PreviewOutdated` with the differences; `NothingToPublish`; `Invalid` for another version.
pub async fn publish<R: Render<Publication>>(
    app: &Callboard,
    who: Organizer,
    input: Publish,
    render: R,
) -> Result<R::Out> {
    let shown = Version::parse(&input.version)
        .ok_or_else(|| FieldErrors::of("version", "invalid", "is not the version of a preview"))?;
    let board = app.clone();
    let publish = move |tx: &mut Tx<'_>, who: &Organizer| {
        if store::find_waiting(tx.conn(), who)?.is_some() {
            return Err(store::another_waits());
        }
        let pending = store::lock_pending(tx, who)?;
        let differences = shown.differences(&sender(&board, who.scope()).version(&pending));
        if !differences.is_empty() {
            let error = Error::new(Code::PreviewOutdated, "Look at the preview again, then publish its version.");
            return Err(error.with_differences(differences.json()));
        }
        if pending.is_empty() {
            return Err(Error::new(Code::NothingToPublish, "Everybody knows all decisions that were made."));
        }
        begin(tx, &board, who, &pending)
    };
    let publication = app.db.write_once(who, Turn::EventLocked, render, publish).await?;
    app.mail_queued.notify_one();
    Ok(publication)
}

/// The publication with its items and held mails; released at once where nobody shall wait.
fn begin(tx: &mut Tx<'_>, app: &Callboard, who: &Organizer, pending: &[Pending]) -> Result<Publication> {
    let now = tx.now()?;
    let delay = app.config.publication_delay;
    let new = store::NewPublication { code: tx.random().code(10), created_at: now, release_at: now.plus(delay) };
    let locked = store::insert(tx, who, &new)?;
    let published = Entry::new(Action::Published, Object::Publication(new.code.clone()));
    audit::record(tx, who, who.event(), &published.with("count", pending.len()))?;
    let mut items: Vec<(&Pending, Option<Link>)> = vec![];
    for pending in pending {
        let accepted = pending.decision == PublishedDecision::Accepted;
        items.push((pending, accepted.then(|| Link::new(LinkKind::Confirm, tx.random()))));
    }
    ranking::actions::keep_for(tx, who, locked.id())?;
    item_store::insert_items(tx, &locked, &items, |link| secrets::hash(&app.keys.link_secret(link)))?;
    let told = items.iter().map(|(pending, link)| (*pending, link.as_ref().map_or("", Link::nonce)));
    for Personal { to, proposals, letter } in sender(app, who.scope()).letters(told) {
        let (event, publication) = (Some(who.scope().about()), Some(locked.id()));
        let about = About { event, publication, proposals, ..About::default() };
        mail::queue_behind(tx, app, &to, &about, &letter, Some(Hold::Publication))?;
    }
    if delay.is_zero()
        && let Some(ended) = store::end(tx, &locked, PublicationState::Released, now)?
    {
        release(tx, app, who.scope(), &ended, now)?;
    }
    store::find(tx.conn(), who, &new.code)
}

/// Nothing is published, nobody is told.
///
/// # Errors
/// `NotFound`; `WrongState` when it does not wait any more.
pub async fn stop<R: Render<Publication>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    let stop = move |tx: &mut Tx<'_>, who: &Organizer| {
        let locked = store::lock(tx, who, &code)?;
        let now = tx.now()?;
        let ended = store::end(tx, &locked, PublicationState::Stopped, now)?.ok_or_else(|| {
            Error::wrong_state("It does not wait any more. What was told can be changed by a new publication only.")
        })?;
        mail::store::cancel_of(tx, ended.id())?;
        let stopped = Entry::new(Action::PublicationStopped, Object::Publication(code.clone()));
        audit::record(tx, who, who.event(), &stopped)?;
        store::find(tx.conn(), who, &code)
    };
    app.db.write_once(who, Turn::EventLocked, render, stop).await
}

/// With the names, which is noted.
///
/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: EventReader) -> Result<Vec<Publication>> {
    let (event, account) = (who.event(), who.account());
    let publications = app.db.read(move |conn| store::list(conn, &who)).await?;
    let items = publications.iter().flat_map(|publication| &publication.items);
    app.reads.add(event, account, items.map(|item| item.code.clone()));
    Ok(publications)
}

/// Without the names, so nobody has read any.
///
/// # Errors
/// `Busy`.
pub async fn list_folded(app: &Callboard, who: EventReader) -> Result<Vec<Publication>> {
    let mut publications = app.db.read(move |conn| store::list(conn, &who)).await?;
    for item in publications.iter_mut().flat_map(|publication| &mut publication.items) {
        item.speakers.clear();
    }
    Ok(publications)
}

/// With the names, which is noted.
///
/// # Errors
/// `NotFound`.
pub async fn show(app: &Callboard, who: EventReader, code: String) -> Result<Publication> {
    let (event, account) = (who.event(), who.account());
    let publication = app.db.read(move |conn| store::find(conn, &who, &code)).await?;
    app.reads.add(event, account, publication.items.iter().map(|item| item.code.clone()));
    Ok(publication)
}

/// Releases every publication whose time has come, each in a transaction of its own; answers how many. One that fails
/// does not keep the others from being released, and is tried again the next time.
///
/// # Errors
/// When the database does not answer.
pub async fn release_due(app: &Callboard, system: System) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_for_system(conn, system, now)).await?;
    let mut released = 0;
    for (event, publication) in due {
        let board = app.clone();
        let job = move |tx: &mut Tx<'_>| {
            lock_event(tx, event)?;
            let locked = store::lock_for_system(tx, system, event, publication)?;
            let now = tx.now()?;
            let Some(ended) = store::end(tx, &locked, PublicationState::Released, now)? else { return Ok(false) };
            let scope = scope_of(tx.conn(), event)?;
            release(tx, &board, &scope, &ended, now)?;
            Ok(true)
        };
        match app.db.write(job).await {
            Ok(true) => {
                released += 1;
                app.mail_queued.notify_one();
            }
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "A publication could not be released; it is tried again"),
        }
    }
    Ok(released)
}

/// What becomes of a proposal that is told its decision.
type Told = (PublishedDecision, Option<Confirmation>);

/// Decisions become visible and mails go, both or neither. What left meanwhile is not published. Mails that tell what
/// was published before and have not gone do not go any more.
fn release(tx: &mut Tx<'_>, app: &Callboard, scope: &Scope, ended: &Ended, now: Ts) -> Result<()> {
    let items = item_store::list_releasable(tx, ended)?;
    let mut alike: BTreeMap<Told, Vec<ProposalId>> = BTreeMap::new();
    for item in &items {
        let confirmation = confirmation_after(item.before, item.confirmation, item.decision);
        alike.entry((item.decision, confirmation)).or_default().push(item.proposal);
    }
    for (told, proposals) in alike {
        item_store::update_published(tx, ended, &proposals, told, now)?;
    }
    for item in items.iter().filter(|item| item.before.is_some()) {
        take_back_mails(tx, app, scope, item.proposal, mail::store::Mails::Before(ended.id()))?;
    }
    mail::store::release_of(tx, ended.id(), now)?;
    let released = Entry::new(Action::PublicationReleased, Object::Publication(store::code_of(tx.conn(), ended)?));
    audit::store::record_for(tx, ended.event(), None, &released)
}

//! What organizers do with late links and extensions, and what becomes of a proposal that comes by one. Whatever moves an
//! end holds the call's lock, so that it cannot race submissions.

use super::{
    model::{
        EditExtension, Extension, LateLink, LinkSecret, MOST_EXTENSIONS, MOST_LINKS, Made, NewExtension, NewLateLink,
        SECRET_BYTES, dead,
    },
    store,
};
use crate::{
    access::{EventReader, Organizer, Speaker},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{
        self,
        store::{Held, OpenCall, Options},
    },
    db::{
        Turn, Tx,
        types::{FormatId, ProposalId, TrackId},
    },
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

/// # Errors
/// `Busy`.
pub async fn list_links(app: &Callboard, who: EventReader) -> Result<Vec<LateLink>> {
    app.db.read(move |conn| store::list_links(conn, who.event())).await
}

/// # Errors
/// Field errors of the deadline, the formats and the tracks; `WrongState` when there are too many.
pub async fn add_link(app: &Callboard, who: Organizer, input: NewLateLink) -> Result<Made> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            let facts = input.read(&calls::store::setup(tx.conn(), who.event())?)?;
            if store::list_links(tx.conn(), who.event())?.len() >= MOST_LINKS {
                return Err(Error::wrong_state(format!("An event has at most {MOST_LINKS} late links.")));
            }
            let secret = LinkSecret::of(&tx.random().bytes::<SECRET_BYTES>());
            let code = store::insert_link(tx, who, &facts, &secret)?;
            let added = Entry::new(Action::LateLinkMade, Object::LateLink(code.clone()));
            let added = added.with("closes_at", facts.deadline.closes_at.to_string()).with("uses", facts.uses);
            audit::record(tx, who, who.event(), &added)?;
            let made = store::list_links(tx.conn(), who.event())?.into_iter().find(|link| link.code == code);
            Ok(Made { link: made.ok_or_else(Error::not_found)?, secret: secret.as_str().to_owned() })
        })
        .await
}

/// Proposals that have come by it stay; they can no longer be changed by it.
///
/// # Errors
/// `NotFound`, also when it is revoked already.
pub async fn revoke_link(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            if !store::revoke_link(tx, who, &code)? {
                return Err(Error::not_found());
            }
            audit::record(tx, who, who.event(), &Entry::new(Action::LateLinkRevoked, Object::LateLink(code)))
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list_extensions(app: &Callboard, who: EventReader) -> Result<Vec<Extension>> {
    app.db.read(move |conn| store::list_extensions(conn, who.event())).await
}

/// # Errors
/// Field errors of the deadline, and for an address that has one already; `WrongState` when there are too many.
pub async fn add_extension<R: Render<Extension>>(
    app: &Callboard,
    who: Organizer,
    input: NewExtension,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let call = calls::store::lock(tx, who)?;
            let deadline = input.deadline.read(call.opens_at)?;
            if store::list_extensions(tx.conn(), who.event())?.len() >= MOST_EXTENSIONS {
                return Err(Error::wrong_state(format!("An event has at most {MOST_EXTENSIONS} extensions.")));
            }
            let code = store::insert_extension(tx, who, &input.email, &deadline)?;
            note(tx, who, Action::ExtensionGiven, &code)?;
            store::find_extension(tx.conn(), who.event(), &code)
        })
        .await
}

fn note(tx: &mut Tx<'_>, who: &Organizer, action: Action, code: &str) -> Result<()> {
    audit::record(tx, who, who.event(), &Entry::new(action, Object::Extension(code.to_owned())))
}

/// # Errors
/// `NotFound`; field errors of the deadline.
pub async fn edit_extension(
    app: &Callboard,
    who: Organizer,
    code: String,
    input: EditExtension,
    version: IfMatch,
) -> Result<Extension> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let call = calls::store::lock(tx, who)?;
            let old = store::find_extension(tx.conn(), who.event(), &code)?;
            version.check(old.version)?;
            let deadline = input.deadline.read(call.opens_at)?;
            if deadline != old.deadline {
                store::update_extension(tx, who, &code, &deadline)?;
                note(tx, who, Action::ExtensionMoved, &code)?;
            }
            store::find_extension(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn remove_extension(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            version.check_if_sent(store::find_extension(tx.conn(), who.event(), &code)?.version)?;
            store::delete_extension(tx, who, &code)?;
            note(tx, who, Action::ExtensionTakenBack, &code)
        })
        .await
}

/// Gives a proposal a late link; it is used up only where the proposal needs it.
///
/// # Errors
/// A field error for a secret that is of no link, or of one that lets nothing in any more.
pub fn attach(tx: &mut Tx<'_>, who: &Speaker, proposal: ProposalId, secret: &LinkSecret) -> Result<()> {
    let now = tx.now()?;
    let link = store::find_link(tx.conn(), who.event(), secret)?.filter(|link| link.revoked_at.is_none());
    // A request that arrived in time may be here a little later; whether it was in time is decided when it counts.
    let link = link.filter(|link| link.is_alive(now.minus(calls::store::LONGEST_WAIT))).ok_or_else(dead)?;
    store::attach(tx, who.event(), proposal, link.id)
}

/// A proposal that asks whether the call is open for it.
pub struct Asked<'a> {
    pub who: &'a Speaker,
    pub proposal: ProposalId,
    pub format: FormatId,
    pub track: Option<TrackId>,
    /// Of the event.
    pub zone: &'a str,
}

/// Whether the call is open for a proposal: by its deadline with the grace, by the speaker's extension, or by the late
/// link it was given, of which that takes a use.
///
/// # Errors
/// As [`Options::open`]; `LinkDead` when it would take a use that is not left.
pub fn open(tx: &mut Tx<'_>, options: &Options, held: Held, asked: &Asked<'_>) -> Result<OpenCall> {
    let refused = match options.open(held, asked.format, asked.track, asked.zone) {
        Err(error) if error.code() == Code::CallClosed => error,
        decided => return decided,
    };
    let at = held.decided_at();
    if let Some(key) = asked.who.who().proved_email_key() {
        let extension = store::extension_of(tx.conn(), asked.who.event(), &key)?;
        if let Some(deadline) = extension.filter(|deadline| at < deadline.closes_at) {
            return Ok(options.opened(held, deadline, asked.zone));
        }
    }
    let attached = store::attached(tx.conn(), asked.proposal)?;
    let fits = |link: &LateLink| link.is_alive(at) && link.covers(asked.format, asked.track);
    let Some(attached) = attached.filter(|attached| fits(&attached.link)) else { return Err(refused) };
    if !attached.used && !store::use_up(tx, &attached)? {
        return Err(Error::new(Code::LinkDead, "The late link has been used as often as it may be."));
    }
    Ok(options.opened(held, attached.link.deadline, asked.zone))
}

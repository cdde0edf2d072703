//! What people do with a call. Whatever moves a deadline holds the call's lock, so that it cannot race submissions.

use super::{
    categories::{self, model::Category},
    ideas::{self, model::Idea},
    milestones::{self, model::Milestone},
    model::{Call, EditCall, Format, Setup, Track},
    part_model::{EditFormat, EditTrack, NewFormat, NewPart, NewTrack},
    shortening, store,
};
use crate::{
    access::{EventReader, Organizer, ProposalReader, PublicEvent},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Conn, Turn, Tx,
        types::{EventId, Ts},
    },
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

/// The call and the instant at which somebody looked at it.
pub struct Seen {
    pub setup: Setup,
    pub categories: Vec<Category>,
    pub milestones: Vec<Milestone>,
    pub ideas: Vec<Idea>,
    pub at: Ts,
}

/// # Errors
/// `Busy`.
pub async fn show_call(app: &Callboard, who: PublicEvent) -> Result<Seen> {
    let at = app.clock.now();
    let see = move |conn: &mut Conn| {
        let setup = store::setup(conn, who.event())?;
        let categories = categories::store::list(conn, who.event())?;
        let milestones = milestones::store::list(conn, who.event())?;
        Ok(Seen { setup, categories, milestones, ideas: ideas::store::list(conn, who.event())?, at })
    };
    app.db.read(see).await
}

/// # Errors
/// `Busy`.
pub async fn show_settings(app: &Callboard, who: EventReader) -> Result<Call> {
    app.db.read(move |conn| Ok(store::setup(conn, who.event())?.call)).await
}

/// # Errors
/// `Stale`; field errors of the deadline, and an opening that is not before it; `ConfirmFirst` for a deadline that comes
/// earlier than speakers were told.
pub async fn edit_call(app: &Callboard, who: Organizer, edit: EditCall, version: IfMatch) -> Result<Call> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let old = store::lock(tx, who)?;
            version.check(old.version)?;
            let confirmed = edit.confirm;
            let mut call = old.clone().edited(edit)?;
            if call != old {
                let before = store::setup(tx.conn(), who.event())?;
                let after = Setup { call: call.clone(), ..before.clone() };
                shortening::actions::settle(tx, &board, who.scope(), (&before, &after), confirmed)?;
                store::update(tx, who, &call)?;
                call.version += 1;
                let changed = Entry::new(Action::CallChanged, Object::Call);
                audit::record(tx, who, who.event(), &changed.with("closes_at", closes_at(&call)))?;
            }
            Ok(call)
        })
        .await
}

fn closes_at(call: &Call) -> Option<String> {
    call.deadline.as_ref().map(|deadline| deadline.closes_at.to_string())
}

/// What a new event starts with: a call without a deadline and one format.
///
/// # Errors
/// When the database refuses it.
pub fn set_up(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    store::insert_empty(tx, event)?;
    let talk = NewPart { code: tx.random().code(6), name: "Talk".into(), deadline: None };
    store::insert_format(tx, event, &talk, 30)
}

/// # Errors
/// `Busy`.
pub async fn list_formats(app: &Callboard, who: ProposalReader) -> Result<Vec<Format>> {
    app.db.read(move |conn| store::list_formats(conn, who.event())).await
}

/// # Errors
/// Field errors of the deadline.
pub async fn add_format<R: Render<Format>>(
    app: &Callboard,
    who: Organizer,
    input: NewFormat,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let call = store::lock(tx, who)?;
            let new = NewPart::read(tx.random().code(6), input.name, input.deadline, &call)?;
            store::insert_format(tx, who.event(), &new, i64::from(input.minutes))?;
            audit::record(tx, who, who.event(), &Entry::new(Action::FormatAdded, Object::Format(new.code.clone())))?;
            store::format_by_code(tx.conn(), who.event(), &new.code)?.ok_or_else(Error::not_found)
        })
        .await
}

/// # Errors
/// `NotFound`; field errors of the deadline; `ConfirmFirst` for one that comes earlier than speakers were told.
pub async fn edit_format(
    app: &Callboard,
    who: Organizer,
    code: String,
    edit: EditFormat,
    version: IfMatch,
) -> Result<Format> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let call = store::lock(tx, who)?;
            let old = store::format_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check(old.version)?;
            let confirmed = edit.confirm;
            let mut format = old.clone().edited(edit, &call)?;
            if format != old {
                let before = store::setup(tx.conn(), who.event())?;
                let after = before.with_format(&format);
                shortening::actions::settle(tx, &board, who.scope(), (&before, &after), confirmed)?;
                store::update_format(tx, who, &format)?;
                format.version += 1;
                audit::record(tx, who, who.event(), &Entry::new(Action::FormatChanged, Object::Format(code)))?;
            }
            Ok(format)
        })
        .await
}

/// # Errors
/// `NotFound`; `InUse` while a proposal has it, and for the last one: nothing could be proposed without.
pub async fn remove_format(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            store::lock(tx, who)?;
            let format = store::format_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check_if_sent(format.version)?;
            if store::list_formats(tx.conn(), who.event())?.len() == 1 {
                return Err(Error::new(
                    Code::InUse,
                    "It is the only format, and every proposal needs one. Add another first.",
                ));
            }
            audit::record(tx, who, who.event(), &Entry::new(Action::FormatRemoved, Object::Format(code)))?;
            store::delete_format(tx, who, format.id)
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list_tracks(app: &Callboard, who: ProposalReader) -> Result<Vec<Track>> {
    app.db.read(move |conn| store::list_tracks(conn, who.event())).await
}

/// # Errors
/// Field errors of the deadline.
pub async fn add_track<R: Render<Track>>(
    app: &Callboard,
    who: Organizer,
    input: NewTrack,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let call = store::lock(tx, who)?;
            let new = NewPart::read(tx.random().code(6), input.name, input.deadline, &call)?;
            store::insert_track(tx, who.event(), &new)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::TrackAdded, Object::Track(new.code.clone())))?;
            store::track_by_code(tx.conn(), who.event(), &new.code)?.ok_or_else(Error::not_found)
        })
        .await
}

/// # Errors
/// `NotFound`; field errors of the deadline; `ConfirmFirst` for one that comes earlier than speakers were told.
pub async fn edit_track(
    app: &Callboard,
    who: Organizer,
    code: String,
    edit: EditTrack,
    version: IfMatch,
) -> Result<Track> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let call = store::lock(tx, who)?;
            let old = store::track_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check(old.version)?;
            let confirmed = edit.confirm;
            let mut track = old.clone().edited(edit, &call)?;
            if track != old {
                let before = store::setup(tx.conn(), who.event())?;
                let after = before.with_track(&track);
                shortening::actions::settle(tx, &board, who.scope(), (&before, &after), confirmed)?;
                store::update_track(tx, who, &track)?;
                track.version += 1;
                audit::record(tx, who, who.event(), &Entry::new(Action::TrackChanged, Object::Track(code)))?;
            }
            Ok(track)
        })
        .await
}

/// # Errors
/// `NotFound`; `InUse` while a proposal is in it, or somebody is limited to it: they would see nothing, or all.
pub async fn remove_track(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            store::lock(tx, who)?;
            let track = store::track_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check_if_sent(track.version)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::TrackRemoved, Object::Track(code)))?;
            store::delete_track(tx, who, track.id)
        })
        .await
}

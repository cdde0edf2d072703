//! What organizers do with formats and tracks, under the lock of the call.

use super::{
    model::{EditFormat, EditTrack, NewFormat, NewPart, NewTrack},
    store,
};
use crate::{
    access::{Can, Implies, Organizer, ProposalReader, ReadProposals},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{
        self,
        model::{Format, Track},
        shortening,
    },
    db::Turn,
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

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
            let call = calls::store::lock(tx, who)?;
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
            let call = calls::store::lock(tx, who)?;
            let old = store::format_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check(old.version)?;
            let confirmed = edit.confirm;
            let mut format = old.clone().edited(edit, &call)?;
            if format != old {
                let before = calls::store::setup(tx.conn(), who.event())?;
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
            calls::store::lock(tx, who)?;
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
pub async fn list_tracks(app: &Callboard, who: Can<impl Implies<ReadProposals>>) -> Result<Vec<Track>> {
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
            let call = calls::store::lock(tx, who)?;
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
            let call = calls::store::lock(tx, who)?;
            let old = store::track_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check(old.version)?;
            let confirmed = edit.confirm;
            let mut track = old.clone().edited(edit, &call)?;
            if track != old {
                let before = calls::store::setup(tx.conn(), who.event())?;
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
            calls::store::lock(tx, who)?;
            let track = store::track_by_code(tx.conn(), who.event(), &code)?.ok_or_else(Error::not_found)?;
            version.check_if_sent(track.version)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::TrackRemoved, Object::Track(code)))?;
            store::delete_track(tx, who, track.id)
        })
        .await
}

//! What people do with a call. Whatever moves a deadline holds the call's lock, so that it cannot race submissions.

use super::{
    categories::{self, model::Category},
    ideas::{self, model::Idea},
    milestones::{self, model::Milestone},
    model::{Call, EditCall, Setup},
    parts::{self, model::NewPart},
    shortening, store,
    time::Deadline,
};
use crate::{
    access::{EventReader, Organizer, PublicEvent},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Conn, Turn, Tx,
        types::{EventId, Ts},
    },
    error::Result,
    http::once::IfMatch,
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

/// What a new event starts with: a call, of which there is a deadline or none yet, and one format.
///
/// # Errors
/// When the database refuses it.
pub fn set_up(tx: &mut Tx<'_>, event: EventId, deadline: Option<&Deadline>) -> Result<()> {
    store::insert_empty(tx, event)?;
    if let Some(deadline) = deadline {
        let call = store::setup(tx.conn(), event)?.call;
        store::update_of(tx, event, &Call { deadline: Some(deadline.clone()), ..call })?;
    }
    let talk = NewPart { code: tx.random().code(6), name: "Talk".into(), deadline: None };
    parts::store::insert_format(tx, event, &talk, 30)
}

//! What organizers do with categories. The call's lock keeps them as they are while a submission is decided.

use super::{
    model::{Category, EditCategory, FromPreset, MOST_CATEGORIES, NewCategory},
    store,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::Turn,
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<Category>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// Field errors of the choices; `WrongState` when the event has as many as it may.
pub async fn add<R: Render<Category>>(
    app: &Callboard,
    who: Organizer,
    input: NewCategory,
    render: R,
) -> Result<R::Out> {
    let (facts, choices) = input.read()?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            calls::store::lock(tx, who)?;
            if store::list(tx.conn(), who.event())?.len() >= MOST_CATEGORIES {
                return Err(Error::wrong_state(format!("An event has at most {MOST_CATEGORIES} categories.")));
            }
            let code = store::insert(tx, who.event(), &facts, &choices)?;
            let added = Entry::new(Action::CategoryAdded, Object::Category(code.clone()));
            audit::record(tx, who, who.event(), &added)?;
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// As [`add`].
pub async fn add_preset<R: Render<Category>>(
    app: &Callboard,
    who: Organizer,
    input: FromPreset,
    render: R,
) -> Result<R::Out> {
    add(app, who, input.preset.category(), render).await
}

/// # Errors
/// `NotFound`; field errors of the choices; `InUse` while a proposal has picked a choice that goes, or several where
/// only one may be picked from now on.
pub async fn edit(
    app: &Callboard,
    who: Organizer,
    code: String,
    edit: EditCategory,
    version: IfMatch,
) -> Result<Category> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            let old = store::find(tx.conn(), who.event(), &code)?;
            version.check(old.version)?;
            let (facts, choices) = old.edited(edit)?;
            if old.several && !facts.several && store::is_picked_twice(tx.conn(), &old)? {
                return Err(Error::new(Code::InUse, "Proposals have picked several of its choices."));
            }
            if facts != old.facts() || choices.is_some() {
                store::update(tx, who, &old, &facts, choices.as_deref())?;
                let changed = Entry::new(Action::CategoryChanged, Object::Category(code.clone()));
                audit::record(tx, who, who.event(), &changed)?;
            }
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`; `InUse` while a proposal has picked one of its choices.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            let category = store::find(tx.conn(), who.event(), &code)?;
            version.check_if_sent(category.version)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::CategoryRemoved, Object::Category(code)))?;
            store::delete(tx, who, category.id)
        })
        .await
}

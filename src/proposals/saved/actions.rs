//! Saving views of the list of proposals.

use super::{
    model::{NewView, SavedView, check_room, saved},
    store,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Turn, Tx},
    error::{Error, Result},
    once::model::Render,
};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<SavedView>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// Field errors; `WrongState` when there are too many.
pub async fn add<R: Render<SavedView>>(app: &Callboard, who: Organizer, input: NewView, render: R) -> Result<R::Out> {
    let query = saved(input.query.as_str())?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx: &mut Tx<'_>, who: &Organizer| {
            check_room(store::list(tx.conn(), who.event())?.len())?;
            let new = SavedView { code: tx.random().code(6), name: input.name.into_string(), query };
            store::insert(tx, who, &new)?;
            let entry = Entry::new(Action::ViewSaved, Object::View(new.code.clone()));
            audit::record(tx, who, who.event(), &entry)?;
            Ok(new)
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn remove(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            if !store::delete(tx, who, &code)? {
                return Err(Error::not_found());
            }
            audit::record(tx, who, who.event(), &Entry::new(Action::ViewRemoved, Object::View(code)))
        })
        .await
}

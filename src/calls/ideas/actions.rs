//! What organizers do with title ideas, and how a speaker starts from one.

use super::{
    model::{EditIdea, Idea, MOST, NewIdea},
    store,
};
use crate::{
    access::{Organizer, ProposalReader, Speaker},
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::{Turn, Tx, types::ProposalId},
    error::{Error, Result},
    http::once::IfMatch,
    once::model::Render,
    proposals::{self, actions::Mine, store::Texts},
    text::PublicCode,
};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<Idea>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// Field errors for what is no format, track or choice of the event; `WrongState` when it has as many as it may.
pub async fn add<R: Render<Idea>>(app: &Callboard, who: Organizer, input: NewIdea, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            calls::store::lock(tx, who)?;
            let facts = input.read(&calls::store::options(tx.conn(), who.event())?)?;
            if store::list(tx.conn(), who.event())?.len() >= MOST {
                return Err(Error::wrong_state(format!("An event has at most {MOST} title ideas.")));
            }
            let code = store::insert(tx, who.event(), &facts)?;
            let added = Entry::new(Action::TitleIdeaAdded, Object::TitleIdea(code.clone()));
            audit::record(tx, who, who.event(), &added)?;
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`; field errors for what is no format, track or choice of the event.
pub async fn edit(app: &Callboard, who: Organizer, code: String, edit: EditIdea, version: IfMatch) -> Result<Idea> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            let old = store::find(tx.conn(), who.event(), &code)?;
            version.check(old.version)?;
            let facts = old.facts.clone().edited(edit, &calls::store::options(tx.conn(), who.event())?)?;
            if facts != old.facts {
                store::update(tx, who, old.id, &facts)?;
                let changed = Entry::new(Action::TitleIdeaChanged, Object::TitleIdea(code.clone()));
                audit::record(tx, who, who.event(), &changed)?;
            }
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            calls::store::lock(tx, who)?;
            let idea = store::find(tx.conn(), who.event(), &code)?;
            version.check_if_sent(idea.version)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::TitleIdeaRemoved, Object::TitleIdea(code)))?;
            store::delete(tx, who, idea.id)
        })
        .await
}

/// Remembers that a draft started from an idea, which may be there no more.
///
/// # Errors
/// When the database refuses it.
pub fn note_start(tx: &mut Tx<'_>, who: &Speaker, proposal: ProposalId, code: &PublicCode) -> Result<()> {
    let ideas = store::list(tx.conn(), who.event())?;
    match ideas.iter().find(|idea| idea.code == **code) {
        Some(idea) => store::remember(tx, who.event(), proposal, idea.id),
        None => Ok(()),
    }
}

/// Makes a draft that is filled with the idea. Where that says no format, it has the event's first.
///
/// # Errors
/// `NotFound`.
pub async fn start<R: Render<Mine>>(app: &Callboard, who: Speaker, code: String, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let idea = store::find(tx.conn(), who.event(), &code)?;
            let setup = calls::store::setup(tx.conn(), who.event())?;
            let first = setup.formats.first().map(|format| format.id);
            let texts = Texts {
                title: idea.facts.title,
                abstract_: idea.facts.abstract_,
                description: String::new(),
                notes: String::new(),
                format: idea.facts.format.or(first).ok_or_else(Error::not_found)?,
                track: idea.facts.track,
                choices: idea.facts.choices,
            };
            let profile = proposals::profiles::store::ensure_profile(tx, who)?;
            let (id, code) = proposals::store::insert_draft(tx, who, profile.id, &texts)?;
            store::remember(tx, who.event(), id, idea.id)?;
            proposals::actions::one_within(tx.conn(), who, &code, &setup)
        })
        .await
}

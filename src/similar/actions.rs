//! Finding what is alike, and keeping the past talks to compare with.

use super::{
    model::{
        self, AddPastTalks, Added, MOST_AT_ONCE, MOST_PAST, NewPastTalk, Pair, PastTalk, Similar, alike, compared,
    },
    store,
};
use crate::{
    access::{Organizer, ProposalReader, Speaker},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Conn, Turn, Tx,
        types::{EventId, ProposalId},
    },
    error::{Error, FieldErrors, Result},
    http::input::Page,
    once::model::Render,
    ranking::store::{Reader, list},
};
use std::collections::BTreeMap;

/// Notes what a proposal says, so that others can be found to be like it. Whoever submits one, or changes what is
/// submitted, does this in the same transaction.
///
/// # Errors
/// When the database refuses it.
pub fn note(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, title: &str, abstract_: &str) -> Result<()> {
    store::replace_keys(tx, event, proposal, &model::text(title, abstract_))
}

/// What an own proposal or draft is like, of what its speaker may know of.
///
/// # Errors
/// `NotFound`.
pub fn of_mine_in(conn: &mut Conn, who: &Speaker, code: &str) -> Result<Vec<Similar>> {
    let mine = store::find_mine(conn, who, code)?;
    let known = store::for_speaker(conn, who, &mine)?;
    Ok(alike(&model::text(&mine.title, &mine.abstract_), known))
}

/// # Errors
/// As [`of_mine_in`].
pub async fn of_mine(app: &Callboard, who: Speaker, code: String) -> Result<Vec<Similar>> {
    app.db.read(move |conn| of_mine_in(conn, &who, &code)).await
}

/// All pairs of the event that the reader may see both sides of.
///
/// # Errors
/// `Busy`.
pub async fn pairs(app: &Callboard, who: ProposalReader) -> Result<Vec<Pair>> {
    let place = app.desk.place().await?;
    let found = app.db.read(move |conn| {
        let seen: BTreeMap<ProposalId, String> =
            list(conn, Reader::of(&who))?.into_iter().map(|of| (of.id, of.reference)).collect();
        let ours = store::keys_of_event(conn, &who, &seen)?;
        let pairs = model::pairs(&ours, &store::keys_elsewhere(conn, &who, &ours)?);
        store::texts_of_pairs(conn, &pairs, &seen)
    });
    let texts = found.await?;
    place.work(move || compared(texts)).await
}

/// # Errors
/// `Invalid` for none or too many at once; `WrongState` when the event holds as many as it may.
pub async fn add_past<R: Render<Added>>(
    app: &Callboard,
    who: Organizer,
    input: AddPastTalks,
    render: R,
) -> Result<R::Out> {
    if !(1..=MOST_AT_ONCE).contains(&input.talks.len()) {
        return Err(FieldErrors::of("talks", "count", format!("must be 1 to {MOST_AT_ONCE} talks")).into());
    }
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let added = keep_past(tx, who.event(), &input.talks)?;
            let entry = Entry::new(Action::PastTalksAdded, Object::Event).with("count", added);
            audit::record(tx, who, who.event(), &entry)?;
            Ok(Added { added, known: input.talks.len() - added })
        })
        .await
}

/// Adds those that are not there yet; answers how many that were. The event is locked: two at once would both add.
///
/// # Errors
/// `WrongState` when the event holds as many as it may.
pub fn keep_past(tx: &mut Tx<'_>, event: EventId, talks: &[NewPastTalk]) -> Result<usize> {
    let added = store::insert_past(tx, event, talks)?;
    if store::count_past(tx.conn(), event)? > MOST_PAST {
        return Err(Error::wrong_state(format!("An event holds at most {MOST_PAST} past talks.")));
    }
    Ok(added)
}

/// One more than the page holds.
///
/// # Errors
/// `BadCursor`.
pub async fn list_past(app: &Callboard, who: ProposalReader, page: &Page) -> Result<Vec<PastTalk>> {
    let (after, limit) = (page.after()?, page.limit());
    app.db.read(move |conn| store::list_past(conn, &who, after.as_ref(), limit + 1)).await
}

/// # Errors
/// `NotFound`.
pub async fn remove_past(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            store::delete_past(tx, who, &code)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::PastTalkRemoved, Object::PastTalk(code)))
        })
        .await
}

//! SQL of speakers without an account.

use super::model::{EnteredSpeaker, Unclaimed};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::speakers,
        types::{EventId, SpeakerId, TextList},
    },
    error::{Error, OnUnique, Result},
    text::Email,
};
use diesel::prelude::*;

macro_rules! unclaimed {
    ($event:expr) => {
        speakers::table.filter(speakers::event_id.eq($event)).filter(speakers::account_id.is_null())
    };
}

/// The speaker with this address whom nobody has taken over, else a new one.
pub fn ensure(tx: &mut Tx<'_>, who: &Organizer, new: &EnteredSpeaker) -> Result<SpeakerId> {
    if let Some(email) = &new.email {
        let known = unclaimed!(who.event()).filter(speakers::email_key.eq(email.key()));
        if let Some(known) = known.select(speakers::id).first(tx.conn()).optional()? {
            return Ok(known);
        }
    }
    let links = TextList(new.profile.links.iter().map(|link| link.0.clone()).collect());
    let row = (
        (
            speakers::event_id.eq(who.event()),
            speakers::code.eq(tx.random().code(6)),
            speakers::name.eq(new.profile.name.as_str()),
            speakers::bio.eq(new.profile.bio.as_str()),
            speakers::affiliation.eq(new.profile.affiliation.as_str()),
            speakers::links.eq(links),
            speakers::version.eq(1),
            speakers::created_at.eq(tx.now()?),
        ),
        (
            speakers::email.eq(new.email.as_ref().map(Email::as_str)),
            speakers::email_key.eq(new.email.as_ref().map(Email::key)),
        ),
    );
    let insert = diesel::insert_into(speakers::table).values(row).returning(speakers::id).get_result(tx.conn());
    // Somebody entered the same address in this moment.
    insert.on_unique("speakers.email_key, speakers.event_id", "speakers_email", Error::busy)
}

/// # Errors
/// `NotFound`; `WrongState` for a speaker who has an account.
pub fn find(conn: &mut Conn, who: &Organizer, code: &str) -> Result<Unclaimed> {
    type Row = (SpeakerId, Option<crate::db::types::AccountId>, Option<String>);
    let (id, account, email): Row = speakers::table
        .filter(speakers::event_id.eq(who.event()))
        .filter(speakers::code.eq(code))
        .select((speakers::id, speakers::account_id, speakers::email))
        .first(conn)?;
    match account {
        None => Ok(Unclaimed { id, email }),
        Some(_) => Err(Error::wrong_state("This speaker has an account already.")),
    }
}

/// # Errors
/// `Taken` when another speaker without an account has it.
pub fn update_email(tx: &mut Tx<'_>, event: EventId, speaker: SpeakerId, email: &Email) -> Result<()> {
    let taken = || Error::new(crate::error::Code::Taken, "Another speaker of this event has this address.");
    diesel::update(unclaimed!(event).filter(speakers::id.eq(speaker)))
        .set((
            speakers::email.eq(email.as_str()),
            speakers::email_key.eq(email.key()),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())
        .on_unique("speakers.email_key, speakers.event_id", "speakers_email", taken)?;
    Ok(())
}

/// The addresses of these speakers, where they have one and nobody has taken them over.
pub fn addresses(conn: &mut Conn, event: EventId, of: &[SpeakerId]) -> Result<Vec<(SpeakerId, String)>> {
    let query = unclaimed!(event)
        .filter(speakers::id.eq_any(of))
        .filter(speakers::email.is_not_null())
        .select((speakers::id, speakers::email.assume_not_null()))
        .order(speakers::id);
    Ok(query.load(conn)?)
}

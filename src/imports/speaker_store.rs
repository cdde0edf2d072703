//! SQL of imported speakers.

use super::{
    model::PersonRecord,
    plan::{SpeakerStep, people::Profile},
    store::{Fresh, Key, PIECE, Target, insert_keys},
};
use crate::{
    db::{
        Conn, Tx,
        schema::{import_keys, speakers},
        types::{AccountId, SpeakerId, TextList},
    },
    error::{Error, OnUnique, Result},
    on,
    text::Email,
};
use diesel::prelude::*;
use std::collections::HashMap;

type ProfileRow = (SpeakerId, Option<AccountId>, String, String, String, TextList, Option<String>);

/// The profiles of the event, and which of them has which address.
pub fn local(conn: &mut Conn, to: Target) -> Result<(HashMap<SpeakerId, Profile>, HashMap<String, SpeakerId>)> {
    let rows: Vec<ProfileRow> = speakers::table
        .filter(speakers::event_id.eq(to.event()))
        .select((
            speakers::id,
            speakers::account_id,
            speakers::name,
            speakers::bio,
            speakers::affiliation,
            speakers::links,
            speakers::email,
        ))
        .load(conn)?;
    let (mut profiles, mut addresses) = (HashMap::new(), HashMap::new());
    for (id, account, name, bio, affiliation, links, email) in rows {
        let email = email.and_then(|email| Email::new(&email).ok());
        addresses.extend(email.as_ref().map(|email| (email.key(), id)));
        let said = PersonRecord { id: None, name, email, bio, affiliation, links: links.0, remarks: vec![] };
        profiles.insert(id, Profile::new(account.is_some(), &said));
    }
    Ok((profiles, addresses))
}

/// Stores the speakers and their keys.
pub fn insert(tx: &mut Tx<'_>, to: Target, source: &str, steps: &[SpeakerStep]) -> Result<()> {
    let now = tx.now()?;
    let taken = speakers::table.filter(speakers::event_id.eq(to.event())).select(speakers::code).load(tx.conn())?;
    let mut fresh = Fresh::beside(taken);
    for piece in steps.chunks(PIECE) {
        let codes: Vec<String> = piece.iter().map(|_| fresh.code(tx.random())).collect();
        let row = |(step, code): (&SpeakerStep, &String)| {
            let said = (
                speakers::name.eq(step.record.name.clone()),
                speakers::bio.eq(step.record.bio.clone()),
                speakers::affiliation.eq(step.record.affiliation.clone()),
                speakers::links.eq(TextList(step.record.links.clone())),
                speakers::email.eq(step.record.email.as_ref().map(ToString::to_string)),
                speakers::email_key.eq(step.record.email.as_ref().map(Email::key)),
            );
            let of_event = (speakers::event_id.eq(to.event()), speakers::code.eq(code.clone()));
            (of_event, said, speakers::version.eq(1), speakers::created_at.eq(now))
        };
        let rows: Vec<_> = piece.iter().zip(&codes).map(row).collect();
        on!(tx.conn(), c => diesel::insert_into(speakers::table).values(rows).execute(c)).on_unique(
            "speakers.email_key, speakers.event_id",
            "speakers_email",
            Error::busy,
        )?;
        let ids: HashMap<String, SpeakerId> = speakers::table
            .filter(speakers::event_id.eq(to.event()))
            .filter(speakers::code.eq_any(&codes))
            .select((speakers::code, speakers::id))
            .load(tx.conn())?
            .into_iter()
            .collect();
        let keyed = piece.iter().zip(&codes).filter_map(|(step, code)| Some((*ids.get(code)?, step)));
        let keyed: Vec<(SpeakerId, &SpeakerStep)> = keyed.collect();
        join(tx, to, source, &keyed)?;
    }
    Ok(())
}

/// Notes by which keys profiles are known from now on.
pub fn join(tx: &mut Tx<'_>, to: Target, source: &str, steps: &[(SpeakerId, &SpeakerStep)]) -> Result<()> {
    let keys: Vec<Key<'_>> = steps
        .iter()
        .map(|(id, step)| Key { id: &step.key, digest: &step.digest, proposal: None, speaker: Some(*id) })
        .collect();
    insert_keys(tx, to, source, &keys)
}

/// Writes a profile anew that nobody has changed here. An address that the file does not have stays.
///
/// # Errors
/// `Busy` when somebody took the profile over in this moment, or entered the address.
pub fn update(tx: &mut Tx<'_>, to: Target, source: &str, id: SpeakerId, step: &SpeakerStep) -> Result<()> {
    let person = &step.record;
    let own = speakers::table
        .filter(speakers::id.eq(id))
        .filter(speakers::event_id.eq(to.event()))
        .filter(speakers::account_id.is_null());
    let now = tx.now()?;
    let updated = diesel::update(own)
        .set((
            speakers::changed_at.eq(now),
            speakers::name.eq(&person.name),
            speakers::bio.eq(&person.bio),
            speakers::affiliation.eq(&person.affiliation),
            speakers::links.eq(TextList(person.links.clone())),
            person.email.as_ref().map(|email| speakers::email.eq(email.to_string())),
            person.email.as_ref().map(|email| speakers::email_key.eq(email.key())),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())
        .on_unique("speakers.email_key, speakers.event_id", "speakers_email", Error::busy)?;
    if updated == 0 {
        return Err(Error::busy());
    }
    join(tx, to, source, &[(id, step)])
}

/// The speakers of a source by their keys.
pub fn ids(conn: &mut Conn, to: Target, source: &str) -> Result<HashMap<String, SpeakerId>> {
    let rows: Vec<(String, Option<SpeakerId>)> = import_keys::table
        .filter(import_keys::event_id.eq(to.event()))
        .filter(import_keys::source.eq(source))
        .filter(import_keys::of_speaker.eq(true))
        .select((import_keys::foreign_id, import_keys::speaker_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key, id?))).collect())
}

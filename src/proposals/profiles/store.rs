//! SQL of how people appear in events.

use crate::{
    access::Speaker,
    db::{
        Conn, Tx,
        schema::speakers,
        types::{AccountId, EventId, SpeakerId, TextList},
    },
    error::{Error, Result},
};
use diesel::prelude::*;

/// How a person appears in one event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = speakers)]
pub struct Profile {
    pub id: SpeakerId,
    pub name: String,
    pub bio: String,
    pub affiliation: String,
    pub links: TextList,
    pub version: i64,
}

pub fn profile(conn: &mut Conn, who: &Speaker) -> Result<Option<Profile>> {
    profile_of(conn, who.event(), who.account())
}

pub fn profile_of(conn: &mut Conn, event: EventId, account: AccountId) -> Result<Option<Profile>> {
    let mine = speakers::table.filter(speakers::event_id.eq(event)).filter(speakers::account_id.eq(account));
    Ok(mine.select(Profile::as_select()).first(conn).optional()?)
}

/// The profile, made from the account where there is none. The account is locked, so there is no second one.
pub fn ensure_profile(tx: &mut Tx<'_>, who: &Speaker) -> Result<Profile> {
    ensure_profile_of(tx, who.event(), who.account(), who.who().name())
}

/// As [`ensure_profile`], for whoever the caller has locked the account of.
pub fn ensure_profile_of(tx: &mut Tx<'_>, event: EventId, account: AccountId, name: &str) -> Result<Profile> {
    if let Some(profile) = profile_of(tx.conn(), event, account)? {
        return Ok(profile);
    }
    let row = (
        speakers::event_id.eq(event),
        speakers::code.eq(tx.random().code(6)),
        speakers::account_id.eq(account),
        speakers::name.eq(name),
        speakers::bio.eq(""),
        speakers::affiliation.eq(""),
        speakers::links.eq(TextList::default()),
        speakers::version.eq(1),
        speakers::created_at.eq(tx.now()?),
    );
    diesel::insert_into(speakers::table).values(row).execute(tx.conn())?;
    profile_of(tx.conn(), event, account)?.ok_or_else(Error::not_found)
}

pub struct ProfileTexts {
    pub name: String,
    pub bio: String,
    pub affiliation: String,
    pub links: TextList,
}

pub fn update_profile(tx: &mut Tx<'_>, id: SpeakerId, to: &ProfileTexts) -> Result<()> {
    let now = tx.now()?;
    diesel::update(speakers::table.find(id))
        .set((
            speakers::changed_at.eq(now),
            speakers::name.eq(&to.name),
            speakers::bio.eq(&to.bio),
            speakers::affiliation.eq(&to.affiliation),
            speakers::links.eq(&to.links),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that everybody sees something else of a speaker from now on.
pub fn touch(tx: &mut Tx<'_>, id: SpeakerId) -> Result<()> {
    let now = tx.now()?;
    diesel::update(speakers::table.find(id)).set(speakers::changed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

//! SQL of headshots.

use super::picture::{Headshot, Picture};
use crate::{
    access::{ProposalReader, PublicEvent, Speaker, store::in_tracks},
    db::{
        Conn, Tx,
        among::among,
        schema::{headshots, proposal_speakers, proposals, speakers},
        types::{ProposalId, SpeakerId},
    },
    error::{Error, Result},
    proposals::{
        model::{Confirmation, Lifecycle, PublishedDecision},
        profiles,
    },
};
use diesel::{dsl, prelude::*};

/// The version of what is there.
pub fn version(tx: &mut Tx<'_>, speaker: SpeakerId) -> Result<Option<i64>> {
    let query = headshots::table.filter(headshots::speaker_id.eq(speaker)).select(headshots::version);
    Ok(query.first(tx.conn()).optional()?)
}

/// In place of what was there; under a random version, so that no cache ever takes the one for the other.
pub fn replace(tx: &mut Tx<'_>, who: &Speaker, speaker: SpeakerId, picture: &Picture) -> Result<()> {
    delete(tx, speaker)?;
    let row = (
        headshots::event_id.eq(who.event()),
        headshots::speaker_id.eq(speaker),
        headshots::version.eq(tx.random().number()),
        headshots::jpeg.eq(&picture.jpeg),
        headshots::width.eq(i64::from(picture.width)),
        headshots::height.eq(i64::from(picture.height)),
        headshots::created_at.eq(tx.now()?),
    );
    diesel::insert_into(headshots::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// `false` when there is none.
pub fn delete(tx: &mut Tx<'_>, speaker: SpeakerId) -> Result<bool> {
    profiles::store::touch(tx, speaker)?;
    Ok(diesel::delete(headshots::table.filter(headshots::speaker_id.eq(speaker))).execute(tx.conn())? > 0)
}

fn headshot((version, jpeg): (i64, Vec<u8>)) -> Headshot {
    Headshot { version, jpeg }
}

pub fn mine(conn: &mut Conn, who: &Speaker) -> Result<Headshot> {
    let query = headshots::table
        .inner_join(speakers::table)
        .filter(speakers::event_id.eq(who.event()))
        .filter(speakers::account_id.eq(who.account()));
    Ok(headshot(query.select((headshots::version, headshots::jpeg)).first(conn)?))
}

/// Of somebody behind a proposal that the reader may read.
pub fn of_speaker(conn: &mut Conn, who: &ProposalReader, code: &str) -> Result<Headshot> {
    let theirs: Vec<(ProposalId, SpeakerId)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(speakers::event_id.eq(who.event()))
        .filter(speakers::code.eq(code))
        .select((proposal_speakers::proposal_id, speakers::id))
        .load(conn)?;
    let seen: Option<ProposalId> = proposals::table
        .filter(among(proposals::id, theirs.iter().map(|(proposal, _)| *proposal)))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .select(proposals::id)
        .first(conn)
        .optional()?;
    let speaker = theirs.iter().find(|(proposal, _)| Some(*proposal) == seen).map(|(_, speaker)| *speaker);
    let query = headshots::table.filter(headshots::speaker_id.eq(speaker.ok_or_else(Error::not_found)?));
    Ok(headshot(query.select((headshots::version, headshots::jpeg)).first(conn)?))
}

/// Of somebody whose talk is in the public program.
pub fn of_program(conn: &mut Conn, event: &PublicEvent, code: &str) -> Result<Headshot> {
    let in_program = proposal_speakers::table
        .inner_join(proposals::table)
        .filter(proposal_speakers::event_id.eq(event.event()))
        .filter(proposal_speakers::speaker_id.eq(speakers::id))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .filter(proposals::published_decision.eq(PublishedDecision::Accepted))
        .filter(proposals::confirmation.ne(Confirmation::Declined))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted));
    let speaker: Option<SpeakerId> = speakers::table
        .filter(speakers::event_id.eq(event.event()))
        .filter(speakers::code.eq(code))
        .filter(dsl::exists(in_program))
        .select(speakers::id)
        .first(conn)
        .optional()?;
    let query = headshots::table.filter(headshots::speaker_id.eq(speaker.ok_or_else(Error::not_found)?));
    Ok(headshot(query.select((headshots::version, headshots::jpeg)).first(conn)?))
}

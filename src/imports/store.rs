//! SQL of imports: what an event has already, and the rows that come to it. Many at once, in pieces that both databases
//! take.

use super::plan::{Known, Local, ProposalStep, SpeakerStep, proposal_digest, speaker_digest};
use crate::{
    access::Organizer,
    calls::{
        part_model::NewPart,
        store::{insert_format, insert_track},
    },
    clock::Random,
    db::{
        Conn, Tx,
        schema::{events, formats, import_keys, proposal_speakers, proposals, speakers, tracks},
        types::{EventId, FormatId, ProposalId, SpeakerId, TextList, TrackId, Ts},
    },
    error::Result,
    jobs::System,
    on,
    proposals::model::Lifecycle,
};
use diesel::{prelude::*, upsert::excluded};
use std::collections::{HashMap, HashSet};

/// Rows of one statement.
const PIECE: usize = 500;

/// The event that an import goes into.
#[derive(Clone, Copy, Debug)]
pub struct Target(EventId);

impl Target {
    pub fn of(who: &Organizer) -> Target {
        Target(who.event())
    }

    /// # Errors
    /// `NotFound` when there is no such event.
    pub fn for_system(conn: &mut Conn, _: System, slug: &str) -> Result<Target> {
        Ok(Target(events::table.filter(events::slug.eq(slug)).select(events::id).first(conn)?))
    }

    pub fn event(self) -> EventId {
        self.0
    }
}

type KeyRow = (String, String, Option<ProposalId>, Option<SpeakerId>);

/// What is known of the records of a source.
pub fn known(conn: &mut Conn, to: Target, source: &str) -> Result<Known> {
    let keys: Vec<KeyRow> = import_keys::table
        .filter(import_keys::event_id.eq(to.0))
        .filter(import_keys::source.eq(source))
        .select((import_keys::foreign_id, import_keys::digest, import_keys::proposal_id, import_keys::speaker_id))
        .load(conn)?;
    let formats = formats::table.filter(formats::event_id.eq(to.0)).order((formats::position, formats::code));
    let tracks = tracks::table.filter(tracks::event_id.eq(to.0)).order((tracks::position, tracks::code));
    let mut known = Known {
        formats: formats.select((formats::id, formats::name)).load(conn)?,
        tracks: tracks.select((tracks::id, tracks::name)).load(conn)?,
        proposals: local_proposals(conn, to)?,
        speakers: local_speakers(conn, to)?,
        ..Known::default()
    };
    for (key, digest, proposal, speaker) in keys {
        if let Some(proposal) = proposal {
            known.proposal_keys.insert(key, (proposal, digest));
        } else if let Some(speaker) = speaker {
            known.speaker_keys.insert(key, (speaker, digest));
        }
    }
    Ok(known)
}

type TextRow = (ProposalId, String, (String, String, String, String), String, Option<String>);

fn local_proposals(conn: &mut Conn, to: Target) -> Result<HashMap<ProposalId, Local>> {
    let rows: Vec<TextRow> = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(to.0))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .select((
            proposals::id,
            proposals::code,
            (proposals::title, proposals::abstract_, proposals::description, proposals::notes),
            formats::name,
            tracks::name.nullable(),
        ))
        .load(conn)?;
    let named: Vec<(ProposalId, String)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(to.0))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((proposal_speakers::proposal_id, speakers::name))
        .order((proposal_speakers::position, speakers::code))
        .load(conn)?;
    let mut names: HashMap<ProposalId, Vec<String>> = HashMap::new();
    for (proposal, name) in named {
        names.entry(proposal).or_default().push(name);
    }
    let local = |(id, code, (title, abstract_, description, notes), format, track): TextRow| {
        let names: Vec<&str> = names.get(&id).into_iter().flatten().map(String::as_str).collect();
        let texts = [title.as_str(), &abstract_, &description, &notes];
        let digest = proposal_digest(texts, &format, track.as_deref().unwrap_or_default(), &names);
        (id, Local { code, format, digest })
    };
    Ok(rows.into_iter().map(local).collect())
}

fn local_speakers(conn: &mut Conn, to: Target) -> Result<HashMap<SpeakerId, String>> {
    let rows: Vec<(SpeakerId, String, String, String, TextList)> = speakers::table
        .filter(speakers::event_id.eq(to.0))
        .select((speakers::id, speakers::name, speakers::bio, speakers::affiliation, speakers::links))
        .load(conn)?;
    let digest = |(id, name, bio, affiliation, links): (SpeakerId, String, String, String, TextList)| {
        (id, speaker_digest(&name, &bio, &affiliation, &links.0))
    };
    Ok(rows.into_iter().map(digest).collect())
}

/// Makes the formats and tracks that are missing; answers all of them by their names in small letters.
pub fn make_parts(
    tx: &mut Tx<'_>,
    to: Target,
    new_formats: &[(String, i64)],
    new_tracks: &[String],
) -> Result<(HashMap<String, FormatId>, HashMap<String, TrackId>)> {
    let part =
        |tx: &mut Tx<'_>, name: &str| NewPart { code: tx.random().code(6), name: name.to_owned(), deadline: None };
    for (name, minutes) in new_formats {
        let new = part(tx, name);
        insert_format(tx, to.0, &new, *minutes)?;
    }
    for name in new_tracks {
        let new = part(tx, name);
        insert_track(tx, to.0, &new)?;
    }
    let formats: Vec<(String, FormatId)> = formats::table
        .filter(formats::event_id.eq(to.0))
        .select((formats::name, formats::id))
        .order((formats::position.desc(), formats::code.desc()))
        .load(tx.conn())?;
    let tracks: Vec<(String, TrackId)> = tracks::table
        .filter(tracks::event_id.eq(to.0))
        .select((tracks::name, tracks::id))
        .order((tracks::position.desc(), tracks::code.desc()))
        .load(tx.conn())?;
    // Of those with one name the first one stays.
    let formats = formats.into_iter().map(|(name, id)| (name.to_lowercase(), id)).collect();
    let tracks = tracks.into_iter().map(|(name, id)| (name.to_lowercase(), id)).collect();
    Ok((formats, tracks))
}

/// Codes that nothing has yet: of ten thousand random ones, two may well be the same.
struct Fresh(HashSet<String>);

impl Fresh {
    fn code(&mut self, random: &Random) -> String {
        loop {
            let code = random.code(6);
            if self.0.insert(code.clone()) {
                return code;
            }
        }
    }

    fn number(&mut self, random: &Random) -> i64 {
        loop {
            let number = random.number();
            if self.0.insert(number.to_string()) {
                return number;
            }
        }
    }
}

/// Stores the speakers and their keys.
pub fn insert_speakers(tx: &mut Tx<'_>, to: Target, source: &str, steps: &[SpeakerStep]) -> Result<()> {
    let now = tx.now()?;
    let taken = speakers::table.filter(speakers::event_id.eq(to.0)).select(speakers::code).load(tx.conn())?;
    let mut fresh = Fresh(taken.into_iter().collect());
    for piece in steps.chunks(PIECE) {
        let codes: Vec<String> = piece.iter().map(|_| fresh.code(tx.random())).collect();
        let row = |(step, code): (&SpeakerStep, &String)| {
            (
                speakers::event_id.eq(to.0),
                speakers::code.eq(code.clone()),
                speakers::name.eq(step.record.name.clone()),
                speakers::bio.eq(step.record.bio.clone()),
                speakers::affiliation.eq(step.record.affiliation.clone()),
                speakers::links.eq(TextList(step.record.links.clone())),
                speakers::version.eq(1),
                speakers::created_at.eq(now),
            )
        };
        let rows: Vec<_> = piece.iter().zip(&codes).map(row).collect();
        on!(tx.conn(), c => diesel::insert_into(speakers::table).values(rows).execute(c))?;
        let ids: HashMap<String, SpeakerId> = speakers::table
            .filter(speakers::event_id.eq(to.0))
            .filter(speakers::code.eq_any(&codes))
            .select((speakers::code, speakers::id))
            .load(tx.conn())?
            .into_iter()
            .collect();
        let keyed = piece.iter().zip(&codes).filter_map(|(step, code)| Some((step, *ids.get(code)?)));
        let keys: Vec<Key<'_>> = keyed
            .map(|(step, id)| Key { id: &step.key, digest: &step.digest, proposal: None, speaker: Some(id) })
            .collect();
        insert_keys(tx, to, source, &keys)?;
    }
    Ok(())
}

/// Writes a profile anew that nobody has changed here.
pub fn update_speaker(tx: &mut Tx<'_>, to: Target, source: &str, id: SpeakerId, step: &SpeakerStep) -> Result<()> {
    let person = &step.record;
    diesel::update(speakers::table.find(id).filter(speakers::event_id.eq(to.0)))
        .set((
            speakers::name.eq(&person.name),
            speakers::bio.eq(&person.bio),
            speakers::affiliation.eq(&person.affiliation),
            speakers::links.eq(TextList(person.links.clone())),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())?;
    insert_keys(tx, to, source, &[Key { id: &step.key, digest: &step.digest, proposal: None, speaker: Some(id) }])
}

/// By what a record is known again.
struct Key<'a> {
    id: &'a str,
    digest: &'a str,
    proposal: Option<ProposalId>,
    speaker: Option<SpeakerId>,
}

/// Stores the keys, or what came with them this time.
fn insert_keys(tx: &mut Tx<'_>, to: Target, source: &str, keys: &[Key<'_>]) -> Result<()> {
    let now = tx.now()?;
    let row = |key: &Key<'_>| {
        (
            import_keys::event_id.eq(to.0),
            import_keys::source.eq(source.to_owned()),
            import_keys::of_speaker.eq(key.speaker.is_some()),
            import_keys::foreign_id.eq(key.id.to_owned()),
            import_keys::proposal_id.eq(key.proposal),
            import_keys::speaker_id.eq(key.speaker),
            import_keys::digest.eq(key.digest.to_owned()),
            import_keys::created_at.eq(now),
        )
    };
    for piece in keys.chunks(PIECE) {
        let rows: Vec<_> = piece.iter().map(row).collect();
        on!(tx.conn(), c => diesel::insert_into(import_keys::table)
            .values(rows)
            .on_conflict((import_keys::event_id, import_keys::source, import_keys::of_speaker, import_keys::foreign_id))
            .do_update()
            .set(import_keys::digest.eq(excluded(import_keys::digest)))
            .execute(c))?;
    }
    Ok(())
}

/// The speakers of a source by their keys.
pub fn speaker_ids(conn: &mut Conn, to: Target, source: &str) -> Result<HashMap<String, SpeakerId>> {
    let rows: Vec<(String, Option<SpeakerId>)> = import_keys::table
        .filter(import_keys::event_id.eq(to.0))
        .filter(import_keys::source.eq(source))
        .filter(import_keys::of_speaker.eq(true))
        .select((import_keys::foreign_id, import_keys::speaker_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key, id?))).collect())
}

/// A proposal with everything looked up.
pub struct Resolved<'a> {
    pub step: &'a ProposalStep,
    pub format: FormatId,
    pub track: Option<TrackId>,
    pub speakers: Vec<SpeakerId>,
}

/// Stores the proposals, their speakers and keys; answers their codes in the same order.
pub fn insert_proposals(tx: &mut Tx<'_>, to: Target, source: &str, all: &[Resolved<'_>]) -> Result<Vec<String>> {
    let now = tx.now()?;
    let mut made = vec![];
    let (mut codes_left, mut refs_left, mut numbers_left) = fresh_names(tx.conn(), to)?;
    for piece in all.chunks(PIECE) {
        let codes: Vec<String> = piece.iter().map(|_| codes_left.code(tx.random())).collect();
        let mut rows = vec![];
        for (proposal, code) in piece.iter().zip(&codes) {
            let record = &proposal.step.record;
            let texts = (
                proposals::event_id.eq(to.0),
                proposals::code.eq(code),
                proposals::ref_.eq(refs_left.code(tx.random())),
                proposals::public_no.eq(numbers_left.number(tx.random())),
                proposals::title.eq(&record.title),
                proposals::abstract_.eq(&record.abstract_),
                proposals::description.eq(&record.description),
                proposals::notes.eq(&record.notes),
            );
            let state = (
                proposals::format_id.eq(proposal.format),
                proposals::track_id.eq(proposal.track),
                proposals::lifecycle.eq(record.lifecycle),
                proposals::decided_at.eq(now),
                proposals::decision.eq(record.decision),
                proposals::decision_version.eq(1),
                proposals::version.eq(1),
                proposals::created_at.eq(now),
                proposals::updated_at.eq(now),
            );
            rows.push((texts, state));
        }
        on!(tx.conn(), c => diesel::insert_into(proposals::table).values(rows).execute(c))?;
        place_piece(tx, to, source, piece, &codes)?;
        made.extend(codes);
    }
    Ok(made)
}

/// Codes, references and numbers that no proposal has.
fn fresh_names(conn: &mut Conn, to: Target) -> Result<(Fresh, Fresh, Fresh)> {
    let taken: Vec<(String, String, i64)> = proposals::table
        .filter(proposals::event_id.eq(to.0))
        .select((proposals::code, proposals::ref_, proposals::public_no))
        .load(conn)?;
    let codes = taken.iter().map(|(code, ..)| code.clone()).collect();
    let refs = taken.iter().map(|(_, reference, _)| reference.clone()).collect();
    Ok((Fresh(codes), Fresh(refs), Fresh(taken.iter().map(|(.., number)| number.to_string()).collect())))
}

/// Speakers and keys of the proposals that were just stored under these codes.
fn place_piece(tx: &mut Tx<'_>, to: Target, source: &str, piece: &[Resolved<'_>], codes: &[String]) -> Result<()> {
    let now = tx.now()?;
    let ids: HashMap<String, ProposalId> = proposals::table
        .filter(proposals::event_id.eq(to.0))
        .filter(proposals::code.eq_any(codes))
        .select((proposals::code, proposals::id))
        .load(tx.conn())?
        .into_iter()
        .collect();
    let placed = piece.iter().zip(codes).filter_map(|(proposal, code)| Some((proposal, *ids.get(code)?)));
    let placed: Vec<(&Resolved<'_>, ProposalId)> = placed.collect();
    insert_places(tx, to, &placed, now)?;
    let mut keys: Vec<Key<'_>> = vec![];
    for (proposal, id) in &placed {
        let step = proposal.step;
        keys.push(Key { id: &step.key, digest: &step.digest, proposal: Some(*id), speaker: None });
    }
    insert_keys(tx, to, source, &keys)
}

/// Who speaks where. The first is the owner; elsewhere they have all said yes already.
fn insert_places(tx: &mut Tx<'_>, to: Target, placed: &[(&Resolved<'_>, ProposalId)], now: Ts) -> Result<()> {
    let mut rows = vec![];
    for (proposal, id) in placed {
        for (position, speaker) in (1_i64..).zip(&proposal.speakers) {
            rows.push((
                proposal_speakers::event_id.eq(to.0),
                proposal_speakers::proposal_id.eq(*id),
                proposal_speakers::speaker_id.eq(*speaker),
                proposal_speakers::position.eq(position),
                proposal_speakers::owner.eq(position == 1),
                proposal_speakers::accepted_at.eq(now),
            ));
        }
    }
    for piece in rows.chunks(PIECE) {
        on!(tx.conn(), c => diesel::insert_into(proposal_speakers::table).values(piece.to_vec()).execute(c))?;
    }
    Ok(())
}

/// Writes a proposal anew that nobody has changed here, with its speakers. What became of it here stays.
pub fn update_proposal(
    tx: &mut Tx<'_>,
    to: Target,
    source: &str,
    id: ProposalId,
    proposal: &Resolved<'_>,
) -> Result<()> {
    let now = tx.now()?;
    let record = &proposal.step.record;
    diesel::update(proposals::table.find(id).filter(proposals::event_id.eq(to.0)))
        .set((
            proposals::title.eq(&record.title),
            proposals::abstract_.eq(&record.abstract_),
            proposals::description.eq(&record.description),
            proposals::notes.eq(&record.notes),
            proposals::format_id.eq(proposal.format),
            proposals::track_id.eq(proposal.track),
            proposals::version.eq(proposals::version + 1),
            proposals::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    let places = proposal_speakers::table
        .filter(proposal_speakers::event_id.eq(to.0))
        .filter(proposal_speakers::proposal_id.eq(id));
    diesel::delete(places).execute(tx.conn())?;
    insert_places(tx, to, &[(proposal, id)], now)?;
    let step = proposal.step;
    insert_keys(tx, to, source, &[Key { id: &step.key, digest: &step.digest, proposal: Some(id), speaker: None }])
}

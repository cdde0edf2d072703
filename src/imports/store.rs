//! SQL of imports: what an event has already, and the rows that come to it. Many at once, in pieces that both databases
//! take.

use super::{
    plan::{
        Known, Local, ProposalStep,
        catalog::{self, NewChoices},
        proposal_digest,
    },
    speaker_store,
};
use crate::{
    access::Organizer,
    calls::{
        categories,
        parts::{
            model::NewPart,
            store::{insert_format, insert_track},
        },
    },
    clock::Random,
    db::{
        Conn, Tx,
        schema::{events, formats, import_keys, proposal_speakers, proposals, speakers, tracks},
        types::{ChoiceId, EventId, FormatId, ProposalId, SpeakerId, TrackId, Ts},
    },
    error::Result,
    jobs::System,
    on,
    proposals::{
        choices::{self, model::Audience},
        model::Lifecycle,
        store::touch_talk,
    },
};
use diesel::{prelude::*, upsert::excluded};
use std::collections::{HashMap, HashSet};

/// Rows of one statement.
pub const PIECE: usize = 500;

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
    let (profiles, addresses) = speaker_store::local(conn, to)?;
    let mut known = Known {
        formats: formats.select((formats::id, formats::name)).load(conn)?,
        tracks: tracks.select((tracks::id, tracks::name)).load(conn)?,
        proposals: local_proposals(conn, to)?,
        categories: categories::store::list(conn, to.0)?,
        speakers: profiles,
        addresses,
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
    let picked = choices::store::of_event(conn, to.0, Audience::Organizers)?;
    let local = |(id, code, (title, abstract_, description, notes), format, track): TextRow| {
        let names: Vec<&str> = names.get(&id).into_iter().flatten().map(String::as_str).collect();
        let texts = [title.as_str(), &abstract_, &description, &notes];
        let picked = picked.get(&id).into_iter().flatten();
        let picked: Vec<(&str, &str)> = picked.map(|choice| (&*choice.category, &*choice.name)).collect();
        let digest = proposal_digest(texts, &format, track.as_deref().unwrap_or_default(), &names, &picked);
        (id, Local { code, format, digest })
    };
    Ok(rows.into_iter().map(local).collect())
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

/// The choices of an event, by their categories' names and their own in small letters.
pub type Choices = HashMap<(String, String), ChoiceId>;

/// Makes the categories and choices that are missing; answers all of them.
pub fn make_choices(tx: &mut Tx<'_>, to: Target, missing: &[NewChoices]) -> Result<Choices> {
    let known = categories::store::list(tx.conn(), to.0)?;
    for new in missing {
        let choices = catalog::new_choices(new);
        match new.category.and_then(|id| known.iter().find(|category| category.id == id)) {
            Some(category) => categories::store::add_choices(tx, category, &choices)?,
            None => drop(categories::store::insert(tx, to.0, &catalog::facts(new), &choices)?),
        }
    }
    let all = categories::store::list(tx.conn(), to.0)?;
    let mut choices = Choices::new();
    for category in &all {
        for choice in &category.choices {
            // Of those with one name the first one counts.
            choices.entry((category.name.to_lowercase(), choice.name.to_lowercase())).or_insert(choice.id);
        }
    }
    Ok(choices)
}

/// Codes that nothing has yet: of ten thousand random ones, two may well be the same.
pub struct Fresh(HashSet<String>);

impl Fresh {
    pub fn beside(taken: Vec<String>) -> Fresh {
        Fresh(taken.into_iter().collect())
    }

    pub fn code(&mut self, random: &Random) -> String {
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

/// By what a record is known again.
pub struct Key<'a> {
    pub id: &'a str,
    pub digest: &'a str,
    pub proposal: Option<ProposalId>,
    pub speaker: Option<SpeakerId>,
}

/// Stores the keys, or what came with them this time.
pub fn insert_keys(tx: &mut Tx<'_>, to: Target, source: &str, keys: &[Key<'_>]) -> Result<()> {
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

/// A proposal with everything looked up.
pub struct Resolved<'a> {
    pub step: &'a ProposalStep,
    pub format: FormatId,
    pub track: Option<TrackId>,
    pub speakers: Vec<SpeakerId>,
    pub choices: Vec<ChoiceId>,
}

/// Stores the proposals, their speakers and keys; answers their ids and codes in the same order.
pub fn insert_proposals(
    tx: &mut Tx<'_>,
    to: Target,
    source: &str,
    all: &[Resolved<'_>],
) -> Result<Vec<(ProposalId, String)>> {
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
        made.extend(place_piece(tx, to, source, piece, codes)?);
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

/// Speakers, choices and keys of the proposals that were just stored under these codes; answers their ids, too.
fn place_piece(
    tx: &mut Tx<'_>,
    to: Target,
    source: &str,
    piece: &[Resolved<'_>],
    codes: Vec<String>,
) -> Result<Vec<(ProposalId, String)>> {
    let now = tx.now()?;
    let ids: HashMap<String, ProposalId> = proposals::table
        .filter(proposals::event_id.eq(to.0))
        .filter(proposals::code.eq_any(&codes))
        .select((proposals::code, proposals::id))
        .load(tx.conn())?
        .into_iter()
        .collect();
    let placed = piece.iter().zip(&codes).filter_map(|(proposal, code)| Some((proposal, *ids.get(code)?)));
    let placed: Vec<(&Resolved<'_>, ProposalId)> = placed.collect();
    insert_places(tx, to, &placed, now)?;
    let picks = placed.iter().flat_map(|(proposal, id)| proposal.choices.iter().map(|choice| (*id, *choice)));
    choices::store::insert_many(tx, to.0, &picks.collect::<Vec<_>>())?;
    let mut keys: Vec<Key<'_>> = vec![];
    for (proposal, id) in &placed {
        let step = proposal.step;
        keys.push(Key { id: &step.key, digest: &step.digest, proposal: Some(*id), speaker: None });
    }
    insert_keys(tx, to, source, &keys)?;
    Ok(codes.into_iter().filter_map(|code| Some((*ids.get(&code)?, code))).collect())
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
    touch_talk(tx, id)?;
    let places = proposal_speakers::table
        .filter(proposal_speakers::event_id.eq(to.0))
        .filter(proposal_speakers::proposal_id.eq(id));
    diesel::delete(places).execute(tx.conn())?;
    insert_places(tx, to, &[(proposal, id)], now)?;
    choices::store::set(tx, to.0, id, &proposal.choices)?;
    let step = proposal.step;
    insert_keys(tx, to, source, &[Key { id: &step.key, digest: &step.digest, proposal: Some(id), speaker: None }])
}

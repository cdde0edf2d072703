//! SQL of the keys by which texts find those like them, and of past talks.

use super::model::{
    Known, Listed, MOST_COMPARED, MOST_HOLDERS, MatchKind, NewPastTalk, PastTalk, Source, shingles::Shingled, text,
};
use crate::{
    access::{Organizer, ProposalReader, Speaker, store::in_tracks},
    db::{
        Conn, Tx,
        schema::{bands, events, past_talks, proposal_speakers, proposals, speakers},
        types::{AccountId, EventId, PastTalkId, ProposalId, Ts},
    },
    error::{Error, Result},
    http::cursor::Cursor,
    on,
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
};
use diesel::{dsl, prelude::*};
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Insertable)]
#[diesel(table_name = bands, treat_none_as_default_value = false)]
struct NewBand {
    event_id: EventId,
    proposal_id: Option<ProposalId>,
    past_talk_id: Option<PastTalkId>,
    key: i64,
}

/// Both databases bound the number of values in a statement.
const AT_ONCE: usize = 1000;

fn insert_keys(tx: &mut Tx<'_>, event_id: EventId, of: Vec<(Source, Vec<i64>)>) -> Result<()> {
    let rows = of.into_iter().flat_map(|(source, keys)| {
        let (proposal_id, past_talk_id) = match source {
            Source::Proposal(id) => (Some(id), None),
            Source::Past(id) => (None, Some(id)),
        };
        keys.into_iter().map(move |key| NewBand { event_id, proposal_id, past_talk_id, key })
    });
    let rows: Vec<NewBand> = rows.collect();
    for some in rows.chunks(AT_ONCE) {
        on!(tx.conn(), c => diesel::insert_into(bands::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Puts the keys of a proposal's text in the place of those that it had.
pub fn replace_keys(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, text: &str) -> Result<()> {
    let before = bands::table.filter(bands::proposal_id.eq(proposal)).filter(bands::event_id.eq(event));
    diesel::delete(before).execute(tx.conn())?;
    insert_keys(tx, event, vec![(Source::Proposal(proposal), Shingled::of(text).keys())])
}

/// The proposals that an account speaks in, not only was asked to.
#[dsl::auto_type(no_type_alias)]
fn spoken_by(account: AccountId) -> _ {
    let parts: dsl::InnerJoin<proposal_speakers::table, speakers::table> =
        proposal_speakers::table.inner_join(speakers::table);
    parts
        .filter(speakers::account_id.eq(account))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select(proposal_speakers::proposal_id)
}

/// What everybody may read: talks of a published program, of an event that is not in preparation.
#[dsl::auto_type(no_type_alias)]
fn is_public() -> _ {
    let submitted: Lifecycle = Lifecycle::Submitted;
    let accepted: PublishedDecision = PublishedDecision::Accepted;
    let declined: Confirmation = Confirmation::Declined;
    proposals::lifecycle
        .eq(submitted)
        .and(proposals::published_decision.eq(accepted).assume_not_null())
        .and(proposals::confirmation.ne(declined).assume_not_null())
        .and(events::visibility.ne("draft"))
}

/// A text of the speaker's own.
pub struct Mine {
    pub id: ProposalId,
    pub title: String,
    pub abstract_: String,
}

/// # Errors
/// `NotFound`.
pub fn find_mine(conn: &mut Conn, who: &Speaker, code: &str) -> Result<Mine> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code))
        .filter(proposals::id.eq_any(spoken_by(who.account())))
        .select((proposals::id, proposals::title, proposals::abstract_));
    let (id, title, abstract_) = query.first(conn)?;
    Ok(Mine { id, title, abstract_ })
}

/// What the speaker may know of and shares a key with the text: own proposals, public talks, past talks. Unpublished
/// texts of others are not read.
pub fn for_speaker(conn: &mut Conn, who: &Speaker, mine: &Mine) -> Result<Vec<Known>> {
    let keys = Shingled::of(&text(&mine.title, &mine.abstract_)).keys();
    if keys.is_empty() {
        return Ok(vec![]);
    }
    let own: Vec<ProposalId> = bands::table
        .inner_join(proposals::table)
        .filter(proposals::id.eq_any(spoken_by(who.account())))
        .filter(proposals::id.ne(mine.id))
        .filter(bands::key.eq_any(&keys))
        .select(proposals::id)
        .load(conn)?;
    let (holders, past) = holders(conn, &keys)?;
    let public: Vec<ProposalId> = proposals::table
        .inner_join(events::table)
        .filter(proposals::id.eq_any(most(&holders, usize::MAX)))
        .filter(proposals::id.ne(mine.id))
        .filter(is_public())
        .select(proposals::id)
        .load(conn)?;
    let here: Vec<PastTalkId> = past_talks::table
        .filter(past_talks::id.eq_any(most(&past, usize::MAX)))
        .filter(past_talks::event_id.eq(who.event()))
        .select(past_talks::id)
        .load(conn)?;
    let own = most(&own, MOST_COMPARED);
    let public = only(&holders, |id| public.contains(id) && !own.contains(id));
    let past = only(&past, |id| here.contains(id));
    let mut known: Vec<Known> = texts(conn, &own, |_| MatchKind::Own)?.into_values().collect();
    known.extend(texts(conn, &most(&public, MOST_COMPARED), |_| MatchKind::Talk)?.into_values());
    known.extend(past_texts(conn, &most(&past, MOST_COMPARED))?.into_values());
    Ok(known)
}

/// Who holds these keys, once for each key.
fn holders(conn: &mut Conn, keys: &[i64]) -> Result<(Vec<ProposalId>, Vec<PastTalkId>)> {
    let (mut proposals, mut past) = (vec![], vec![]);
    for key in keys {
        let some: Vec<(Option<ProposalId>, Option<PastTalkId>)> = bands::table
            .filter(bands::key.eq(key))
            .order(bands::id)
            .select((bands::proposal_id, bands::past_talk_id))
            .limit(MOST_HOLDERS)
            .load(conn)?;
        for (proposal, talk) in some {
            proposals.extend(proposal);
            past.extend(talk);
        }
    }
    Ok((proposals, past))
}

fn only<T: Copy>(all: &[T], which: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|one| which(one)).copied().collect()
}

/// Each once, those that are there most often first.
fn most<T: Copy + Ord + std::hash::Hash>(all: &[T], limit: usize) -> Vec<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for one in all {
        *counts.entry(*one).or_default() += 1;
    }
    let mut counted: Vec<(T, usize)> = counts.into_iter().collect();
    counted.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    counted.into_iter().take(limit).map(|(one, _)| one).collect()
}

fn texts(
    conn: &mut Conn,
    of: &[ProposalId],
    kind: impl Fn(&ProposalId) -> MatchKind,
) -> Result<HashMap<ProposalId, Known>> {
    type Row = (ProposalId, String, String, String, String, String);
    let mut known = HashMap::new();
    for some in of.chunks(AT_ONCE) {
        let rows: Vec<Row> = proposals::table
            .inner_join(events::table)
            .filter(proposals::id.eq_any(some))
            .select((
                proposals::id,
                proposals::title,
                proposals::abstract_,
                events::name,
                events::slug,
                proposals::code,
            ))
            .load(conn)?;
        known.extend(rows.into_iter().map(|(id, title, abstract_, occasion, event, code)| {
            let (event, code) = (Some(event), Some(code));
            (id, Known { kind: kind(&id), title, abstract_, occasion, event, code, url: None })
        }));
    }
    Ok(known)
}

fn past_texts(conn: &mut Conn, of: &[PastTalkId]) -> Result<HashMap<PastTalkId, Known>> {
    let mut known = HashMap::new();
    for some in of.chunks(AT_ONCE) {
        let rows: Vec<(PastTalkId, PastRow)> =
            past_talks::table.filter(past_talks::id.eq_any(some)).select((past_talks::id, PAST)).load(conn)?;
        known.extend(rows.into_iter().map(|(id, (_, title, abstract_, occasion, url, _))| {
            (id, Known { kind: MatchKind::Past, title, abstract_, occasion, event: None, code: None, url })
        }));
    }
    Ok(known)
}

/// The keys of all proposals of the event that the reader may see.
pub fn keys_of_event(
    conn: &mut Conn,
    who: &ProposalReader,
    seen: &BTreeMap<ProposalId, String>,
) -> Result<Vec<(i64, ProposalId)>> {
    let keys: Vec<(i64, ProposalId)> = bands::table
        .inner_join(proposals::table)
        .filter(proposals::event_id.eq(who.event()))
        .filter(in_tracks(who.event(), who.tracks()))
        .select((bands::key, proposals::id))
        .load(conn)?;
    Ok(keys.into_iter().filter(|(_, proposal)| seen.contains_key(proposal)).collect())
}

/// The same keys elsewhere: in public talks of other events, and in the event's past talks.
pub fn keys_elsewhere(conn: &mut Conn, who: &ProposalReader, ours: &[(i64, ProposalId)]) -> Result<Vec<(i64, Source)>> {
    let mut keys: Vec<i64> = ours.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut talks: Vec<(i64, ProposalId)> = vec![];
    for some in keys.chunks(AT_ONCE) {
        let theirs = bands::table
            .inner_join(proposals::table.inner_join(events::table))
            .filter(bands::key.eq_any(some))
            .filter(proposals::event_id.ne(who.event()))
            .filter(is_public())
            .select((bands::key, proposals::id));
        talks.extend(theirs.load::<(i64, ProposalId)>(conn)?);
    }
    let past: Vec<(i64, PastTalkId)> = bands::table
        .inner_join(past_talks::table)
        .filter(past_talks::event_id.eq(who.event()))
        .select((bands::key, past_talks::id))
        .load(conn)?;
    let talks = talks.into_iter().map(|(key, id)| (key, Source::Proposal(id)));
    Ok(talks.chain(past.into_iter().map(|(key, id)| (key, Source::Past(id)))).collect())
}

/// The two texts of each pair; `seen` says what of the event the reader may see, and by which reference.
pub fn texts_of_pairs(
    conn: &mut Conn,
    pairs: &[(ProposalId, Source)],
    seen: &BTreeMap<ProposalId, String>,
) -> Result<Vec<(Listed, Known)>> {
    let mut proposals: Vec<ProposalId> = pairs.iter().map(|(proposal, _)| *proposal).collect();
    let mut past: Vec<PastTalkId> = vec![];
    for (_, other) in pairs {
        match other {
            Source::Proposal(id) => proposals.push(*id),
            Source::Past(id) => past.push(*id),
        }
    }
    proposals.sort_unstable();
    proposals.dedup();
    past.sort_unstable();
    past.dedup();
    let kind = |id: &ProposalId| if seen.contains_key(id) { MatchKind::Proposal } else { MatchKind::Talk };
    let (proposals, past) = (texts(conn, &proposals, kind)?, past_texts(conn, &past)?);
    let pair = |(proposal, other): &(ProposalId, Source)| {
        let ours = proposals.get(proposal)?.clone();
        let (code, reference) = (ours.code?, seen.get(proposal)?.clone());
        let listed = Listed { code, reference, title: ours.title, abstract_: ours.abstract_ };
        let known = match other {
            Source::Proposal(id) => proposals.get(id)?.clone(),
            Source::Past(id) => past.get(id)?.clone(),
        };
        Some((listed, known))
    };
    Ok(pairs.iter().filter_map(pair).collect())
}

type PastRow = (String, String, String, String, Option<String>, Ts);

const PAST: (
    past_talks::code,
    past_talks::title,
    past_talks::abstract_,
    past_talks::occasion,
    past_talks::url,
    past_talks::created_at,
) = (
    past_talks::code,
    past_talks::title,
    past_talks::abstract_,
    past_talks::occasion,
    past_talks::url,
    past_talks::created_at,
);

pub fn count_past(conn: &mut Conn, event: EventId) -> Result<i64> {
    Ok(past_talks::table.filter(past_talks::event_id.eq(event)).count().get_result(conn)?)
}

/// Which of these the event has.
pub fn known_past(conn: &mut Conn, event: EventId, prints: &[String]) -> Result<HashSet<String>> {
    let known = past_talks::table
        .filter(past_talks::event_id.eq(event))
        .filter(past_talks::fingerprint.eq_any(prints))
        .select(past_talks::fingerprint);
    Ok(known.load::<String>(conn)?.into_iter().collect())
}

/// Adds those that are not there yet; answers how many that were.
pub fn insert_past(tx: &mut Tx<'_>, event: EventId, talks: &[NewPastTalk]) -> Result<usize> {
    let prints: Vec<String> = talks.iter().map(NewPastTalk::fingerprint).collect();
    let mut known = known_past(tx.conn(), event, &prints)?;
    let (now, mut keys) = (tx.now()?, vec![]);
    for (talk, print) in talks.iter().zip(prints) {
        if !known.insert(print.clone()) {
            continue;
        }
        let row = (
            past_talks::event_id.eq(event),
            past_talks::code.eq(tx.random().code(10)),
            past_talks::fingerprint.eq(print),
            past_talks::title.eq(talk.title.as_str()),
            past_talks::abstract_.eq(talk.r#abstract.as_str()),
            past_talks::occasion.eq(talk.occasion.as_str()),
            past_talks::url.eq(talk.url.as_ref().map(|url| url.0.as_str())),
            past_talks::created_at.eq(now),
        );
        let id: PastTalkId =
            diesel::insert_into(past_talks::table).values(row).returning(past_talks::id).get_result(tx.conn())?;
        keys.push((Source::Past(id), Shingled::of(&text(&talk.title, &talk.r#abstract)).keys()));
    }
    let added = keys.len();
    insert_keys(tx, event, keys)?;
    Ok(added)
}

/// In the order in which they came, behind the cursor.
pub fn list_past(conn: &mut Conn, who: &ProposalReader, after: Option<&Cursor>, limit: i64) -> Result<Vec<PastTalk>> {
    let mut query = past_talks::table.filter(past_talks::event_id.eq(who.event())).select(PAST).into_boxed();
    if let Some(Cursor { at, code }) = after {
        let later = past_talks::created_at.gt(*at);
        query = query.filter(later.or(past_talks::created_at.eq(*at).and(past_talks::code.gt(code))));
    }
    let rows: Vec<PastRow> = query.order((past_talks::created_at, past_talks::code)).limit(limit).load(conn)?;
    let talk = |(code, title, abstract_, occasion, url, created_at)| PastTalk {
        code,
        title,
        abstract_,
        occasion,
        url,
        created_at,
    };
    Ok(rows.into_iter().map(talk).collect())
}

/// # Errors
/// `NotFound`.
pub fn delete_past(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<()> {
    let talk = past_talks::table.filter(past_talks::event_id.eq(who.event())).filter(past_talks::code.eq(code));
    if diesel::delete(talk).execute(tx.conn())? == 1 { Ok(()) } else { Err(Error::not_found()) }
}

//! Fills a new database with the example event, deed by deed as its people would have done it, with the clock moved
//! along. The same seed and hour give the same event.

use super::{
    call, committee,
    words::{self, Author, Talk, Words, shuffle},
};
use crate::{
    access::{EventCreator, Organizer, Reviewer, Role, Speaker},
    accounts,
    app::Callboard,
    calls::{self, categories::model::Category, store::Options},
    clock::Random,
    db::{
        Tx,
        types::{AccountId, EventId, Ts},
    },
    error::{Error, Result},
    events,
    http::{input::Arrived, once::IfMatch},
    mail,
    once::model::AsIs,
    proposals, reviews,
};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{collections::HashMap, time::Duration};

pub const SLUG: &str = "posette2025";
/// Of everybody in the event.
pub const PASSWORD: &str = "every elephant remembers";
pub const ORGANIZER: &str = "organizer@posette.example";
pub const REVIEWER: &str = "reviewer@posette.example";
pub const SPEAKER: &str = "speaker@posette.example";

pub(super) const ZONE: &str = "America/Los_Angeles";
const TEAM: [(&str, &str, Role); 5] = [
    (ORGANIZER, "Olivia Brandtner", Role::Organizer),
    (REVIEWER, "Ruben Castellanos", Role::Reviewer),
    ("reviewer.two@posette.example", "Shirin Daryaei", Role::Reviewer),
    ("reviewer.three@posette.example", "Tobias Falkenrath", Role::Reviewer),
    ("reviewer.four@posette.example", "Uma Krishnaswamy", Role::Reviewer),
];
/// How many of a hundred proposals each reviewer has read, and how mild each is, in fifths of a point.
const PACE: [(usize, i64); 4] = [(55, 0), (82, 2), (67, -2), (36, 1)];

pub(super) const DAY: Duration = Duration::from_hours(24);
/// The call opens so long before now, proposals come in until, reviews are written after, it closes.
pub(super) const OPENED: u32 = 40;
const LAST_PROPOSAL: u32 = 2;
pub(super) const CLOSES_IN_DAYS: i64 = 6;

/// On a database without this event, with a clock that stands still; it stands at `now` in the end.
///
/// # Errors
/// When the database refuses it.
pub async fn load(app: &Callboard, now: Ts) -> Result<()> {
    let opened = now.minus(DAY * OPENED);
    app.clock.set(opened.timestamp());
    let phc = app.hashing.hash(SecretString::from(PASSWORD)).await?;
    let team = team(app, phc.clone()).await?;
    let event = event(app, now, &team).await?;
    let authors = words::authors(&app.random);
    let board = app.clone();
    let last = now.minus(DAY * LAST_PROPOSAL);
    app.db.write(move |tx| Loading { board: &board, event, phc }.propose(tx, authors, opened, last)).await?;
    let board = app.clone();
    app.db.write(move |tx| review(tx, &board, event, last, now)).await?;
    while mail::deliver::round(app).await? > 0 {}
    app.clock.set(now.timestamp());
    committee::talk(app, &TEAM.map(|(email, ..)| email)).await?;
    Ok(())
}

pub(super) fn input<T: DeserializeOwned>(json: Value) -> Result<T> {
    serde_json::from_value(json).map_err(Error::internal)
}

/// An account with a verified address.
fn account(tx: &mut Tx<'_>, email: &str, name: &str, phc: String, is_admin: bool) -> Result<AccountId> {
    let now = tx.now()?;
    let new = accounts::store::NewAccount {
        code: tx.random().code(10),
        email: email.to_owned(),
        email_key: email.to_lowercase(),
        email_verified_at: Some(now),
        password_phc: Some(phc),
        name: name.to_owned(),
        is_admin,
        version: 1,
        created_at: now,
    };
    accounts::store::insert(tx, &new)
}

/// Runs `deed` with the token of a session that ends with it.
fn signed_in<T>(
    tx: &mut Tx<'_>,
    account: AccountId,
    deed: impl FnOnce(&mut Tx<'_>, &str, Ts) -> Result<T>,
) -> Result<T> {
    let now = tx.now()?;
    let who = accounts::store::find(tx.conn(), account)?;
    let token = accounts::sessions::actions::begin(tx, &who, "demo")?.token;
    let done = deed(tx, &token, now)?;
    accounts::sessions::store::delete_all(tx, account)?;
    Ok(done)
}

async fn team(app: &Callboard, phc: String) -> Result<Vec<AccountId>> {
    let insert = move |tx: &mut Tx<'_>| {
        TEAM.iter()
            .map(|(email, name, role)| account(tx, email, name, phc.clone(), *role == Role::Organizer))
            .collect::<Result<_>>()
    };
    app.db.write(insert).await
}

/// The event with its call and team.
async fn event(app: &Callboard, now: Ts, team: &[AccountId]) -> Result<EventId> {
    let organizer = *team.first().ok_or_else(Error::not_found)?;
    let token = app
        .db
        .write(move |tx| {
            let who = accounts::store::find(tx.conn(), organizer)?;
            Ok(accounts::sessions::actions::begin(tx, &who, "demo")?.token)
        })
        .await?;
    let (as_creator, at) = (token.clone(), app.clock.now());
    let creator = app.db.read(move |conn| EventCreator::of_token(conn, &as_creator, at)).await?;
    let day = |days: i64| call::local(now, days, "%Y-%m-%d");
    let event = events::actions::create(app, creator, input(json!({
        "slug": SLUG, "name": "POSETTE 2025", "zone": ZONE, "starts_on": day(120)?, "ends_on": day(122)?,
        "place": "Online, in four livestreams", "website": "https://posette.example", "contact_email": ORGANIZER,
        "visibility": "public", "blind": true,
        "description": "A free and virtual conference about Postgres, organized by people who use it, run it and build it.",
    }))?, AsIs)
    .await?;
    let who = app.db.read(move |conn| Organizer::of_token(conn, &token, SLUG, at)).await?;
    call::set(app, &who, now).await?;
    let reviewers: Vec<AccountId> = team.iter().skip(1).copied().collect();
    app.db
        .write(move |tx| {
            for reviewer in reviewers {
                events::store::insert_member(tx, event.id, reviewer, Role::Reviewer, at)?;
            }
            accounts::sessions::store::delete_all(tx, organizer)
        })
        .await?;
    Ok(event.id)
}

struct Loading<'b> {
    board: &'b Callboard,
    event: EventId,
    phc: String,
}

impl Loading<'_> {
    /// Everybody signs up before their first proposal; more come towards the end.
    fn propose(&self, tx: &mut Tx<'_>, mut authors: Vec<Author>, first: Ts, last: Ts) -> Result<()> {
        if let Some(author) = authors.iter_mut().max_by_key(|author| author.talks.len()) {
            SPEAKER.clone_into(&mut author.email);
        }
        let options = calls::store::options(tx.conn(), self.event)?;
        let mut order: Vec<(Ts, &Author, &Talk)> = vec![];
        for author in &authors {
            order.extend(author.talks.iter().map(|talk| (late(tx, first, last), author, talk)));
        }
        order.sort_by_key(|(at, ..)| *at);
        let mut accounts: HashMap<&str, AccountId> = HashMap::new();
        for (at, author, talk) in order {
            self.board.clock.set(at.timestamp());
            let account = match accounts.get(author.email.as_str()) {
                Some(known) => *known,
                None => self.sign_up(tx, author)?,
            };
            accounts.insert(&author.email, account);
            let proposal = input(proposal(talk, &options, &self.board.random))?;
            signed_in(tx, account, |tx, token, now| {
                let who = Speaker::of_token(tx.conn(), token, SLUG, now)?;
                let arrived = Arrived(tx.monotonic());
                proposals::actions::create_in(tx, self.board, &who, proposal, arrived)
            })?;
        }
        Ok(())
    }

    fn sign_up(&self, tx: &mut Tx<'_>, author: &Author) -> Result<AccountId> {
        let account = account(tx, &author.email, &author.name, self.phc.clone(), false)?;
        let profile = json!({"name": author.name, "bio": author.bio, "affiliation": author.affiliation});
        signed_in(tx, account, |tx, token, now| {
            let who = Speaker::of_token(tx.conn(), token, SLUG, now)?;
            proposals::profiles::actions::set_in(tx, &who, input(profile)?, &IfMatch::any())
        })?;
        Ok(account)
    }
}

/// An instant between the two, rather a late one.
fn late(tx: &Tx<'_>, first: Ts, last: Ts) -> Ts {
    const PARTS: u32 = 10_000;
    let early = u32::try_from(tx.random().below(PARTS as usize)).unwrap_or(0);
    let span = Duration::from_micros(u64::try_from(last.as_microsecond() - first.as_microsecond()).unwrap_or(0));
    last.minus(span / PARTS * early / PARTS * early)
}

fn proposal(talk: &Talk, options: &Options, random: &Random) -> Value {
    let setup = &options.setup;
    let pick = |category: &Category| Some(category.choices.get(random.below(category.choices.len()))?.code.clone());
    let choices: Vec<String> = options.categories.iter().filter_map(pick).collect();
    let format = if talk.is_short { setup.formats.last() } else { setup.formats.first() };
    let track = setup.tracks.iter().find(|track| track.name == talk.track);
    json!({
        "title": talk.title, "abstract": talk.abstract_, "description": talk.description, "notes": talk.notes,
        "format": format.map(|format| &format.code), "track": track.map(|track| &track.code), "choices": choices,
        "submit": true,
    })
}

/// Each reviewer has read some; what is good is good for all of them, more or less.
fn review(tx: &mut Tx<'_>, board: &Callboard, event: EventId, first: Ts, last: Ts) -> Result<()> {
    let random = tx.random().clone();
    let words = Words::read(&random);
    let criteria = reviews::criteria::store::list(tx.conn(), event)?;
    let criterion = &criteria.first().ok_or_else(Error::not_found)?.code;
    let mut quality: HashMap<String, i64> = HashMap::new();
    for ((email, ..), (share, mildness)) in TEAM.iter().skip(1).zip(PACE) {
        let found = accounts::store::find_by_key(tx.conn(), email)?.ok_or_else(Error::not_found)?;
        board.clock.set(first.timestamp());
        signed_in(tx, found.id, |tx, token, now| {
            let who = Reviewer::of_token(tx.conn(), token, SLUG, now)?;
            let walk = reviews::queue_store::Walk { begin: "", after: None, limit: i64::MAX };
            let mut standings = reviews::queue_store::list_standings(tx.conn(), &who, None, &walk)?;
            shuffle(&mut standings, &random);
            standings.truncate(standings.len() * share / 100);
            let pause =
                Duration::from_micros(u64::try_from(last.as_microsecond() - first.as_microsecond()).unwrap_or(0))
                    / u32::try_from(standings.len() + 1).unwrap_or(u32::MAX);
            for (number, standing) in (1..).zip(standings) {
                board.clock.set(first.plus(pause * number).timestamp());
                let good = *quality.entry(standing.reference.clone()).or_insert_with(|| fifths(&random, 3, 26));
                let score = (good + mildness + fifths(&random, -4, 4)).clamp(5, 25) / 5;
                let review = input(judged(&words, criterion, score))?;
                reviews::actions::write_in(tx, &who, &standing.reference, review, &IfMatch::any())?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A number of fifths of a point in the range; the middle is likelier than the ends.
fn fifths(random: &Random, lowest: i64, highest: i64) -> i64 {
    let width = usize::try_from(highest - lowest).unwrap_or(0);
    let two = random.below(width / 2 + 1) + random.below(width - width / 2 + 1);
    lowest + i64::try_from(two).unwrap_or(0)
}

fn judged(words: &Words<'_>, criterion: &str, score: i64) -> Value {
    if words.happens(3) {
        return json!({"abstain": true, "comment": words.any("abstention")});
    }
    let comment = if words.happens(75) { words.any(&format!("comment {score}")) } else { "" };
    let feedback = if words.happens(20) { words.any("feedback") } else { "" };
    json!({"scores": {criterion: score}, "comment": comment, "feedback": feedback})
}

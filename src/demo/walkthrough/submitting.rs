//! Speakers draft, submit, edit, withdraw and come back; the deadline passes.

use super::{Person, Team, Walk, short};
use crate::{clock::Clock, secrets};
use anyhow::ensure;
use data_encoding::HEXLOWER;
use jiff::{ToSpan, tz::TimeZone};
use serde_json::json;

/// What nobody who reviews may ever read, and no other text holds.
pub const AUTHORS: [[&str; 3]; 3] = [
    ["Zephyrine Quillfeather", "Walnut Observatory", "collects marmalade labels"],
    ["Björn Ünsal-Østergård", "Bäckerei Morgenröte", "stammt aus Flensburg"],
    ["佐藤 千代", "青葉図書館", "司書として働いています"],
];

/// The proposals by the names that the walk gives them.
pub struct Submitted {
    pub ada: Person,
    pub ben: Person,
    pub cho: Person,
    /// Will be accepted and confirmed.
    pub candles: String,
    /// Will be rejected.
    pub nulls: String,
    /// Will be accepted and declined.
    pub bakery: String,
    /// Will be on the waitlist.
    pub search: String,
}

pub const CANDLES: &str = "Indexes by candlelight";
pub const NULLS: &str = "= NULL is no answer";
pub const BAKERY: &str = "Sperren in der Backstube";
pub const SEARCH: &str = "全文検索のはじめ方 🔎";

pub fn walk(walk: &mut Walk<'_>, team: &Team) -> anyhow::Result<Submitted> {
    let mut people = vec![];
    for (name, [full_name, affiliation, bio]) in ["ada", "ben", "cho"].into_iter().zip(AUTHORS) {
        let person = walk.join(name, full_name)?;
        let profile = json!({"name": full_name, "affiliation": affiliation, "bio": format!("{full_name} {bio}.")});
        person.client.put(&walk.path("/my/profile"), &profile)?.expect(200)?;
        people.push(person);
    }
    let [ada, ben, cho] = <[Person; 3]>::try_from(people).map_err(|_| anyhow::anyhow!("not three speakers"))?;
    let candles = submit(walk, &ada, "Indexes in the dark")?;
    let nulls = submit(walk, &ada, NULLS)?;
    let bakery = submit(walk, &ben, BAKERY)?;
    let search = submit(walk, &cho, SEARCH)?;
    edit(walk, &ada, &candles)?;
    limit(walk, &ada)?;
    come_back(walk, &cho, &search)?;
    deadline(walk, team, &ada, &candles)?;
    Ok(Submitted { ada, ben, cho, candles, nulls, bakery, search })
}

/// Submits and waits for the receipt.
fn submit(walk: &mut Walk<'_>, who: &Person, title: &str) -> anyhow::Result<String> {
    let proposal = json!({"title": title, "abstract": format!("About: {title}.\n\nTwo paragraphs, \"quoted\", with, commas."),
        "description": "An outline.", "notes": "For organizers.", "submit": true});
    let key = HEXLOWER.encode(&secrets::hash(title));
    let submitted = who.client.post_once(&key, &walk.path("/my/proposals"), &proposal)?.expect(201)?;
    let again = who.client.post_once(&key, &walk.path("/my/proposals"), &proposal)?.expect(201)?;
    ensure!(again.text == submitted.text, "sent again with its key, it was submitted again: {}", again.text);
    submitted.is("/lifecycle", "submitted")?;
    let (code, receipt) = (submitted.text_at("/code")?, submitted.text_at("/receipt/decided_at_text")?);
    let mail = walk.mail_about(&who.email, "we have your proposal", title)?;
    ensure!(mail.text.contains(&code) && mail.text.contains(&receipt), "the receipts differ: {}", mail.text);
    walk.tell(&format!("{} submits \"{title}\" and gets a receipt by mail", who.email), format!("{code}, {receipt}"))?;
    Ok(code)
}

fn edit(walk: &mut Walk<'_>, who: &Person, code: &str) -> anyhow::Result<()> {
    let path = walk.path(&format!("/my/proposals/{code}"));
    let read = who.client.get(&path)?.expect(200)?;
    let edited = who.client.patch_from(&read.etag, &path, &json!({"title": CANDLES}))?.expect(200)?;
    edited.is("/title", CANDLES)?;
    walk.tell("She finds a better title", short(&edited))?;
    let other_tab = json!({"title": "An older idea"});
    let stale = who.client.patch_from(&read.etag, &path, &other_tab)?.refused(412, "stale")?;
    walk.tell("What she had open in another tab does not overwrite it", short(&stale))
}

fn limit(walk: &mut Walk<'_>, who: &Person) -> anyhow::Result<()> {
    let third = json!({"title": "One too many", "abstract": "The limit is two.", "submit": true});
    let refused = who.client.post(&walk.path("/my/proposals"), &third)?.refused(409, "limit_reached")?;
    walk.tell("A third proposal is over the limit per speaker", short(&refused))
}

fn come_back(walk: &mut Walk<'_>, who: &Person, code: &str) -> anyhow::Result<()> {
    let path = walk.path(&format!("/my/proposals/{code}"));
    who.client.act(&format!("{path}/withdraw"))?.expect(200)?.is("/lifecycle", "withdrawn")?;
    walk.mail(&super::address("olga", &walk.tag), "a speaker withdrew")?;
    let back = who.client.act(&format!("{path}/undo-withdrawal"))?.expect(200)?;
    back.is("/lifecycle", "submitted")?;
    walk.tell("A speaker withdraws, the organizers are told; then she takes it back", short(&back))
}

/// Moves the deadline into the past. Drafts survive it, and nothing else changes.
fn deadline(walk: &mut Walk<'_>, team: &Team, ada: &Person, candles: &str) -> anyhow::Result<()> {
    let draft = json!({"title": "A late idea", "abstract": "Too late."});
    let late = walk.join("dora", "Dora Draft")?;
    let draft = late.client.post(&walk.path("/my/proposals"), &draft)?.expect(201)?.text_at("/code")?;
    let past = Clock::machine().now().timestamp().to_zoned(TimeZone::UTC).checked_sub(2.minutes())?;
    let deadline =
        json!({"deadline": {"local": past.strftime("%Y-%m-%dT%H:%M").to_string(), "zone": "UTC"}, "confirm": true});
    team.olga.client.patch(&walk.path("/call"), &deadline)?.expect(200)?;
    walk.anonymous().get(&walk.path("/call"))?.expect(200)?.is("/state", "closed")?;
    let submit = walk.path(&format!("/my/proposals/{draft}/submit"));
    let refused = late.client.act(&submit)?.refused(409, "call_closed")?;
    let edit = walk.path(&format!("/my/proposals/{candles}"));
    ada.client.patch(&edit, &json!({"title": "Too late"}))?.refused(409, "call_closed")?;
    walk.tell(
        "Olga is asked twice, then moves the deadline into the past: nothing is submitted or edited any more",
        short(&refused),
    )
}

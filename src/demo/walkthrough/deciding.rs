//! Organizers decide privately, publish, and export; speakers answer.

use super::{
    Person, Received, Team, Walk, secret, short,
    submitting::{AUTHORS, BAKERY, CANDLES, NULLS, SEARCH, Submitted},
};
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::{collections::BTreeMap, thread, time::Duration};

const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
const MOST_LOOKS: u32 = 100;

pub fn walk(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    decide(walk, team, submitted)?;
    publish(walk, team, submitted)?;
    told(walk, submitted)?;
    confirm(walk, submitted)?;
    decline(walk, team, submitted)?;
    export(walk, team, submitted)?;
    mails(walk, team)?;
    sign_out(walk, &submitted.ada)
}

fn decide(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let olga = &team.olga.client;
    let many = |dry_run: bool| json!({"codes": [submitted.candles, submitted.bakery], "decision": "accepted", "dry_run": dry_run});
    let dry = olga.post(&walk.path("/decisions"), &many(true))?.expect(200)?;
    dry.is("/count", 2)?;
    let unchanged = olga.get(&walk.path(&format!("/proposals/{}", submitted.candles)))?.expect(200)?;
    unchanged.is("/decision", "undecided")?;
    walk.tell("Olga tries a decision about two proposals: it would change both, and changes none", short(&dry))?;
    olga.post(&walk.path("/decisions"), &many(false))?.expect(200)?.is("/count", 2)?;
    for (code, decision) in [(&submitted.search, "waitlisted"), (&submitted.nulls, "rejected")] {
        put_decision(walk, team, code, decision)?;
    }
    let seen = submitted.ada.client.get(&walk.path(&format!("/my/proposals/{}", submitted.candles)))?.expect(200)?;
    seen.is("/decision", Value::Null)?;
    walk.tell("She decides; to speakers nothing shows", "decision: null")
}

fn put_decision(walk: &Walk<'_>, team: &Team, code: &str, decision: &str) -> anyhow::Result<()> {
    let path = walk.path(&format!("/proposals/{code}/decision"));
    team.olga.client.put(&path, &json!({"decision": decision}))?.expect(200)?.is("/decision", decision)
}

fn publish(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let olga = &team.olga.client;
    let preview = olga.get(&walk.path("/publications/preview"))?.expect(200)?;
    preview.is("/counts/accepted", 2)?;
    preview.is("/counts/waitlisted", 1)?;
    preview.is("/counts/rejected", 1)?;
    ensure!(preview.list_at("/mails")?.len() == 3, "one mail a person: {}", preview.text);
    walk.tell("The preview shows every mail", preview.text_at("/mails/0/subject")?)?;
    let version = json!({"version": preview.text_at("/version")?});
    put_decision(walk, team, &submitted.nulls, "waitlisted")?;
    let outdated = olga.post(&walk.path("/publications"), &version)?.refused(409, "preview_outdated")?;
    walk.tell("A decision changes meanwhile: what the preview showed cannot be published", short(&outdated))?;
    put_decision(walk, team, &submitted.nulls, "rejected")?;
    let preview = olga.get(&walk.path("/publications/preview"))?.expect(200)?;
    let version = json!({"version": preview.text_at("/version")?});
    let publication = olga.post(&walk.path("/publications"), &version)?.expect(201)?;
    walk.tell("Olga publishes; for a moment it can be stopped", publication.text_at("/state")?)
}

/// Everybody got one mail about their own proposals only, and the decisions show.
fn told(walk: &mut Walk<'_>, submitted: &Submitted) -> anyhow::Result<()> {
    let told = [
        (&submitted.ada, "your talk is accepted", vec![CANDLES, NULLS]),
        (&submitted.ben, "your talk is accepted", vec![BAKERY]),
        (&submitted.cho, "your proposal is on the waitlist", vec![SEARCH]),
    ];
    for (person, subject, titles) in told {
        let mail = walk.mail(&person.email, subject)?;
        let holds = |title: &&str| mail.text.contains(title);
        ensure!(titles.iter().all(holds), "a decision is missing: {}", mail.text);
        let count = [CANDLES, NULLS, BAKERY, SEARCH].iter().filter(|title| holds(title)).count();
        ensure!(count == titles.len(), "somebody else's decision: {}", mail.text);
        walk.tell(&format!("{} is told by mail", person.email), &mail.subject)?;
    }
    let seen = submitted.ada.client.get(&walk.path(&format!("/my/proposals/{}", submitted.candles)))?.expect(200)?;
    seen.is("/decision", "accepted")?;
    seen.is("/confirmation", "pending")?;
    let talks = walk.anonymous().get(&walk.path("/talks"))?.expect(200)?;
    ensure!(talks.list_at("/items")?.len() == 2, "two talks are public: {}", talks.text);
    walk.tell("Everybody sees the accepted talks", short(&talks))
}

fn confirm(walk: &mut Walk<'_>, submitted: &Submitted) -> anyhow::Result<()> {
    let mail = walk.mail(&submitted.ada.email, "your talk is accepted")?;
    let link = mail.links().next().context("the mail has no link")?;
    let code = &submitted.candles;
    walk.anonymous().page(link)?.expect(200)?;
    let path = walk.path(&format!("/my/proposals/{code}"));
    submitted.ada.client.get(&path)?.expect(200)?.is("/confirmation", "pending")?;
    walk.anonymous().form(link, &[("answer", "confirm")])?.expect(200)?;
    submitted.ada.client.get(&path)?.expect(200)?.is("/confirmation", "confirmed")?;
    let thanks = walk.mail(&submitted.ada.email, "your talk is confirmed")?;
    walk.tell("The first speaker confirms on the page of the link; opening it changed nothing", &thanks.subject)
}

fn decline(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let token = secret(&walk.mail(&submitted.ben.email, "your talk is accepted")?)?;
    let answer = json!({"token": token, "answer": "decline"});
    let declined = walk.anonymous().post("/confirmations", &answer)?.expect(200)?;
    declined.is("/confirmation", "declined")?;
    for organizer in [&team.olga, &team.admin] {
        walk.mail_about(&organizer.email, "a speaker declined", BAKERY)?;
    }
    walk.tell("The other one declines with the link's token; the organizers are told", short(&declined))
}

fn export(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let talks = rows(walk, team, "talks")?;
    let [talk] = talks.as_slice() else { bail!("not one talk: {talks:?}") };
    let [name, affiliation, _] = AUTHORS[0];
    let expected = [
        ("code", submitted.candles.as_str()),
        ("title", CANDLES),
        ("minutes", "25"),
        ("speakers", name),
        ("speaker_affiliations", affiliation),
        ("confirmation", "confirmed"),
    ];
    for (column, value) in expected {
        ensure!(talk.get(column).is_some_and(|cell| cell == value), "{column} is not {value}: {talk:?}");
    }
    walk.tell("Olga exports the talks: one is left, confirmed", format!("{CANDLES} by {name}"))?;
    let proposals = rows(walk, team, "proposals")?;
    let safe = format!("'{NULLS}");
    let named = proposals.iter().any(|proposal| proposal.get("title") == Some(&safe));
    ensure!(proposals.len() == 4 && named, "four proposals, without formulas: {proposals:?}");
    let reviews = rows(walk, team, "reviews")?;
    ensure!(reviews.len() == 8, "eight reviews: {reviews:?}");
    let refused = team.rita.client.get(&walk.path("/exports/proposals.csv"))?.refused(403, "forbidden")?;
    walk.tell("All proposals and reviews too; a reviewer gets neither", short(&refused))
}

/// The rows of a table by the names of their columns; CSV and JSON hold the same ones.
fn rows(walk: &Walk<'_>, team: &Team, table: &str) -> anyhow::Result<Vec<BTreeMap<String, String>>> {
    let file = team.olga.client.get(&walk.path(&format!("/exports/{table}.csv")))?.expect(200)?;
    let mut csv = csv::Reader::from_reader(file.text.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = csv.deserialize().collect::<Result<_, _>>()?;
    let json = team.olga.client.get(&walk.path(&format!("/exports/{table}.json")))?.expect(200)?;
    ensure!(json.list_at("")?.len() == rows.len(), "CSV and JSON differ: {}", json.text);
    Ok(rows)
}

fn mails(walk: &mut Walk<'_>, team: &Team) -> anyhow::Result<()> {
    let unsent = |mail: &&Value| mail.get("state").and_then(Value::as_str) != Some("sent");
    let mut looks = 0;
    // The server notes that a mail is sent after it was received here.
    let count = loop {
        let mails = team.olga.client.get(&walk.path("/mails?limit=100"))?.expect(200)?;
        let items = mails.list_at("/items")?;
        match items.iter().find(unsent) {
            None => break items.len(),
            Some(mail) if looks == MOST_LOOKS => bail!("a mail was not sent: {mail}"),
            Some(_) => looks += 1,
        }
        thread::sleep(BETWEEN_LOOKS);
    };
    let all = walk.mailbox.all();
    let repeated = |mail: &Received| all.iter().filter(|other| other.raw == mail.raw).count() > 1;
    ensure!(!all.iter().any(repeated), "a mail was sent twice");
    walk.tell("Every mail went out once", format!("{count} mails of the event"))
}

fn sign_out(walk: &mut Walk<'_>, who: &Person) -> anyhow::Result<()> {
    who.client.delete("/sessions/current")?.expect(204)?;
    let refused = who.client.get("/me")?.refused(401, "sign_in_required")?;
    walk.tell("A speaker signs out, and the token is worth nothing", short(&refused))
}

//! Reviewers review without learning who wrote what; organizers see the numbers.

use super::{
    Answer, Person, Team, Walk, item, short,
    submitting::{AUTHORS, BAKERY, CANDLES, NULLS, SEARCH, Submitted},
};
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

/// The scores of both reviewers; `None` abstains.
const SCORES: [(&str, [Option<i64>; 2]); 4] = [
    (CANDLES, [Some(5), Some(4)]),
    (BAKERY, [Some(4), Some(4)]),
    (SEARCH, [Some(4), Some(2)]),
    (NULLS, [Some(2), None]),
];

pub fn walk(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let secrets = secrets(submitted);
    for (place, reviewer) in [&team.rita, &team.rolf].into_iter().enumerate() {
        review_all(walk, reviewer, place, &secrets)?;
    }
    for mail in walk.mailbox.all() {
        if mail.to.contains(&team.rita.email) || mail.to.contains(&team.rolf.email) {
            check_blind(&mail.raw, &secrets)?;
        }
    }
    numbers(walk, team, submitted)
}

/// All that could tell who wrote a proposal.
fn secrets(submitted: &Submitted) -> Vec<String> {
    let people = [&submitted.ada, &submitted.ben, &submitted.cho].map(|person| person.email.clone());
    let codes = [&submitted.candles, &submitted.nulls, &submitted.bakery, &submitted.search].map(String::clone);
    let words = AUTHORS.iter().flatten().map(|word| (*word).to_owned());
    words.chain(people).chain(codes).collect()
}

fn check_blind(text: &str, secrets: &[String]) -> anyhow::Result<()> {
    match secrets.iter().find(|secret| text.contains(secret.as_str())) {
        Some(secret) => bail!("a reviewer was shown \"{secret}\": {text}"),
        None => Ok(()),
    }
}

/// One after the other, as the server gives them out.
fn review_all(walk: &mut Walk<'_>, reviewer: &Person, place: usize, secrets: &[String]) -> anyhow::Result<()> {
    let get = |path: &str| -> anyhow::Result<Answer> {
        let answer = reviewer.client.get(&walk.path(path))?;
        check_blind(&answer.text, secrets)?;
        Ok(answer)
    };
    let progress = get("/reviewing")?.expect(200)?;
    progress.is("/left", SCORES.len())?;
    progress.is("/blind", true)?;
    let criterion = progress.text_at("/criteria/0/code")?;
    get("/reviewing/proposals")?.expect(200)?;
    let mut titles = vec![];
    for _ in SCORES {
        let next = get("/reviewing/next")?.expect(200)?;
        let (reference, title) = (next.text_at("/proposal/ref")?, next.text_at("/proposal/title")?);
        let path = format!("/reviewing/proposals/{reference}");
        get(&path)?.expect(200)?;
        get(&format!("{path}/reviews"))?.refused(409, "own_review_first")?;
        let scores = SCORES.iter().find(|(known, _)| *known == title).context("an unknown proposal")?.1;
        let review = match scores.get(place).copied().flatten() {
            Some(score) => {
                json!({"scores": {&criterion: score}, "comment": format!("A {score}."), "feedback": "Thank you!"})
            }
            None => json!({"abstain": true, "comment": "I cannot judge it."}),
        };
        let own = reviewer.client.put(&walk.path(&format!("{path}/review")), &review)?.expect(200)?;
        check_blind(&own.text, secrets)?;
        let others = get(&format!("{path}/reviews"))?.expect(200)?;
        ensure!(others.list_at("/items")?.len() == place, "other reviews: {}", others.text);
        titles.push(title);
    }
    get("/reviewing/next")?.expect(200)?.is("/proposal", Value::Null)?;
    reviewer.client.get(&walk.path("/proposals"))?.refused(403, "forbidden")?;
    walk.tell(&format!("{} reviews, blind, in the own order", reviewer.email), titles.join(" · "))
}

fn numbers(walk: &mut Walk<'_>, team: &Team, submitted: &Submitted) -> anyhow::Result<()> {
    let list = team.olga.client.get(&walk.path("/proposals"))?.expect(200)?;
    let items = list.list_at("/items")?;
    ensure!(items.len() == 4, "not four proposals: {}", list.text);
    let mut shown = vec![];
    for (code, count, mean) in [(&submitted.candles, 2, 4.5), (&submitted.search, 2, 3.0), (&submitted.nulls, 1, 2.0)] {
        let proposal = item(items, "code", code)?;
        let is = |pointer: &str, expected: Value| -> anyhow::Result<()> {
            ensure!(proposal.pointer(pointer) == Some(&expected), "{pointer} is not {expected}: {proposal}");
            Ok(())
        };
        is("/reviews/count", json!(count))?;
        is("/reviews/mean", json!(mean))?;
        shown.push(format!("{code} {mean} of {count}"));
    }
    walk.tell("Olga sees who wrote what, and the numbers", shown.join(", "))?;
    let reviews = team.olga.client.get(&walk.path(&format!("/proposals/{}/reviews", submitted.nulls)))?.expect(200)?;
    reviews.is("/summary/abstentions", 1)?;
    walk.tell("She reads the reviews of one proposal", short(&reviews))
}

//! What Callboard exports as JSON: proposals or talks with their speakers.

use super::{
    super::model::{Ask, Content, Found, Pick, Row, Rows, Wrong},
    MOST_ROWS,
    mend::line,
    people::RawPerson,
    proposals::{RawProposal, fitting},
    unreadable,
};
use serde::Deserialize;
use std::collections::HashSet;

/// Exports hold more than can be imported: what was published, counted or decided by a clock.
#[derive(Deserialize)]
struct Entry {
    code: String,
    title: String,
    #[serde(default)]
    r#abstract: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    minutes: Option<i64>,
    #[serde(default)]
    track: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    speakers: Vec<Person>,
    #[serde(default)]
    lifecycle: Option<String>,
    #[serde(default)]
    decision: Option<String>,
    /// An export of talks has this and no lifecycle.
    #[serde(default)]
    confirmation: Option<String>,
}

#[derive(Deserialize)]
struct Choice {
    category: String,
    name: String,
}

#[derive(Deserialize)]
struct Person {
    /// Exports of talks have none.
    #[serde(default)]
    code: Option<String>,
    name: String,
    #[serde(default)]
    affiliation: String,
    #[serde(default)]
    bio: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    links: Vec<String>,
}

/// # Errors
/// When it is no such list, or too long.
pub fn read(text: &[u8], ask: &Ask) -> Result<Found, Wrong> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let entries: Vec<Entry> = serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))?;
    if entries.len() > MOST_ROWS {
        return Err(Wrong::new("file", format!("has more than {MOST_ROWS} entries")));
    }
    let mut seen = HashSet::new();
    let row = |(index, entry): (usize, Entry)| {
        let id = line(&entry.code);
        let content = if seen.insert(id.clone()) {
            fitting(entry.raw())
        } else {
            Content::Refused("code: stands in an entry before".to_owned())
        };
        Row { number: index + 1, id, content }
    };
    Ok(Found {
        source: ask.source_or("callboard"),
        rows: Rows::Proposals(entries.into_iter().enumerate().map(row).collect()),
    })
}

/// By category, in their order.
fn picks(choices: Vec<Choice>) -> Vec<Pick> {
    let mut picks: Vec<Pick> = vec![];
    for Choice { category, name } in choices {
        let (category, name) = (line(&category), line(&name));
        match picks.iter_mut().find(|pick| pick.category == category) {
            Some(pick) => pick.choices.push(name),
            None => picks.push(Pick { category, choices: vec![name] }),
        }
    }
    picks
}

impl Entry {
    fn raw(self) -> RawProposal {
        let is_talk = self.lifecycle.is_none() && self.confirmation.is_some();
        let person = |person: Person| RawPerson {
            id: person.code,
            name: person.name,
            email: person.email.unwrap_or_default(),
            bio: person.bio,
            affiliation: person.affiliation,
            links: person.links,
        };
        RawProposal {
            title: self.title,
            abstract_: self.r#abstract,
            description: self.description,
            notes: self.notes,
            format: self.format,
            minutes: self.minutes.map(|minutes| minutes.to_string()),
            track: self.track,
            state: if is_talk { "accepted".to_owned() } else { self.lifecycle.unwrap_or_default() },
            decision: self.decision,
            speakers: self.speakers.into_iter().map(person).collect(),
            choices: picks(self.choices),
        }
    }
}

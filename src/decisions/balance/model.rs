//! The balance, without any database.

use crate::{
    calls::{
        categories::model::Category,
        model::{Format, Track},
    },
    db::types::{ChoiceId, FormatId, ProposalId, TrackId},
};
use std::collections::{BTreeMap, HashMap};

/// What of a proposal counts here.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: ProposalId,
    pub code: String,
    pub format: FormatId,
    pub track: Option<TrackId>,
    pub accepted: bool,
}

/// Somebody who speaks in a proposal.
#[derive(Clone, Debug)]
pub struct Speaker {
    pub proposal: ProposalId,
    pub code: String,
    pub name: String,
    pub affiliation: String,
}

/// How many are submitted, and how many of those are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub submitted: i64,
    pub accepted: i64,
}

impl Count {
    fn add(&mut self, accepted: bool) {
        self.submitted += 1;
        self.accepted += i64::from(accepted);
    }
}

pub type Named = (String, Count);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub all: Count,
    pub formats: Vec<Named>,
    pub tracks: Vec<Named>,
    /// Code and name of each category, with its choices.
    pub categories: Vec<(String, String, Vec<Named>)>,
    /// How many people speak in what is submitted, and in what is accepted.
    pub speakers: Count,
    /// How many of them speak in more than one.
    pub several: Count,
    /// Who speaks in more than one of those that are accepted, with their code, the most first.
    pub people: Vec<(String, Named)>,
    /// Where those who speak come from, the most first.
    pub affiliations: Vec<Named>,
    /// Of all proposals that this is about.
    pub codes: Vec<String>,
}

impl Balance {
    pub fn new(rows: &[Row], speakers: Vec<Speaker>) -> Balance {
        let accepted: HashMap<ProposalId, bool> = rows.iter().map(|row| (row.id, row.accepted)).collect();
        let mut balance = Balance { codes: rows.iter().map(|row| row.code.clone()).collect(), ..Balance::default() };
        for row in rows {
            balance.all.add(row.accepted);
        }
        let mut people: BTreeMap<String, Named> = BTreeMap::new();
        let mut homes: BTreeMap<String, Named> = BTreeMap::new();
        for speaker in speakers {
            let is_accepted = accepted.get(&speaker.proposal).copied().unwrap_or_default();
            let home = speaker.affiliation.trim().to_owned();
            if !home.is_empty() {
                homes.entry(home.to_lowercase()).or_insert_with(|| (home, Count::default())).1.add(is_accepted);
            }
            people.entry(speaker.code).or_insert_with(|| (speaker.name, Count::default())).1.add(is_accepted);
        }
        for (_, count) in people.values() {
            balance.speakers.submitted += 1;
            balance.speakers.accepted += i64::from(count.accepted > 0);
            balance.several.submitted += i64::from(count.submitted > 1);
            balance.several.accepted += i64::from(count.accepted > 1);
        }
        balance.people = people.into_iter().filter(|(_, (_, count))| count.accepted > 1).collect();
        balance.people.sort_by_key(|(_, (_, count))| std::cmp::Reverse(count.accepted));
        balance.affiliations = homes.into_values().collect();
        balance.affiliations.sort_by_key(|(_, count)| std::cmp::Reverse((count.accepted, count.submitted)));
        balance
    }

    pub fn add_kinds(&mut self, rows: &[Row], formats: Vec<Format>, tracks: Vec<Track>) {
        self.formats = formats.into_iter().map(|of| (of.name, count(rows, |row| row.format == of.id))).collect();
        self.tracks = tracks.into_iter().map(|of| (of.name, count(rows, |row| row.track == Some(of.id)))).collect();
    }

    pub fn add_choices(&mut self, rows: &[Row], picked: &[(ProposalId, ChoiceId)], categories: Vec<Category>) {
        let accepted: HashMap<ProposalId, bool> = rows.iter().map(|row| (row.id, row.accepted)).collect();
        let mut counts: HashMap<ChoiceId, Count> = HashMap::new();
        for (proposal, choice) in picked {
            counts.entry(*choice).or_default().add(accepted.get(proposal).copied().unwrap_or_default());
        }
        let category = |category: Category| {
            let named = |choice: crate::calls::categories::model::Choice| {
                (choice.name, counts.get(&choice.id).copied().unwrap_or_default())
            };
            (category.code, category.name, category.choices.into_iter().map(named).collect())
        };
        self.categories = categories.into_iter().map(category).collect();
    }
}

fn count(rows: &[Row], is: impl Fn(&Row) -> bool) -> Count {
    let mut count = Count::default();
    for row in rows.iter().filter(|row| is(row)) {
        count.add(row.accepted);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_their_homes_are_counted_once() {
        let row = |id: i64, accepted| Row {
            id: ProposalId(id),
            code: format!("AAAAA{id}"),
            format: FormatId(1),
            track: None,
            accepted,
        };
        let speaker = |proposal: i64, code: &str, home: &str| Speaker {
            proposal: ProposalId(proposal),
            code: code.into(),
            name: code.to_lowercase(),
            affiliation: home.into(),
        };
        let rows = [row(1, true), row(2, true), row(3, false)];
        let speakers = vec![
            speaker(1, "ADA", "Engines "),
            speaker(2, "ADA", "engines"),
            speaker(3, "BOB", ""),
            speaker(2, "BOB", ""),
        ];
        let balance = Balance::new(&rows, speakers);
        assert_eq!(balance.all, Count { submitted: 3, accepted: 2 });
        assert_eq!(balance.speakers, Count { submitted: 2, accepted: 2 });
        assert_eq!(balance.several, Count { submitted: 2, accepted: 1 });
        assert_eq!(balance.affiliations, [("Engines".to_owned(), Count { submitted: 2, accepted: 2 })]);
        let ada = ("ada".to_owned(), Count { submitted: 2, accepted: 2 });
        assert_eq!(balance.people, [("ADA".to_owned(), ada)]);
    }
}

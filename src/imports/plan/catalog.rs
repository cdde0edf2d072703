//! What of a file become choices of the event's categories. What the event lacks is made, as far as an event holds it; what
//! cannot be a choice stands in the notes.

use super::super::{
    model::{Content, Pick, ProposalRecord, Row},
    read::{
        mend::beginning,
        proposals::{LONGEST_NOTES, with_picks},
    },
};
use crate::{
    calls::categories::model::{
        Category, CategoryName, Facts, MOST_CATEGORIES, MOST_CHOICES, MOST_PICKED, NewChoice, Preset, ShownTo,
    },
    db::types::CategoryId,
    exports,
};

/// The categories that there are, and those that the file needs.
#[derive(Clone, Debug, Default)]
pub struct Catalog(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    /// `None` for one that would be made.
    id: Option<CategoryId>,
    name: String,
    /// As exports call it.
    column: String,
    several: bool,
    choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
struct Choice {
    name: String,
    is_new: bool,
    /// Whether a proposal that is written picks it.
    needed: bool,
}

/// Choices to make, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChoices {
    /// `None` where the category has to be made, too.
    pub category: Option<CategoryId>,
    pub name: String,
    pub several: bool,
    pub choices: Vec<String>,
}

/// A category as a column of exports has it: two that are called the same there are the same.
pub fn column(category: &str) -> String {
    let column = exports::model::category_columns(&[exports::model::Category {
        code: String::new(),
        name: category.to_owned(),
    }]);
    column.into_iter().next().unwrap_or_default()
}

/// A new category is for organizers only, unless everybody knows what it is: nobody has said that it does not tell who
/// wrote a proposal.
pub fn facts(new: &NewChoices) -> Facts {
    let usual = |preset: &Preset| preset.category().name.to_lowercase() == new.name.to_lowercase();
    let shown_to = if Preset::ALL.iter().any(usual) { ShownTo::Everyone } else { ShownTo::Organizers };
    Facts { name: new.name.clone(), help: String::new(), several: new.several, required: false, shown_to }
}

pub fn new_choices(new: &NewChoices) -> Vec<NewChoice> {
    let choice = |name: &String| CategoryName::new(name).ok().map(NewChoice::named);
    new.choices.iter().filter_map(choice).collect()
}

impl Catalog {
    pub fn of(known: &[Category], rows: &[Row<ProposalRecord>]) -> Catalog {
        let named: Vec<exports::model::Category> = known
            .iter()
            .map(|category| exports::model::Category { code: category.code.clone(), name: category.name.clone() })
            .collect();
        let entry = |(category, column): (&Category, String)| Entry {
            id: Some(category.id),
            name: category.name.clone(),
            column,
            several: category.several,
            choices: category
                .choices
                .iter()
                .map(|choice| Choice { name: choice.name.clone(), is_new: false, needed: false })
                .collect(),
        };
        let columns = exports::model::category_columns(&named);
        let mut catalog = Catalog(known.iter().zip(columns).map(entry).collect());
        let records = rows.iter().filter_map(|row| match &row.content {
            Content::Record(record) => Some(record),
            _ => None,
        });
        for pick in records.flat_map(|record| &record.choices) {
            catalog.look_at(pick);
        }
        catalog
    }

    fn place(&self, category: &str) -> Option<usize> {
        let (lower, column) = (category.to_lowercase(), column(category));
        let named = self.0.iter().position(|entry| entry.name.to_lowercase() == lower);
        named.or_else(|| self.0.iter().position(|entry| entry.column == column))
    }

    /// Adds what is missing, as long as there is room.
    fn look_at(&mut self, pick: &Pick) {
        if self.place(&pick.category).is_none() && self.0.len() < MOST_CATEGORIES {
            let (name, column) = (pick.category.clone(), column(&pick.category));
            self.0.push(Entry { id: None, name, column, several: false, choices: vec![] });
        }
        let Some(entry) = self.place(&pick.category).and_then(|place| self.0.get_mut(place)) else { return };
        for name in &pick.choices {
            if entry.choice(name).is_none() && entry.choices.len() < MOST_CHOICES {
                entry.choices.push(Choice { name: name.clone(), is_new: true, needed: false });
            }
        }
        let mut names: Vec<String> = pick.choices.iter().map(|name| name.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        entry.several |= entry.id.is_none() && names.len() > 1;
    }

    /// Says what was picked in the event's words, and puts into the notes what cannot be picked here.
    pub fn settle(&self, record: &mut ProposalRecord) {
        let mut settled: Vec<Pick> = vec![];
        let mut others: Vec<Pick> = vec![];
        let mut count = 0;
        for Pick { category, choices } in std::mem::take(&mut record.choices) {
            let Some(entry) = self.place(&category).and_then(|place| self.0.get(place)) else {
                others.push(Pick { category, choices });
                continue;
            };
            let at = settled.iter().position(|pick| pick.category == entry.name).unwrap_or_else(|| {
                settled.push(Pick { category: entry.name.clone(), choices: vec![] });
                settled.len() - 1
            });
            let Some(pick) = settled.get_mut(at) else { continue };
            let mut rest = vec![];
            for name in choices {
                let choice = entry.choice(&name).map(|choice| choice.name.clone());
                let picked = choice.filter(|choice| {
                    let fits = (entry.several || pick.choices.is_empty()) && count < MOST_PICKED;
                    pick.choices.contains(choice) || fits
                });
                match picked {
                    Some(choice) if !pick.choices.contains(&choice) => {
                        pick.choices.push(choice);
                        count += 1;
                    }
                    Some(_) => {}
                    None => rest.push(name),
                }
            }
            if !rest.is_empty() {
                others.push(Pick { category, choices: rest });
            }
        }
        settled.retain(|pick| !pick.choices.is_empty());
        record.choices = settled;
        for Pick { category, .. } in &others {
            record.remarks.push(format!("{category}: what cannot be picked here stands in the notes"));
        }
        let notes = with_picks(&record.notes, &others);
        notes.trim().clone_into(&mut record.notes);
        if record.notes.chars().count() > LONGEST_NOTES {
            record.notes = beginning(&record.notes, LONGEST_NOTES);
            record.remarks.push(format!("the notes were cut to {LONGEST_NOTES} characters"));
        }
    }

    /// Notes what a proposal that is written picks.
    pub fn need(&mut self, record: &ProposalRecord) {
        for pick in &record.choices {
            let Some(entry) = self.place(&pick.category).and_then(|place| self.0.get_mut(place)) else { continue };
            for choice in entry.choices.iter_mut().filter(|choice| pick.choices.contains(&choice.name)) {
                choice.needed = true;
            }
        }
    }

    /// What has to be made for them.
    pub fn missing(&self) -> Vec<NewChoices> {
        let missing = |entry: &Entry| NewChoices {
            category: entry.id,
            name: entry.name.clone(),
            several: entry.several,
            choices: entry
                .choices
                .iter()
                .filter(|choice| choice.is_new && choice.needed)
                .map(|choice| choice.name.clone())
                .collect(),
        };
        self.0.iter().map(missing).filter(|missing| !missing.choices.is_empty()).collect()
    }
}

impl Entry {
    fn choice(&self, name: &str) -> Option<&Choice> {
        let lower = name.to_lowercase();
        self.choices.iter().find(|choice| choice.name.to_lowercase() == lower)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calls::categories::model::Choice as KnownChoice,
        db::types::{ChoiceId, EventId},
        imports::plan::tests::{record, row},
    };

    fn pick(category: &str, choices: &[&str]) -> Pick {
        Pick { category: category.into(), choices: choices.iter().map(|&choice| choice.into()).collect() }
    }

    fn known(name: &str, several: bool, choices: &[&str]) -> Category {
        let choice = |name: &&str| KnownChoice {
            id: ChoiceId(1),
            code: "CHQ222".into(),
            name: (*name).into(),
            help: String::new(),
            wanted: None,
        };
        Category {
            id: CategoryId(7),
            event: EventId(1),
            code: "CAT222".into(),
            name: name.into(),
            help: String::new(),
            several,
            required: false,
            shown_to: ShownTo::Everyone,
            version: 1,
            choices: choices.iter().map(choice).collect(),
        }
    }

    fn settled(known: &[Category], picks: Vec<Pick>) -> (ProposalRecord, Vec<NewChoices>) {
        let mut picking = ProposalRecord { choices: picks, ..record("One", &[]) };
        let mut catalog = Catalog::of(known, &[row("1", picking.clone())]);
        catalog.settle(&mut picking);
        catalog.need(&picking);
        (picking, catalog.missing())
    }

    #[test]
    fn what_is_missing_is_made_for_one_or_for_several() {
        let (record, missing) = settled(&[], vec![pick("Level", &["Deep", "deep"]), pick("Tags", &["A", "B"])]);
        assert_eq!(record.choices, [pick("Level", &["Deep"]), pick("Tags", &["A", "B"])]);
        let new = |name: &str, several, choices: &[&str]| NewChoices {
            category: None,
            name: name.into(),
            several,
            choices: choices.iter().map(|&choice| choice.into()).collect(),
        };
        assert_eq!(missing, [new("Level", false, &["Deep"]), new("Tags", true, &["A", "B"])]);
        assert_eq!(record.notes, "");
    }

    #[test]
    fn the_events_own_words_and_rules_stand() {
        let level = known("Talk type", false, &["Deep dive"]);
        let (record, missing) = settled(&[level], vec![pick("talk-type", &["DEEP DIVE", "Story"])]);
        assert_eq!(record.choices, [pick("Talk type", &["Deep dive"])]);
        assert_eq!(record.notes, "talk-type: Story");
        assert!(missing.is_empty(), "the second is not picked: {missing:?}");
        let several = known("Talk type", true, &["Deep dive"]);
        let (record, missing) = settled(&[several], vec![pick("talk type", &["Deep dive", "Story"])]);
        assert_eq!(record.choices, [pick("Talk type", &["Deep dive", "Story"])]);
        assert_eq!(missing.first().map(|new| (new.category, new.choices.len())), Some((Some(CategoryId(7)), 1)));
    }

    #[test]
    fn an_event_holds_only_so_many() {
        let names: Vec<String> = (0..=MOST_CHOICES).map(|number| format!("Choice {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (record, missing) = settled(&[], vec![pick("Tags", &names)]);
        assert_eq!(missing.first().map(|new| new.choices.len()), Some(MOST_CHOICES));
        assert_eq!(record.notes, format!("Tags: Choice {MOST_CHOICES}"));
        let picks = (0..=MOST_CATEGORIES).map(|number| pick(&format!("Category {number}"), &["A"])).collect();
        let (record, missing) = settled(&[], picks);
        assert_eq!((record.choices.len(), missing.len()), (MOST_CATEGORIES, MOST_CATEGORIES));
        assert_eq!(record.notes, format!("Category {MOST_CATEGORIES}: A"));
    }
}

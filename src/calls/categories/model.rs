//! Categories and their choices, and what may be picked of them.

use crate::{
    db::types::{CategoryId, ChoiceId, EventId},
    error::{FieldErrors, Result},
    text::{Line, Prose, PublicCode},
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

pub const MOST_CATEGORIES: usize = 20;
pub const MOST_CHOICES: usize = 100;
/// Of all categories together.
pub const MOST_PICKED: usize = 100;

text_enum! {
    /// Who is shown what a speaker picked. What would tell reviewers who wrote a proposal is for organizers only.
    pub enum ShownTo {
        /// Reviewers, and everybody once it is an accepted talk.
        Everyone = "everyone",
        Reviewers = "reviewers",
        Organizers = "organizers",
    }
}

/// A named set of choices, of which one or several may be picked for a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: CategoryId,
    pub event: EventId,
    pub code: String,
    pub name: String,
    pub help: String,
    /// Whether more than one choice may be picked.
    pub several: bool,
    pub required: bool,
    pub shown_to: ShownTo,
    pub version: i64,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: ChoiceId,
    pub code: String,
    pub name: String,
    pub help: String,
    /// How many proposals the organizers hope for.
    pub wanted: Option<i64>,
}

/// What categories and choices are called.
pub type CategoryName = Line<1, 100>;
pub type Help = Prose<0, 2000>;

fn everyone() -> ShownTo {
    ShownTo::Everyone
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    pub name: CategoryName,
    /// What speakers read beside it.
    #[serde(default)]
    #[schema(required = false)]
    pub help: Help,
    /// Whether more than one choice may be picked.
    #[serde(default)]
    #[schema(required = false)]
    pub several: bool,
    /// Whether a choice is needed to submit.
    #[serde(default)]
    #[schema(required = false)]
    pub required: bool,
    #[serde(default = "everyone")]
    #[schema(required = false)]
    pub shown_to: ShownTo,
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub choices: Vec<NewChoice>,
}

/// One of the choices, in their order.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    /// Of a choice that is there already; without one it is new.
    #[schema(value_type = Option<String>)]
    pub code: Option<PublicCode>,
    pub name: CategoryName,
    #[serde(default)]
    #[schema(required = false)]
    pub help: Help,
    /// How many proposals you hope for.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub wanted: Option<u32>,
}

impl NewChoice {
    pub fn named(name: CategoryName) -> NewChoice {
        NewChoice { code: None, name, help: Help::default(), wanted: None }
    }

    /// The same in another event.
    pub fn like(choice: &Choice) -> NewChoice {
        NewChoice {
            code: None,
            name: CategoryName::new(&choice.name).unwrap_or_default(),
            help: Help::new(&choice.help).unwrap_or_default(),
            wanted: choice.wanted.and_then(|wanted| u32::try_from(wanted).ok()),
        }
    }
}

text_enum! {
    /// The categories that most calls have.
    pub enum Preset {
        Level = "level",
        Language = "language",
        Audience = "audience",
        TalkType = "talk_type",
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct FromPreset {
    pub preset: Preset,
}

/// What changes of a category; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditCategory {
    pub name: Option<CategoryName>,
    pub help: Option<Help>,
    pub several: Option<bool>,
    pub required: Option<bool>,
    pub shown_to: Option<ShownTo>,
    /// All choices in their order: those with the code of one that is there stay it, those without are new, and what is
    /// missing here is removed.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub choices: Option<Vec<NewChoice>>,
}

/// A category without its choices, about to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    pub help: String,
    pub several: bool,
    pub required: bool,
    pub shown_to: ShownTo,
}

impl NewCategory {
    /// # Errors
    /// Field errors of the choices.
    pub fn read(self) -> Result<(Facts, Vec<NewChoice>)> {
        check_choices(&[], &self.choices)?;
        let NewCategory { name, help, several, required, shown_to, choices } = self;
        let facts = Facts { name: name.into_string(), help: help.into_string(), several, required, shown_to };
        Ok((facts, choices))
    }
}

impl Category {
    pub fn facts(&self) -> Facts {
        Facts {
            name: self.name.clone(),
            help: self.help.clone(),
            several: self.several,
            required: self.required,
            shown_to: self.shown_to,
        }
    }

    /// What an edit makes of it; no choices where those stay as they are.
    ///
    /// # Errors
    /// Field errors of the choices.
    pub fn edited(&self, edit: EditCategory) -> Result<(Facts, Option<Vec<NewChoice>>)> {
        let facts = Facts {
            name: edit.name.map_or_else(|| self.name.clone(), CategoryName::into_string),
            help: edit.help.map_or_else(|| self.help.clone(), Help::into_string),
            several: edit.several.unwrap_or(self.several),
            required: edit.required.unwrap_or(self.required),
            shown_to: edit.shown_to.unwrap_or(self.shown_to),
        };
        let choices = edit.choices.filter(|choices| !self.has(choices));
        if let Some(choices) = &choices {
            check_choices(&self.choices, choices)?;
        }
        Ok((facts, choices))
    }

    fn has(&self, choices: &[NewChoice]) -> bool {
        let same = |(mine, new): (&Choice, &NewChoice)| new.code.as_deref() == Some(&*mine.code) && mine.is(new);
        self.choices.len() == choices.len() && self.choices.iter().zip(choices).all(same)
    }
}

impl Choice {
    /// Whether it says the same already.
    pub fn is(&self, new: &NewChoice) -> bool {
        self.name == *new.name && self.help == *new.help && self.wanted == new.wanted.map(i64::from)
    }
}

/// Every code is one of the category's own and stands once, and so does every name.
fn check_choices(own: &[Choice], new: &[NewChoice]) -> Result<()> {
    if !(1..=MOST_CHOICES).contains(&new.len()) {
        return Err(FieldErrors::of("choices", "range", format!("must be from 1 to {MOST_CHOICES}")).into());
    }
    let mut errors = FieldErrors::default();
    for (index, choice) in new.iter().enumerate() {
        let before = new.iter().take(index);
        let Some(code) = &choice.code else {
            if before.clone().any(|other| other.name.to_lowercase() == choice.name.to_lowercase()) {
                errors.add(&format!("choices[{index}].name"), "duplicate", "stands twice");
            }
            continue;
        };
        let field = format!("choices[{index}].code");
        if own.iter().all(|known| known.code != **code) {
            errors.add(&field, "unknown", "is not a choice of this category");
        } else if before.clone().any(|other| other.code.as_ref() == Some(code)) {
            errors.add(&field, "duplicate", "stands twice");
        }
    }
    errors.into_result()
}

impl Preset {
    /// The category as most calls have it; the organizers change what they like.
    pub fn category(self) -> NewCategory {
        let (name, help, several, required, choices): (_, _, _, _, &[&str]) = match self {
            Preset::Level => ("Level", LEVEL, false, true, &["Beginner", "Intermediate", "Advanced"]),
            Preset::Language => ("Language", LANGUAGE, false, true, &LANGUAGES),
            Preset::Audience => ("Audience", AUDIENCE, true, false, &AUDIENCES),
            Preset::TalkType => ("Talk type", TALK_TYPE, false, false, &TALK_TYPES),
        };
        let choices = choices.iter().map(|name| NewChoice::named(line(name))).collect();
        let help = Help::new(help).unwrap_or_default();
        NewCategory { name: line(name), help, several, required, shown_to: ShownTo::Everyone, choices }
    }
}

fn line(name: &str) -> CategoryName {
    CategoryName::new(name).unwrap_or_default()
}

const LEVEL: &str = "How much people have to know already to take something home.";
const LANGUAGE: &str = "In which language you will speak.";
const LANGUAGES: [&str; 8] = ["English", "Deutsch", "Español", "Français", "Italiano", "Português", "中文", "日本語"];
const AUDIENCE: &str = "For whom it is. You may pick several.";
const AUDIENCES: [&str; 5] = ["Users", "Developers", "Operators", "Contributors", "Decision makers"];
const TALK_TYPE: &str = "What kind of talk it will be.";
const TALK_TYPES: [&str; 6] =
    ["Beginner's guide", "Success story", "Deep dive", "How-to", "Customer story", "Ecosystem"];

/// What was picked, as the codes that were sent.
///
/// # Errors
/// Field errors for what is no choice of the event, and for several of a category of which one may be picked.
pub fn picked(categories: &[Category], codes: &[PublicCode]) -> Result<Vec<ChoiceId>> {
    if codes.len() > MOST_PICKED {
        return Err(FieldErrors::of("choices", "too_many", format!("must be at most {MOST_PICKED}")).into());
    }
    let mut errors = FieldErrors::default();
    let mut ids = vec![];
    for (index, code) in codes.iter().enumerate() {
        let known = categories.iter().flat_map(|category| &category.choices).find(|choice| choice.code == **code);
        match known {
            Some(choice) => ids.push(choice.id),
            None => errors.add(&format!("choices[{index}]"), "unknown", "is not a choice of this event"),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    errors.0.extend(too_many(categories, &ids).0);
    errors.into_result()?;
    Ok(ids)
}

fn count(category: &Category, ids: &[ChoiceId]) -> usize {
    category.choices.iter().filter(|choice| ids.contains(&choice.id)).count()
}

fn too_many(categories: &[Category], ids: &[ChoiceId]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for category in categories.iter().filter(|category| !category.several && count(category, ids) > 1) {
        errors.add("choices", "only_one", format!("pick only one of {}", category.name));
    }
    errors
}

/// What is wrong with what was picked when it shall be submitted: as [`picked`], and nothing of a category of which a
/// choice is needed.
pub fn check_picked(categories: &[Category], ids: &[ChoiceId]) -> FieldErrors {
    let mut errors = too_many(categories, ids);
    for category in categories.iter().filter(|category| category.required && count(category, ids) == 0) {
        errors.add("choices", "missing", format!("pick one of {}", category.name));
        let codes = category.choices.iter().map(|choice| choice.code.clone()).collect();
        errors = errors.with_choices(codes);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(first: i64, several: bool, required: bool) -> Category {
        let choice = |id: i64| Choice {
            id: ChoiceId(id),
            code: format!("CHA2{id:02}").replace(['0', '1'], "Z"),
            name: format!("Choice {id}"),
            help: String::new(),
            wanted: None,
        };
        Category {
            id: CategoryId(first),
            event: EventId(1),
            code: "CAT222".into(),
            name: format!("Category {first}"),
            help: String::new(),
            several,
            required,
            shown_to: ShownTo::Everyone,
            version: 1,
            choices: vec![choice(first), choice(first + 1)],
        }
    }

    fn codes(ids: &[i64]) -> Vec<ChoiceId> {
        ids.iter().copied().map(ChoiceId).collect()
    }

    #[test]
    fn one_of_some_and_several_of_others() {
        let categories = [category(2, false, false), category(4, true, false)];
        let wrong = |ids: &[i64]| too_many(&categories, &codes(ids)).0.len();
        assert_eq!((wrong(&[]), wrong(&[2]), wrong(&[2, 3]), wrong(&[2, 4, 5])), (0, 0, 1, 0));
    }

    #[test]
    fn what_is_needed_is_asked_for_by_name() {
        let categories = [category(2, false, true), category(4, true, false)];
        let missing = check_picked(&categories, &codes(&[4]));
        assert_eq!(missing.0.len(), 1);
        assert_eq!((missing.0[0].message.as_str(), missing.0[0].choices.len()), ("pick one of Category 2", 2));
        assert!(check_picked(&categories, &codes(&[3])).0.is_empty());
    }

    #[test]
    fn the_presets_can_be_added_as_they_are() {
        for preset in Preset::ALL {
            let category = preset.category();
            assert!(category.validate().is_ok() && !category.name.is_empty() && !category.help.is_empty());
            assert!(category.choices.iter().all(|choice| !choice.name.is_empty()), "{preset}");
            category.read().unwrap();
        }
    }
}

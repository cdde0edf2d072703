//! What stands in an export, column by column: the CSV header and the JSON keys are the same list.

use super::model::{
    Category, Choice, Criterion, Listed, Person, Proposal, Review, Speaker, category_columns, score_columns,
};
use crate::{
    db::types::Ts,
    error::FieldErrors,
    proposals::{
        choices::{
            model::Picked,
            views::{self as choices, ChoiceView},
        },
        model::{Confirmation, PublishedDecision},
    },
    reviews::model::Confidence,
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use utoipa::ToSchema;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'r> {
    Text(&'r str),
    Joined(String),
    List(Vec<&'r str>),
    Whole(i64),
    Number(f64),
    Time(Ts),
    People(&'r [Person], Addresses),
    Choices(&'r [Picked]),
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    Shown,
    Left,
}

/// Which of the two forms has the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Both,
    /// Lists of people are spread over several columns.
    Csv,
    Json,
}

type CellOf<R> = Box<dyn for<'r> Fn(&'r R) -> Cell<'r> + Send>;

pub struct Column<R> {
    pub name: String,
    place: Place,
    cell: CellOf<R>,
}

impl<R> Column<R> {
    fn new(place: Place, name: impl Into<String>, cell: impl for<'r> Fn(&'r R) -> Cell<'r> + Send + 'static) -> Self {
        Column { name: name.into(), place, cell: Box::new(cell) }
    }

    fn both(name: impl Into<String>, cell: impl for<'r> Fn(&'r R) -> Cell<'r> + Send + 'static) -> Self {
        Column::new(Place::Both, name, cell)
    }

    /// Whether it stands in tables, where lists of people are spread over several columns.
    pub fn in_csv(&self) -> bool {
        self.place != Place::Json
    }

    pub fn cell<'r>(&self, row: &'r R) -> Cell<'r> {
        (self.cell)(row)
    }
}

/// A row as a JSON object.
pub struct Record<'t, R> {
    pub columns: &'t [Column<R>],
    pub row: &'t R,
}

impl<R> Serialize for Record<'_, R> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for column in self.columns.iter().filter(|column| column.place != Place::Csv) {
            map.serialize_entry(&column.name, &column.cell(self.row))?;
        }
        map.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => to.serialize_str(text),
            Cell::Joined(text) => to.serialize_str(text),
            Cell::List(texts) => texts.serialize(to),
            Cell::Whole(number) => to.serialize_i64(*number),
            Cell::Number(number) => to.serialize_f64(*number),
            Cell::Time(at) => at.serialize(to),
            Cell::Empty => to.serialize_none(),
            Cell::Choices(picked) => choices::views(picked.to_vec()).serialize(to),
            Cell::People(people, addresses) => {
                let mut list = to.serialize_seq(Some(people.len()))?;
                for person in *people {
                    let view = PersonView { name: &person.name, affiliation: &person.affiliation, bio: &person.bio };
                    match addresses {
                        Addresses::Left => list.serialize_element(&view)?,
                        Addresses::Shown => {
                            let Person { code, links, email, .. } = person;
                            list.serialize_element(&ContactView {
                                code,
                                person: view,
                                links,
                                email: email.as_deref(),
                            })?;
                        }
                    }
                }
                list.end()
            }
        }
    }
}

#[derive(Serialize)]
struct PersonView<'r> {
    name: &'r str,
    affiliation: &'r str,
    bio: &'r str,
}

#[derive(Serialize)]
struct ContactView<'r> {
    code: &'r str,
    #[serde(flatten)]
    person: PersonView<'r>,
    links: &'r [String],
    email: Option<&'r str>,
}

fn text(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Empty, Cell::Text)
}

fn time(at: Option<Ts>) -> Cell<'static> {
    at.map_or(Cell::Empty, Cell::Time)
}

fn joined(proposal: &Proposal, separator: &str, part: impl Fn(&Person) -> &str) -> Cell<'static> {
    Cell::Joined(proposal.speakers.iter().map(part).collect::<Vec<_>>().join(separator))
}

/// What the proposal is.
fn substance(categories: &[Category]) -> Vec<Column<Proposal>> {
    let mut columns = vec![
        Column::both("code", |proposal: &Proposal| Cell::Text(&proposal.code)),
        Column::both("public_no", |proposal: &Proposal| Cell::Whole(proposal.public_no)),
        Column::both("title", |proposal: &Proposal| Cell::Text(&proposal.title)),
        Column::both("abstract", |proposal: &Proposal| Cell::Text(&proposal.abstract_)),
        Column::both("description", |proposal: &Proposal| Cell::Text(&proposal.description)),
        Column::both("format", |proposal: &Proposal| Cell::Text(&proposal.format)),
        Column::both("minutes", |proposal: &Proposal| Cell::Whole(proposal.minutes)),
        Column::both("track", |proposal: &Proposal| text(proposal.track.as_deref())),
    ];
    for (name, category) in category_columns(categories).into_iter().zip(categories) {
        let code = category.code.clone();
        columns.push(Column::both(name, move |proposal: &Proposal| {
            let of_category = proposal.choices.iter().filter(|picked| picked.category_code == code);
            Cell::List(of_category.map(|picked| picked.name.as_str()).collect())
        }));
    }
    // Whole, and by their names: what an import needs.
    columns.push(Column::new(Place::Json, "choices", |proposal: &Proposal| Cell::Choices(&proposal.choices)));
    columns
}

fn people(addresses: Addresses) -> Vec<Column<Proposal>> {
    let mut columns = vec![
        Column::new(Place::Json, "speakers", move |proposal: &Proposal| Cell::People(&proposal.speakers, addresses)),
        Column::new(Place::Csv, "speakers", |proposal: &Proposal| joined(proposal, "; ", |person| &person.name)),
        Column::new(Place::Csv, "speaker_affiliations", |proposal: &Proposal| {
            joined(proposal, "; ", |person| &person.affiliation)
        }),
        Column::new(Place::Csv, "speaker_bios", |proposal: &Proposal| joined(proposal, "\n\n", |person| &person.bio)),
    ];
    if addresses == Addresses::Shown {
        columns.push(Column::new(Place::Csv, "speaker_emails", |proposal: &Proposal| {
            joined(proposal, "; ", |person| person.email.as_deref().unwrap_or_default())
        }));
    }
    columns
}

fn communicated() -> Vec<Column<Proposal>> {
    vec![
        Column::both("confirmation", |proposal: &Proposal| text(proposal.confirmation.map(Confirmation::as_str))),
        Column::both("published_at", |proposal: &Proposal| time(proposal.published_at)),
    ]
}

/// The columns of `talks`, of which one for each category that everybody is shown.
pub fn talk_columns(categories: &[Category]) -> Vec<Column<Proposal>> {
    let mut columns = substance(categories);
    columns.extend(people(Addresses::Left));
    columns.extend(communicated());
    columns
}

/// The columns of `proposals`, of which one for each category.
pub fn proposal_columns(categories: &[Category]) -> Vec<Column<Proposal>> {
    let mut columns = substance(categories);
    columns.extend(people(Addresses::Shown));
    columns.extend([
        Column::both("notes", |proposal: &Proposal| Cell::Text(&proposal.notes)),
        Column::both("lifecycle", |proposal: &Proposal| Cell::Text(proposal.lifecycle.as_str())),
        Column::both("decided_at", |proposal: &Proposal| time(proposal.decided_at)),
        Column::both("decision", |proposal: &Proposal| Cell::Text(proposal.decision.as_str())),
        Column::both("published_decision", |proposal: &Proposal| {
            text(proposal.published_decision.map(PublishedDecision::as_str))
        }),
    ]);
    columns.extend(communicated());
    columns.extend([
        Column::both("reviews", |proposal: &Proposal| {
            proposal.summary.map_or(Cell::Empty, |summary| Cell::Whole(summary.count.into()))
        }),
        Column::both("mean", |proposal: &Proposal| {
            proposal.summary.and_then(|summary| summary.mean).map_or(Cell::Empty, Cell::Number)
        }),
        Column::both("rank", |proposal: &Proposal| proposal.rank.map_or(Cell::Empty, |rank| Cell::Whole(rank.into()))),
        Column::both("score", |proposal: &Proposal| {
            proposal.calibrated.map_or(Cell::Empty, |calibrated| Cell::Number(calibrated.score))
        }),
        Column::both("deviation", |proposal: &Proposal| {
            proposal.calibrated.and_then(|calibrated| calibrated.deviation).map_or(Cell::Empty, Cell::Number)
        }),
    ]);
    columns
}

/// The columns of `speakers`.
pub fn speaker_columns() -> Vec<Column<Speaker>> {
    vec![
        Column::both("code", |speaker: &Speaker| Cell::Text(&speaker.code)),
        Column::both("name", |speaker: &Speaker| Cell::Text(&speaker.name)),
        Column::both("affiliation", |speaker: &Speaker| Cell::Text(&speaker.affiliation)),
        Column::both("bio", |speaker: &Speaker| Cell::Text(&speaker.bio)),
        Column::both("links", |speaker: &Speaker| Cell::List(speaker.links.iter().map(String::as_str).collect())),
        Column::both("email", |speaker: &Speaker| text(speaker.email.as_deref())),
        Column::both("proposals", |speaker: &Speaker| spoken(speaker, |(code, _)| code)),
        Column::both("titles", |speaker: &Speaker| spoken(speaker, |(_, title)| title)),
    ]
}

fn spoken(speaker: &Speaker, part: fn(&(String, String)) -> &String) -> Cell<'static> {
    let parts: Vec<&str> = speaker.proposals.iter().map(|proposal| part(proposal).as_str()).collect();
    Cell::Joined(parts.join("; "))
}

/// The columns that were chosen, in the order chosen.
///
/// # Errors
/// `Invalid` with the names that exist, for one that does not.
pub fn chosen<R>(columns: Vec<Column<R>>, choice: &Choice) -> Result<Vec<Column<R>>, FieldErrors> {
    let (names, exactly) = match choice {
        Choice::All => return Ok(columns),
        Choice::Exactly(names) => (names, true),
        Choice::Saved(names) => (names, false),
    };
    let mut known: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    known.dedup();
    if exactly && (names.is_empty() || names.iter().any(|name| !known.contains(name))) {
        let errors = FieldErrors::of("columns", "unknown_column", "must name columns of this table");
        return Err(errors.with_choices(known));
    }
    let place = |column: &Column<R>| names.iter().position(|name| *name == column.name);
    let mut chosen: Vec<(usize, Column<R>)> =
        columns.into_iter().filter_map(|column| Some((place(&column)?, column))).collect();
    chosen.sort_by_key(|(place, _)| *place);
    Ok(chosen.into_iter().map(|(_, column)| column).collect())
}

/// The columns of `reviews`, of which one for each criterion.
pub fn review_columns(criteria: &[Criterion]) -> Vec<Column<Review>> {
    let weights = criteria.to_vec();
    let mut columns = vec![
        Column::both("proposal", |review: &Review| Cell::Text(&review.proposal)),
        Column::both("title", |review: &Review| Cell::Text(&review.title)),
        Column::both("reviewer", |review: &Review| Cell::Text(&review.reviewer)),
        Column::both("state", |review: &Review| Cell::Text(review.state.as_str())),
        Column::both("total", move |review: &Review| review.total(&weights).map_or(Cell::Empty, Cell::Number)),
    ];
    for (name, criterion) in score_columns(criteria).into_iter().zip(criteria) {
        let code = criterion.code.clone();
        columns.push(Column::both(name, move |review: &Review| {
            review.scores.get(&code).map_or(Cell::Empty, |score| Cell::Whole(*score))
        }));
    }
    columns.push(Column::both("confidence", |review: &Review| text(review.confidence.map(Confidence::as_str))));
    columns.push(Column::both("comment", |review: &Review| Cell::Text(&review.comment)));
    columns.push(Column::both("feedback", |review: &Review| Cell::Text(&review.feedback)));
    columns
}

/// What the public list says of a talk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = exports::TalkOrGone)]
pub enum TalkOrGone {
    Talk(Talk),
    Gone(Gone),
}

/// A talk that was in the program and is not any more; only where one asks what has changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = exports::Gone)]
pub struct Gone {
    pub code: String,
    /// Always `true`.
    pub gone: bool,
}

impl TalkOrGone {
    /// As [`Talk::new`].
    pub fn new(listed: Listed, pictures: &str) -> TalkOrGone {
        match listed {
            Listed::Talk(talk) => TalkOrGone::Talk(Talk::new(*talk, pictures)),
            Listed::Gone(code) => TalkOrGone::Gone(Gone { code, gone: true }),
        }
    }
}

/// An accepted talk as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = exports::Talk)]
pub struct Talk {
    pub code: String,
    pub title: String,
    #[serde(rename = "abstract")]
    pub abstract_: String,
    pub format: String,
    pub minutes: i64,
    pub track: Option<String>,
    pub choices: Vec<ChoiceView>,
    /// Where the slides are.
    pub slides: Option<String>,
    pub speakers: Vec<TalkSpeaker>,
    /// Whether a speaker has said that the talk will be given.
    pub confirmed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = exports::TalkSpeaker)]
pub struct TalkSpeaker {
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub bio: String,
    /// The address of the headshot, where there is one.
    #[schema(format = "uri")]
    pub headshot: Option<String>,
}

impl Talk {
    /// `pictures` is the address below which headshots are.
    pub fn new(talk: Proposal, pictures: &str) -> Talk {
        let speaker = |Person { code, name, affiliation, bio, email: _, links: _, has_headshot }: Person| {
            let headshot = has_headshot.then(|| format!("{pictures}/{code}"));
            TalkSpeaker { code, name, affiliation, bio, headshot }
        };
        Talk {
            code: talk.code,
            title: talk.title,
            abstract_: talk.abstract_,
            format: talk.format,
            minutes: talk.minutes,
            track: talk.track,
            choices: choices::views(talk.choices),
            slides: talk.slides,
            speakers: talk.speakers.into_iter().map(speaker).collect(),
            confirmed: talk.confirmation == Some(Confirmation::Confirmed),
        }
    }
}

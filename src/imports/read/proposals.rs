//! Proposals as tables hold them, and the one way in which any proposal is made to fit.

use super::{
    super::model::{Ask, Content, Found, PersonRecord, Pick, ProposalRecord, Row, Rows, Wrong},
    columns::{Columns, Field},
    mend::{beginning, fitting_line, fitting_prose, line, prose},
    people::RawPerson,
    sheet::Sheet,
};
use crate::proposals::model::{Decision, Lifecycle};
use std::collections::HashMap;

const LONGEST_ABSTRACT: usize = 3000;
const LONGEST_DESCRIPTION: usize = 20_000;
pub const LONGEST_NOTES: usize = 5000;
const MOST_SPEAKERS: usize = 50;

/// A proposal as another tool writes it.
#[derive(Clone, Debug, Default)]
pub struct RawProposal {
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub format: Option<String>,
    pub minutes: Option<String>,
    pub track: Option<String>,
    /// In the words of that tool.
    pub state: String,
    pub decision: Option<String>,
    pub speakers: Vec<RawPerson>,
    pub choices: Vec<Pick>,
}

/// What became of a proposal elsewhere.
enum State {
    Is(Lifecycle, Decision),
    NotForImport(&'static str),
    NoSuch,
}

fn state(word: &str) -> State {
    use Decision::{Accepted, Rejected, Undecided, Waitlisted};
    use Lifecycle::{Canceled, Submitted, Withdrawn};
    match word.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "" | "submitted" | "nominated" | "new" | "pending" | "undecided" | "in_evaluation" => {
            State::Is(Submitted, Undecided)
        }
        "accepted" | "accept_queue" | "confirmed" => State::Is(Submitted, Accepted),
        "waitlisted" | "waitlist" | "waiting_list" => State::Is(Submitted, Waitlisted),
        "rejected" | "declined" | "decline_queue" => State::Is(Submitted, Rejected),
        "withdrawn" => State::Is(Withdrawn, Undecided),
        "canceled" | "cancelled" => State::Is(Canceled, Undecided),
        "draft" => State::NotForImport("a draft"),
        "deleted" => State::NotForImport("deleted"),
        _ => State::NoSuch,
    }
}

/// Makes it fit, or says why it does not.
pub fn fitting(raw: RawProposal) -> Content<ProposalRecord> {
    let (lifecycle, mut decision) = match state(&raw.state) {
        State::Is(lifecycle, decision) => (lifecycle, decision),
        State::NotForImport(why) => return Content::Skipped(why.to_owned()),
        State::NoSuch => return Content::Refused("state: is not known".to_owned()),
    };
    if let Some(word) = &raw.decision {
        match state(word) {
            State::Is(Lifecycle::Submitted, said) => decision = said,
            _ => return Content::Refused("decision: is not known".to_owned()),
        }
    }
    match texts(raw, lifecycle, decision) {
        Ok(record) => Content::Record(record),
        Err(why) => Content::Refused(why),
    }
}

fn texts(raw: RawProposal, lifecycle: Lifecycle, decision: Decision) -> Result<ProposalRecord, String> {
    let mut remarks = vec![];
    let (mut abstract_, mut description) = (prose(&raw.abstract_), prose(&raw.description));
    if abstract_.is_empty() {
        abstract_ = std::mem::take(&mut description);
    }
    if abstract_.chars().count() > LONGEST_ABSTRACT {
        description = prose(&format!("{abstract_}\n\n{description}"));
        abstract_ = beginning(&abstract_, LONGEST_ABSTRACT);
        remarks.push("the abstract is too long: it stands whole in the description".to_owned());
    }
    if raw.speakers.len() > MOST_SPEAKERS {
        return Err(format!("speakers: are more than {MOST_SPEAKERS}"));
    }
    let mut speakers: Vec<PersonRecord> = vec![];
    for person in raw.speakers {
        let person = person.fitting().map_err(|why| format!("speakers: {why}"))?;
        remarks.extend(person.remarks.iter().map(|remark| format!("{}: {remark}", person.name)));
        if !speakers.iter().any(|other| other.same_as(&person)) {
            speakers.push(person);
        }
    }
    if speakers.is_empty() {
        remarks.push("there is no speaker".to_owned());
    }
    let (choices, too_long) = short_names(raw.choices);
    let notes = with_picks(&raw.notes, &too_long);
    let named = |field: &str, text: &Option<String>| match text.as_deref().map(line) {
        Some(text) if !text.is_empty() => {
            fitting_line::<1, 100>(&text).map(Some).map_err(|why| format!("{field}: {why}"))
        }
        _ => Ok(None),
    };
    Ok(ProposalRecord {
        title: fitting_line::<1, 200>(&raw.title).map_err(|why| format!("title: {why}"))?,
        abstract_: fitting_prose::<0, LONGEST_ABSTRACT>(&abstract_).map_err(|why| format!("abstract: {why}"))?,
        description: fitting_prose::<0, LONGEST_DESCRIPTION>(&description)
            .map_err(|why| format!("description: {why}"))?,
        notes: fitting_prose::<0, LONGEST_NOTES>(&notes).map_err(|why| format!("notes: {why}"))?,
        format: named("format", &raw.format)?,
        minutes: raw.minutes.as_deref().and_then(minutes),
        track: named("track", &raw.track)?,
        choices,
        lifecycle,
        decision,
        speakers,
        remarks,
    })
}

/// What can be a category and its choices, and what is too long for it.
fn short_names(picks: Vec<Pick>) -> (Vec<Pick>, Vec<Pick>) {
    let short = |name: &str| fitting_line::<1, 100>(name).ok();
    let (mut fitting, mut others) = (vec![], vec![]);
    for Pick { category, choices } in picks {
        let (mut shorter, mut longer) = (vec![], vec![]);
        for choice in choices {
            match short(&choice).filter(|_| short(&category).is_some()) {
                Some(choice) => shorter.push(choice),
                None => longer.push(choice),
            }
        }
        fitting.push(Pick { category: short(&category).unwrap_or_default(), choices: shorter });
        others.push(Pick { category, choices: longer });
    }
    fitting.retain(|pick| !pick.choices.is_empty());
    others.retain(|pick| !pick.choices.is_empty());
    (fitting, others)
}

/// The notes with what cannot be a choice: organizers want to know it all the same.
pub fn with_picks(notes: &str, picks: &[Pick]) -> String {
    let mut lines = vec![notes.to_owned()];
    lines.extend(picks.iter().map(|pick| format!("{}: {}", pick.category, pick.choices.join(", "))));
    lines.join("\n")
}

/// `45`, `00:45` or `1:30:00`, in minutes; `None` for anything else.
fn minutes(text: &str) -> Option<i64> {
    let parts: Vec<i64> = text.trim().split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let minutes = match parts.as_slice() {
        [minutes] => *minutes,
        [hours, minutes] | [hours, minutes, _] => hours.checked_mul(60)?.checked_add(*minutes)?,
        _ => return None,
    };
    (1..=1440).contains(&minutes).then_some(minutes)
}

/// # Errors
/// When it is not clear which columns hold the titles.
pub fn read(sheet: &Sheet, ask: &Ask) -> Result<Found, Wrong> {
    let columns = Columns::of(sheet, ask)?;
    columns.needs(&[Field::Title])?;
    let mut rows: Vec<(usize, String, RawProposal)> = vec![];
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, cells) in &sheet.rows {
        let id = line(columns.get(cells, Field::Id));
        let raw = raw(&columns, cells);
        // Tools that write a row for each speaker repeat the proposal.
        let again = if id.is_empty() { None } else { places.get(&id).and_then(|place| rows.get_mut(*place)) };
        match again {
            Some((.., first)) if first.title == raw.title && columns.has(Field::SpeakerId) => {
                first.speakers.extend(raw.speakers);
            }
            _ => {
                places.entry(id.clone()).or_insert(rows.len());
                rows.push((*number, id, raw));
            }
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let rows = rows.into_iter().map(|(number, id, raw)| {
        let content = match seen.get(&id) {
            _ if id.is_empty() && columns.has(Field::Id) => Content::Refused("id: is missing".to_owned()),
            Some(first) if !id.is_empty() => Content::Refused(format!("id: stands in row {first} too")),
            _ => fitting(raw.clone()),
        };
        // A table without ids has the title for one.
        let id = if columns.has(Field::Id) { id } else { line(&raw.title) };
        seen.entry(id.clone()).or_insert(number);
        Row { number, id, content }
    });
    Ok(Found { source: ask.source_or(columns.preset.as_str()), rows: Rows::Proposals(rows.collect()) })
}

fn raw(columns: &Columns, cells: &[String]) -> RawProposal {
    let text = |field| columns.get(cells, field).to_owned();
    let optional = |field| Some(text(field)).filter(|text| !text.is_empty());
    let state = if columns.has(Field::Lifecycle) { text(Field::Lifecycle) } else { text(Field::State) };
    RawProposal {
        title: text(Field::Title),
        abstract_: text(Field::Abstract),
        description: text(Field::Description),
        notes: text(Field::Notes),
        format: optional(Field::Format),
        minutes: optional(Field::Minutes),
        track: optional(Field::Track),
        state,
        decision: optional(Field::Decision),
        speakers: RawPerson::all_of(columns, cells),
        choices: columns.choices(cells),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> RawProposal {
        RawProposal { title: title.into(), abstract_: "About.".into(), ..RawProposal::default() }
    }

    fn record(raw: RawProposal) -> ProposalRecord {
        match fitting(raw) {
            Content::Record(record) => record,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn states_are_understood() {
        let of = |word: &str| match state(word) {
            State::Is(lifecycle, decision) => format!("{lifecycle} {decision}"),
            State::NotForImport(why) => why.into(),
            State::NoSuch => "unknown".into(),
        };
        assert_eq!(of("Accept_Queue"), "submitted accepted");
        assert_eq!(of("Decline Queue"), "submitted rejected");
        assert_eq!(of("confirmed"), "submitted accepted");
        assert_eq!(of(""), "submitted undecided");
        assert_eq!(of("withdrawn"), "withdrawn undecided");
        assert_eq!(of("Draft"), "a draft");
        assert_eq!(of("vermutlich"), "unknown");
    }

    #[test]
    fn a_long_abstract_loses_nothing() {
        let long = "word ".repeat(700);
        let record = record(RawProposal { abstract_: long.clone(), description: "More.".into(), ..titled("T") });
        assert!(record.abstract_.chars().count() <= LONGEST_ABSTRACT && record.abstract_.ends_with('…'));
        assert_eq!(record.description, format!("{}\n\nMore.", long.trim()));
        assert_eq!(record.remarks.len(), 2);
        let fits = "x".repeat(LONGEST_ABSTRACT);
        let record = self::record(RawProposal { abstract_: fits.clone(), ..titled("T") });
        assert_eq!((record.abstract_, record.description.as_str()), (fits, ""));
    }

    #[test]
    fn what_is_too_long_for_a_choice_stands_in_the_notes() {
        let pick = |category: &str, choices: &[&str]| Pick {
            category: category.into(),
            choices: choices.iter().map(|&choice| choice.into()).collect(),
        };
        let (fits, long) = ("x".repeat(100), "x".repeat(101));
        let choices = vec![pick("Level", &[&fits, &long]), pick(&long, &["A"])];
        let record = record(RawProposal { choices, ..titled("T") });
        assert_eq!(record.choices, [pick("Level", &[&fits])]);
        assert_eq!(record.notes, format!("Level: {long}\n{long}: A"));
    }

    #[test]
    fn durations_have_several_forms() {
        assert_eq!([minutes("45"), minutes("00:45"), minutes("1:30:00")], [Some(45), Some(45), Some(90)]);
        assert_eq!([minutes(""), minutes("0"), minutes("long"), minutes("1441")], [None; 4]);
    }

    #[test]
    fn a_row_for_each_speaker_is_one_proposal() {
        let csv = "Session Id,Title,Description,Speaker Id,FirstName,LastName\n7,One,Text,a,Ada,L\n7,One,Text,b,Bo,M\n8,Two,Text,a,Ada,L\n";
        let found = read(&Sheet::of_csv(csv.as_bytes()).unwrap(), &Ask::default()).unwrap();
        let Rows::Proposals(rows) = found.rows else { panic!() };
        assert_eq!(found.source, "sessionize");
        let names = |row: &Row<ProposalRecord>| match &row.content {
            Content::Record(record) => record.speakers.iter().map(|person| person.name.clone()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(rows.iter().map(names).collect::<Vec<_>>(), [vec!["Ada L", "Bo M"], vec!["Ada L"]]);
    }

    #[test]
    fn ids_are_needed_once() {
        let csv = "code,title\nA,One\n,Two\nA,Three\n";
        let found = read(&Sheet::of_csv(csv.as_bytes()).unwrap(), &Ask::default()).unwrap();
        let Rows::Proposals(rows) = found.rows else { panic!() };
        let refused = |row: &Row<ProposalRecord>| matches!(&row.content, Content::Refused(_));
        assert_eq!(rows.iter().map(refused).collect::<Vec<_>>(), [false, true, true]);
    }
}

//! What an import would do, found out without changing anything. A record that was imported before is recognized by its
//! key; it is overwritten only where nobody has changed it here since.

pub mod catalog;
pub mod people;

use super::model::{Content, Outcome, PersonRecord, Pick, ProposalRecord, Report, Row, Told};
use crate::{
    calls::categories::model::Category,
    db::types::{FormatId, ProposalId, SpeakerId, TrackId},
    secrets,
    similar::model::NewPastTalk,
};
use catalog::{Catalog, NewChoices};
use data_encoding::HEXLOWER;
use people::Profile;
use serde_json::json;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Of a format that has to be made and says nothing about its length.
const USUAL_MINUTES: i64 = 30;
const USUAL_FORMAT: &str = "Talk";

/// What the event has already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// In their order.
    pub formats: Vec<(FormatId, String)>,
    pub tracks: Vec<(TrackId, String)>,
    pub categories: Vec<Category>,
    /// What was imported from the same source: its key, and the digest of what came with it.
    pub proposal_keys: HashMap<String, (ProposalId, String)>,
    pub speaker_keys: HashMap<String, (SpeakerId, String)>,
    /// As they are now.
    pub proposals: HashMap<ProposalId, Local>,
    pub speakers: HashMap<SpeakerId, Profile>,
    /// Of speakers without an account.
    pub addresses: HashMap<String, SpeakerId>,
}

/// A proposal of the event: its code and the digest of what it says now.
#[derive(Clone, Debug)]
pub struct Local {
    pub code: String,
    /// By name.
    pub format: String,
    pub digest: String,
}

/// What there is to do, and the report of it.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    pub report: Report,
    pub formats: Vec<(String, i64)>,
    pub tracks: Vec<String>,
    pub choices: Vec<NewChoices>,
    pub new_speakers: Vec<SpeakerStep>,
    pub changed_speakers: Vec<(SpeakerId, SpeakerStep)>,
    /// They are here already, and are known by these keys from now on.
    pub joined_speakers: Vec<(SpeakerId, SpeakerStep)>,
    pub new_proposals: Vec<ProposalStep>,
    pub changed_proposals: Vec<(ProposalId, ProposalStep)>,
    /// Keys of the speakers that were looked at: many come with several proposals.
    pub seen: HashSet<String>,
    /// Who of them has an address, by their keys.
    pub addresses: HashMap<String, String>,
}

/// A speaker to write, with the keys by which they will be known.
#[derive(Clone, Debug)]
pub struct SpeakerStep {
    pub key: String,
    pub record: PersonRecord,
    pub digest: String,
}

#[derive(Clone, Debug)]
pub struct ProposalStep {
    pub key: String,
    pub record: ProposalRecord,
    /// By name.
    pub format: String,
    /// By key.
    pub speakers: Vec<String>,
    pub digest: String,
    /// The place of its row in the report.
    pub row: usize,
}

/// What a proposal says, so that two of them can be compared.
pub fn proposal_digest(
    texts: [&str; 4],
    format: &str,
    track: &str,
    speakers: &[&str],
    picked: &[(&str, &str)],
) -> String {
    let picked = picked.iter().map(|(category, choice)| (catalog::column(category), choice.to_lowercase()));
    // In whichever order they come.
    let picked: BTreeSet<(String, String)> = picked.collect();
    digest(&json!([texts, format.to_lowercase(), track.to_lowercase(), speakers, picked]))
}

fn digest(content: &serde_json::Value) -> String {
    HEXLOWER.encode(&secrets::hash_parts(&[content.to_string().as_bytes()]))
}

impl Known {
    /// A speaker, and what came with them then.
    fn find(&self, person: &PersonRecord) -> Option<&(SpeakerId, String)> {
        // By name those that had no id so far.
        self.speaker_keys.get(&person.key()).or_else(|| self.speaker_keys.get(&person.name_key()))
    }

    fn format<'f>(&'f self, steps: &'f Steps, name: &str) -> Option<&'f str> {
        let known = self.formats.iter().map(|(_, name)| name).chain(steps.formats.iter().map(|(name, _)| name));
        known.map(String::as_str).find(|known| known.to_lowercase() == name.to_lowercase())
    }

    fn has_track(&self, steps: &Steps, name: &str) -> bool {
        let known = self.tracks.iter().map(|(_, name)| name).chain(&steps.tracks);
        known.into_iter().any(|known| known.to_lowercase() == name.to_lowercase())
    }
}

/// What becomes of something that was imported before, from what came then, what comes now and what is here.
fn compare(then: &str, now: &str, here: &str) -> Outcome {
    if now == then || now == here {
        Outcome::Unchanged
    } else if here == then {
        Outcome::Updated
    } else {
        Outcome::Kept
    }
}

pub fn proposals(source: &str, rows: Vec<Row<ProposalRecord>>, known: &Known) -> Steps {
    let mut steps = Steps { report: Report { source: source.to_owned(), ..Report::default() }, ..Steps::default() };
    let mut catalog = Catalog::of(&known.categories, &rows);
    let codes: HashMap<&str, ProposalId> =
        known.proposals.iter().map(|(id, local)| (local.code.as_str(), *id)).collect();
    for Row { number, id, content } in rows {
        let mut told = Told { number, id: id.clone(), outcome: Outcome::Refused, code: None, remarks: vec![] };
        match content {
            Content::Skipped(why) => {
                told.outcome = Outcome::Skipped;
                told.remarks.push(why);
            }
            Content::Refused(why) => told.remarks.push(why),
            Content::Record(mut record) => {
                catalog.settle(&mut record);
                told.remarks.clone_from(&record.remarks);
                let keyed = known.proposal_keys.get(&id);
                let own = codes.get(id.as_str()).filter(|_| keyed.is_none() && source == "callboard");
                let here = keyed.map(|(here, _)| here).or(own).and_then(|here| known.proposals.get(here));
                let format = steps.format_of(&record, here, known);
                match here.filter(|_| own.is_some()) {
                    Some(local) => tell_own(&mut told, local, &record, &format),
                    None => steps.add_proposal(&mut told, (record, format), known, &mut catalog),
                }
            }
        }
        steps.report.rows.push(told);
    }
    steps.report.new_formats = steps.formats.iter().map(|(name, _)| name.clone()).collect();
    steps.report.new_tracks.clone_from(&steps.tracks);
    steps.choices = catalog.missing();
    let made = steps.choices.iter().filter(|new| new.category.is_none());
    steps.report.new_categories = made.map(|new| new.name.clone()).collect();
    let choices =
        steps.choices.iter().flat_map(|new| new.choices.iter().map(|choice| (new.name.clone(), choice.clone())));
    steps.report.new_choices = choices.collect();
    steps
}

impl Steps {
    /// The format's name as the event has it, or will have it. Where the file says nothing, it is what it is here.
    fn format_of(&self, record: &ProposalRecord, here: Option<&Local>, known: &Known) -> String {
        let usual = || known.formats.first().map_or(USUAL_FORMAT, |(_, name)| name);
        let name = match &record.format {
            Some(name) => name.as_str(),
            None => here.map_or_else(usual, |local| &local.format),
        };
        known.format(self, name).unwrap_or(name).to_owned()
    }

    /// Notes the format and the track of a proposal that is to be written, where the event has none of that name.
    fn need_parts(&mut self, record: &ProposalRecord, format: &str, known: &Known) {
        if known.format(self, format).is_none() {
            let minutes = record.minutes.or_else(|| minutes_in(format)).unwrap_or(USUAL_MINUTES);
            self.formats.push((format.to_owned(), minutes));
        }
        if let Some(track) = &record.track
            && !known.has_track(self, track)
        {
            self.tracks.push(track.clone());
        }
    }

    fn add_proposal(
        &mut self,
        told: &mut Told,
        (record, format): (ProposalRecord, String),
        known: &Known,
        catalog: &mut Catalog,
    ) {
        let digest = record.digest(&format);
        let before = known.proposal_keys.get(&told.id);
        let local = before.and_then(|(id, _)| known.proposals.get(id));
        told.code = local.map(|local| local.code.clone());
        told.outcome = match (before, local) {
            (None, _) => Outcome::Created,
            (Some((_, then)), Some(local)) => compare(then, &digest, &local.digest),
            (Some(_), None) => Outcome::Kept,
        };
        let is_written = matches!(told.outcome, Outcome::Created | Outcome::Updated);
        for person in record.speakers.iter().filter(|person| is_written || known.find(person).is_some()) {
            if self.seen.insert(person.key()) {
                let mut remarks = vec![];
                let outcome = self.add_speaker(person, known, &mut remarks);
                told.remarks.extend(remarks.into_iter().map(|remark| format!("{}: {remark}", person.name)));
                self.report.speakers.push(outcome);
            }
        }
        if told.outcome == Outcome::Kept {
            told.remarks.push("it was changed here since it was imported".to_owned());
        }
        if !is_written {
            return;
        }
        self.need_parts(&record, &format, known);
        catalog.need(&record);
        let speakers = record.speakers.iter().map(PersonRecord::key).collect();
        let row = self.report.rows.len();
        let step = ProposalStep { key: told.id.clone(), record, format, speakers, digest, row };
        match before {
            Some((id, _)) => self.changed_proposals.push((*id, step)),
            None => self.new_proposals.push(step),
        }
    }
}

/// A proposal of this very event that comes back: it is compared, and never overwritten.
fn tell_own(told: &mut Told, local: &Local, record: &ProposalRecord, format: &str) {
    told.code = Some(local.code.clone());
    told.outcome = if local.digest == record.digest(format) {
        Outcome::Unchanged
    } else {
        told.remarks.push("it is a proposal of this event, and says something else here".to_owned());
        Outcome::Kept
    };
}

impl ProposalRecord {
    fn digest(&self, format: &str) -> String {
        let texts = [self.title.as_str(), &self.abstract_, &self.description, &self.notes];
        let names: Vec<&str> = self.speakers.iter().map(|person| person.name.as_str()).collect();
        let mut picked: Vec<(&str, &str)> = vec![];
        for Pick { category, choices } in &self.choices {
            picked.extend(choices.iter().map(|choice| (category.as_str(), choice.as_str())));
        }
        proposal_digest(texts, format, self.track.as_deref().unwrap_or_default(), &names, &picked)
    }
}

/// Which past talks are new, and what becomes of each row; `known` are the fingerprints of those that the event has.
pub(super) fn past_talks(
    source: &str,
    rows: Vec<Row<NewPastTalk>>,
    mut known: HashSet<String>,
) -> (Report, Vec<NewPastTalk>) {
    let mut report = Report { source: source.to_owned(), ..Report::default() };
    let mut new = vec![];
    for Row { number, id, content } in rows {
        let (outcome, remarks) = match content {
            Content::Skipped(why) => (Outcome::Skipped, vec![why]),
            Content::Refused(why) => (Outcome::Refused, vec![why]),
            Content::Record(talk) if known.insert(talk.fingerprint()) => {
                new.push(talk);
                (Outcome::Created, vec![])
            }
            Content::Record(_) => (Outcome::Unchanged, vec![]),
        };
        report.rows.push(Told { number, id, outcome, code: None, remarks });
    }
    (report, new)
}

/// The length in a format's name: "Workshop (90 min)", "30minutes".
fn minutes_in(name: &str) -> Option<i64> {
    let numbers = name.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers.into_iter().find(|minutes| (5..=1440).contains(minutes))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::proposals::model::{Decision, Lifecycle};

    pub fn record(title: &str, speakers: &[&str]) -> ProposalRecord {
        let person = |name: &&str| PersonRecord { name: (*name).into(), ..PersonRecord::default() };
        ProposalRecord {
            title: title.into(),
            abstract_: "About.".into(),
            description: String::new(),
            notes: String::new(),
            format: None,
            minutes: None,
            track: Some("Core".into()),
            choices: vec![],
            lifecycle: Lifecycle::Submitted,
            decision: Decision::Undecided,
            speakers: speakers.iter().map(person).collect(),
            remarks: vec![],
        }
    }

    pub fn row(id: &str, record: ProposalRecord) -> Row<ProposalRecord> {
        Row { number: 2, id: id.into(), content: Content::Record(record) }
    }

    fn outcomes(steps: &Steps) -> Vec<Outcome> {
        steps.report.rows.iter().map(|row| row.outcome).collect()
    }

    #[test]
    fn what_is_new_is_made_once() {
        let rows = vec![row("1", record("One", &["Ada", "Bo"])), row("2", record("Two", &["ada"]))];
        let steps = proposals("sessionize", rows, &Known::default());
        assert_eq!(outcomes(&steps), [Outcome::Created, Outcome::Created]);
        assert_eq!(
            (steps.formats.as_slice(), steps.tracks.as_slice()),
            (&[("Talk".into(), 30)][..], &["Core".into()][..])
        );
        assert_eq!(steps.new_speakers.len(), 2);
        let keys: Vec<_> = steps.new_proposals.iter().map(|step| step.speakers.first().cloned()).collect();
        assert_eq!(keys.first(), keys.last());
    }

    #[test]
    fn three_ways_to_differ() {
        let imported = record("One", &[]).digest("Talk");
        let known = |here: &ProposalRecord| Known {
            formats: vec![(FormatId(1), "Talk".into())],
            proposal_keys: HashMap::from([("1".into(), (ProposalId(5), imported.clone()))]),
            proposals: HashMap::from([(
                ProposalId(5),
                Local { code: "ABCDEF".into(), format: "Talk".into(), digest: here.digest("Talk") },
            )]),
            ..Known::default()
        };
        let outcome = |now: &str, here: &str| {
            let steps = proposals("sessionize", vec![row("1", record(now, &[]))], &known(&record(here, &[])));
            outcomes(&steps).first().copied().unwrap()
        };
        assert_eq!(outcome("One", "One"), Outcome::Unchanged);
        assert_eq!(outcome("One", "Mine"), Outcome::Unchanged, "the file says nothing new");
        assert_eq!(outcome("New", "One"), Outcome::Updated);
        assert_eq!(outcome("New", "New"), Outcome::Unchanged, "both said the same");
        assert_eq!(outcome("New", "Mine"), Outcome::Kept);
    }

    #[test]
    fn what_is_not_written_makes_nothing() {
        let imported = record("One", &[]).digest("Talk");
        let local = |format: &str, digest: String| Local { code: "ABCDEF".into(), format: format.into(), digest };
        let known = |local: Option<Local>| Known {
            formats: vec![(FormatId(1), "Session".into())],
            proposal_keys: HashMap::from([("1".into(), (ProposalId(5), imported.clone()))]),
            proposals: local.map(|local| (ProposalId(5), local)).into_iter().collect(),
            ..Known::default()
        };
        let renamed = known(Some(local("Session", record("One", &[]).digest("Session"))));
        let steps = proposals("sessionize", vec![row("1", record("One", &[]))], &renamed);
        assert_eq!(outcomes(&steps), [Outcome::Unchanged], "the file says nothing of formats");
        let again = ProposalRecord { format: Some("Talk".into()), ..record("One", &["Ada"]) };
        let steps = proposals("sessionize", vec![row("1", again)], &known(None));
        assert_eq!(outcomes(&steps), [Outcome::Kept]);
        assert!(steps.formats.is_empty() && steps.tracks.is_empty() && steps.new_speakers.is_empty());
    }

    #[test]
    fn an_export_of_this_event_changes_nothing() {
        let known = Known {
            formats: vec![(FormatId(1), "Talk".into())],
            proposals: HashMap::from([(
                ProposalId(5),
                Local { code: "ABCDEF".into(), format: "Talk".into(), digest: record("One", &["Ada"]).digest("Talk") },
            )]),
            ..Known::default()
        };
        let of = |id: &str, title: &str, source: &str| {
            outcomes(&proposals(source, vec![row(id, record(title, &["Ada"]))], &known)).first().copied().unwrap()
        };
        assert_eq!(of("ABCDEF", "One", "callboard"), Outcome::Unchanged);
        assert_eq!(of("ABCDEF", "Other", "callboard"), Outcome::Kept);
        assert_eq!(of("ABCDEF", "One", "last year"), Outcome::Created, "a code of another event");
        assert_eq!(of("GHJKLM", "One", "callboard"), Outcome::Created);
    }

    #[test]
    fn names_of_formats_tell_their_length() {
        assert_eq!(
            [minutes_in("Workshop (90 min)"), minutes_in("30minutes"), minutes_in("Talk")],
            [Some(90), Some(30), None]
        );
        assert_eq!(minutes_in("2 hours"), None);
    }
}

//! What becomes of the speakers of a file.

use super::{
    super::model::{Content, Outcome, PersonRecord, Report, Row, Told},
    Known, SpeakerStep, Steps, digest,
};
use crate::text::Email;
use serde_json::json;

/// A profile of the event as it is now.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    /// What it says, without the address and with it.
    without: String,
    with: String,
    /// Whether a person has it, who alone changes it from then on.
    claimed: bool,
}

/// What a profile says, so that two of them can be compared.
fn profile_digest(name: &str, bio: &str, affiliation: &str, links: &[String], email: Option<&str>) -> String {
    digest(&json!([name, bio, affiliation, links, email.map(str::to_lowercase)]))
}

impl Profile {
    pub fn new(claimed: bool, person: &PersonRecord) -> Profile {
        let (without, with) = (PersonRecord { email: None, ..person.clone() }.digest(), person.digest());
        Profile { name: person.name.clone(), without, with, claimed }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// What becomes of it, from what came then and what comes now. A file that says nothing of the address leaves it.
    fn compare(&self, then: &str, now: &str, has_address: bool) -> Outcome {
        let here = if has_address { &self.with } else { &self.without };
        if now == then || now == here {
            Outcome::Unchanged
        } else if !self.claimed && [&self.with, &self.without].iter().any(|here| *here == then) {
            Outcome::Updated
        } else {
            Outcome::Kept
        }
    }
}

impl PersonRecord {
    /// By which the person is known again: the id of where they come from, else a hash of the name.
    pub fn key(&self) -> String {
        match &self.id {
            Some(id) => format!("id:{id}"),
            None => self.name_key(),
        }
    }

    /// By which somebody is known who has no id.
    pub fn name_key(&self) -> String {
        format!("name:{}", digest(&json!(self.name.to_lowercase())))
    }

    pub fn digest(&self) -> String {
        let email = self.email.as_ref().map(Email::as_str);
        profile_digest(&self.name, &self.bio, &self.affiliation, &self.links, email)
    }
}

impl Steps {
    pub(super) fn add_speaker(&mut self, person: &PersonRecord, known: &Known, remarks: &mut Vec<String>) -> Outcome {
        let mut record = person.clone();
        let address = person.email.as_ref().map(Email::key);
        let holder = address.as_ref().and_then(|address| known.addresses.get(address));
        let before = known.find(person);
        // Who has this name and this address here is the same speaker, wherever they were entered.
        let same = holder.filter(|holder| {
            before.is_none() && known.speakers.get(holder).is_some_and(|profile| profile.is_called(&person.name))
        });
        let id = before.map(|(id, _)| *id).or(same.copied());
        let elsewhere = address.is_some_and(|address| {
            let first = self.addresses.entry(address).or_insert_with(|| person.key());
            *first != person.key()
        });
        if elsewhere || holder.is_some_and(|holder| Some(*holder) != id) {
            record.email = None;
            remarks.push("another speaker has this address, so it is left out".to_owned());
        }
        let step = SpeakerStep { key: person.key(), digest: record.digest(), record };
        let Some(id) = id else {
            self.new_speakers.push(step);
            return Outcome::Created;
        };
        let then = before.map_or("", |(_, then)| then.as_str());
        let outcome = known
            .speakers
            .get(&id)
            .map_or(Outcome::Kept, |profile| profile.compare(then, &step.digest, step.record.email.is_some()));
        if outcome == Outcome::Updated {
            self.changed_speakers.push((id, step));
        } else if same.is_some() {
            self.joined_speakers.push((id, step));
        }
        outcome
    }
}

/// What becomes of a file of speakers.
pub fn speakers(source: &str, rows: Vec<Row<PersonRecord>>, known: &Known) -> Steps {
    let mut steps = Steps { report: Report { source: source.to_owned(), ..Report::default() }, ..Steps::default() };
    for Row { number, id, content } in rows {
        let mut told = Told { number, id, outcome: Outcome::Refused, code: None, remarks: vec![] };
        match content {
            Content::Skipped(why) => {
                told.outcome = Outcome::Skipped;
                told.remarks.push(why);
            }
            Content::Refused(why) => told.remarks.push(why),
            Content::Record(person) => {
                told.remarks.clone_from(&person.remarks);
                told.outcome = steps.add_speaker(&person, known, &mut told.remarks);
                if told.outcome == Outcome::Kept {
                    told.remarks.push("the profile was changed here since it was imported".to_owned());
                }
            }
        }
        steps.report.rows.push(told);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::SpeakerId;
    use std::collections::HashMap;

    fn person(id: &str, name: &str, email: Option<&str>) -> PersonRecord {
        let id = Some(id.to_owned()).filter(|id| !id.is_empty());
        PersonRecord { id, name: name.into(), email: email.map(|text| Email::new(text).unwrap()), ..Default::default() }
    }

    fn steps(known: &Known, people: &[PersonRecord]) -> Steps {
        let row = |person: &PersonRecord| Row { number: 2, id: person.key(), content: Content::Record(person.clone()) };
        speakers("pretalx", people.iter().map(row).collect(), known)
    }

    fn outcomes(steps: &Steps) -> Vec<Outcome> {
        steps.report.rows.iter().map(|row| row.outcome).collect()
    }

    /// An event with one speaker, who came as `then`.
    fn known(then: &PersonRecord, here: &PersonRecord, claimed: bool) -> Known {
        let address = here.email.as_ref().filter(|_| !claimed).map(Email::key);
        Known {
            speaker_keys: HashMap::from([(then.key(), (SpeakerId(3), then.digest()))]),
            speakers: HashMap::from([(SpeakerId(3), Profile::new(claimed, here))]),
            addresses: address.map(|address| (address, SpeakerId(3))).into_iter().collect(),
            ..Known::default()
        }
    }

    #[test]
    fn a_speaker_gets_an_id_and_an_address_later() {
        let only_name = person("", "Ada", None);
        let full = PersonRecord { bio: "Counts.".into(), ..person("7", "Ada", Some("ada@a.example")) };
        let steps = steps(&known(&only_name, &only_name, false), std::slice::from_ref(&full));
        assert_eq!(outcomes(&steps), [Outcome::Updated]);
        let changed = steps.changed_speakers.first().map(|(id, step)| (*id, step.key.as_str()));
        assert_eq!(changed, Some((SpeakerId(3), "id:7")));
        // What says nothing of the address does not take it away.
        let again = self::steps(&known(&only_name, &full, false), std::slice::from_ref(&only_name));
        assert_eq!(outcomes(&again), [Outcome::Unchanged]);
    }

    #[test]
    fn whoever_took_a_profile_over_keeps_it() {
        let (came, comes) = (person("7", "Ada", Some("ada@a.example")), person("7", "Ada L", Some("ada@a.example")));
        let taken = PersonRecord { email: None, ..came.clone() };
        assert_eq!(outcomes(&steps(&known(&came, &taken, true), std::slice::from_ref(&comes))), [Outcome::Kept]);
        assert_eq!(outcomes(&steps(&known(&came, &taken, true), std::slice::from_ref(&came))), [Outcome::Unchanged]);
        assert_eq!(outcomes(&steps(&known(&came, &came, false), &[comes])), [Outcome::Updated]);
    }

    #[test]
    fn an_address_is_one_speakers() {
        let [ada, bo] = [person("1", "Ada", Some("Office@a.example")), person("2", "Bo", Some("office@a.example"))];
        let two = steps(&Known::default(), &[ada.clone(), bo.clone()]);
        assert_eq!(outcomes(&two), [Outcome::Created, Outcome::Created]);
        let addresses: Vec<bool> = two.new_speakers.iter().map(|step| step.record.email.is_some()).collect();
        assert_eq!(addresses, [true, false]);
        // Entered here by organizers: the same name is the same speaker, another is not.
        let entered = Known { speaker_keys: HashMap::new(), ..known(&ada, &ada, false) };
        let joined = steps(&entered, &[ada, bo]);
        assert_eq!(outcomes(&joined), [Outcome::Unchanged, Outcome::Created]);
        assert_eq!((joined.joined_speakers.len(), joined.new_speakers.len()), (1, 1));
        assert!(joined.new_speakers.iter().all(|step| step.record.email.is_none()));
    }
}

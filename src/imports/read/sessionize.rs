//! Sessionize's `All` view. Older ones lack some keys, and every tool that copies the format adds some.

use super::{
    super::model::{Ask, Content, Found, Pick, ProposalRecord, Row, Rows, Wrong},
    MOST_ROWS,
    mend::line,
    people::RawPerson,
    proposals::{RawProposal, fitting, with_picks},
    unreadable,
};
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;

#[derive(Deserialize)]
struct All {
    sessions: Vec<Session>,
    speakers: Vec<Person>,
    #[serde(default)]
    categories: Vec<Category>,
    #[serde(default)]
    questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, rename = "isServiceSession")]
    is_service: bool,
    #[serde(default)]
    speakers: Vec<String>,
    #[serde(default)]
    category_items: Vec<i64>,
    #[serde(default)]
    question_answers: Vec<Answer>,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: String,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    bio: Option<String>,
    #[serde(default)]
    tag_line: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
struct Category {
    title: String,
    #[serde(default)]
    items: Vec<Item>,
    /// Of sessions or of speakers; old views have none.
    #[serde(default)]
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
struct Question {
    id: i64,
    question: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    question_id: i64,
    #[serde(default)]
    answer_value: Option<serde_json::Value>,
}

/// Text in newer views, a number in some.
fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}

/// The titles under which categories become format and track.
const FORMATS: [&str; 4] = ["session format", "format", "session type", "type"];
const TRACKS: [&str; 2] = ["track", "tracks"];

/// # Errors
/// When it is no `All` view, or too much.
pub fn read(text: &[u8], ask: &Ask) -> Result<Found, Wrong> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let all: All = serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))?;
    if all.sessions.len().max(all.speakers.len()) > MOST_ROWS {
        return Err(Wrong::new("file", format!("has more than {MOST_ROWS} sessions or speakers")));
    }
    let places = Places::of(&all, ask)?;
    let people: HashMap<&str, &Person> = all.speakers.iter().map(|person| (person.id.as_str(), person)).collect();
    let row = |(index, session): (usize, &Session)| {
        let content = if session.is_service {
            Content::Skipped("a service session".to_owned())
        } else {
            session.content(&places, &people)
        };
        Row { number: index + 1, id: line(&session.id), content }
    };
    let rows = all.sessions.iter().enumerate().map(row).collect();
    Ok(Found { source: ask.source_or("sessionize"), rows: Rows::Proposals(rows) })
}

/// What the numbers in sessions stand for.
struct Places<'a> {
    /// By item: the category's title and the item's name.
    items: HashMap<i64, (&'a str, &'a str)>,
    questions: HashMap<i64, &'a str>,
    format: Option<String>,
    track: Option<String>,
}

impl<'a> Places<'a> {
    fn of(all: &'a All, ask: &Ask) -> Result<Places<'a>, Wrong> {
        let of_sessions = || all.categories.iter().filter(|category| category.r#type.as_deref() != Some("speaker"));
        let found = |title: &str| of_sessions().find(|category| category.title.to_lowercase() == title.to_lowercase());
        let chosen = |field: &str, usual: &[&str]| {
            let said = ask.map.iter().find_map(|text| text.strip_prefix(field)?.strip_prefix('='));
            let named = said.map(|title| {
                let missing = || Wrong::new("map", format!("names a category for {field} that is not there"));
                found(title).ok_or_else(missing).map(|category| category.title.clone())
            });
            let usual = || usual.iter().find_map(|title| found(title)).map(|category| category.title.clone());
            named.transpose().map(|named| named.or_else(usual))
        };
        let items = of_sessions().flat_map(|category| {
            category.items.iter().map(|item| (item.id, (category.title.as_str(), item.name.as_str())))
        });
        Ok(Places {
            items: items.collect(),
            questions: all.questions.iter().map(|question| (question.id, question.question.as_str())).collect(),
            format: chosen("format", &FORMATS)?,
            track: chosen("track", &TRACKS)?,
        })
    }

    /// The names of a session's items in a category.
    fn chosen(&self, session: &Session, title: &str) -> Vec<String> {
        let items = session.category_items.iter().filter_map(|id| self.items.get(id));
        items.filter(|(category, _)| *category == title).map(|(_, name)| line(name)).collect()
    }
}

impl Session {
    fn content(&self, places: &Places<'_>, people: &HashMap<&str, &Person>) -> Content<ProposalRecord> {
        let Some(speakers) =
            self.speakers.iter().map(|id| people.get(id.as_str()).map(|person| person.raw())).collect()
        else {
            return Content::Refused("speakers: one of them is not in the file".to_owned());
        };
        let first =
            |title: &Option<String>| title.as_ref().and_then(|title| places.chosen(self, title).into_iter().next());
        let mut titles: Vec<&str> = vec![];
        for (title, _) in self.category_items.iter().filter_map(|id| places.items.get(id)) {
            let taken = [&places.format, &places.track].iter().any(|used| used.as_deref() == Some(*title));
            if !taken && !titles.contains(title) {
                titles.push(title);
            }
        }
        let choices =
            titles.into_iter().map(|title| Pick { category: line(title), choices: places.chosen(self, title) });
        // A proposal has one format and one track here.
        let others = [&places.format, &places.track].into_iter().flatten().map(|title| {
            let choices = places.chosen(self, title).into_iter().skip(1).collect();
            Pick { category: line(title), choices }
        });
        let others: Vec<Pick> = others.filter(|pick| !pick.choices.is_empty()).collect();
        fitting(RawProposal {
            title: self.title.clone().unwrap_or_default(),
            abstract_: self.description.clone().unwrap_or_default(),
            notes: with_picks(&self.answers(places), &others),
            format: first(&places.format),
            track: first(&places.track),
            state: self.status.clone().unwrap_or_default(),
            speakers,
            choices: choices.collect(),
            ..RawProposal::default()
        })
    }

    /// What was answered to the questions there, for organizers.
    fn answers(&self, places: &Places<'_>) -> String {
        let answer = |answer: &Answer| {
            let question = places.questions.get(&answer.question_id)?;
            let value = match answer.answer_value.as_ref()? {
                serde_json::Value::String(text) if text.is_empty() => return None,
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null => return None,
                other => other.to_string(),
            };
            Some(format!("{question}: {value}"))
        };
        self.question_answers.iter().filter_map(answer).collect::<Vec<_>>().join("\n")
    }
}

impl Person {
    fn raw(&self) -> RawPerson {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let both = format!("{} {}", part(&self.first_name), part(&self.last_name));
        RawPerson {
            id: Some(self.id.clone()),
            name: self.full_name.clone().filter(|name| !name.trim().is_empty()).unwrap_or(both),
            email: String::new(),
            bio: part(&self.bio),
            affiliation: part(&self.tag_line),
            links: self.links.iter().filter_map(|link| link.url.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(all: &serde_json::Value, map: &[&str]) -> Result<Vec<Row<ProposalRecord>>, Wrong> {
        let ask = Ask { map: map.iter().map(|&text| text.into()).collect(), ..Ask::default() };
        match read(all.to_string().as_bytes(), &ask)?.rows {
            Rows::Proposals(rows) => Ok(rows),
            other => panic!("{other:?}"),
        }
    }

    fn all() -> serde_json::Value {
        json!({
            "sessions": [
                {"id": "7", "title": "One", "description": "A\r\nB", "isServiceSession": false, "speakers": ["u"],
                 "categoryItems": [1, 3, 4], "questionAnswers": [{"questionId": 9, "answerValue": "much"}],
                 "roomId": null, "status": "Accept_Queue"},
                {"id": "b-e-s-t", "title": "Lunch", "description": null, "isServiceSession": true, "speakers": []},
                {"id": "8", "title": "Two", "description": "C", "speakers": ["nobody"]}
            ],
            "speakers": [{"id": "u", "firstName": "Ada", "lastName": "L", "fullName": "Ada L", "bio": null,
                "tagLine": "Countess", "links": [{"title": "X", "url": "https://x.example/ada", "linkType": "Twitter"}],
                "sessions": [7]}],
            "questions": [{"id": 9, "question": "How?", "questionType": "Short_Text", "sort": 1}],
            "categories": [
                {"id": 1, "title": "Session format", "items": [{"id": 1, "name": "Talk", "sort": 1}], "sort": 0},
                {"id": 2, "title": "Level", "items": [{"id": 3, "name": "Deep", "sort": 1}], "sort": 1, "type": "session"},
                {"id": 3, "title": "Track", "items": [{"id": 4, "name": "Core", "sort": 1}], "sort": 2}
            ],
            "rooms": []
        })
    }

    #[test]
    fn everything_finds_its_place() {
        let rows = rows(&all(), &[]).unwrap();
        let [first, second, third] = rows.as_slice() else { panic!("{rows:?}") };
        let Content::Record(record) = &first.content else { panic!("{first:?}") };
        assert_eq!((first.id.as_str(), record.title.as_str(), record.abstract_.as_str()), ("7", "One", "A\nB"));
        assert_eq!((record.format.as_deref(), record.track.as_deref()), (Some("Talk"), Some("Core")));
        assert_eq!(record.notes, "How?: much");
        assert_eq!(record.choices, [Pick { category: "Level".into(), choices: vec!["Deep".into()] }]);
        assert_eq!(record.decision.as_str(), "accepted");
        let speaker = record.speakers.first().unwrap();
        assert_eq!((speaker.name.as_str(), speaker.affiliation.as_str()), ("Ada L", "Countess"));
        assert_eq!(second.content, Content::Skipped("a service session".to_owned()));
        assert!(matches!(third.content, Content::Refused(_)));
    }

    #[test]
    fn another_category_can_be_the_track() {
        let rows = rows(&all(), &["track=level"]).unwrap();
        let Some(Content::Record(record)) = rows.first().map(|row| &row.content) else { panic!() };
        assert_eq!(record.track.as_deref(), Some("Deep"));
        assert_eq!(record.choices, [Pick { category: "Track".into(), choices: vec!["Core".into()] }]);
        assert_eq!(self::rows(&all(), &["track=Nothing"]).unwrap_err().field, "map");
    }

    #[test]
    fn another_document_is_refused_without_its_values() {
        let wrong = rows(&json!({"sessions": [{"id": "1", "speakers": "secret"}], "speakers": []}), &[]).unwrap_err();
        assert!(wrong.message.contains("sessions[0].speakers") && !wrong.message.contains("secret"), "{wrong:?}");
        assert!(rows(&json!({}), &[]).is_err());
    }
}

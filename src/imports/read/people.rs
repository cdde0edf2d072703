//! Speakers as tables hold them, and the one way in which any speaker is made to fit.

use super::{
    super::model::{Ask, Content, Found, PersonRecord, Row, Rows, Wrong},
    columns::{Columns, Field},
    mend::{beginning, email, fitting_line, fitting_prose, line, link, prose},
    sheet::Sheet,
};
use std::collections::HashSet;

const LONGEST_BIO: usize = 5000;
const LONGEST_AFFILIATION: usize = 200;
const MOST_LINKS: usize = 10;

/// A speaker as another tool writes them.
#[derive(Clone, Debug, Default)]
pub struct RawPerson {
    pub id: Option<String>,
    pub name: String,
    pub email: String,
    pub bio: String,
    pub affiliation: String,
    pub links: Vec<String>,
}

impl RawPerson {
    /// # Errors
    /// Why they do not fit.
    pub fn fitting(self) -> Result<PersonRecord, String> {
        let mut remarks = vec![];
        let mut bio = prose(&self.bio);
        if bio.chars().count() > LONGEST_BIO {
            bio = beginning(&bio, LONGEST_BIO);
            remarks.push(format!("the bio was cut to {LONGEST_BIO} characters"));
        }
        let mut affiliation = line(&self.affiliation);
        if affiliation.chars().count() > LONGEST_AFFILIATION {
            affiliation = beginning(&affiliation, LONGEST_AFFILIATION);
            remarks.push(format!("the affiliation was cut to {LONGEST_AFFILIATION} characters"));
        }
        let mut links: Vec<String> = vec![];
        for address in self.links.iter().filter_map(|text| link(text)) {
            if !links.contains(&address) && links.len() < MOST_LINKS {
                links.push(address);
            }
        }
        Ok(PersonRecord {
            id: self.id.map(|id| line(&id)).filter(|id| !id.is_empty()),
            name: fitting_line::<1, 100>(&self.name).map_err(|why| format!("name: {why}"))?,
            email: email(&self.email),
            bio: fitting_prose::<0, LONGEST_BIO>(&bio).map_err(|why| format!("bio: {why}"))?,
            affiliation: fitting_line::<0, LONGEST_AFFILIATION>(&affiliation)
                .map_err(|why| format!("affiliation: {why}"))?,
            links,
            remarks,
        })
    }

    /// The speakers of one row of a table of proposals.
    pub fn all_of(columns: &Columns, cells: &[String]) -> Vec<RawPerson> {
        let one = RawPerson::one_of(columns, cells);
        if !one.name.is_empty() && (columns.has(Field::SpeakerId) || columns.has(Field::FirstName)) {
            return vec![one];
        }
        let separator = columns.preset.separator();
        let parts = |field| split(columns.get(cells, field), separator);
        let names: Vec<String> = parts(Field::Speakers).into_iter().filter(|name| !name.is_empty()).collect();
        let (emails, affiliations) = (parts(Field::SpeakerEmails), parts(Field::SpeakerAffiliations));
        let bios: Vec<String> = match names.len() {
            1 => vec![columns.get(cells, Field::SpeakerBios).to_owned()],
            _ => columns.get(cells, Field::SpeakerBios).split("\n\n").map(str::to_owned).collect(),
        };
        // What does not come once for each speaker cannot be told apart.
        let of = |list: &[String], at: usize| {
            if list.len() == names.len() { list.get(at).cloned().unwrap_or_default() } else { String::new() }
        };
        let person = |(at, name): (usize, &String)| RawPerson {
            name: name.clone(),
            email: of(&emails, at),
            affiliation: of(&affiliations, at),
            bio: of(&bios, at),
            ..RawPerson::default()
        };
        names.iter().enumerate().map(person).collect()
    }

    fn one_of(columns: &Columns, cells: &[String]) -> RawPerson {
        let text = |field| columns.get(cells, field).to_owned();
        let both = format!("{} {}", text(Field::FirstName), text(Field::LastName));
        let name = if columns.has(Field::Name) { text(Field::Name) } else { both };
        RawPerson {
            id: Some(text(Field::SpeakerId)),
            name: line(&name),
            email: text(Field::Email),
            bio: text(Field::Bio),
            affiliation: text(Field::Affiliation),
            links: columns.all(cells, Field::Link).flat_map(links).collect(),
        }
    }
}

/// Tools write them with blanks, commas or semicolons between.
fn links(cell: &str) -> impl Iterator<Item = String> {
    cell.split_whitespace().map(|link| link.trim_end_matches([',', ';']).to_owned())
}

fn split(cell: &str, separator: char) -> Vec<String> {
    cell.split([separator, '\n']).map(|part| part.trim().to_owned()).collect()
}

impl PersonRecord {
    /// Whether it is the same person, as far as the file tells.
    pub fn same_as(&self, other: &PersonRecord) -> bool {
        match (&self.id, &other.id) {
            (Some(one), Some(other)) => one == other,
            _ => self.name.to_lowercase() == other.name.to_lowercase(),
        }
    }
}

/// # Errors
/// When it is not clear which columns hold the names.
pub fn read(sheet: &Sheet, ask: &Ask) -> Result<Found, Wrong> {
    let columns = Columns::of(sheet, ask)?;
    columns.needs(&[Field::Name, Field::FirstName])?;
    let mut seen = HashSet::new();
    let rows = sheet.rows.iter().map(|(number, cells)| {
        let mut raw = RawPerson::one_of(&columns, cells);
        if !columns.has(Field::SpeakerId) {
            raw.id = Some(columns.get(cells, Field::Id).to_owned());
        }
        let content = match raw.fitting() {
            Ok(person) => Content::Record(person),
            Err(why) => Content::Refused(why),
        };
        // Reports do not name people: whoever is erased would still stand in the answer that is kept.
        let (id, again) = match &content {
            Content::Record(person) => (person.id.clone().unwrap_or_default(), !seen.insert(person.key())),
            _ => (String::new(), false),
        };
        let content = if again { Content::Refused("id: stands in a row before".to_owned()) } else { content };
        Row { number: *number, id, content }
    });
    Ok(Found { source: ask.source_or(columns.preset.as_str()), rows: Rows::Speakers(rows.collect()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speakers(csv: &str) -> Vec<Vec<RawPerson>> {
        let sheet = Sheet::of_csv(csv.as_bytes()).unwrap();
        let columns = Columns::of(&sheet, &Ask::default()).unwrap();
        sheet.rows.iter().map(|(_, cells)| RawPerson::all_of(&columns, cells)).collect()
    }

    #[test]
    fn names_stand_in_one_cell() {
        let rows = speakers("ID,Proposal title,Speaker names\n1,One,\"Ada L, Bo M\"\n2,Two,\n");
        let names: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(|person| person.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["Ada L", "Bo M"], vec![]]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_left_out() {
        let header = "code,title,speakers,speaker_affiliations,speaker_bios\n";
        let rows = speakers(&format!(
            "{header}1,A,Ada; Bo,X; Y,\"One.\n\nTwo.\"\n2,B,Ada; Bo,X,\"One.\n\nTwo.\n\nThree.\"\n3,C,Ada,X,\"One.\n\nTwo.\"\n"
        ));
        let seen = |row: usize, at: usize| rows.get(row).and_then(|row| row.get(at)).unwrap();
        assert_eq!((seen(0, 1).affiliation.as_str(), seen(0, 1).bio.as_str()), ("Y", "Two."));
        assert_eq!((seen(1, 0).affiliation.as_str(), seen(1, 0).bio.as_str()), ("", ""));
        assert_eq!(seen(2, 0).bio, "One.\n\nTwo.");
    }

    #[test]
    fn a_person_is_mended() {
        let raw = RawPerson {
            name: "Ada\u{200b} L".into(),
            email: "nobody".into(),
            bio: "x".repeat(LONGEST_BIO + 1),
            links: vec!["@ada".into(), "https://a.example/".into(), "https://a.example/".into()],
            ..RawPerson::default()
        };
        let person = raw.fitting().unwrap();
        assert_eq!((person.name.as_str(), person.email), ("Ada L", None));
        let both: Vec<String> = links("https://a.example/; https://b.example/").collect();
        assert_eq!(both, ["https://a.example/", "https://b.example/"]);
        assert_eq!(person.bio.chars().count(), LONGEST_BIO);
        assert_eq!(person.links, ["https://a.example/"]);
        assert_eq!(person.remarks.len(), 1);
        assert!(RawPerson::default().fitting().is_err());
    }
}

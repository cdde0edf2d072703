//! Which column of a table is which field: by the names that known tools give them, or as somebody says.

use super::{
    super::model::{Ask, Pick, Preset, Wrong},
    mend::line,
    sheet::Sheet,
};
use crate::text_enum;

text_enum! {
    /// What a column can be.
    pub enum Field {
        Id = "id",
        Title = "title",
        Abstract = "abstract",
        Description = "description",
        Notes = "notes",
        Format = "format",
        Minutes = "minutes",
        Track = "track",
        /// What became of it there: submitted, accepted, withdrawn …
        State = "state",
        Decision = "decision",
        Lifecycle = "lifecycle",
        /// Names of all speakers, one after the other.
        Speakers = "speakers",
        SpeakerEmails = "speaker_emails",
        SpeakerAffiliations = "speaker_affiliations",
        SpeakerBios = "speaker_bios",
        /// Of one speaker; a proposal of several has several rows.
        SpeakerId = "speaker_id",
        Name = "name",
        FirstName = "first_name",
        LastName = "last_name",
        Email = "email",
        Affiliation = "affiliation",
        Bio = "bio",
        /// May stand several times.
        Link = "link",
        Proposal = "proposal",
        Reviewer = "reviewer",
        Confidence = "confidence",
        Comment = "comment",
        Feedback = "feedback",
        /// Where and when a past talk was given.
        Occasion = "occasion",
    }
}

impl Preset {
    /// The names of the columns, of proposals, speakers and reviews alike.
    const fn headers(self) -> &'static [(Field, &'static str)] {
        match self {
            Preset::Callboard => CALLBOARD,
            Preset::Sessionize => SESSIONIZE,
            Preset::Pretalx => PRETALX,
        }
    }

    /// What no other tool calls a column.
    const fn sign(self) -> &'static [&'static str] {
        match self {
            Preset::Callboard => &["code", "speaker_bios", "reviewer"],
            Preset::Sessionize => &["Session Id", "Speaker Id"],
            Preset::Pretalx => &["Proposal title", "Speaker names", "Proposal titles", "Biography", "Session type"],
        }
    }

    /// The categories that its columns are usually called after.
    pub const fn categories(self) -> &'static [&'static str] {
        match self {
            Preset::Callboard => &[],
            Preset::Sessionize => &["Level", "Language"],
            Preset::Pretalx => &["Level", "Language", "Tags"],
        }
    }

    /// What stands between names in one cell.
    pub const fn separator(self) -> char {
        match self {
            Preset::Callboard => ';',
            Preset::Sessionize | Preset::Pretalx => ',',
        }
    }
}

const CALLBOARD: &[(Field, &str)] = &[
    (Field::Id, "code"),
    (Field::Title, "title"),
    (Field::Abstract, "abstract"),
    (Field::Description, "description"),
    (Field::Notes, "notes"),
    (Field::Format, "format"),
    (Field::Minutes, "minutes"),
    (Field::Track, "track"),
    (Field::State, "state"),
    (Field::Decision, "decision"),
    (Field::Lifecycle, "lifecycle"),
    (Field::Speakers, "speakers"),
    (Field::SpeakerEmails, "speaker_emails"),
    (Field::SpeakerAffiliations, "speaker_affiliations"),
    (Field::SpeakerBios, "speaker_bios"),
    (Field::Name, "name"),
    (Field::Email, "email"),
    (Field::Affiliation, "affiliation"),
    (Field::Bio, "bio"),
    (Field::Link, "links"),
    (Field::Link, "url"),
    (Field::Occasion, "occasion"),
    (Field::Proposal, "proposal"),
    (Field::Reviewer, "reviewer"),
    (Field::Confidence, "confidence"),
    (Field::Comment, "comment"),
    (Field::Feedback, "feedback"),
];

const SESSIONIZE: &[(Field, &str)] = &[
    (Field::Id, "Session Id"),
    (Field::Title, "Title"),
    (Field::Description, "Description"),
    (Field::Format, "Session format"),
    (Field::Minutes, "Scheduled Duration"),
    (Field::Track, "Track"),
    (Field::State, "Status"),
    (Field::Notes, "Notes"),
    (Field::SpeakerId, "Speaker Id"),
    (Field::FirstName, "FirstName"),
    (Field::LastName, "LastName"),
    (Field::Email, "Email"),
    (Field::Affiliation, "TagLine"),
    (Field::Bio, "Bio"),
    (Field::Link, "LinkedIn"),
    (Field::Link, "Blog"),
    (Field::Link, "X (Twitter)"),
    (Field::Link, "Twitter"),
    (Field::Link, "Company Website"),
];

const PRETALX: &[(Field, &str)] = &[
    (Field::Id, "ID"),
    (Field::Title, "Proposal title"),
    (Field::Title, "Title"),
    (Field::Abstract, "Abstract"),
    (Field::Description, "Description"),
    (Field::Notes, "Notes"),
    (Field::Format, "Session type"),
    (Field::Minutes, "Duration"),
    (Field::Track, "Track"),
    (Field::State, "State"),
    (Field::State, "Proposal state"),
    (Field::Speakers, "Speaker names"),
    (Field::Speakers, "Speakers"),
    (Field::Name, "Name"),
    (Field::Email, "Email"),
    (Field::Email, "E-Mail"),
    (Field::Bio, "Biography"),
    (Field::Affiliation, "Your company"),
    (Field::Affiliation, "Company"),
    (Field::Affiliation, "Affiliation"),
    (Field::Link, "X (user URL)"),
    (Field::Link, "LinkedIn (user URL)"),
    (Field::Link, "Github (user URL)"),
    (Field::Link, "Website"),
];

/// Which columns a sheet has.
#[derive(Clone, Debug)]
pub struct Columns {
    pub preset: Preset,
    fields: Vec<(Field, usize)>,
    /// By the name of the category.
    pub categories: Vec<(String, usize)>,
    /// By the code or name of the criterion.
    pub scores: Vec<(String, usize)>,
}

impl Columns {
    /// # Errors
    /// A mapping that cannot be read, or that names a column that is not there.
    pub fn of(sheet: &Sheet, ask: &Ask) -> Result<Columns, Wrong> {
        let preset = ask.preset.unwrap_or_else(|| guess(sheet));
        let mut columns = Columns { preset, fields: vec![], categories: vec![], scores: vec![] };
        for text in &ask.map {
            columns.add(sheet, text)?;
        }
        let said: Vec<Field> = columns.fields.iter().map(|(field, _)| *field).collect();
        for (field, header) in preset.headers().iter().filter(|(field, _)| !said.contains(field)) {
            columns.fields.extend(sheet.column(header).map(|column| (*field, column)));
        }
        for name in preset.categories() {
            let said = columns.categories.iter().any(|(category, _)| category == name);
            columns.categories.extend(sheet.column(name).filter(|_| !said).map(|column| ((*name).to_owned(), column)));
        }
        for (column, header) in sheet.headers.iter().enumerate() {
            if let Some(criterion) = header.strip_prefix("score_") {
                columns.scores.push((criterion.to_owned(), column));
            } else if let Some(category) = header.strip_prefix("category_").map(titled)
                && !category.is_empty()
            {
                columns.categories.push((category, column));
            }
        }
        Ok(columns)
    }

    fn add(&mut self, sheet: &Sheet, text: &str) -> Result<(), Wrong> {
        let wrong = |message: String| Wrong::new("map", message);
        let (field, header) =
            text.split_once('=').ok_or_else(|| wrong("must be field=Header of the column".to_owned()))?;
        let column =
            sheet.column(header).ok_or_else(|| wrong(format!("names a column for {field} that is not there")))?;
        match field.split_once('.') {
            Some(("category", name)) if !name.is_empty() => self.categories.push((name.to_owned(), column)),
            Some(("score", name)) if !name.is_empty() => self.scores.push((name.to_owned(), column)),
            Some(_) => return Err(wrong("takes category.Name and score.Name only".to_owned())),
            None => {
                let known = || Field::ALL.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
                let field = field.parse().map_err(|_| wrong(format!("takes these fields: {}", known())))?;
                self.fields.push((field, column));
            }
        }
        Ok(())
    }

    pub fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(other, _)| *other == field)
    }

    /// # Errors
    /// When none of these columns is there.
    pub fn needs(&self, fields: &[Field]) -> Result<(), Wrong> {
        if fields.iter().any(|field| self.has(*field)) {
            return Ok(());
        }
        let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        let names = names.join(" or ");
        Err(Wrong::new("map", format!("there is no column for {names}: say which one it is, like {names}=Header")))
    }

    /// The first cell of the field that is not empty.
    pub fn get<'r>(&self, row: &'r [String], field: Field) -> &'r str {
        self.all(row, field).next().unwrap_or_default()
    }

    /// All cells of the field that are not empty.
    pub fn all<'r>(&self, row: &'r [String], field: Field) -> impl Iterator<Item = &'r str> {
        let of_field = self.fields.iter().filter(move |(other, _)| *other == field);
        of_field.filter_map(|(_, column)| row.get(*column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()))
    }

    /// The choices in a row, by category.
    pub fn choices(&self, row: &[String]) -> Vec<Pick> {
        let of = |(category, column): &(String, usize)| {
            let choices = row.get(*column)?.split(self.preset.separator()).map(line);
            let choices: Vec<String> = choices.filter(|choice| !choice.is_empty()).collect();
            (!choices.is_empty()).then(|| Pick { category: line(category), choices })
        };
        self.categories.iter().filter_map(of).collect()
    }
}

/// A category as a column of an export has it: `talk_type` is `Talk type`.
fn titled(words: &str) -> String {
    let words = line(&words.replace('_', " "));
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The tool with most of its own names in the header; Callboard's where none is.
fn guess(sheet: &Sheet) -> Preset {
    let signs = |preset: Preset| preset.sign().iter().filter(|header| sheet.column(header).is_some()).count();
    let named = |preset: Preset| preset.headers().iter().filter(|(_, header)| sheet.column(header).is_some()).count();
    let known = [Preset::Pretalx, Preset::Sessionize, Preset::Callboard];
    known.into_iter().max_by_key(|preset| (signs(*preset), named(*preset))).unwrap_or(Preset::Callboard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str, map: &[&str]) -> Result<Columns, Wrong> {
        let sheet = Sheet::of_csv(header.as_bytes()).unwrap();
        Columns::of(&sheet, &Ask { map: map.iter().map(|&text| text.into()).collect(), ..Ask::default() })
    }

    #[test]
    fn the_header_tells_the_tool() {
        let preset = |header: &str| columns(header, &[]).unwrap().preset;
        assert_eq!(preset("code,title,abstract,speakers"), Preset::Callboard);
        assert_eq!(preset("Session Id,Title,Description,Speaker Id,FirstName"), Preset::Sessionize);
        assert_eq!(preset("ID,Proposal title,Tags,Abstract,Speaker names"), Preset::Pretalx);
        assert_eq!(preset("ID,Name,Biography,Picture,Proposal titles"), Preset::Pretalx);
        assert_eq!(preset("what,ever"), Preset::Callboard);
    }

    #[test]
    fn a_mapping_wins_over_the_preset() {
        let columns = columns("title,Heading,Audience", &["title=heading", "category.Level=Audience"]).unwrap();
        let row = ["no".to_owned(), "Yes".to_owned(), "A; B, C".to_owned()];
        assert_eq!(columns.get(&row, Field::Title), "Yes");
        let level = Pick { category: "Level".into(), choices: vec!["A".into(), "B, C".into()] };
        assert_eq!(columns.choices(&row), [level]);
    }

    #[test]
    fn columns_of_exports_name_their_categories() {
        let columns = columns("code,category_talk_type,category_内容,category_", &[]).unwrap();
        let names: Vec<&str> = columns.categories.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Talk type", "内容"]);
    }

    #[test]
    fn wrong_mappings_are_told() {
        for map in ["title", "title=Nowhere", "nonsense=title", "category.=title", "other.X=title"] {
            assert_eq!(columns("title", &[map]).unwrap_err().field, "map", "{map}");
        }
    }
}

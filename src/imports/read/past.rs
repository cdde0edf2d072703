//! Past talks, which any file of proposals can hold. Their speakers are left out.

use super::{
    super::model::{Ask, Content, Found, ProposalRecord, Row, Rows, Wrong},
    columns::{Columns, Field},
    mend::{line, link},
    sheet::Sheet,
};
use crate::{
    proposals::model::{Abstract, Decision, Lifecycle, Title, WebAddress},
    similar::model::{NewPastTalk, Occasion},
};
use std::collections::HashMap;

/// What a table says of past talks alone, by the number of the row.
type Said = HashMap<usize, (Option<Occasion>, Option<WebAddress>)>;

/// # Errors
/// When nothing says where the talks were given.
pub fn of_proposals(found: Found, sheet: Option<&Sheet>, ask: &Ask) -> Result<Found, Wrong> {
    let said = sheet.map(|sheet| said(sheet, ask)).transpose()?.unwrap_or_default();
    if ask.occasion.is_none() && said.values().all(|(occasion, _)| occasion.is_none()) {
        return Err(Wrong::new("occasion", "is needed: where and when the talks were given"));
    }
    let Rows::Proposals(rows) = found.rows else { return Ok(found) };
    let past = |row: Row<ProposalRecord>| {
        let (occasion, url) = said.get(&row.number).cloned().unwrap_or_default();
        let content = match row.content {
            Content::Record(record) => past(&record, occasion.or_else(|| ask.occasion.clone()), url),
            Content::Skipped(why) => Content::Skipped(why),
            Content::Refused(why) => Content::Refused(why),
        };
        Row { number: row.number, id: row.id, content }
    };
    Ok(Found { source: found.source, rows: Rows::PastTalks(rows.into_iter().map(past).collect()) })
}

fn said(sheet: &Sheet, ask: &Ask) -> Result<Said, Wrong> {
    let columns = Columns::of(sheet, ask)?;
    let of_row = |(number, cells): &(usize, Vec<String>)| {
        let occasion = Occasion::new(&line(columns.get(cells, Field::Occasion))).ok();
        let url = link(columns.get(cells, Field::Link)).map(WebAddress);
        (*number, (occasion, url))
    };
    Ok(sheet.rows.iter().map(of_row).collect())
}

fn past(record: &ProposalRecord, occasion: Option<Occasion>, url: Option<WebAddress>) -> Content<NewPastTalk> {
    let not_given = record.lifecycle != Lifecycle::Submitted
        || matches!(record.decision, Decision::Rejected | Decision::Waitlisted);
    if not_given {
        return Content::Skipped("it was not accepted".to_owned());
    }
    let Some(occasion) = occasion else { return Content::Refused("occasion: is missing".to_owned()) };
    match (Title::new(&record.title), Abstract::new(&record.abstract_)) {
        (Ok(title), Ok(r#abstract)) => Content::Record(NewPastTalk { title, r#abstract, occasion, url }),
        _ => Content::Refused("title: does not fit".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &str, occasion: Option<&str>) -> Result<Vec<Content<NewPastTalk>>, Wrong> {
        let occasion = occasion.map(|text| Occasion::new(text).unwrap());
        let ask = Ask { occasion, ..Ask::default() };
        let sheet = Sheet::of_csv(csv.as_bytes())?;
        let found = of_proposals(super::super::proposals::read(&sheet, &ask)?, Some(&sheet), &ask)?;
        let Rows::PastTalks(rows) = found.rows else { panic!() };
        Ok(rows.into_iter().map(|row| row.content).collect())
    }

    #[test]
    fn only_what_was_given_counts() {
        let csv = "title,abstract,state\nOne,Text,accepted\nTwo,Text,rejected\nThree,Text,withdrawn\nFour,Text,\n";
        let found = read(csv, Some("Conf 2024")).unwrap();
        let taken: Vec<bool> = found.iter().map(|content| matches!(content, Content::Record(_))).collect();
        assert_eq!(taken, [true, false, false, true]);
    }

    #[test]
    fn each_may_have_its_own_occasion() {
        let csv = "title,occasion,url\nOne,Conf 2023,https://conf.example/1\nTwo,,\n";
        let occasions = |occasion: Option<&str>| {
            let of = |content: Content<NewPastTalk>| match content {
                Content::Record(talk) => talk.occasion.to_string(),
                other => format!("{other:?}"),
            };
            read(csv, occasion).unwrap().into_iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(occasions(Some("Conf 2024")), ["Conf 2023", "Conf 2024"]);
        assert!(occasions(None).last().unwrap().contains("occasion: is missing"));
        assert_eq!(read("title\nOne\n", None).unwrap_err().field, "occasion");
    }
}

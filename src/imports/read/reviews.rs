//! Reviews as tables hold them.

use super::{
    super::model::{Ask, Content, Found, ReviewRecord, Row, Rows, Wrong},
    columns::{Columns, Field},
    mend::{fitting_prose, line},
    sheet::Sheet,
};
use crate::reviews::model::Confidence;
use std::collections::HashSet;

/// # Errors
/// When it is not clear which columns hold proposal, reviewer and scores.
pub fn read(sheet: &Sheet, ask: &Ask) -> Result<Found, Wrong> {
    let columns = Columns::of(sheet, ask)?;
    columns.needs(&[Field::Proposal])?;
    columns.needs(&[Field::Reviewer])?;
    if columns.scores.is_empty() {
        let how = "there is no column of scores: say which one it is, like score.Overall=Header";
        return Err(Wrong::new("map", how));
    }
    let mut seen = HashSet::new();
    let rows = sheet.rows.iter().map(|(number, cells)| {
        let (proposal, reviewer) =
            (line(columns.get(cells, Field::Proposal)), line(columns.get(cells, Field::Reviewer)));
        let id = format!("{proposal} {reviewer}");
        let content = if seen.insert(id.clone()) {
            record(&columns, cells, proposal, reviewer).map_or_else(Content::Refused, Content::Record)
        } else {
            Content::Refused("the reviewer and the proposal stand in a row before".to_owned())
        };
        Row { number: *number, id, content }
    });
    Ok(Found { source: ask.source_or(columns.preset.as_str()), rows: Rows::Reviews(rows.collect()) })
}

fn record(columns: &Columns, cells: &[String], proposal: String, reviewer: String) -> Result<ReviewRecord, String> {
    if proposal.is_empty() || reviewer.is_empty() {
        return Err("proposal and reviewer are both needed".to_owned());
    }
    let mut scores = vec![];
    for (criterion, column) in &columns.scores {
        let cell = cells.get(*column).map(|cell| cell.trim()).unwrap_or_default();
        if !cell.is_empty() {
            scores.push((criterion.clone(), whole(cell).ok_or_else(|| format!("{criterion}: is not a whole number"))?));
        }
    }
    let text = |field| fitting_prose::<0, 5000>(columns.get(cells, field)).map_err(|why| format!("{field}: {why}"));
    let abstains = match columns.get(cells, Field::State).to_lowercase().as_str() {
        "abstained" => true,
        "draft" => return Err("is a draft".to_owned()),
        _ => false,
    };
    Ok(ReviewRecord {
        proposal,
        reviewer,
        abstains,
        scores: if abstains { vec![] } else { scores },
        confidence: if abstains { None } else { confidence(columns.get(cells, Field::Confidence))? },
        comment: text(Field::Comment)?,
        feedback: text(Field::Feedback)?,
    })
}

/// In a word, or on the scale of five that other tools have.
fn confidence(cell: &str) -> Result<Option<Confidence>, String> {
    let said = match (cell.to_lowercase().parse(), whole(cell)) {
        _ if cell.is_empty() => return Ok(None),
        (Ok(word), _) => Some(word),
        (_, Some(1 | 2)) => Some(Confidence::Low),
        (_, Some(3)) => Some(Confidence::Medium),
        (_, Some(4 | 5)) => Some(Confidence::High),
        _ => None,
    };
    said.map(Some).ok_or_else(|| "confidence: must be low, medium or high, or 1 to 5".to_owned())
}

/// `4`, `4.0`, or `4: good` as some tools label it.
fn whole(cell: &str) -> Option<i64> {
    let number = cell.split([':', ' ']).next().unwrap_or(cell);
    let number = number.strip_suffix(".0").unwrap_or(number);
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_whole_numbers() {
        assert_eq!(
            [whole("4"), whole("4.0"), whole("7: Good paper"), whole("-1")],
            [Some(4), Some(4), Some(7), Some(-1)]
        );
        assert_eq!([whole("4.5"), whole("good"), whole("")], [None; 3]);
    }

    #[test]
    fn confidence_is_a_word_or_one_of_five() {
        let found = ["", "1", "2", "3", "4: sure", "5", "HIGH"].map(|cell| confidence(cell).unwrap());
        let [low, medium, high] = [Confidence::Low, Confidence::Medium, Confidence::High].map(Some);
        assert_eq!(found, [None, low, low, medium, high, high, high]);
        assert!(["0", "6", "certain"].iter().all(|cell| confidence(cell).is_err()));
    }

    #[test]
    fn columns_are_found_or_named() {
        let read = |csv: &str, map: &[&str]| {
            let ask = Ask { map: map.iter().map(|&text| text.into()).collect(), ..Ask::default() };
            super::read(&Sheet::of_csv(csv.as_bytes()).unwrap(), &ask)
        };
        let found =
            read("proposal,reviewer,state,score_overall\nA,ada,submitted,4\nA,ada,submitted,5\nB,bo,abstained,\n", &[]);
        let Rows::Reviews(rows) = found.unwrap().rows else { panic!() };
        let records: Vec<bool> = rows.iter().map(|row| matches!(row.content, Content::Record(_))).collect();
        assert_eq!(records, [true, false, true]);
        let map = ["proposal=paper_id", "reviewer=reviewer_label", "score.Overall=rating"];
        let found = read("paper_id,reviewer_label,rating\nX,AnonReviewer1,4\n", &map).unwrap();
        let Rows::Reviews(rows) = found.rows else { panic!() };
        let Some(Content::Record(record)) = rows.first().map(|row| row.content.clone()) else { panic!() };
        assert_eq!(record.scores, [("Overall".to_owned(), 4)]);
        assert!(read("proposal,reviewer\nA,ada\n", &[]).is_err());
        assert!(read("reviewer,score_x\nada,1\n", &[]).is_err());
    }
}

//! Pairs from CSV.

use super::model::{MOST_PAIRS, ProposalName, ReviewerName, Wanted};
use crate::error::{FieldErrors, Result};

const FIELD: &str = "csv";

/// The columns that name the two sides, by what the header calls them.
struct Columns {
    proposal: (usize, fn(String) -> ProposalName),
    reviewer: (usize, fn(String) -> ReviewerName),
}

fn columns(header: &csv::StringRecord) -> Option<Columns> {
    let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let by_code = column("proposal").map(|index| (index, ProposalName::Code as fn(String) -> ProposalName));
    let by_reference = column("ref").map(|index| (index, ProposalName::Reference as fn(String) -> ProposalName));
    let by_account = column("reviewer").map(|index| (index, ReviewerName::Code as fn(String) -> ReviewerName));
    let by_email = column("email");
    let by_email = by_email.map(|index| (index, (|text| ReviewerName::of_email(&text)) as fn(String) -> ReviewerName));
    Some(Columns { proposal: by_code.or(by_reference)?, reviewer: by_account.or(by_email)? })
}

/// Reads the rows. The place of one is its number, the first after the header being 1.
///
/// # Errors
/// Field errors for a header that does not name both sides, too many rows, and what is no CSV.
pub fn read(text: &str) -> Result<Vec<Wanted>> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let wrong = |_| FieldErrors::of(FIELD, "csv", "cannot be read as CSV");
    let Some(columns) = columns(reader.headers().map_err(wrong)?) else {
        let message = "needs a header with `proposal` or `ref`, and `reviewer` or `email`";
        return Err(FieldErrors::of(FIELD, "header", message).into());
    };
    let mut wanted = vec![];
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.map_err(wrong)?;
        if wanted.len() >= MOST_PAIRS {
            return Err(FieldErrors::of(FIELD, "too_long", format!("must have at most {MOST_PAIRS} rows")).into());
        }
        let cell = |index: usize| record.get(index).unwrap_or_default().trim().to_owned();
        wanted.push(Wanted {
            place: format!("row {row}"),
            proposal: columns.proposal.1(cell(columns.proposal.0)),
            reviewer: columns.reviewer.1(cell(columns.reviewer.0)),
        });
    }
    if wanted.is_empty() {
        return Err(FieldErrors::of(FIELD, "too_short", "has no rows").into());
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let read = read("\u{FEFF}Note,REF,Email\nx,AAAAAA,Rita@Example.org\n,BBBBBB\n").unwrap();
        assert_eq!(read[0].proposal, ProposalName::Reference("AAAAAA".into()));
        assert_eq!(read[0].reviewer, ReviewerName::Email("rita@example.org".into()));
        assert_eq!((read[1].place.as_str(), &read[1].reviewer), ("row 2", &ReviewerName::Email(String::new())));
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let code = |text: &str| read(text).unwrap_err().fields()[0].code.clone().into_owned();
        assert_eq!(code("proposal\nAAAAAA\n"), "header");
        assert_eq!(code(""), "header");
        assert_eq!(code("proposal,reviewer\n"), "too_short");
        let row = "AAAAAA,BBBBBBBBBB\n";
        assert_eq!(read(&format!("proposal,reviewer\n{}", row.repeat(MOST_PAIRS))).unwrap().len(), MOST_PAIRS);
        assert_eq!(code(&format!("proposal,reviewer\n{}", row.repeat(MOST_PAIRS + 1))), "too_long");
    }
}

//! Rows of cells under a header, from CSV or from the first sheet of a workbook.

use super::{super::model::Wrong, MOST_ROWS, mend::without_guard, unreadable};
use calamine::{Data, Reader, Xlsx, XlsxError};
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

const MOST_COLUMNS: usize = 200;
/// What a workbook may hold when it is unpacked: a small file can unpack to more than there is memory.
const LARGEST_WORKBOOK: u64 = 128 * 1024 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub headers: Vec<String>,
    /// With the number that the file shows: the header is 1.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// With comma, semicolon or tab, whichever the header has most of.
    ///
    /// # Errors
    /// When it is not UTF-8, not CSV, or too much.
    pub fn of_csv(file: &[u8]) -> Result<Sheet, Wrong> {
        let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let text = std::str::from_utf8(text)
            .map_err(|_| Wrong::new("file", "is not UTF-8: save it as \"CSV UTF-8\" or as XLSX"))?;
        let header = text.lines().next().unwrap_or_default();
        let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter));
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter.unwrap_or(b','))
            .from_reader(text.as_bytes());
        let mut rows = Rows::default();
        for (index, record) in csv.records().enumerate() {
            let record = record.map_err(|error| Wrong::new("file", format!("is not CSV: {}", place_of(&error))))?;
            rows.add(index + 1, record.iter().map(|cell| without_guard(cell).to_owned()).collect())?;
        }
        rows.sheet()
    }

    /// The first sheet. Only what is shown counts: formulas are not calculated.
    ///
    /// # Errors
    /// When it is no workbook, or too much.
    pub fn of_xlsx(file: &[u8]) -> Result<Sheet, Wrong> {
        check_size(file)?;
        let broken = |_: XlsxError| Wrong::new("file", "is not a workbook that can be read");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(broken)?;
        let name = book.sheet_names().first().cloned().ok_or_else(|| Wrong::new("file", "has no sheet"))?;
        let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
        let (mut rows, mut number, mut row) = (Rows::default(), 0, vec![]);
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (at, column) = cell.get_position();
            let (at, column) = (at as usize, column as usize);
            if column >= MOST_COLUMNS {
                return Err(too_wide());
            }
            if at != number {
                rows.add(number + 1, std::mem::take(&mut row))?;
                number = at;
            }
            row.resize(row.len().max(column + 1), String::new());
            if let Some(place) = row.get_mut(column) {
                *place = shown(&Data::from(cell.get_value().clone()));
            }
        }
        rows.add(number + 1, row)?;
        rows.sheet()
    }

    /// A list of objects, as exports have it. Lists in lists stand in one cell, with `;` between; what is an object itself
    /// is left out.
    ///
    /// # Errors
    /// When it is no such list, or too much.
    pub fn of_json(file: &[u8]) -> Result<Sheet, Wrong> {
        let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let mut json = serde_json::Deserializer::from_slice(text);
        let entries: Vec<Map<String, Value>> =
            serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))?;
        let headers: BTreeSet<&String> = entries.iter().flat_map(Map::keys).collect();
        let mut rows = Rows::default();
        rows.add(0, headers.iter().map(|header| (*header).clone()).collect())?;
        for (index, entry) in entries.iter().enumerate() {
            rows.add(
                index + 1,
                headers.iter().map(|header| entry.get(*header).map(cell).unwrap_or_default()).collect(),
            )?;
        }
        rows.sheet()
    }

    /// The place of a column by its header, whatever the case of its letters.
    pub fn column(&self, header: &str) -> Option<usize> {
        let wanted = header.trim().to_lowercase();
        self.headers.iter().position(|header| header.to_lowercase() == wanted)
    }
}

#[derive(Default)]
struct Rows {
    headers: Option<Vec<String>>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Rows {
    fn add(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), Wrong> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if cells.len() > MOST_COLUMNS {
            return Err(too_wide());
        }
        let Some(headers) = &self.headers else {
            for cell in &mut cells {
                *cell = cell.trim().to_owned();
            }
            self.headers = Some(cells);
            return Ok(());
        };
        if self.rows.len() == MOST_ROWS {
            return Err(Wrong::new("file", format!("has more than {MOST_ROWS} rows: split it")));
        }
        cells.resize(headers.len().max(cells.len()), String::new());
        self.rows.push((number, cells));
        Ok(())
    }

    fn sheet(self) -> Result<Sheet, Wrong> {
        let headers = self.headers.ok_or_else(|| Wrong::new("file", "is empty"))?;
        Ok(Sheet { headers, rows: self.rows })
    }
}

fn too_wide() -> Wrong {
    Wrong::new("file", format!("has more than {MOST_COLUMNS} columns"))
}

fn place_of(error: &csv::Error) -> String {
    error.position().map_or_else(|| "a quote is missing".to_owned(), |place| format!("look at line {}", place.line()))
}

/// Unpacks it once, to see that it is not larger than it may be.
fn check_size(file: &[u8]) -> Result<(), Wrong> {
    let broken = || Wrong::new("file", "is not a workbook that can be read");
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| broken())?;
    let mut left = LARGEST_WORKBOOK;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(|| Wrong::new("file", "is too large when it is unpacked"))?;
    }
    Ok(())
}

/// A cell as people see it: whole numbers without a point.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

/// A value of JSON as a table has it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Sheet {
        Sheet::of_csv(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_header_tells_the_delimiter() {
        for text in ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "\u{feff}a\tb\n1\t2", "a, b ,\n1,2,\n"] {
            let sheet = csv(text);
            assert_eq!(sheet.headers.get(..2).unwrap(), ["a", "b"]);
            assert_eq!(sheet.rows.first().unwrap().1.get(..2).unwrap(), ["1", "2"]);
            assert_eq!(sheet.column(" B "), Some(1));
        }
    }

    #[test]
    fn quoted_cells_hold_lines_and_empty_rows_are_nothing() {
        let sheet = csv("title,text\n\"A, b\",\"one\ntwo \"\"x\"\"\"\n,\n\"'=1\",'tis\n");
        assert_eq!(sheet.rows.first().unwrap(), &(2, vec!["A, b".into(), "one\ntwo \"x\"".into()]));
        assert_eq!(sheet.rows.get(1).unwrap(), &(4, vec!["=1".into(), "'tis".into()]));
    }

    #[test]
    fn lists_of_objects_are_tables_too() {
        let sheet =
            Sheet::of_json(br#"[{"b": 2, "a": "'=1"}, {"a": ["x", "y"], "c": {"d": 1}}, {"a": null}]"#).unwrap();
        assert_eq!(sheet.headers, ["a", "b", "c"]);
        let row = |cells: [&str; 3]| cells.map(String::from).to_vec();
        assert_eq!(sheet.rows, [(1, row(["'=1", "2", ""])), (2, row(["x; y", "", ""]))]);
        assert!(Sheet::of_json(b"[1]").is_err() && Sheet::of_json(b"[{}").is_err());
    }

    #[test]
    fn too_much_is_refused() {
        let rows = |count: usize| format!("a\n{}", "1\n".repeat(count));
        assert_eq!(csv(&rows(MOST_ROWS)).rows.len(), MOST_ROWS);
        assert!(Sheet::of_csv(rows(MOST_ROWS + 1).as_bytes()).is_err());
        let columns = |count: usize| vec!["a"; count].join(",");
        assert!(Sheet::of_csv(columns(MOST_COLUMNS).as_bytes()).is_ok());
        assert!(Sheet::of_csv(columns(MOST_COLUMNS + 1).as_bytes()).is_err());
        for file in [&b""[..], b"\n\n", b"a,\xff\n", b"PK\x03\x04nonsense"] {
            let read = if file.starts_with(b"PK") { Sheet::of_xlsx(file) } else { Sheet::of_csv(file) };
            assert!(read.is_err(), "{file:?}");
        }
    }
}

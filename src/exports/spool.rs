//! Writes rows into a temporary file, so that neither a lane nor much memory is held while somebody downloads.

use super::{
    model::{Choice, Export, Format, Rows, formula_safe},
    views::{Cell, Column, Record, chosen, proposal_columns, review_columns, speaker_columns, talk_columns},
};
use crate::{
    error::{Error, Result},
    faults::{self, Point},
};
use rust_xlsxwriter::{Workbook, XlsxError};
use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
};

/// A file without a name, at its start; the system removes it when it is closed.
///
/// # Errors
/// `Invalid` for a column that does not exist; `Internal` when the disk is full or cannot be written.
pub fn spool(rows: &Rows, export: &Export) -> Result<File> {
    let Export { format, columns, .. } = export;
    match rows {
        Rows::Talks { categories, talks } => write(talk_columns(categories), talks, *format, columns),
        Rows::Proposals { categories, proposals } => write(proposal_columns(categories), proposals, *format, columns),
        Rows::Speakers(speakers) => write(speaker_columns(), speakers, *format, columns),
        Rows::Reviews { criteria, reviews } => write(review_columns(criteria), reviews, *format, columns),
    }
}

fn write<R>(columns: Vec<Column<R>>, rows: &[R], format: Format, choice: &Choice) -> Result<File> {
    let columns = chosen(columns, choice)?;
    let written = tempfile::tempfile().and_then(|file| match format {
        Format::Csv => through(file, |out| csv(&columns, rows, out)),
        Format::Json => through(file, |out| json(&columns, rows, out)),
        Format::Xlsx => through(file, |out| xlsx(&columns, rows, out).map_err(io::Error::other)),
    });
    written.map_err(Error::internal)
}

fn through(file: File, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

/// What a cell of a workbook takes.
const LONGEST_CELL: usize = 32_767;
const WIDEST: f64 = 60.0;

/// One sheet with a header. Texts are written as texts: no program calculates one.
fn xlsx<R, W: Write + Send>(columns: &[Column<R>], rows: &[R], out: W) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let in_table = columns.iter().filter(|column| column.in_csv());
    for (place, column) in (0_u16..).zip(in_table) {
        sheet.write_string(0, place, &column.name)?;
        sheet.set_column_width(place, WIDEST.min(f64::from(u32::try_from(column.name.len()).unwrap_or(0)) + 8.0))?;
        for (number, row) in (1_u32..).zip(rows) {
            match column.cell(row) {
                Cell::Whole(whole) => match i32::try_from(whole) {
                    Ok(whole) => sheet.write_number(number, place, whole)?,
                    Err(_) => sheet.write_string(number, place, whole.to_string())?,
                },
                Cell::Number(real) => sheet.write_number(number, place, real)?,
                Cell::Empty => continue,
                cell => sheet.write_string(number, place, shortened(&words(&cell)))?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_writer(out)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_CELL {
        return text.to_owned();
    }
    text.chars().take(LONGEST_CELL - 1).chain(['…']).collect()
}

/// RFC 4180: a header, CRLF, quotes where they are needed.
fn csv<R>(columns: &[Column<R>], rows: &[R], out: &mut impl Write) -> io::Result<()> {
    let columns: Vec<_> = columns.iter().filter(|column| column.in_csv()).collect();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    if columns.is_empty() {
        return csv.flush();
    }
    csv.write_record(columns.iter().map(|column| &column.name))?;
    for row in rows {
        faults::at(Point::ExportRow);
        csv.write_record(columns.iter().map(|column| plain(&column.cell(row))))?;
    }
    csv.flush()
}

fn plain(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => formula_safe(text).into_owned(),
        Cell::Joined(text) => formula_safe(text).into_owned(),
        Cell::List(texts) => formula_safe(&texts.join("; ")).into_owned(),
        other => words(other),
    }
}

/// A cell as it is read.
fn words(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => (*text).to_owned(),
        Cell::Joined(text) => text.clone(),
        Cell::List(texts) => texts.join("; "),
        Cell::Whole(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(at) => at.to_string(),
        // Spread over columns of their own.
        Cell::People(..) | Cell::Choices(_) | Cell::Empty => String::new(),
    }
}

/// One object a line.
fn json<R>(columns: &[Column<R>], rows: &[R], out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, row) in rows.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &Record { columns, row })?;
    }
    out.write_all(b"\n]\n")
}

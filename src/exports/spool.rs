//! Writes rows into a temporary file, so that neither a lane nor much memory is held while somebody downloads.

use super::{
    model::{Format, Rows, formula_safe},
    views::{Cell, Column, Record, proposal_columns, review_columns, talk_columns},
};
use crate::faults::{self, Point};
use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
};

/// A file without a name, at its start; the system removes it when it is closed.
///
/// # Errors
/// When the disk is full or cannot be written.
pub fn spool(rows: &Rows, format: Format) -> io::Result<File> {
    let mut out = BufWriter::new(tempfile::tempfile()?);
    match rows {
        Rows::Talks { categories, talks } => write(&talk_columns(categories), talks, format, &mut out)?,
        Rows::Proposals { categories, proposals } => {
            write(&proposal_columns(categories), proposals, format, &mut out)?;
        }
        Rows::Reviews { criteria, reviews } => write(&review_columns(criteria), reviews, format, &mut out)?,
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn write<R>(columns: &[Column<R>], rows: &[R], format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Csv => csv(columns, rows, out),
        Format::Json => json(columns, rows, out),
    }
}

/// RFC 4180: a header, CRLF, quotes where they are needed.
fn csv<R>(columns: &[Column<R>], rows: &[R], out: &mut impl Write) -> io::Result<()> {
    let columns: Vec<_> = columns.iter().filter(|column| column.in_csv()).collect();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
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
        Cell::Whole(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(at) => at.to_string(),
        // Spread over columns of their own.
        Cell::People(..) | Cell::Empty => String::new(),
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

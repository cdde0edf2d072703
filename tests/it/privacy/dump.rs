//! Every row of every table as text, whatever tables there are.

use crate::harness::TestApp;
use callboard::db::Conn;
use data_encoding::HEXLOWER;
use diesel::{prelude::*, sql_types::Text};
use std::collections::{BTreeMap, BTreeSet};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut Conn, sql: &str) -> Vec<String> {
    let load = diesel::sql_query(sql);
    let lines: Vec<Line> = match conn {
        Conn::Sqlite(conn) => load.load(conn).unwrap(),
        Conn::Postgres(conn) => load.load(conn).unwrap(),
    };
    lines.into_iter().map(|Line { line }| line).collect()
}

fn tables(conn: &mut Conn) -> Vec<String> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT name AS line FROM sqlite_schema WHERE type = 'table'",
        Conn::Postgres(_) => "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'",
    };
    lines(conn, sql)
}

fn rows(conn: &mut Conn, table: &str) -> Vec<String> {
    if matches!(conn, Conn::Postgres(_)) {
        return lines(conn, &format!("SELECT t::text AS line FROM \"{table}\" t"));
    }
    let columns = lines(conn, &format!("SELECT name AS line FROM pragma_table_info('{table}')"));
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    lines(conn, &format!("SELECT {} AS line FROM \"{table}\"", quoted.join(" || ' ' || ")))
}

/// Table and row.
pub async fn dump(app: &TestApp) -> Vec<(String, String)> {
    let dump = |conn: &mut Conn| {
        let mut all = vec![];
        for table in tables(conn) {
            all.extend(rows(conn, &table).into_iter().map(|row| (table.clone(), row)));
        }
        Ok(all)
    };
    app.board.db.read(dump).await.unwrap()
}

/// The columns that hold text, with what is in them.
pub async fn texts(app: &TestApp) -> BTreeMap<String, String> {
    let read = |conn: &mut Conn| {
        let mut texts = BTreeMap::new();
        for table in tables(conn).into_iter().filter(|table| !table.starts_with("__")) {
            let columns = match conn {
                Conn::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}') WHERE type = 'TEXT'"),
                Conn::Postgres(_) => format!(
                    "SELECT column_name::text AS line FROM information_schema.columns \
                     WHERE table_schema = 'public' AND table_name = '{table}' AND data_type = 'text'"
                ),
            };
            for column in lines(conn, &columns) {
                let all = format!("SELECT \"{column}\" AS line FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
                texts.insert(format!("{table}.{column}"), lines(conn, &all).join("\n").to_lowercase());
            }
        }
        Ok(texts)
    };
    app.board.db.read(read).await.unwrap()
}

/// `table: word` for every word found, each once; in binary columns too, which both databases show as hex.
pub fn found(dump: &[(String, String)], words: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, row) in dump {
        let row = row.to_lowercase();
        let hex = |word: &String| HEXLOWER.encode(word.as_bytes());
        let hits = words.iter().filter(|word| row.contains(word.as_str()) || row.contains(&hex(word)));
        found.extend(hits.map(|word| format!("{table}: {word}")));
    }
    found
}

//! Both databases end up with the same tables, and with those of `schema.rs`.

use crate::harness::database::{Database, postgres_server};
use callboard::db::{Url, migrate::migrate};
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::Text};
use diesel_migrations::MigrationHarness;
use std::collections::{BTreeMap, BTreeSet};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    a: String,
    #[diesel(sql_type = Text)]
    b: String,
    #[diesel(sql_type = Text)]
    c: String,
}

/// Table -> columns with nullability, unique column sets, foreign keys.
type Shape = BTreeMap<String, BTreeSet<String>>;

const SQLITE: &[&str] = &[
    "SELECT m.name AS a, c.name AS b, CASE WHEN c.\"notnull\" = 1 OR c.pk = 1 THEN 'not null' ELSE 'null' END AS c \
     FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    "SELECT m.name AS a, 'unique ' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY name)) AS b, \
     CASE WHEN i.partial THEN 'partial' ELSE '' END AS c FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.\"unique\" = 1",
    "SELECT m.name AS a, 'references ' || f.\"table\" AS b, group_concat(f.\"from\") || ' ' || f.on_delete AS c \
     FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id",
];

const POSTGRES: &[&str] = &[
    "SELECT table_name::text AS a, column_name::text AS b, CASE is_nullable WHEN 'YES' THEN 'null' ELSE 'not null' END AS c \
     FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT t.relname::text AS a, 'unique ' || (SELECT string_agg(attname::text, ',' ORDER BY attname::text) FROM pg_attribute \
     WHERE attrelid = t.oid AND attnum = ANY(i.indkey)) AS b, CASE WHEN i.indpred IS NOT NULL THEN 'partial' ELSE '' END AS c \
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
     WHERE n.nspname = 'public' AND i.indisunique AND NOT i.indisprimary",
    "SELECT t.relname::text AS a, 'references ' || r.relname::text AS b, (SELECT string_agg(attname::text, ',' ORDER BY k.place) \
     FROM unnest(c.conkey) WITH ORDINALITY k(num, place) JOIN pg_attribute ON attrelid = t.oid AND attnum = k.num) \
     || ' ' || CASE c.confdeltype WHEN 'c' THEN 'CASCADE' ELSE 'NO ACTION' END AS c \
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid WHERE c.contype = 'f'",
];

fn shape(rows: Vec<Row>) -> Shape {
    let mut shape = Shape::new();
    for Row { a, b, c } in rows {
        // Each database has a full-text index of its own kind.
        let own_kind = ["__diesel", "sqlite_", "proposal_words"].iter().any(|prefix| a.starts_with(prefix));
        if !own_kind {
            shape.entry(a).or_default().insert(format!("{b} {c}"));
        }
    }
    shape
}

fn sqlite_shape(path: &str) -> Shape {
    let mut conn = SqliteConnection::establish(path).unwrap();
    shape(SQLITE.iter().flat_map(|query| diesel::sql_query(*query).load::<Row>(&mut conn).unwrap()).collect())
}

fn postgres_shape(url: &str) -> Shape {
    let mut conn = PgConnection::establish(url).unwrap();
    shape(POSTGRES.iter().flat_map(|query| diesel::sql_query(*query).load::<Row>(&mut conn).unwrap()).collect())
}

fn path(database: &Database) -> String {
    database.url.strip_prefix("sqlite:").unwrap().to_owned()
}

#[test]
fn both_databases_have_the_same_schema() {
    // Needs both, so it says something in the run on PostgreSQL only.
    let Some(server) = postgres_server() else { return };
    let (sqlite, postgres) = (Database::sqlite(), Database::postgres(&server));
    let (sqlite, postgres) = (sqlite_shape(&path(&sqlite)), postgres_shape(&postgres.url));
    assert!(sqlite.len() > 15);
    assert_eq!(sqlite, postgres);
}

#[test]
fn the_hand_written_schema_has_the_same_columns() {
    let database = Database::sqlite();
    let mut written = BTreeSet::new();
    let mut table = String::new();
    let mut renamed = None;
    for line in include_str!("../../../src/db/schema.rs").lines().map(str::trim) {
        if let Some(name) = line.strip_suffix(" (id) {") {
            table = name.to_owned();
        } else if let Some(name) = line.strip_prefix("#[sql_name = \"") {
            renamed = name.strip_suffix("\"]").map(str::to_owned);
        } else if let Some((name, kind)) = line.split_once(" -> ").filter(|_| !line.starts_with("diesel::")) {
            let null = if kind.starts_with("Nullable") { "null" } else { "not null" };
            written.insert(format!("{table}.{} {null}", renamed.take().unwrap_or_else(|| name.to_owned())));
        }
    }
    let made = sqlite_shape(&path(&database)).into_iter().flat_map(|(table, facts)| {
        let columns = facts.into_iter().filter(|fact| !fact.starts_with("unique ") && !fact.starts_with("references "));
        columns.map(move |column| format!("{table}.{column}"))
    });
    assert_eq!(written, made.collect());
}

#[test]
fn the_two_folders_have_equal_names() {
    let names = |folder: &str| -> BTreeSet<String> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

#[test]
fn down_undoes_up() {
    let database = Database::create();
    if postgres_server().is_some() {
        let mut conn = PgConnection::establish(&database.url).unwrap();
        conn.revert_all_migrations(callboard::db::migrate::POSTGRES).unwrap();
    } else {
        let mut conn = SqliteConnection::establish(&path(&database)).unwrap();
        conn.revert_all_migrations(callboard::db::migrate::SQLITE).unwrap();
    }
    let run = migrate(&Url::parse(&database.url).unwrap()).unwrap();
    assert!(!run.is_empty());
    assert_eq!(migrate(&Url::parse(&database.url).unwrap()).unwrap(), Vec::<String>::new());
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let database = Database::create();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    match postgres_server() {
        None => SqliteConnection::establish(&path(&database)).unwrap().batch_execute(newer).unwrap(),
        Some(_) => PgConnection::establish(&database.url).unwrap().batch_execute(newer).unwrap(),
    }
    let refused = migrate(&Url::parse(&database.url).unwrap()).unwrap_err().to_string();
    assert!(refused.contains("start a newer one"), "{refused}");
}

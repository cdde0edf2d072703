//! The rules of the rooms (docs/ARCHITECTURE.md), checked by reading the code.

use std::{
    fs,
    path::{Path, PathBuf},
};

const FEATURES: &[&str] = &[
    "accounts",
    "admin",
    "assignment",
    "audit",
    "calls",
    "decisions",
    "events",
    "exports",
    "imports",
    "mail",
    "privacy",
    "proposals",
    "ranking",
    "reviews",
    "similar",
    "tokens",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every source file with its path below `src` and its text without comments and unit tests.
fn code() -> Vec<(String, String)> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        (path.strip_prefix("src").unwrap().display().to_string(), lines)
    };
    sources(Path::new("src")).into_iter().map(read).collect()
}

/// Files for which `forbidden` holds although `allowed` does not.
fn offenders(forbidden: impl Fn(&str) -> bool, allowed: impl Fn(&str) -> bool) -> Vec<String> {
    code().into_iter().filter(|(path, text)| forbidden(text) && !allowed(path)).map(|(path, _)| path).collect()
}

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn is_feature(path: &str) -> bool {
    FEATURES.iter().any(|feature| path.starts_with(&format!("{feature}/")))
}

#[test]
fn sql_stands_in_stores() {
    let sql =
        |text: &str| text.contains("use diesel") || text.contains("diesel::insert_into") || text.contains("sql_query");
    let home = |path: &str| {
        path.starts_with("db/") || path == "error.rs" || file(path).ends_with("store.rs") || path == "mail/outbox.rs"
    };
    assert_eq!(offenders(sql, home), Vec::<String>::new());
}

#[test]
fn only_views_are_serialized() {
    let serialized = |text: &str| text.contains("Serialize");
    let home = |path: &str| file(path).ends_with("views.rs") || !is_feature(path);
    assert_eq!(offenders(serialized, home), Vec::<String>::new());
}

#[test]
fn rules_and_stores_know_nothing_of_http() {
    let http = |text: &str| text.contains("actix_web");
    let home = |path: &str| !is_feature(path) || ["api.rs", "pages.rs"].contains(&file(path));
    assert_eq!(offenders(http, home), Vec::<String>::new());
}

#[test]
fn handlers_do_not_reach_past_actions() {
    let reaches = |text: &str| text.contains("store::") || text.contains("::store") || text.contains(".db.");
    for (path, text) in code() {
        if is_feature(&path) && ["api.rs", "pages.rs"].contains(&file(&path)) {
            assert!(!reaches(&text), "{path} reaches past actions");
        }
    }
}

#[test]
fn only_the_database_rooms_know_which_database_it_is() {
    let knows =
        |text: &str| text.contains("Conn::Sqlite") || text.contains("Conn::Postgres") || text.contains("Url::Postgres");
    let home = |path: &str| path.starts_with("db/") || path.starts_with("config/");
    assert_eq!(offenders(knows, home), Vec::<String>::new());
}

#[test]
fn files_stay_readable() {
    for (path, text) in code() {
        assert!(path == "db/schema.rs" || text.lines().count() <= 420, "{path} is a missing module");
    }
}

//! Copies of a SQLite database: made while the server runs, checked, and put back in the place of another one.

use super::{
    connection::{DbConn, Url},
    migrate,
};
use crate::{db::types::Ts, on};
use anyhow::{Context, anyhow, bail, ensure};
use diesel::{connection::SimpleConnection, prelude::*, sql_types::Text};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tempfile::{NamedTempFile, TempPath};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Writes one consistent moment of the database into a new file for its owner only; nobody waits meanwhile. The file
/// appears whole and checked, or not at all.
///
/// # Errors
/// On PostgreSQL; when the file exists or cannot be written; when the database is damaged.
pub fn write(url: &Url, file: &Path) -> anyhow::Result<()> {
    let database = sqlite_file(url)?;
    ensure!(database.exists(), "there is no database {}", database.display());
    ensure!(!file.exists(), "{} exists: name a new file", file.display());
    let folder = folder_of(file);
    let copy = NamedTempFile::new_in(folder).with_context(|| format!("cannot write into {}", folder.display()))?;
    let mut conn = url.open().context("cannot open the database")?;
    let path = text(copy.path())?;
    let copied = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(&mut conn);
    copied.with_context(|| format!("cannot copy {}", database.display()))?;
    check(copy.path())?;
    copy.as_file().sync_all()?;
    copy.persist_noclobber(file).with_context(|| format!("cannot write {}", file.display()))?;
    sync(folder)
}

/// A checked copy of a backup beside the database, brought up to date; it takes the database's place by [`put_in_place`].
///
/// # Errors
/// On PostgreSQL; when the backup is damaged, none of ours, or of a newer version.
pub fn unpack(url: &Url, backup: &Path) -> anyhow::Result<Unpacked> {
    let database = sqlite_file(url)?;
    let folder = folder_of(database);
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut from = File::open(backup).with_context(|| format!("cannot read {}", backup.display()))?;
    let mut copy = NamedTempFile::new_in(folder).with_context(|| format!("cannot write into {}", folder.display()))?;
    io::copy(&mut from, &mut copy).with_context(|| format!("cannot copy {}", backup.display()))?;
    let copy = copy.into_temp_path();
    check(&copy).with_context(|| format!("{} is no good backup", backup.display()))?;
    let url = Url::Sqlite(text(&copy)?.to_owned());
    migrate::migrate(&url)?;
    Ok(Unpacked { file: copy, url })
}

/// A backup that is not in its place yet; gone when dropped.
pub struct Unpacked {
    file: TempPath,
    pub url: Url,
}

/// Whether something has to be moved aside.
///
/// # Errors
/// On PostgreSQL.
pub fn is_taken(url: &Url) -> anyhow::Result<bool> {
    Ok(sqlite_file(url)?.exists())
}

/// Moves the database that was there aside and answers where to; the copy takes its place.
///
/// # Errors
/// When a server still has the database open.
pub fn put_in_place(url: &Url, copy: Unpacked, now: Ts) -> anyhow::Result<Option<PathBuf>> {
    let database = sqlite_file(url)?;
    single_file(&copy.url).context("cannot close the copy")?;
    File::open(&copy.file)?.sync_all()?;
    let aside = if database.exists() { Some(move_aside(url, database, now)?) } else { None };
    copy.file.persist(database).with_context(|| format!("cannot write {}", database.display()))?;
    sync(folder_of(database))?;
    Ok(aside)
}

fn move_aside(url: &Url, database: &Path, now: Ts) -> anyhow::Result<PathBuf> {
    // A damaged one cannot be gathered and is moved as it is.
    let gathered = single_file(url);
    let in_use = gathered.is_err_and(|error| format!("{error:#}").contains("locked"));
    ensure!(!in_use, "{} is in use: stop the server first", database.display());
    let aside = with_end(database, &now.timestamp().strftime(".%Y%m%dT%H%M%SZ").to_string());
    ensure!(!aside.exists(), "{} exists already", aside.display());
    for end in ["-wal", "-shm", ""] {
        if with_end(database, end).exists() {
            fs::rename(with_end(database, end), with_end(&aside, end))?;
        }
    }
    Ok(aside)
}

/// Gathers what stands beside the file in it; possible only while nobody else has it open.
fn single_file(url: &Url) -> anyhow::Result<()> {
    on!(&mut url.open()?, c => c.batch_execute("PRAGMA journal_mode = DELETE"))?;
    Ok(())
}

/// That a file is a sound database of this version or an older one.
fn check(file: &Path) -> anyhow::Result<()> {
    // Without the settings of a server, which would turn the file into another kind.
    let mut conn = DbConn::Sqlite(SqliteConnection::establish(text(file)?)?);
    let sound: Vec<Line> =
        diesel::sql_query("SELECT integrity_check AS line FROM pragma_integrity_check").load(&mut conn)?;
    let dangling: Vec<Line> =
        diesel::sql_query("SELECT DISTINCT \"table\" AS line FROM pragma_foreign_key_check").load(&mut conn)?;
    if let Some(fault) = sound.iter().find(|fault| fault.line != "ok") {
        bail!("it is damaged: {}", fault.line);
    }
    if let Some(table) = dangling.first() {
        bail!("it is damaged: rows of {} refer to nothing", table.line);
    }
    migrate::refuse_unknown(&mut conn)
}

fn sqlite_file(url: &Url) -> anyhow::Result<&Path> {
    match url {
        Url::Sqlite(path) => Ok(Path::new(path)),
        Url::Postgres { .. } => Err(anyhow!(
            "this database is PostgreSQL, which has its own tools: pg_dump and pg_restore, or pg_basebackup (docs/OPERATIONS.md)"
        )),
    }
}

/// A neighbor of the file.
pub fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))
}

/// So that a new name survives a power cut.
fn sync(folder: &Path) -> anyhow::Result<()> {
    File::open(folder)?.sync_all().with_context(|| format!("cannot sync {}", folder.display()))
}

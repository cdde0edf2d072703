//! `callboard backup` and `callboard restore`: a copy of the SQLite database while the server runs, and the way back.
//! PostgreSQL has its own tools for both; what a restore means for mails is the same there.

use super::say;
use crate::{
    clock::{Clock, Random},
    config::{Config, KEY_FILE, secret_key},
    db::{Db, Lanes, Url, backup, migrate::migrate},
    mail,
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// What a kept key is called, behind the name of its backup.
const KEY: &str = ".key";

#[derive(Args)]
pub struct Backup {
    /// The file to write; it must not exist
    file: PathBuf,
    /// Also write the secret key, beside it as FILE.key
    #[arg(long)]
    with_key: bool,
}

impl Backup {
    pub fn make(&self, config: &Config) -> anyhow::Result<()> {
        let key = backup::with_end(&self.file, KEY);
        ensure!(!self.with_key || !key.exists(), "{} exists: name a new file", key.display());
        backup::write(&config.database, &self.file)?;
        let size = fs::metadata(&self.file)?.len() / 1024;
        say(format!("{} is written and checked: {size} KiB", self.file.display()))?;
        if self.with_key {
            let text = secret_key(config, &Random::from_system()?)?.to_text();
            write_private(&key, &text)?;
            say(format!("{} is the secret key", key.display()))?;
        } else if let Some(file) = key_file(config) {
            say(format!("Keep the secret key too: {}, or add --with-key", file.display()))?;
        } else {
            say("Keep the secret key too: CALLBOARD_SECRET_KEY, or add --with-key")?;
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct Restore {
    /// What `callboard backup` wrote
    #[arg(required_unless_present = "mails_only", conflicts_with = "mails_only")]
    file: Option<PathBuf>,
    /// Where there is a database already, move it aside
    #[arg(long)]
    force: bool,
    /// Send what waits in the backup: nothing was sent since, because the server was stopped before
    #[arg(long, conflicts_with = "mails_only")]
    keep_mails: bool,
    /// The database was put back by other means: only see to it that no mail goes out twice
    #[arg(long)]
    mails_only: bool,
}

impl Restore {
    pub async fn restore(self, config: Config) -> anyhow::Result<()> {
        let url = &config.database;
        let Some(file) = &self.file else {
            migrate(url)?;
            return set_mails_aside(&config, url).await;
        };
        if backup::is_taken(url)? && !self.force {
            bail!("there is a database at {}: stop the server and add --force to move it aside", url.without_secrets());
        }
        let copy = backup::unpack(url, file)?;
        if !self.keep_mails {
            set_mails_aside(&config, &copy.url).await?;
        }
        if let Some(aside) = backup::put_in_place(url, copy, Clock::machine().now())? {
            say(format!("The database that was there is now {}", aside.display()))?;
        }
        say(format!("{} is restored from {}", url.without_secrets(), file.display()))?;
        restore_key(&config, file)
    }
}

/// Leaves every mail on its way to people: it may have been sent since the backup.
async fn set_mails_aside(config: &Config, url: &Url) -> anyhow::Result<()> {
    let db = Db::start(url, Clock::machine(), Random::from_system()?, Lanes::Few, config.slow_query)?;
    let mails = mail::actions::set_aside(&db).await;
    db.shutdown();
    say(format!("{} mails that were on their way wait for somebody to send them again", mails?))?;
    Ok(())
}

/// The key beside the backup takes the place of none, never of another one.
fn restore_key(config: &Config, backup: &Path) -> anyhow::Result<()> {
    let kept = backup::with_end(backup, KEY);
    let Some(place) = key_file(config).filter(|_| kept.exists()) else { return Ok(()) };
    let key = fs::read_to_string(&kept).with_context(|| format!("cannot read {}", kept.display()))?;
    if !place.exists() {
        write_private(&place, &key)?;
        say(format!("{} is restored, too", place.display()))?;
    } else if fs::read_to_string(&place)?.trim() != key.trim() {
        say(format!(
            "{} is another key than {}: links mailed before the backup are dead",
            place.display(),
            kept.display()
        ))?;
    }
    Ok(())
}

/// Where the key is kept, unless it comes from the settings.
fn key_file(config: &Config) -> Option<PathBuf> {
    config.database.folder().filter(|_| config.secret_key.is_none()).map(|folder| folder.join(KEY_FILE))
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

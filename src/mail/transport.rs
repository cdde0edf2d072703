//! How mails leave: to a mail server, as files into a folder, or into memory for tests.

use super::{
    mime::Ready,
    outbox::Mail,
    smtp::{Connection, Outcome, Server, Stage, Unreachable},
};
use crate::config::{Config, MailUrl};
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

pub enum Transport {
    Smtp(Server),
    /// Every mail becomes a file.
    Folder(PathBuf),
    Memory(Mutex<Vec<SentMail>>),
}

/// A mail that went to memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMail {
    pub to: String,
    pub to_name: String,
    pub kind: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: String,
    pub raw: Vec<u8>,
}

/// A way that is open: several mails go over one.
pub enum Line<'t> {
    Smtp(Box<Connection>),
    Folder(&'t Path),
    Memory(&'t Mutex<Vec<SentMail>>),
}

impl Transport {
    /// # Errors
    /// When the settings of the mail server cannot be used.
    pub fn new(config: &Config) -> anyhow::Result<Transport> {
        Ok(match &config.mail {
            MailUrl::Smtp(url) => Transport::Smtp(Server::new(config, url)?),
            MailUrl::Folder(folder) => Transport::Folder(folder.clone()),
            MailUrl::Memory => Transport::Memory(Mutex::default()),
        })
    }

    /// # Errors
    /// `Unreachable`.
    pub async fn open(&self) -> Result<Line<'_>, Unreachable> {
        Ok(match self {
            Transport::Smtp(server) => Line::Smtp(Box::new(Connection::open(server).await?)),
            Transport::Folder(folder) => {
                let path = folder.clone();
                on_disk(move || fs::create_dir_all(path)).await?;
                Line::Folder(folder)
            }
            Transport::Memory(mails) => Line::Memory(mails),
        })
    }

    /// What went to memory, oldest first.
    pub fn sent(&self) -> Vec<SentMail> {
        match self {
            Transport::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Transport::Smtp(_) | Transport::Folder(_) => vec![],
        }
    }
}

impl Line<'_> {
    pub fn usable(&self) -> bool {
        match self {
            Line::Smtp(connection) => connection.usable(),
            Line::Folder(_) | Line::Memory(_) => true,
        }
    }

    /// # Errors
    /// `Unreachable` when it is not about this mail.
    pub async fn deliver(&mut self, mail: &Mail, ready: &Ready) -> Result<Outcome, Unreachable> {
        match self {
            Line::Smtp(connection) => connection.deliver(ready).await,
            Line::Folder(folder) => {
                let (folder, name, bytes) = (folder.to_path_buf(), format!("{}.eml", mail.code), ready.bytes.clone());
                on_disk(move || write(&folder, &name, &bytes)).await?;
                Ok(Outcome::Sent("written as a file".into()))
            }
            Line::Memory(mails) => {
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(SentMail {
                    to: mail.to_address.clone(),
                    to_name: mail.to_name.clone(),
                    kind: mail.kind.clone(),
                    subject: mail.subject.clone(),
                    text: ready.text.clone(),
                    html: ready.html.clone(),
                    message_id: mail.message_id.clone(),
                    raw: ready.bytes.clone(),
                });
                Ok(Outcome::Sent("kept in memory".into()))
            }
        }
    }

    pub async fn close(self) {
        if let Line::Smtp(connection) = self {
            connection.close().await;
        }
    }
}

/// Whole or not at all: whoever watches the folder never reads half a mail.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    Ok(())
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Unreachable> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| Unreachable::at(Stage::Folder, error)),
        Err(error) => Err(Unreachable::at(Stage::Folder, error)),
    }
}

//! The instance's secret key: from the settings, or from a file beside the SQLite database.

use super::Config;
use crate::clock::Random;
use anyhow::{Context, anyhow};
use data_encoding::BASE64;
use std::{fs, io, io::Write, path::Path};

/// The instance's key, from which the secrets in mailed links and the orders of lists are derived.
#[derive(Clone)]
pub struct SecretKey(pub [u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    /// # Errors
    /// When it is not base64 or too short.
    pub fn parse(text: &str) -> Result<SecretKey, String> {
        let bytes = BASE64.decode(text.trim().as_bytes()).map_err(|_| "is not base64")?;
        let enough = bytes.len() >= 32;
        let key = bytes.first_chunk::<32>().filter(|_| enough).ok_or("is shorter than 32 bytes")?;
        Ok(SecretKey(*key))
    }

    pub fn to_text(&self) -> String {
        BASE64.encode(&self.0)
    }
}

/// What the file beside the SQLite database is called.
pub const KEY_FILE: &str = "callboard.key";

/// The key of the instance: from the settings, else from the file beside the SQLite database, which is made if need be.
///
/// # Errors
/// When the file cannot be read or made.
pub fn secret_key(config: &Config, random: &Random) -> anyhow::Result<SecretKey> {
    if let Some(key) = &config.secret_key {
        return Ok(key.clone());
    }
    let folder = config.database.folder().context("CALLBOARD_SECRET_KEY is needed on PostgreSQL")?;
    let path = folder.join(KEY_FILE);
    let kept = || fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()));
    if !path.exists() {
        write_key(&path, &SecretKey(random.bytes()))?;
    }
    SecretKey::parse(&kept()?).map_err(|error| anyhow!("{} {error}", path.display()))
}

/// Whole or not at all, and never in the place of another: another process may be making one just now.
fn write_key(path: &Path, key: &SecretKey) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        fs::create_dir_all(folder)?;
        // Only its owner may read such a file.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(key.to_text().as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(refused) if refused.error.kind() != io::ErrorKind::AlreadyExists => Err(refused.error),
            _ => Ok(()),
        }
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

//! How mails leave.

use crate::config::Config;

pub struct Transport;

impl Transport {
    /// # Errors
    /// When the settings of the mail server cannot be used.
    pub fn new(_config: &Config) -> anyhow::Result<Transport> {
        Ok(Transport)
    }
}

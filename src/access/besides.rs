//! What pages take of what else somebody may do.

use super::in_event::{Besides, EventReader, ProposalReader};
use crate::error::{Error, Result};

impl Besides {
    /// # Errors
    /// `NotFound` for who may not.
    pub fn to_read_event(&self) -> Result<EventReader> {
        self.event_reader.clone().ok_or_else(Error::not_found)
    }

    /// # Errors
    /// `NotFound` for who may not.
    pub fn to_read_proposals(&self) -> Result<ProposalReader> {
        self.proposal_reader.clone().ok_or_else(Error::not_found)
    }

    pub fn manages(&self) -> bool {
        self.organizer.is_some()
    }
}

//! Who of the committee read the names behind which proposals. Reading happens often and on connections that cannot
//! write, so it is gathered in memory and noted once a while: one entry for each person and event.

use super::{
    model::{Action, Entry, Object},
    store,
};
use crate::{
    app::Callboard,
    db::types::{AccountId, EventId},
    error::Result,
    jobs::System,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

/// How many codes one entry names at most.
const MOST_CODES: usize = 2000;

/// What was read since it was noted last.
#[derive(Default)]
pub struct Reads(Mutex<BTreeMap<(EventId, AccountId), BTreeSet<String>>>);

impl Reads {
    /// Notes in memory that the account saw who is behind these proposals.
    pub fn add(&self, event: EventId, account: AccountId, codes: impl IntoIterator<Item = String>) {
        let mut codes = codes.into_iter().peekable();
        if codes.peek().is_some() {
            let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            gathered.entry((event, account)).or_default().extend(codes);
        }
    }

    fn take(&self) -> BTreeMap<(EventId, AccountId), BTreeSet<String>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes what was gathered; answers how many entries that made. What cannot be noted is kept for the next time.
///
/// # Errors
/// When the database does not answer.
pub async fn note(app: &Callboard, _: System) -> Result<usize> {
    let gathered = app.reads.take();
    if gathered.is_empty() {
        return Ok(0);
    }
    let entries = gathered.clone();
    let noted = app.db.write(move |tx| {
        let mut noted = 0;
        for ((event, account), codes) in entries {
            let codes: Vec<String> = codes.into_iter().collect();
            for codes in codes.chunks(MOST_CODES) {
                let entry = Entry::new(Action::IdentitiesRead, Object::Proposals)
                    .with("count", codes.len())
                    .with("codes", codes);
                store::record_for(tx, event, Some(account), &entry)?;
                noted += 1;
            }
        }
        Ok(noted)
    });
    let noted = noted.await;
    if noted.is_err() {
        for ((event, account), codes) in gathered {
            app.reads.add(event, account, codes);
        }
    }
    noted
}

//! Keys of requests, the answers that are kept, and how an answer is made inside the transaction.

use crate::error::{Error, Result};
use std::time::Duration;

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);

/// What makes a request the same as an earlier one; together with who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub method: String,
    /// The pattern of the path.
    pub route: String,
    pub key: String,
    /// SHA-256 of the path, the query and the body.
    pub fingerprint: Vec<u8>,
}

/// An answer as it can be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub etag: Option<String>,
    /// JSON.
    pub body: Option<String>,
    /// Whether it was given before.
    pub again: bool,
}

/// What becomes of the result of a deed, in its transaction. Pure: it sees the result and nothing else.
pub trait Render<T>: Send + 'static {
    type Out: Send + 'static;

    /// The key that the request came with.
    fn key(&self) -> Option<&Key>;

    /// # Errors
    /// When it cannot be written as JSON.
    fn render(self, done: T) -> Result<(Self::Out, Answer)>;

    /// What is answered in place of doing it again.
    ///
    /// # Errors
    /// Where there are no keys.
    fn replay(answer: Answer) -> Result<Self::Out>;
}

/// The result as it is, without a key: for pages and for the process itself.
pub struct AsIs;

impl<T: Send + 'static> Render<T> for AsIs {
    type Out = T;

    fn key(&self) -> Option<&Key> {
        None
    }
    fn render(self, done: T) -> Result<(T, Answer)> {
        Ok((done, Answer::default()))
    }
    fn replay(_answer: Answer) -> Result<T> {
        Err(Error::internal("no key, no replay"))
    }
}

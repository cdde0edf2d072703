//! What a reviewer sees of the people behind a proposal.

/// The event's rule for reviewers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing about the authors; no author column is read.
    Blind,
    Open,
}

/// The proof that a reviewer may see authors. Queries that read author columns for reviewers demand it.
#[derive(Clone, Copy, Debug)]
pub struct SeesAuthors(());

impl Sight {
    pub fn sees_authors(self) -> Option<SeesAuthors> {
        match self {
            Sight::Blind => None,
            Sight::Open => Some(SeesAuthors(())),
        }
    }
}

//! Points at which a test makes the process die as if it were killed, where a kill from outside would hardly hit.
//! `CALLBOARD_TEST_FAULT=mail_leased:3` dies at the third pass of that point. Release builds have none of this.

/// Between two things that a crash could tear apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// All of a writing transaction is done but its COMMIT.
    BeforeCommit,
    /// It is committed, and nobody is told.
    AfterCommit,
    /// A batch of mails is leased.
    MailLeased,
    /// A mail is marked as begun, and nothing of it is said.
    MailBegun,
    /// All of a mail is said but its final dot.
    MailDot,
    /// The mail server has taken a mail, which is not noted yet.
    MailAnswered,
    /// A row of an export is written.
    ExportRow,
}

/// Dies here if this is the pass that was asked for.
#[inline]
pub fn at(point: Point) {
    #[cfg(debug_assertions)]
    asked::at(point);
    #[cfg(not(debug_assertions))]
    let _ = point;
}

#[cfg(debug_assertions)]
mod asked {
    use super::Point;
    use std::{
        process,
        sync::{
            OnceLock,
            atomic::{AtomicU64, Ordering},
        },
    };

    struct Fault {
        point: Point,
        passes_left: AtomicU64,
    }

    pub(super) fn at(point: Point) {
        static FAULT: OnceLock<Option<Fault>> = OnceLock::new();
        let Some(fault) = FAULT.get_or_init(asked_for) else { return };
        if fault.point == point && fault.passes_left.fetch_sub(1, Ordering::Relaxed) == 1 {
            process::abort();
        }
    }

    /// What cannot be read dies at once: a test that asks for it must not go on without it.
    fn asked_for() -> Option<Fault> {
        #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the server")]
        let text = std::env::var("CALLBOARD_TEST_FAULT").ok()?;
        Some(parsed(&text).unwrap_or_else(|| process::abort()))
    }

    fn parsed(text: &str) -> Option<Fault> {
        let (name, pass) = text.split_once(':')?;
        let point = match name {
            "before_commit" => Point::BeforeCommit,
            "after_commit" => Point::AfterCommit,
            "mail_leased" => Point::MailLeased,
            "mail_begun" => Point::MailBegun,
            "mail_dot" => Point::MailDot,
            "mail_answered" => Point::MailAnswered,
            "export_row" => Point::ExportRow,
            _ => return None,
        };
        let pass: u64 = pass.parse().ok().filter(|pass| *pass > 0)?;
        Some(Fault { point, passes_left: AtomicU64::new(pass) })
    }
}

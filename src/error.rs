//! The one error type. Every error has a stable code; the code fixes the HTTP status and the title (RFC 9457).

use crate::text::CODE_END;
use std::{borrow::Cow, fmt, panic::Location, time::Duration};

macro_rules! codes {
    ($($variant:ident $text:literal $status:literal $title:literal;)+) => {
        /// What went wrong, in one stable word for programs. The table in `docs/API.md` is made from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($variant),+ }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),+ }
            }

            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),+ }
            }

            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),+ }
            }
        }
    };
}

impl Code {
    /// The table in `docs/API.md`.
    pub fn table() -> String {
        let row = |code: &Code| format!("| {} | `{}` | {} |\n", code.status(), code.as_str(), code.title());
        let rows: String = Code::ALL.iter().map(row).collect();
        format!("| status | code | title |\n| --- | --- | --- |\n{rows}")
    }
}

codes! {
    Malformed "malformed" 400 "The request cannot be read";
    BadCursor "bad_cursor" 400 "This cursor is not one of ours";
    SignInRequired "sign_in_required" 401 "Sign in first";
    WrongCredentials "wrong_credentials" 401 "Address or password is wrong";
    Forbidden "forbidden" 403 "Your role does not allow this";
    ScopeMissing "scope_missing" 403 "The token lacks the scope for this";
    SessionOnly "session_only" 403 "This takes a sign-in, not a token";
    OtherSite "other_site" 403 "The form was not sent from this site";
    NotFound "not_found" 404 "There is no such thing";
    MethodNotAllowed "method_not_allowed" 405 "This address does not take that method";
    TooSlow "too_slow" 408 "The request came too slowly";
    CallNotOpen "call_not_open" 409 "The call is not open yet";
    CallClosed "call_closed" 409 "The deadline has passed";
    ConfirmFirst "confirm_first" 409 "This needs to be said twice";
    LimitReached "limit_reached" 409 "The limit per speaker is reached";
    WrongState "wrong_state" 409 "The state does not allow this now";
    Taken "taken" 409 "This is already in use";
    InUse "in_use" 409 "Other things still need this";
    LastOrganizer "last_organizer" 409 "An event keeps at least one organizer";
    AddressNotVerified "address_not_verified" 409 "Verify your mail address first";
    OtherAddress "other_address" 409 "The invitation is for another address";
    NotInPhase "not_in_phase" 409 "This is not done in the present phase";
    OwnReviewFirst "own_review_first" 409 "Hand in your own review first";
    PublicationWaiting "publication_waiting" 409 "A publication is already on its way";
    PreviewOutdated "preview_outdated" 409 "Something changed since the preview";
    NothingToPublish "nothing_to_publish" 409 "There is nothing to publish";
    Stale "stale" 412 "It was changed since you read it";
    TooLarge "too_large" 413 "The request is too large";
    MediaType "media_type" 415 "This content type is not understood";
    Invalid "invalid" 422 "Some fields need another value";
    LinkDead "link_dead" 422 "This link is no longer valid";
    KeyReused "key_reused" 422 "This key belongs to another request";
    VersionRequired "version_required" 428 "Say which version you edit";
    TooMany "too_many" 429 "Too many requests";
    Internal "internal" 500 "Something broke on our side";
    Busy "busy" 503 "Too busy just now";
    Unknown "unknown_outcome" 503 "The database gave no answer in time";
}

/// What is wrong with one field. Never holds the rejected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field in the body: `deadline.local`, `scores[0].score`.
    pub field: String,
    pub code: Cow<'static, str>,
    pub message: String,
    /// Values to choose from, where there are some.
    pub choices: Vec<String>,
}

/// All that is wrong with an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    pub fn of(field: &str, code: &'static str, message: impl Into<String>) -> FieldErrors {
        let mut errors = FieldErrors::default();
        errors.add(field, code, message);
        errors
    }

    pub fn add(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        let error = FieldError { field: field.into(), code: code.into(), message: message.into(), choices: vec![] };
        self.0.push(error);
    }

    /// From a code and a message with [`CODE_END`] between them, as the types of [`crate::text`] give them.
    pub fn coded(field: &str, text: &str) -> FieldErrors {
        let (code, message) = text.split_once(CODE_END).unwrap_or(("invalid", text));
        let mut errors = FieldErrors::of(field, "invalid", message);
        if let Some(first) = errors.0.first_mut() {
            first.code = code.to_owned().into();
        }
        errors
    }

    #[must_use]
    pub fn with_choices(mut self, choices: Vec<String>) -> FieldErrors {
        if let Some(last) = self.0.last_mut() {
            last.choices = choices;
        }
        self
    }

    /// # Errors
    /// `Invalid` when anything was added.
    pub fn into_result(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl From<FieldErrors> for Error {
    fn from(fields: FieldErrors) -> Error {
        let mut error = Error::new(Code::Invalid, "");
        error.0.fields = fields;
        error
    }
}

pub struct Error(Box<Parts>);

struct Parts {
    code: Code,
    detail: Cow<'static, str>,
    fields: FieldErrors,
    differences: Option<serde_json::Value>,
    allow: Option<String>,
    retry_after: Option<Duration>,
    fault: Option<Fault>,
}

/// The cause of an internal error, for the log only.
struct Fault {
    source: Box<dyn fmt::Display + Send + Sync>,
    location: &'static Location<'static>,
}

/// After what will pass by itself.
const SOON: Duration = Duration::from_secs(2);

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// `detail` says what to do; it never holds hidden data.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Error {
        let fields = FieldErrors::default();
        let detail = detail.into();
        let (differences, allow, retry_after, fault) = (None, None, None, None);
        Error(Box::new(Parts { code, detail, fields, differences, allow, retry_after, fault }))
    }

    pub fn not_found() -> Error {
        Error::new(Code::NotFound, "It does not exist, or you may not see it.")
    }

    pub fn sign_in() -> Error {
        Error::new(
            Code::SignInRequired,
            "Send `Authorization: Bearer <token>` with a token from POST /api/v1/sessions.",
        )
    }

    pub fn busy() -> Error {
        let mut error = Error::new(Code::Busy, "Nothing was stored. Try again in a moment.");
        error.0.retry_after = Some(SOON);
        error
    }

    pub fn unknown() -> Error {
        let mut error = Error::new(Code::Unknown, "It may or may not be stored. Look before you send it again.");
        error.0.retry_after = Some(SOON);
        error
    }

    pub fn wrong_state(detail: impl Into<Cow<'static, str>>) -> Error {
        Error::new(Code::WrongState, detail)
    }

    pub fn method(allow: String) -> Error {
        let mut error = Error::new(Code::MethodNotAllowed, format!("Allowed here: {allow}."));
        error.0.allow = Some(allow);
        error
    }

    /// `detail` says what there was too much of.
    pub fn too_many(detail: impl Into<Cow<'static, str>>, retry_after: Duration) -> Error {
        let mut error = Error::new(Code::TooMany, detail);
        error.0.retry_after = Some(retry_after);
        error
    }

    #[track_caller]
    pub fn internal(source: impl fmt::Display + Send + Sync + 'static) -> Error {
        let mut error =
            Error::new(Code::Internal, "Nothing you did. The request id helps the operator to find the cause.");
        error.0.fault = Some(Fault { source: Box::new(source), location: Location::caller() });
        error
    }

    /// What is different now, for a client that has to look again.
    #[must_use]
    pub fn with_differences(mut self, differences: serde_json::Value) -> Error {
        self.0.differences = Some(differences);
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields.0
    }

    pub fn differences(&self) -> Option<&serde_json::Value> {
        self.0.differences.as_ref()
    }

    /// When it can be worth while to try again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub fn allow(&self) -> Option<&str> {
        self.0.allow.as_deref()
    }

    /// Cause and place of an internal error, for the log.
    pub fn fault(&self) -> Option<String> {
        self.0.fault.as_ref().map(|fault| format!("{} ({})", fault.source, fault.location))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code().title())?;
        if !self.detail().is_empty() {
            write!(f, ": {}", self.detail())?;
        }
        for field in self.fields() {
            write!(f, "; {}: {}", field.field, field.message)?;
        }
        self.fault().map_or(Ok(()), |fault| write!(f, " [{fault}]"))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    #[track_caller]
    fn from(error: diesel::result::Error) -> Error {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Db};
        match &error {
            Db::NotFound => Error::not_found(),
            Db::DatabaseError(Kind::ClosedConnection | Kind::SerializationFailure | Kind::UnableToSendCommand, _) => {
                Error::busy()
            }
            Db::DatabaseError(_, info) if will_pass(info.message()) => Error::busy(),
            _ => Error::internal(error),
        }
    }
}

/// Whether the disk of the database is full.
pub fn lacks_room(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, info) if is_for_want_of_room(info.message()))
}

fn is_for_want_of_room(message: &str) -> bool {
    ["database or disk is full", "No space left on device"].iter().any(|known| message.contains(known))
}

/// The transaction was given up in favor of others, or for want of room or of a database that takes writes: nothing of
/// it is stored, and later it may be.
fn will_pass(message: &str) -> bool {
    is_for_want_of_room(message)
        || [
            "in a read-only transaction",
            "database is locked",
            "deadlock detected",
            "canceling statement due to lock timeout",
            "canceling statement due to statement timeout",
        ]
        .iter()
        .any(|known| message.contains(known))
}

/// Turns the violation of one UNIQUE constraint into an answer; everything else stays what it is.
pub trait OnUnique<T> {
    /// `columns` as SQLite names them (`members.event_id, members.role`); `constraint` as PostgreSQL does.
    ///
    /// # Errors
    /// `otherwise()` for that violation, the converted error for any other.
    fn on_unique(self, columns: &str, constraint: &str, otherwise: impl FnOnce() -> Error) -> Result<T>;
}

/// Turns the deletion of something that other rows refer to into an answer.
pub trait OnReferenced<T> {
    /// # Errors
    /// `otherwise()` where something refers to it, the converted error for any other.
    fn on_referenced(self, otherwise: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnReferenced<T> for diesel::QueryResult<T> {
    #[track_caller]
    fn on_referenced(self, otherwise: impl FnOnce() -> Error) -> Result<T> {
        use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error::DatabaseError};
        match self {
            Err(DatabaseError(ForeignKeyViolation, _)) => Err(otherwise()),
            other => Ok(other?),
        }
    }
}

impl<T> OnUnique<T> for diesel::QueryResult<T> {
    #[track_caller]
    fn on_unique(self, columns: &str, constraint: &str, otherwise: impl FnOnce() -> Error) -> Result<T> {
        use diesel::result::{DatabaseErrorKind::UniqueViolation, Error::DatabaseError};
        match self {
            Ok(value) => Ok(value),
            Err(DatabaseError(UniqueViolation, info))
                if info.constraint_name() == Some(constraint)
                    || info.message().strip_prefix("UNIQUE constraint failed: ") == Some(columns) =>
            {
                Err(otherwise())
            }
            Err(error) => Err(error.into()),
        }
    }
}

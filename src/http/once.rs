//! `Idempotency-Key` and `If-Match`: a request that is sent twice acts once, and an edit of what has changed is refused.

use super::{
    input::{early_hash, own_field},
    pages,
    reply::Storable,
    routes::{Input, Reply, Sketch},
};
use crate::{
    error::{Code, Error, Result},
    once::model::{Answer, Key, Render},
};
use actix_web::{HttpRequest, HttpResponse, dev::Payload, http::header};
use data_encoding::HEXLOWER;
use std::marker::PhantomData;
use utoipa::openapi::{ObjectBuilder, Type, path::ParameterIn};

const LONGEST_KEY: usize = 255;

/// The `Idempotency-Key` of the request, if it has one.
pub struct Once(Option<Key>);

impl Once {
    fn keyed(request: &HttpRequest, key: String, fingerprint: Vec<u8>) -> Once {
        let route = request.match_pattern().unwrap_or_else(|| request.path().to_owned());
        Once(Some(Key { method: request.method().to_string(), route, key, fingerprint }))
    }

    /// A form that is pressed twice acts once; one that somebody went back to and changed is another one.
    async fn of_form(request: &HttpRequest, body: &mut Payload) -> Result<Once> {
        let Some(key) = own_field(request, body, pages::form::KEY).await?.as_deref().and_then(key_of) else {
            return Ok(Once(None));
        };
        let fingerprint = early_hash(request, body).await?;
        let content = HEXLOWER.encode(fingerprint.get(..8).unwrap_or_default());
        let key: String = key.chars().take(LONGEST_KEY - content.len() - 1).collect();
        Ok(Once::keyed(request, format!("{key}:{content}"), fingerprint))
    }

    /// The answer that is made of the deed's result, and kept with the key.
    pub fn then<T, S, F: FnOnce(T) -> S>(self, view: F) -> Then<F> {
        Then { key: self.0, view }
    }
}

impl Input for Once {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        let mut given = request.headers().get_all("idempotency-key");
        let Some(value) = given.next() else { return Once::of_form(request, body).await };
        let key = value.to_str().ok().filter(|_| given.next().is_none()).and_then(key_of);
        let key = key.ok_or_else(|| {
            let detail = "Write one `Idempotency-Key: \"…\"` of 1 to 255 visible ASCII characters, such as a UUID.";
            Error::new(Code::Malformed, detail)
        })?;
        let fingerprint = early_hash(request, body).await?;
        Ok(Once::keyed(request, key, fingerprint))
    }

    fn describe(sketch: &mut Sketch) {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(
            "Makes it safe to send the request again: for 24 hours the same key gets the same answer and nothing more happens.",
        ));
        sketch.parameter("Idempotency-Key", ParameterIn::Header, false, text);
        sketch.fails(&[Code::Malformed, Code::TooSlow, Code::TooLarge, Code::KeyReused]);
    }
}

/// A quoted string of RFC 9651, or the bare text that most clients send.
fn key_of(value: &str) -> Option<String> {
    let value = value.trim();
    let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let fits = (1..=LONGEST_KEY).contains(&bare.len())
        && bare.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\');
    fits.then(|| bare.to_owned())
}

/// Makes the answer of a deed's result.
pub struct Then<F> {
    key: Option<Key>,
    view: F,
}

impl<T, S, F> Render<T> for Then<F>
where
    S: Storable,
    F: FnOnce(T) -> S + Send + 'static,
{
    type Out = Answered<S>;

    fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }
    fn render(self, done: T) -> Result<(Answered<S>, Answer)> {
        let answer = (self.view)(done).answer()?;
        let kept = if self.key.is_some() { answer.clone() } else { Answer::default() };
        Ok((Answered(answer, PhantomData), kept))
    }
    fn replay(answer: Answer) -> Result<Answered<S>> {
        Ok(Answered(answer, PhantomData))
    }
}

/// What `S` answers, now or when it was done first.
pub struct Answered<S>(Answer, PhantomData<fn() -> S>);

impl<S: Storable> Reply for Answered<S> {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        super::reply::respond(request, self.0)
    }
    fn describe(sketch: &mut Sketch) {
        S::describe(sketch);
    }
}

/// From which version of a resource an edit was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Wanted);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Nothing,
    /// `If-Match: *`.
    Any,
    Versions(Vec<i64>),
    /// `If-None-Match: *`.
    New,
}

impl IfMatch {
    /// For deeds of the process itself.
    pub fn any() -> IfMatch {
        IfMatch(Wanted::Any)
    }

    /// For a second thing that a form edits; `None` for what was not there.
    pub fn of(version: Option<i64>) -> IfMatch {
        IfMatch(version.map_or(Wanted::Nothing, |version| Wanted::Versions(vec![version])))
    }

    /// Compares it with the version that is stored; call it under the row's lock.
    ///
    /// # Errors
    /// `VersionRequired`, `Stale`.
    pub fn check(&self, stored: i64) -> Result<()> {
        match &self.0 {
            Wanted::Any => Ok(()),
            Wanted::Versions(versions) if versions.contains(&stored) => Ok(()),
            Wanted::Nothing => Err(Error::new(
                Code::VersionRequired,
                "Send `If-Match` with the ETag of what you have read, or `*` to overwrite whatever is there.",
            )),
            Wanted::Versions(_) | Wanted::New => {
                Err(Error::new(Code::Stale, "It was changed since you read it. Read it again, then repeat your edit."))
            }
        }
    }

    /// [`IfMatch::check`] for what may not be there yet: then nothing need be sent.
    ///
    /// # Errors
    /// As [`IfMatch::check`]; `Stale` also when a version was named of what is not there.
    pub fn check_or_new(&self, stored: Option<i64>) -> Result<()> {
        match (stored, &self.0) {
            (Some(stored), _) => self.check(stored),
            (None, Wanted::Versions(_)) => Err(Error::new(Code::Stale, "There is nothing any more. Read it again.")),
            (None, _) => Ok(()),
        }
    }

    /// [`IfMatch::check`] where it may be left out.
    ///
    /// # Errors
    /// `Stale`.
    pub fn check_if_sent(&self, stored: i64) -> Result<()> {
        if self.0 == Wanted::Nothing { Ok(()) } else { self.check(stored) }
    }
}

impl Input for IfMatch {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        if let Some(version) = own_field(request, body, pages::form::VERSION).await? {
            return Ok(IfMatch(Wanted::Versions(version.parse().into_iter().collect())));
        }
        let all = |name| {
            let values = request.headers().get_all(name).map(|value| value.to_str().unwrap_or_default());
            values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect::<Vec<_>>()
        };
        let tags = all(header::IF_MATCH);
        let wanted = if all(header::IF_NONE_MATCH).iter().any(|tag| tag == "*") {
            Wanted::New
        } else if tags.is_empty() {
            Wanted::Nothing
        } else if tags.iter().any(|tag| tag == "*") {
            Wanted::Any
        } else {
            // A tag of another form is not one of ours, so it fits no version.
            Wanted::Versions(tags.iter().filter_map(|tag| version_of(tag)).collect())
        };
        Ok(IfMatch(wanted))
    }

    fn describe(sketch: &mut Sketch) {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The ETag of what was read; `*` overwrites whatever is there."));
        sketch.parameter("If-Match", ParameterIn::Header, false, text);
        sketch.edits = true;
        sketch.fails(&[Code::Stale, Code::VersionRequired]);
    }
}

/// The tag of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

fn version_of(tag: &str) -> Option<i64> {
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == tag).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quoted_or_bare() {
        assert_eq!(key_of("\"8e03978e-40d5\""), Some("8e03978e-40d5".into()));
        assert_eq!(key_of("8e03978e-40d5"), Some("8e03978e-40d5".into()));
        assert_eq!(key_of(&"k".repeat(255)), Some("k".repeat(255)));
        for bad in ["", "\"\"", "a\"b", "schlüssel", "a\tb", &"k".repeat(256)] {
            assert_eq!(key_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn tags_are_strong_and_exact() {
        assert_eq!(version_of("\"7\""), Some(7));
        for bad in ["7", "W/\"7\"", "\"07\"", "\"+7\"", "\"\"", "\"x\""] {
            assert_eq!(version_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_edit_fits_the_version_it_was_made_from() {
        let seven = IfMatch(Wanted::Versions(vec![6, 7]));
        assert!(seven.check(7).is_ok() && IfMatch::any().check(7).is_ok());
        let code = |checked: Result<()>| checked.unwrap_err().code();
        assert_eq!(code(seven.check(8)), Code::Stale);
        assert_eq!(code(seven.check_or_new(None)), Code::Stale);
        assert_eq!(code(IfMatch(Wanted::New).check_or_new(Some(1))), Code::Stale);
        assert_eq!(code(IfMatch(Wanted::Nothing).check_or_new(Some(1))), Code::VersionRequired);
        assert!(IfMatch(Wanted::Nothing).check_or_new(None).is_ok());
        assert!(IfMatch(Wanted::New).check_or_new(None).is_ok());
        assert!(IfMatch(Wanted::Nothing).check_if_sent(7).is_ok());
        assert_eq!(code(seven.check_if_sent(8)), Code::Stale);
    }
}

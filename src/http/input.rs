//! What handlers take: bodies, forms, queries, path parameters. Each is read, checked and described by its type.

use super::{
    cursor::Cursor,
    invalid::{field_error, validated, wrong_json},
    pages::TRAP,
    routes::{Input, Sketch},
};
use crate::{
    app::Callboard,
    error::{Code, Error, FieldErrors, Result},
    secrets,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use futures_util::StreamExt;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{ops::Deref, time::Duration};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, path::ParameterIn},
};
use validator::Validate;

const LARGEST_BODY: usize = 256 * 1024;
const SLOWEST_BODY: Duration = Duration::from_secs(30);
const SLOWEST_UPLOAD: Duration = Duration::from_mins(2);
/// Bytes a second; a body that comes more slowly holds its connection for nothing.
const SLOWEST_RATE: usize = 1024;
/// Before the rate matters.
const GRACE: Duration = Duration::from_secs(5);

/// The state of the application, as an input.
impl Input for Callboard {
    async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
        Callboard::of(request)
    }
    fn describe(_sketch: &mut Sketch) {}
}

/// When the request's last byte had arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrived(pub Duration);

impl Input for Arrived {
    const TIMED: bool = true;

    async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
        let arrived = request.extensions().get::<Arrived>().copied();
        arrived.ok_or_else(|| Error::internal("the request was not timed"))
    }
    fn describe(_sketch: &mut Sketch) {}
}

/// A body that was read before it was asked for.
struct EarlyBody(Result<web::Bytes>);

/// Reads the body and notes when its last byte was there. What is wrong with the body is told by who asks for it, after
/// it is clear who sent it.
pub(super) async fn arrive(request: &HttpRequest, body: &mut Payload) -> Result<()> {
    let clock = Callboard::of(request)?.clock.clone();
    let early = EarlyBody(read_now(request, body).await);
    request.extensions_mut().insert(Arrived(clock.monotonic()));
    request.extensions_mut().insert(early);
    Ok(())
}

/// The `User-Agent`, to tell one's sessions apart.
pub struct UserAgent(pub String);

impl Input for UserAgent {
    async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
        let agent = request.headers().get(actix_web::http::header::USER_AGENT);
        Ok(UserAgent(agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned()))
    }
    fn describe(_sketch: &mut Sketch) {}
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + ToSchema + Validate + 'static> Input for Body<T> {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        if !request.content_type().eq_ignore_ascii_case("application/json") {
            return Err(Error::new(Code::MediaType, "Send `Content-Type: application/json`."));
        }
        let bytes = read(request, body).await?;
        request.extensions_mut().insert(EarlyBody(Ok(bytes.clone())));
        // Serde would take a list of the values of its fields, in their order.
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(FieldErrors::of("", "wrong_type", "must be an object").into());
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong_json(&error))?;
        json.end().map_err(|error| Error::new(Code::Malformed, format!("Not JSON: {error}.")))?;
        validated(value).map(Body)
    }

    fn describe(sketch: &mut Sketch) {
        sketch.body = Some((&["application/json"], sketch.named::<T>()));
        sketch.fails(&[Code::Malformed, Code::TooSlow, Code::TooLarge, Code::MediaType, Code::Invalid]);
    }
}

/// Set for a request whose form no person has filled in.
pub(super) struct Trapped;

/// A form that came with a file, for what reads the form's own fields after it.
pub(super) struct Uploaded {
    pub fields: Vec<(String, String)>,
    /// Of fields and file.
    pub hash: Vec<u8>,
}

/// Whether the form was filled in by a program: then nothing is done about it.
pub(super) fn is_trapped(request: &HttpRequest) -> bool {
    request.extensions().contains::<Trapped>()
}

/// The fields of a form, and whether the one that people leave empty was filled in.
pub(super) async fn form_fields(request: &HttpRequest, body: &mut Payload) -> Result<(Vec<(String, String)>, bool)> {
    let bytes = read(request, body).await?;
    let fields = without_trap(&bytes);
    keep(request, bytes);
    Ok(fields)
}

/// A field of the form itself, where the request is one of a page.
pub(super) async fn own_field(request: &HttpRequest, body: &mut Payload, name: &str) -> Result<Option<String>> {
    let named = |fields: &[(String, String)]| {
        fields.iter().find(|(known, text)| known == name && !text.is_empty()).map(|(_, text)| text.clone())
    };
    if let Some(uploaded) = request.extensions().get::<Uploaded>() {
        return Ok(named(&uploaded.fields));
    }
    if request.path().starts_with(super::API) || request.content_type() != super::pages::form::URL_ENCODED {
        return Ok(None);
    }
    let (fields, _) = form_fields(request, body).await?;
    Ok(named(&fields))
}

fn without_trap(form: &[u8]) -> (Vec<(String, String)>, bool) {
    let fields = url::form_urlencoded::parse(form).into_owned();
    let (traps, fields): (Vec<_>, Vec<_>) = fields.partition(|(name, _)| name == TRAP);
    (fields, traps.iter().any(|(_, text)| !text.is_empty()))
}

/// Refuses what another site made the browser send (`Sec-Fetch-Site`, else `Origin`; neither: refused).
pub(super) fn same_site(request: &HttpRequest) -> Result<()> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let ours = match header("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => header("origin") == Some(Callboard::of(request)?.config.base_url.as_str()),
    };
    if ours { Ok(()) } else { Err(Error::new(Code::OtherSite, "Open the page from the link again and send its form.")) }
}

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + ToSchema + Validate + 'static> Input for Query<T> {
    async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
        read_query(request.query_string()).map(Query)
    }

    /// Each property of the struct is a query parameter, so no second derive is needed.
    fn describe(sketch: &mut Sketch) {
        T::schemas(&mut sketch.schemas);
        if let RefOr::T(Schema::Object(object)) = T::schema() {
            for (name, schema) in object.properties {
                let required = object.required.contains(&name);
                if name == "cursor" {
                    sketch.fails(&[Code::BadCursor]);
                }
                sketch.parameter(&name, ParameterIn::Query, required, schema);
            }
        }
        sketch.fails(&[Code::Invalid]);
    }
}

/// What stands behind the `?` of an address.
///
/// # Errors
/// Field errors.
pub fn read_query<T: DeserializeOwned + Validate>(text: &str) -> Result<T> {
    let query = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    let value: T = serde_path_to_error::deserialize(query).map_err(|error| Error::from(field_error(&error)))?;
    validated(value)
}

/// For a field of a PATCH that can be cleared: absent leaves it, `null` clears it.
/// Use it as `#[serde(default, deserialize_with = "patched")]`.
pub fn patched<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// For a choice in the form above a list: the browser sends an empty text where nothing is chosen.
/// Use it as `#[serde(default, deserialize_with = "blank")]`.
pub fn blank<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(from)?.filter(|text| !text.trim().is_empty());
    text.map(|text| T::deserialize(serde::de::value::StringDeserializer::new(text))).transpose()
}

/// Which page of a list.
#[derive(Clone, Debug, Default, serde::Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl Page {
    pub fn limit(&self) -> i64 {
        i64::from(self.limit.unwrap_or(50))
    }

    /// Where the page before ended.
    ///
    /// # Errors
    /// `BadCursor`.
    pub fn after(&self) -> Result<Option<Cursor>> {
        self.cursor.as_deref().map(Cursor::decode).transpose()
    }
}

/// SHA-256 of the path, the query and the body, which is read now and kept for whoever takes it.
pub(super) async fn early_hash(request: &HttpRequest, body: &mut Payload) -> Result<Vec<u8>> {
    let of = format!("{}?{}\n", request.path(), request.query_string());
    if let Some(uploaded) = request.extensions().get::<Uploaded>() {
        return Ok(secrets::hash_parts(&[of.as_bytes(), &uploaded.hash]));
    }
    let bytes = read(request, body).await?;
    let hash = secrets::hash_parts(&[of.as_bytes(), &bytes]);
    keep(request, bytes);
    Ok(hash)
}

/// For whoever takes the body after it was read.
pub(super) fn keep(request: &HttpRequest, bytes: web::Bytes) {
    request.extensions_mut().insert(EarlyBody(Ok(bytes)));
}

async fn read(request: &HttpRequest, body: &mut Payload) -> Result<web::Bytes> {
    let early = request.extensions_mut().remove::<EarlyBody>();
    match early {
        Some(EarlyBody(read)) => read,
        None => read_now(request, body).await,
    }
}

/// A body that may be larger than others, and take as much longer.
pub(super) async fn read_large(request: &HttpRequest, body: &mut Payload, most: usize) -> Result<web::Bytes> {
    read_at_most(request, body, most, SLOWEST_UPLOAD).await
}

async fn read_now(request: &HttpRequest, body: &mut Payload) -> Result<web::Bytes> {
    read_at_most(request, body, LARGEST_BODY, SLOWEST_BODY).await
}

async fn read_at_most(request: &HttpRequest, body: &mut Payload, most: usize, slowest: Duration) -> Result<web::Bytes> {
    let clock = Callboard::of(request)?.clock.clone();
    let begun = clock.monotonic();
    let mut payload = web::Payload::from_request(request, body).await.map_err(|_| cut_off())?;
    let mut bytes = web::BytesMut::new();
    loop {
        let left = patience(bytes.len(), slowest).saturating_sub(clock.monotonic().saturating_sub(begun));
        let Ok(piece) = tokio::time::timeout(left, payload.next()).await else { return Err(too_slow(slowest)) };
        match piece {
            None => return Ok(bytes.freeze()),
            Some(Err(_)) => return Err(cut_off()),
            Some(Ok(piece)) if bytes.len() + piece.len() > most => {
                return Err(Error::new(Code::TooLarge, format!("At most {most} bytes.")));
            }
            Some(Ok(piece)) => bytes.extend_from_slice(&piece),
        }
    }
}

/// How long the end of a body may be away when so much has arrived.
fn patience(arrived: usize, slowest: Duration) -> Duration {
    let earned = u64::try_from(arrived / SLOWEST_RATE).map_or(slowest, Duration::from_secs);
    (GRACE + earned).min(slowest)
}

fn too_slow(slowest: Duration) -> Error {
    let seconds = slowest.as_secs();
    let detail =
        format!("A body has to arrive within {seconds} seconds, and at {SLOWEST_RATE} bytes a second at least.");
    Error::new(Code::TooSlow, detail)
}

fn cut_off() -> Error {
    Error::new(Code::Malformed, "The body did not arrive whole.")
}

/// A path parameter of a fixed shape. Another shape names nothing that can exist: 404.
macro_rules! path_parameters {
    ($($(#[$meta:meta])* $name:ident $text:literal $pattern:literal $fits:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub String);

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl $name {
            /// # Errors
            /// `NotFound` when the path holds something of another shape.
            pub fn of(request: &HttpRequest) -> Result<Self> {
                let value = request.match_info().query($text);
                let fits: fn(&str) -> bool = $fits;
                if fits(value) { Ok($name(value.to_owned())) } else { Err(Error::not_found()) }
            }
        }

        impl Input for $name {
            async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
                $name::of(request)
            }
            fn describe(sketch: &mut Sketch) {
                let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern));
                sketch.path_parameter($text, schema);
            }
        }
    )+};
}

path_parameters! {
    /// `{event}`: the slug.
    EventPath "event" "^[a-z0-9][a-z0-9-]{1,39}$" is_slug;
    /// `{slug}`: an event from outside, whose team the caller need not be on.
    SlugPath "slug" "^[a-z0-9][a-z0-9-]{1,39}$" is_slug;
    /// `{code}`: the public code of a proposal or of a part of the event.
    CodePath "code" "^[23456789A-HJ-NP-Z]{6}$" is_code;
    /// `{ref}`: the committee's name for a proposal.
    RefPath "ref" "^[23456789A-HJ-NP-Z]{6}$" is_code;
    /// `{id}`: somebody who speaks in a proposal by the code of the profile, or an invitation to, whose code is longer.
    SpeakerPath "id" "^[23456789A-HJ-NP-Z]{6}([23456789A-HJ-NP-Z]{4})?$" |text| matches!(text.len(), 6 | 10) && of_code_letters(text);
    /// `{id}`: the public code of a mail, publication, kept ranking or past talk.
    IdPath "id" "^[23456789A-HJ-NP-Z]{10}$" |text| text.len() == 10 && of_code_letters(text);
    /// `{number}`: of a version.
    NumberPath "number" "^[1-9][0-9]{0,8}$" is_number;
    /// `{token}`: the secret of a mailed link.
    TokenPath "token" "^[A-Za-z0-9_-]{22,64}$" |text| (22..=64).contains(&text.len()) && of_link_letters(text);
    /// The name of a file of the pages, which says its content.
    AssetPath "asset" "^[a-z]+-[0-9a-f]{12}\\.[a-z]+$" |text| text.len() <= 40;
    /// `{table}.{format}` of an export.
    FilePath "file" "^[a-z]+\\.(csv|json|xlsx)$" |text| text.len() <= 20;
}

/// The form of a slug: 2 to 40 of `a-z`, `0-9` and `-`, no `-` in front.
pub fn is_slug(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && of_code_letters(text)
}

fn of_code_letters(text: &str) -> bool {
    text.bytes().all(|byte| crate::clock::CODE_LETTERS.contains(&byte))
}

fn is_number(text: &str) -> bool {
    (1..=9).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl NumberPath {
    pub fn value(&self) -> i64 {
        self.0.parse().unwrap_or_default()
    }
}

fn of_link_letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_earns_its_time() {
        let seconds = |arrived: usize| patience(arrived, SLOWEST_BODY).as_secs();
        assert_eq!((seconds(0), seconds(1023), seconds(1024)), (5, 5, 6));
        assert_eq!((seconds(25 * 1024 - 1), seconds(25 * 1024), seconds(LARGEST_BODY)), (29, 30, 30));
    }

    #[test]
    fn the_trap_is_no_field_of_the_form() {
        let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(without_trap(b"a=1&fax=&b=%C3%A9+x"), (vec![field("a", "1"), field("b", "é x")], false));
        assert_eq!(without_trap(b"a=1&fax=7&fax="), (vec![field("a", "1")], true));
        assert_eq!(without_trap(b""), (vec![], false));
    }
}

//! Somebody has to sign in first: what they wanted to see is shown after it, and what they had typed is not lost.

use super::{
    address, filters,
    form::{FormState, URL_ENCODED},
    language::t,
    layout::{self, Screen},
};
use crate::{error::Result, http::input};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
};
use askama::Template;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A path of this server, so that nobody is led elsewhere after signing in.
pub fn own_path(text: &str) -> Option<&str> {
    let inside = text.starts_with('/') && !text.starts_with("//");
    let plain = text.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\' && byte != b'#');
    (inside && plain && text.len() <= 1000).then_some(text)
}

/// A page that leads on to `next` when it is done.
pub fn leading_to(page: &str, next: &str) -> String {
    address(page, [("next", next)])
}

/// What was sent by somebody who is not signed in any more.
#[derive(Clone, Debug, Default)]
pub struct Unsent {
    pub path: String,
    pub fields: Vec<(String, String)>,
}

/// The page to sign in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    pub form: FormState,
    /// Where to go on.
    pub next: String,
    /// The form that is sent after it.
    pub unsent: Option<Unsent>,
}

impl Screen for SignInPage {
    fn title(&self) -> String {
        t("Sign in").into_owned()
    }
}

impl SignInPage {
    /// Where somebody new signs up; what they wanted is not forgotten.
    fn sign_up(&self) -> String {
        let typed = self.unsent.as_ref().map_or("", |unsent| unsent.path.as_str());
        leading_to("/sign-up", if self.next.is_empty() { typed } else { &self.next })
    }
}

/// Where to go on after signing in.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
pub struct Next {
    #[validate(length(max = 1000))]
    pub next: Option<String>,
}

/// The field with [`Next`] in a form.
pub const NEXT: &str = "_next";
/// Carries the fields of a form through the one to sign in.
pub const UNSENT_PATH: &str = "_unsent_path";
pub const UNSENT_FORM: &str = "_unsent_form";

impl Unsent {
    /// As one field.
    pub fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }

    pub fn decode(path: &str, form: &str) -> Option<Unsent> {
        let path = own_path(path)?.to_owned();
        Some(Unsent { path, fields: url::form_urlencoded::parse(form.as_bytes()).into_owned().collect() })
    }
}

/// After signing in: the form that could not be sent, ready to be sent.
#[derive(Template)]
#[template(path = "unsent.html")]
pub struct UnsentPage {
    pub unsent: Unsent,
}

impl Screen for UnsentPage {
    fn title(&self) -> String {
        t("You are signed in again").into_owned()
    }
}

/// To a page's request of nobody: the page to sign in, which leads back.
pub(in crate::http) async fn sign_in_first(request: &HttpRequest, body: &mut Payload) -> Result<HttpResponse> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if request.method().is_safe() {
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, leading_to("/sign-in", path))).finish());
    }
    let mut unsent = None;
    if request.content_type() == URL_ENCODED {
        let (fields, _) = input::form_fields(request, body).await?;
        if !fields.iter().any(|(name, _)| name.contains("password")) {
            unsent = Some(Unsent { path: request.path().to_owned(), fields });
        }
    }
    let page = SignInPage { form: FormState::default(), next: String::new(), unsent };
    layout::respond(request, StatusCode::UNAUTHORIZED, &page)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(own_path("/conf/submit?a=b"), Some("/conf/submit?a=b"));
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "conf", "", "/a#b", "/ä"] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }
}

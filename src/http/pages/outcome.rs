//! What a form leads to: another page, or itself once more.

use super::{
    cookies::{self, Jar},
    layout::{Page, Screen},
};
use crate::{
    app::Callboard,
    error::Result,
    http::{
        once::Answered,
        reply::Storable,
        routes::{Reply, Sketch},
    },
    once::model::Answer,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use std::time::Duration;
use utoipa::openapi::ResponseBuilder;

/// Between an address and the sentence that is shown there. No address of ours has it.
const SAYING: &str = "#say=";
const FLASH_LASTS: Duration = Duration::from_mins(1);

/// 303 to a page of ours, which says once what was done.
#[derive(Clone, Debug)]
pub struct SeeOther {
    location: String,
    /// `Set-Cookie`.
    cookie: Option<String>,
}

impl SeeOther {
    pub fn to(location: impl Into<String>) -> SeeOther {
        SeeOther { location: location.into(), cookie: None }
    }

    /// A sentence that the page shows once, of ours: names of people have no place in a cookie.
    #[must_use]
    pub fn saying(mut self, text: &str) -> SeeOther {
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        self.location = format!("{}{SAYING}{text}", self.location);
        self
    }

    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> SeeOther {
        self.cookie = Some(cookie);
        self
    }
}

/// Where to, with the sentence in a cookie.
pub(in crate::http) fn redirect(app: &Callboard, location: &str) -> HttpResponse {
    let (location, said) = location.split_once(SAYING).unwrap_or((location, ""));
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, location));
    if !said.is_empty() {
        answer.append_header((header::SET_COOKIE, cookies::write(app, Jar::Flash, said, FLASH_LASTS)));
    }
    answer.finish()
}

/// The sentence of the form before, and the `Set-Cookie` that forgets it.
pub(super) fn said(request: &HttpRequest) -> Option<(String, String)> {
    let said = cookies::read(request, Jar::Flash)?;
    let text = url::form_urlencoded::parse(said.as_bytes()).next()?.0.into_owned();
    let app = Callboard::of(request).ok()?;
    Some((text, cookies::write(&app, Jar::Flash, "", Duration::ZERO)))
}

impl Storable for SeeOther {
    fn answer(self) -> Result<Answer> {
        Ok(Answer { status: StatusCode::SEE_OTHER.as_u16(), location: Some(self.location), ..Answer::default() })
    }
}

impl Reply for SeeOther {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        let mut answer = redirect(&Callboard::of(request)?, &self.location);
        if let Some(cookie) = self.cookie
            && let Ok(cookie) = header::HeaderValue::from_str(&cookie)
        {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(answer)
    }

    fn describe(sketch: &mut Sketch) {
        sketch.succeeds(StatusCode::SEE_OTHER, ResponseBuilder::new().description("Done"));
    }
}

/// The form again, or on to the next page.
pub enum Outcome<T> {
    Page(Page<T>),
    Go(SeeOther),
    /// As [`Outcome::Go`], now or when it was done first.
    Answered(Answered<SeeOther>),
}

impl<T> From<SeeOther> for Outcome<T> {
    fn from(go: SeeOther) -> Outcome<T> {
        Outcome::Go(go)
    }
}

impl<T> From<Answered<SeeOther>> for Outcome<T> {
    fn from(answered: Answered<SeeOther>) -> Outcome<T> {
        Outcome::Answered(answered)
    }
}

impl<T: Screen> Reply for Outcome<T> {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        match self {
            Outcome::Page(page) => page.respond(request),
            Outcome::Go(go) => go.respond(request),
            Outcome::Answered(answered) => answered.respond(request),
        }
    }

    fn describe(sketch: &mut Sketch) {
        SeeOther::describe(sketch);
    }
}

//! Turns every error into an answer: RFC 9457 problem JSON under `/api`, an HTML page elsewhere; also the errors that
//! actix makes by itself.

use super::{
    headers::RequestId,
    pages::{Screen, filters, language, layout},
};
use crate::error::{Code, Error};
use actix_web::{
    HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
};
use askama::Template;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// What every error answer under `/api` looks like.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:callboard:problem:` and the code.
    r#type: String,
    /// What went wrong, for people; the same for every problem of this code.
    title: &'static str,
    status: u16,
    /// What went wrong, for programs.
    code: &'static str,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    detail: String,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<ProblemField>,
    /// What is different now from what the request assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    differences: Option<serde_json::Value>,
    /// Under which the operator finds this request in the log.
    request_id: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// The path of the field in the body or the name of the query parameter.
    field: String,
    code: String,
    message: String,
    /// Values to choose from, where there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    choices: Vec<String>,
}

impl Problem {
    fn of(error: &Error, request_id: &str) -> Problem {
        let code = error.code();
        let field = |field: &crate::error::FieldError| ProblemField {
            field: field.field.clone(),
            code: field.code.to_string(),
            message: field.message.clone(),
            choices: field.choices.clone(),
        };
        Problem {
            r#type: format!("urn:callboard:problem:{}", code.as_str()),
            title: code.title(),
            status: code.status(),
            code: code.as_str(),
            detail: error.detail().to_owned(),
            errors: error.fields().iter().map(field).collect(),
            differences: error.differences().cloned(),
            request_id: request_id.to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    problem: Problem,
}

impl Screen for ProblemPage {
    fn title(&self) -> String {
        language::t(self.problem.title).into_owned()
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The outermost middleware but one: renders errors.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if status.as_u16() < 400 || response.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let own = response.error().and_then(|error| error.as_error::<Error>());
    let of_status = own.is_none().then(|| of_status(status));
    let Some(error) = own.or(of_status.as_ref()) else { return Ok(ServiceResponse::new(request, response)) };
    if let Some(fault) = error.fault() {
        tracing::error!(%fault, "A request failed");
    }
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let problem = Problem::of(error, &id);
    let mut answer = HttpResponse::build(error.status_code());
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Code::SignInRequired | Code::WrongCredentials = error.code() {
        answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(wait) = error.retry_after() {
        answer.insert_header((header::RETRY_AFTER, whole_seconds(wait).to_string()));
    }
    if let Some(allow) = error.allow() {
        answer.insert_header((header::ALLOW, allow));
    }
    let answer = if request.path().starts_with("/api") {
        answer.content_type("application/problem+json").body(serde_json::to_vec(&problem)?)
    } else {
        let page = ProblemPage { problem };
        match layout::respond(&request, error.status_code(), &page) {
            Ok(page) => answer.content_type("text/html; charset=utf-8").body(page.into_body()),
            Err(_) => answer.content_type("text/plain; charset=utf-8").body(page.problem.title),
        }
    };
    Ok(ServiceResponse::new(request, answer))
}

/// Rounded up: whoever waits so long has waited long enough.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// For the answers that come from actix itself.
fn of_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Error::new(Code::MethodNotAllowed, ""),
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge, ""),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::new(Code::MediaType, ""),
        status if status.is_client_error() => Error::new(Code::Malformed, ""),
        status => Error::internal(format!("actix answered {status}")),
    }
}

//! Request ids, the access log, and the headers that every answer carries.

use super::limits;
use crate::app::Callboard;
use actix_web::{
    HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderName, HeaderValue},
    middleware::Next,
};

/// Under which a request stands in the log and in its problem.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The mark of a read that everybody may do, so scripts of other sites too: no answer depends on who asks, and cookies
/// mean nothing to the API.
#[derive(Clone, Copy, Debug)]
pub struct CrossOrigin;

/// What a script may read beside the body.
const EXPOSED: &str = "link, retry-after, ratelimit, ratelimit-policy, x-request-id";

/// To a browser that asks whether a script of another site may read: it may read, and nothing else.
pub fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'";
/// The one third-party page, the user interface of the API document, styles itself inline.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
    frame-ancestors 'none'; base-uri 'none'";

/// The outermost middleware.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = Callboard::of(request.request())?;
    let id = app.random.code(12);
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = app.clock.monotonic();
    let method = request.method().clone();
    let docs = request.path().starts_with("/api/docs");
    let mut response = next.call(request).await?;
    // The pattern and not the path: paths of mailed links hold secrets.
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".into());
    let took = app.clock.monotonic().saturating_sub(started);
    let millis = took.as_millis();
    let status = response.status().as_u16();
    app.metrics.answered(&method, &pattern, status, took);
    tracing::info!(%method, pattern, status, millis, request_id = %id, "{method} {pattern} {status}");
    let request = response.request().clone();
    let headers = response.headers_mut();
    limits::describe(&request, headers);
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, if docs { DOCS_POLICY } else { POLICY });
    if request.extensions().contains::<CrossOrigin>() {
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, if docs { "private" } else { "no-store" });
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}

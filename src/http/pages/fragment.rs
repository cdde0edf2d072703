//! A piece of a page, for a script that asks for it.

use super::language::{self, Language};
use crate::{
    error::{Error, Result},
    http::routes::{Reply, Sketch},
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header};
use askama::Template;
use utoipa::openapi::ResponseBuilder;

/// 200 with a template that stands alone, without the layout.
pub struct Fragment<T>(pub T);

impl<T: Template + 'static> Reply for Fragment<T> {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        let spoken = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let html = language::speaking(Language::of(spoken.unwrap_or_default()), || self.0.render());
        let html = html.map_err(Error::internal)?;
        Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
    }

    fn describe(sketch: &mut Sketch) {
        sketch.succeeds(StatusCode::OK, ResponseBuilder::new().description("A piece of a page"));
    }
}

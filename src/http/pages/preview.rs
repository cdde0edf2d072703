//! What a text becomes, while it is written.

use super::{Form, markdown};
use crate::{
    access::Public,
    error::Result,
    http::routes::{Reply, Routes, Sketch},
    text::Prose,
};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// The text of one field.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = service::Preview)]
pub struct Preview {
    pub text: Prose<0, 20_000>,
}

/// A piece of a page.
pub struct Piece(String);

impl Reply for Piece {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(self.0))
    }
    fn describe(_sketch: &mut Sketch) {}
}

pub async fn show(_: Public, (form,): (Form<Preview>,)) -> Result<Piece> {
    Ok(Piece(markdown::html(&form.input?.text)))
}

pub fn routes() -> Routes {
    Routes::pages("service").post("/preview", "What a text becomes", show)
}

//! A file as the body of a request.

use super::{
    input::{keep, read_large},
    routes::{Input, Sketch},
};
use crate::error::{Code, Error, Result};
use actix_web::{HttpMessage, HttpRequest, dev::Payload, web};
use utoipa::openapi::{KnownFormat, ObjectBuilder, Schema, Type, schema::SchemaFormat};

/// Ten thousand proposals with their texts take less.
pub(super) const LARGEST_FILE: usize = 16 * 1024 * 1024;

const BINARY: &str = "application/octet-stream";
/// What programs call such files; what one is, is seen by its first bytes.
const TAKEN: [&str; 4] =
    [BINARY, "application/json", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];

/// Stands before [`super::once::Once`] among the inputs: what that hashes is this body.
pub struct Upload(pub web::Bytes);

impl Input for Upload {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        let kind = request.content_type().to_ascii_lowercase();
        if !TAKEN.contains(&kind.as_str()) {
            return Err(Error::new(Code::MediaType, format!("Send the file as `Content-Type: {BINARY}`.")));
        }
        let bytes = read_large(request, body, LARGEST_FILE).await?;
        keep(request, bytes.clone());
        Ok(Upload(bytes))
    }

    fn describe(sketch: &mut Sketch) {
        let file =
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        sketch.body = Some((&TAKEN, Schema::Object(file.build()).into()));
        sketch.fails(&[Code::Malformed, Code::TooSlow, Code::TooLarge, Code::MediaType, Code::Invalid]);
    }
}

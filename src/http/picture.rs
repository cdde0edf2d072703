//! Pictures that come and go as they are.

use super::{
    input::read_large,
    once::etag,
    routes::{Input, Reply, Sketch},
};
use crate::error::{Code, Error, Result};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, RefOr, ResponseBuilder, Schema, Type, header::HeaderBuilder, schema::SchemaFormat,
};

const LARGEST: usize = 8 * 1024 * 1024;
const TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

fn binary() -> RefOr<Schema> {
    let format = SchemaFormat::Custom("binary".into());
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

/// The bytes of an uploaded picture; what they are is found out by whoever reads them.
pub struct PictureBody(pub Vec<u8>);

impl Input for PictureBody {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        let declared = request.content_type().to_ascii_lowercase();
        if !TYPES.contains(&declared.as_str()) {
            return Err(Error::new(Code::MediaType, format!("Send the picture as {}.", TYPES.join(", "))));
        }
        Ok(PictureBody(read_large(request, body, LARGEST).await?.to_vec()))
    }

    fn describe(sketch: &mut Sketch) {
        sketch.body = Some((&TYPES, binary()));
        sketch.fails(&[Code::Malformed, Code::TooSlow, Code::TooLarge, Code::MediaType, Code::Invalid]);
    }
}

/// Whether caches that many people share may keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Yes,
    No,
}

/// 200 with a picture; another picture has another version.
pub struct Jpeg {
    pub bytes: Vec<u8>,
    pub version: i64,
    pub shared: Shared,
}

impl Reply for Jpeg {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        // Not longer: whoever leaves the program shall be out of it.
        let cache = match self.shared {
            Shared::Yes => "public, max-age=300",
            Shared::No => "private, max-age=60",
        };
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CACHE_CONTROL, cache));
        response.insert_header((header::ETAG, etag(self.version)));
        response.insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"headshot.jpg\""));
        Ok(response.content_type("image/jpeg").body(self.bytes))
    }

    fn describe(sketch: &mut Sketch) {
        let text = || HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
        let content = ContentBuilder::new().schema(Some(binary())).build();
        let answer = ResponseBuilder::new().description("The picture").header("ETag", text());
        let answer = answer.header("Cache-Control", text()).content("image/jpeg", content);
        sketch.succeeds(StatusCode::OK, answer);
    }
}

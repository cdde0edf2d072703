//! What handlers answer with.

use super::{
    cursor::Cursor,
    once::etag,
    pages::outcome::redirect,
    routes::{Reply, Sketch},
};
use crate::{app::Callboard, error::Result, once::model::Answer};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use futures_util::stream;
use serde::Serialize;
use std::{fs::File, io::Read};
use utoipa::{
    ToSchema,
    openapi::{
        ArrayBuilder, Content, ContentBuilder, Object, ObjectBuilder, ResponseBuilder, Type, header::HeaderBuilder,
        schema::SchemaType,
    },
};

const JSON: &str = "application/json";

fn text_header() -> utoipa::openapi::header::Header {
    HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).build()
}

/// An answer that can be kept and given again.
pub trait Storable: Reply {
    /// # Errors
    /// When it cannot be written as JSON.
    fn answer(self) -> Result<Answer>;
}

fn json(status: StatusCode, view: &impl Serialize) -> Result<Answer> {
    let body = serde_json::to_string(view).map_err(crate::error::Error::internal)?;
    Ok(Answer { status: status.as_u16(), body: Some(body), ..Answer::default() })
}

/// # Errors
/// Never, for answers that were made here.
pub(super) fn respond(request: &HttpRequest, answer: Answer) -> Result<HttpResponse> {
    let status = StatusCode::from_u16(answer.status).map_err(crate::error::Error::internal)?;
    if let (StatusCode::SEE_OTHER, Some(location)) = (status, &answer.location) {
        return Ok(redirect(&Callboard::of(request)?, location));
    }
    let mut response = HttpResponse::build(status);
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    if let Some(etag) = answer.etag {
        response.insert_header((header::ETAG, etag));
    }
    if answer.again {
        response.insert_header(("idempotent-replayed", "true"));
    }
    Ok(match answer.body {
        Some(body) => response.content_type(JSON).body(body),
        None => response.finish(),
    })
}

macro_rules! answers {
    ($($reply:ident<$view:ident: $bound:path>)+) => {$(
        impl<$view: Serialize + ToSchema + $bound + 'static> Reply for $reply<$view> {
            fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
                respond(request, self.answer()?)
            }
            fn describe(sketch: &mut Sketch) {
                let content = ContentBuilder::new().schema(Some(sketch.named::<$view>())).build();
                $reply::<$view>::sketch(sketch, content);
            }
        }
    )+};
}

answers! { Json<V: Sized> Versioned<V: HasVersion> Created<V: Sized> Accepted<V: Sized> }

/// 200 with a resource.
pub struct Json<V>(pub V);

impl<V> Json<V> {
    fn sketch(sketch: &mut Sketch, content: Content) {
        sketch.succeeds(StatusCode::OK, ResponseBuilder::new().description("The resource").content(JSON, content));
    }
}

impl<V: Serialize + ToSchema + 'static> Storable for Json<V> {
    fn answer(self) -> Result<Answer> {
        json(StatusCode::OK, &self.0)
    }
}

/// What is edited, as it was read: its version becomes the ETag.
pub trait HasVersion {
    fn version(&self) -> i64;
}

/// 200 with a resource that can be edited, and its `ETag`.
pub struct Versioned<V>(pub V);

impl<V> Versioned<V> {
    fn sketch(sketch: &mut Sketch, content: Content) {
        let answer = ResponseBuilder::new().description("The resource").header("ETag", text_header());
        sketch.succeeds(StatusCode::OK, answer.content(JSON, content));
    }
}

impl<V: Serialize + ToSchema + HasVersion + 'static> Storable for Versioned<V> {
    fn answer(self) -> Result<Answer> {
        Ok(Answer { etag: Some(etag(self.0.version())), ..json(StatusCode::OK, &self.0)? })
    }
}

/// 201 with the new resource and its address.
pub struct Created<V> {
    location: String,
    version: Option<i64>,
    view: V,
}

impl<V> Created<V> {
    /// `location` is the path below the base of the API where it can be seen: its own, or that of the list that holds it.
    pub fn at(location: String, view: V) -> Created<V> {
        Created { location, version: None, view }
    }

    fn sketch(sketch: &mut Sketch, content: Content) {
        let answer = ResponseBuilder::new().description("Created").header("Location", text_header());
        let answer = answer.header("ETag", text_header());
        sketch.succeeds(StatusCode::CREATED, answer.content(JSON, content));
    }
}

impl<V: HasVersion> Created<V> {
    /// [`Created::at`], of something that can be edited: with its `ETag`.
    pub fn versioned(location: String, view: V) -> Created<V> {
        Created { location, version: Some(view.version()), view }
    }
}

impl<V: Serialize + ToSchema + 'static> Storable for Created<V> {
    fn answer(self) -> Result<Answer> {
        let location = Some(format!("{}{}", super::API, self.location));
        Ok(Answer { location, etag: self.version.map(etag), ..json(StatusCode::CREATED, &self.view)? })
    }
}

/// 202: taken, and answered by mail.
pub struct Accepted<V>(pub V);

impl<V> Accepted<V> {
    fn sketch(sketch: &mut Sketch, content: Content) {
        sketch.succeeds(StatusCode::ACCEPTED, ResponseBuilder::new().description("Taken").content(JSON, content));
    }
}

impl<V: Serialize + ToSchema + 'static> Storable for Accepted<V> {
    fn answer(self) -> Result<Answer> {
        json(StatusCode::ACCEPTED, &self.0)
    }
}

/// 200 with one page of a list.
#[derive(Serialize)]
pub struct List<V> {
    pub items: Vec<V>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

impl<V> List<V> {
    /// A list that is short by nature and has no second page.
    pub fn whole(items: impl IntoIterator<Item = V>) -> List<V> {
        List { items: items.into_iter().collect(), next: None }
    }

    /// One page of `rows`, of which the store was asked for one more than `limit`: it shows that there is a next page.
    pub fn page<R>(rows: Vec<R>, limit: i64, cursor: impl Fn(&R) -> Cursor, view: impl Fn(R) -> V) -> List<V> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let last = limit.checked_sub(1).filter(|_| rows.len() > limit).and_then(|last| rows.get(last));
        let next = last.map(|last| cursor(last).encode());
        List { items: rows.into_iter().take(limit).map(view).collect(), next }
    }
}

impl<V: Serialize + ToSchema + 'static> Reply for List<V> {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next {
            let mut query: Vec<(String, String)> = url::form_urlencoded::parse(request.query_string().as_bytes())
                .into_owned()
                .filter(|(name, _)| name != "cursor")
                .collect();
            query.push(("cursor".into(), next.clone()));
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            response.insert_header(("link", format!("<{}?{query}>; rel=\"next\"", request.path())));
        }
        Ok(response.json(self))
    }

    fn describe(sketch: &mut Sketch) {
        // Written out in place: every `List<V>` would have the name "List".
        let next = SchemaType::from_iter([Type::String, Type::Null]);
        let schema = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(sketch.named::<V>()))
            .property("next", ObjectBuilder::new().schema_type(next))
            .required("items")
            .required("next");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let answer = ResponseBuilder::new().description("One page").header("Link", text_header());
        sketch.succeeds(StatusCode::OK, answer.content(JSON, content));
    }
}

/// 204.
pub struct NoContent;

impl Storable for NoContent {
    fn answer(self) -> Result<Answer> {
        Ok(Answer { status: StatusCode::NO_CONTENT.as_u16(), ..Answer::default() })
    }
}

impl Reply for NoContent {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        Ok(HttpResponse::NoContent().finish())
    }

    fn describe(sketch: &mut Sketch) {
        sketch.succeeds(StatusCode::NO_CONTENT, ResponseBuilder::new().description("Done"));
    }
}

/// One line of plain text, for programs that look at the status only.
pub struct Plain {
    pub status: StatusCode,
    pub text: &'static str,
}

impl Reply for Plain {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        Ok(HttpResponse::build(self.status).content_type("text/plain; charset=utf-8").body(self.text))
    }

    fn describe(sketch: &mut Sketch) {
        sketch.succeeds(StatusCode::OK, ResponseBuilder::new().description("One line"));
    }
}

/// 200 with a file that was written whole before, so that a slow client holds nothing but the file.
pub struct Download {
    pub name: String,
    pub content_type: &'static str,
    pub file: File,
}

const PIECE: usize = 64 * 1024;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Reply for Download {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        let length = self.file.metadata().map_err(crate::error::Error::internal)?.len();
        let pieces = stream::try_unfold(self.file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece)?;
            piece.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then(|| (actix_web::web::Bytes::from(piece), file)))
        });
        Ok(HttpResponse::Ok()
            .content_type(self.content_type)
            .insert_header(("content-disposition", format!("attachment; filename=\"{}\"", self.name)))
            .no_chunking(length)
            .streaming(pieces))
    }

    fn describe(sketch: &mut Sketch) {
        let text = || ContentBuilder::new().schema(Some(Object::with_type(Type::String))).build();
        let answer = ResponseBuilder::new().description("The file").header("Content-Disposition", text_header());
        let json =
            ContentBuilder::new().schema(Some(ArrayBuilder::new().items(Object::with_type(Type::Object)))).build();
        sketch.succeeds(StatusCode::OK, answer.content("text/csv", text()).content(JSON, json).content(XLSX, text()));
    }
}

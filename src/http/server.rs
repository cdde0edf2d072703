//! The actix application: middleware, routes, the user interface of the API document.

use super::{
    connection, headers, limits,
    pages::{assets, preview},
    problem,
    routes::Reply,
    routes::Sketch,
};
use crate::{access::Public, app::Callboard, error::Error, error::Result};
use actix_web::{
    App, HttpRequest, HttpResponse,
    body::MessageBody,
    dev,
    middleware::{Compress, from_fn},
    web,
};
use utoipa_swagger_ui::{Config as UiConfig, SwaggerUi};

/// The application as the server and the tests run it.
pub fn app(
    board: Callboard,
) -> App<
    impl dev::ServiceFactory<
        dev::ServiceRequest,
        Config = (),
        Response = dev::ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let routes = board.routes.clone();
    App::new()
        .app_data(web::Data::new(board))
        .wrap(Compress::default())
        .wrap(from_fn(limits::check))
        .wrap(from_fn(problem::render))
        .wrap(from_fn(headers::add))
        .wrap(from_fn(connection::note))
        // First, as an event's scope keeps every path of two segments.
        .service(SwaggerUi::new("/api/docs/{_:.*}").config(UiConfig::from("/api/v1/openapi.json")))
        .configure(move |config| routes.mount(config))
        .default_service(web::to(|| async { Err::<HttpResponse, Error>(Error::not_found()) }))
}

/// The OpenAPI document.
pub struct Document(web::Bytes);

impl Reply for Document {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        Ok(HttpResponse::Ok().content_type("application/json").body(self.0))
    }
    fn describe(sketch: &mut Sketch) {
        use utoipa::openapi::{ContentBuilder, Object, ResponseBuilder, Type};
        let content = ContentBuilder::new().schema(Some(Object::with_type(Type::Object))).build();
        let answer = ResponseBuilder::new().description("This document").content("application/json", content);
        sketch.succeeds(actix_web::http::StatusCode::OK, answer);
    }
}

pub async fn document(_: Public, (app,): (Callboard,)) -> Result<Document> {
    Ok(Document(app.routes.json()))
}

pub fn routes() -> super::routes::Routes {
    super::routes::Routes::of("service")
        .get("/openapi.json", "The OpenAPI document", document)
        .and(assets::routes())
        .and(preview::routes())
}

//! The OpenAPI 3.1 document, built from the recorded routes.

use super::{
    limits::Limit,
    problem::Problem,
    routes::{Route, RouteTable},
};
use crate::{access::scopes::Needs, error::Code};
use actix_web::{http::Method, web::Bytes};
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, Object, OpenApi, OpenApiBuilder, PathItem, Paths,
        Ref, Required, Response, ResponseBuilder, Type,
        header::HeaderBuilder,
        path::{Operation, OperationBuilder},
        request_body::RequestBodyBuilder,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

const DESCRIPTION: &str = "A call for proposals as an API: submit, review, decide, publish, export. Errors are \
    `application/problem+json` (RFC 9457); times are RFC 3339 in UTC; unknown fields are errors. Another method than those \
    listed at a path is answered 405 with `Allow`, an unknown path 404: see the components `MethodNotAllowed` and `NotFound`.";

impl RouteTable {
    /// The document as JSON text.
    pub fn json(&self) -> Bytes {
        // Nothing in it can fail to be JSON: its keys are texts and its numbers finite.
        self.json.get_or_init(|| Bytes::from(self.document().to_json().unwrap_or_default())).clone()
    }

    pub fn document(&self) -> OpenApi {
        let mut paths = Paths::new();
        for route in self.iter().filter(|route| route.is_api()) {
            let item = PathItem::new(http_method(&route.method), route.operation());
            paths.paths.entry(route.path.clone()).or_default().merge_operations(item);
        }
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let mut schemas: BTreeMap<_, _> = self.iter().flat_map(|route| route.sketch().schemas).collect();
        schemas.insert(Problem::name().into_owned(), Problem::schema());
        let mut more = vec![];
        Problem::schemas(&mut more);
        schemas.extend(more);
        // No operation has these two, so they stand by themselves.
        let allow = HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).build();
        let method = problem_builder(Code::MethodNotAllowed.status()).header("Allow", allow).build();
        let components = ComponentsBuilder::new()
            .schemas_from_iter(schemas)
            .response("MethodNotAllowed", method)
            .response("NotFound", problem(Code::NotFound.status()))
            .security_scheme("token", token);
        let info = InfoBuilder::new().title("Callboard").version("1").description(Some(DESCRIPTION));
        OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
    }
}

impl Route {
    fn description(&self) -> String {
        let limits: Vec<String> = self.limits().iter().map(|limit| format!(", `{}`", limit.name())).collect();
        let tokens = match self.needs {
            Needs::Nothing => String::new(),
            Needs::Session => " Takes sessions only, no tokens.".to_owned(),
            Needs::Scope(scope) => format!(" Scope of tokens: `{scope}`."),
        };
        let (audience, address) = (self.audience, Limit::Address.name());
        format!("Audience: {audience}.{tokens} Limits: `{address}`{}.", limits.concat())
    }

    fn operation(&self) -> Operation {
        let sketch = self.sketch();
        let mut operation = OperationBuilder::new()
            .tag(self.feature)
            .summary(Some(self.summary))
            .description(Some(self.description()))
            .operation_id(Some(self.id()));
        for parameter in &sketch.parameters {
            operation = operation.parameter(parameter.clone());
        }
        if let Some((content_type, schema)) = &sketch.body {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            let body = RequestBodyBuilder::new().required(Some(Required::True)).content(*content_type, content);
            operation = operation.request_body(Some(body.build()));
        }
        if let Some((status, answer)) = &sketch.success {
            operation = operation.response(status.as_str(), answer.clone());
        }
        for status in &sketch.errors {
            operation = operation.response(status.to_string(), problem(*status));
        }
        let security = if sketch.needs_token {
            SecurityRequirement::new::<_, [&str; 0], &str>("token", [])
        } else {
            SecurityRequirement::default()
        };
        operation.security(security).build()
    }
}

/// Names the codes that have this status.
fn problem(status: u16) -> Response {
    problem_builder(status).build()
}

fn problem_builder(status: u16) -> ResponseBuilder {
    let codes: Vec<&str> = Code::ALL.iter().filter(|code| code.status() == status).map(|code| code.as_str()).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    ResponseBuilder::new()
        .description(format!("A problem: {}", codes.join(", ")))
        .content("application/problem+json", content)
}

fn http_method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

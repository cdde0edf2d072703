//! The OpenAPI 3.1 document, built from the recorded routes.

mod answers;
mod examples;
mod words;

use super::{
    limits::Limit,
    problem::Problem,
    routes::{Route, RouteTable},
};
use crate::{access::scopes::Needs, error::Code};
use actix_web::{http::Method, web::Bytes};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
        Paths, Ref, RefOr, Required, Response, ResponseBuilder,
        example::Example,
        path::{Operation, OperationBuilder},
        request_body::RequestBodyBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use words::Words;

const DESCRIPTION: &str = "A call for proposals as an API: submit, review, decide, publish, export. Errors are \
    `application/problem+json` (RFC 9457), and each operation lists the codes it can fail with; times are RFC 3339 in UTC; \
    unknown fields are errors. Another method than those listed at a path is answered 405 with `Allow`, an unknown path \
    404: see the components `MethodNotAllowed` and `NotFound`. HEAD works wherever GET does.";

const SESSION: &str = "The token of a session (`cbs_…`), from `POST /api/v1/sessions` or `POST /api/v1/sessions/link`. It \
    may do all that its account may.";
const TOKEN: &str = "A token for programs: of a person (`cbp_…`, from `POST /api/v1/me/tokens`) or of an event (`cbe_…`, \
    from `POST /api/v1/events/{event}/tokens`). It needs the scope that the operation names.";

impl RouteTable {
    /// The document as JSON text.
    pub fn json(&self) -> Bytes {
        self.json.get_or_init(|| Bytes::from(self.document().to_string())).clone()
    }

    /// What utoipa knows of the routes, and what it has no place for.
    pub fn document(&self) -> Value {
        // Nothing in it can fail to be JSON: its keys are texts and its numbers finite.
        let mut document = serde_json::to_value(self.structure()).unwrap_or_default();
        let words = Words::read();
        list_codes(&mut document);
        words.describe(&mut document);
        answers::add_headers(&mut document);
        examples::add(&mut document, &words);
        document
    }

    fn structure(&self) -> OpenApi {
        let mut paths = Paths::new();
        for route in self.iter().filter(|route| route.is_api()) {
            let item = PathItem::new(http_method(&route.method), route.operation());
            paths.paths.entry(route.path.clone()).or_default().merge_operations(item);
        }
        let mut schemas: BTreeMap<_, _> =
            self.iter().filter(|route| route.is_api()).flat_map(|route| route.sketch().schemas).collect();
        schemas.insert(Problem::name().into_owned(), Problem::schema());
        let mut more = vec![];
        Problem::schemas(&mut more);
        schemas.extend(more);
        let bearer = |format: &str, description: &str| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format(format);
            SecurityScheme::Http(scheme.description(Some(description)).build())
        };
        // No operation has these two, so they stand by themselves.
        let components = ComponentsBuilder::new()
            .schemas_from_iter(schemas)
            .response("MethodNotAllowed", problem(&[Code::MethodNotAllowed]))
            .response("NotFound", problem(&[Code::NotFound]))
            .security_scheme("session", bearer("cbs_…", SESSION))
            .security_scheme("token", bearer("cbp_… or cbe_…", TOKEN));
        let license = LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
        let info = InfoBuilder::new().title("Callboard").version("1").description(Some(DESCRIPTION));
        let info = info.license(Some(license));
        OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
    }
}

/// The codes of problems, which the type of their field does not say, and an example of each.
fn list_codes(document: &mut Value) {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    if let Some(code) = object_at(document, "/components/schemas/Problem/properties/code") {
        code.insert("enum".to_owned(), json!(codes));
    }
    let example = |code: &Code| {
        let example = json!({"summary": code.title(), "value": answers::example(*code)});
        (code.as_str().to_owned(), example)
    };
    if let Some(components) = object_at(document, "/components") {
        components.insert("examples".to_owned(), Code::ALL.iter().map(example).collect());
    }
}

fn object_at<'d>(document: &'d mut Value, pointer: &str) -> Option<&'d mut Map<String, Value>> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut)
}

/// Every operation of the document.
fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = object_at(document, "/paths").into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut).filter_map(Value::as_object_mut)
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
        if let Some((content_types, schema)) = &sketch.body {
            let mut body = RequestBodyBuilder::new().required(Some(Required::True));
            for content_type in *content_types {
                body = body.content(*content_type, ContentBuilder::new().schema(Some(schema.clone())).build());
            }
            operation = operation.request_body(Some(body.build()));
        }
        if let Some((status, answer)) = &sketch.success {
            operation = operation.response(status.as_str(), answer.clone());
        }
        let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
        for code in sketch.errors.iter().copied() {
            by_status.entry(code.status()).or_default().push(code);
        }
        for (status, codes) in by_status {
            operation = operation.response(status.to_string(), problem(&codes));
        }
        operation.securities(Some(self.securities())).build()
    }

    fn securities(&self) -> Vec<SecurityRequirement> {
        let session = || SecurityRequirement::new::<_, [&str; 0], &str>("session", []);
        match self.needs {
            Needs::Nothing => vec![SecurityRequirement::default()],
            Needs::Session => vec![session()],
            Needs::Scope(scope) => vec![session(), SecurityRequirement::new("token", [scope.as_str()])],
        }
    }
}

/// A problem with one of these codes, which have one status.
fn problem(codes: &[Code]) -> Response {
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name())));
    for code in codes {
        let name = code.as_str();
        let example: RefOr<Example> = RefOr::Ref(Ref::new(format!("#/components/examples/{name}")));
        content = content.examples_from_iter([(name, example)]);
    }
    let meanings: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    ResponseBuilder::new().description(meanings.join("; ")).content("application/problem+json", content.build()).build()
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

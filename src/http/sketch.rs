//! What the types of a handler say about its operation.

use crate::{
    access::scopes::{Needs, TokenScope},
    error::Code,
};
use actix_web::http::{Method, StatusCode};
use std::collections::BTreeSet;
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// What the types of a handler say about its operation.
#[derive(Default)]
pub struct Sketch {
    /// Who may call, in one word: the audience.
    pub audience: &'static str,
    pub(super) needs_token: bool,
    /// The scopes by which tokens are taken, for reading and for the rest; none: sessions only.
    scopes: Option<(TokenScope, TokenScope)>,
    pub(super) path_names: BTreeSet<&'static str>,
    pub(super) parameters: Vec<Parameter>,
    /// The content types that it is taken as.
    pub(super) body: Option<(&'static [&'static str], RefOr<Schema>)>,
    pub(super) success: Option<(StatusCode, Response)>,
    /// It is for one version of what it changes.
    pub(super) edits: bool,
    pub(super) errors: BTreeSet<Code>,
    pub(super) schemas: Schemas,
}

impl Sketch {
    pub fn audience(&mut self, audience: &'static str) {
        self.audience = audience;
    }

    pub fn fails(&mut self, codes: &[Code]) {
        self.errors.extend(codes);
    }

    pub fn needs_token(&mut self, audience: &'static str) {
        self.audience(audience);
        self.needs_token = true;
        self.fails(&[Code::SignInRequired]);
    }

    /// Tokens may be used where they have the scope: `reading` for GET, `writing` for the rest.
    pub fn takes_tokens(&mut self, reading: TokenScope, writing: TokenScope) {
        self.scopes = Some((reading, writing));
    }

    pub(super) fn needs(&self, method: &Method) -> Needs {
        match self.scopes {
            _ if !self.needs_token => Needs::Nothing,
            None => Needs::Session,
            Some((reading, _)) if *method == Method::GET => Needs::Scope(reading),
            Some((_, writing)) => Needs::Scope(writing),
        }
    }

    /// Pages take sessions only.
    pub(super) fn needs_in_browser(&self) -> Needs {
        if self.needs_token { Needs::Session } else { Needs::Nothing }
    }

    pub fn path_parameter(&mut self, name: &'static str, schema: impl Into<RefOr<Schema>>) {
        if self.path_names.insert(name) {
            self.parameter(name, ParameterIn::Path, true, schema);
            self.fails(&[Code::NotFound]);
        }
    }

    pub(super) fn parameter(
        &mut self,
        name: &str,
        place: ParameterIn,
        required: bool,
        schema: impl Into<RefOr<Schema>>,
    ) {
        let required = if required { Required::True } else { Required::False };
        self.parameters.push(
            ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema)).build(),
        );
    }

    /// What it puts may not have been there before.
    pub(super) fn may_be_new(&mut self) {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("`*` makes sure that nothing is overwritten. Whoever sends it sends no `If-Match`."));
        self.parameter("If-None-Match", ParameterIn::Header, false, text);
    }

    /// The schema by name, remembered for the components.
    pub(super) fn named<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(T::name()).into()
    }

    pub(super) fn succeeds(&mut self, status: StatusCode, answer: ResponseBuilder) {
        self.success = Some((status, answer.build()));
    }
}

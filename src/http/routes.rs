//! Registers handlers of the shape `fn(Capability, Inputs)` and records them: what the server mounts, the OpenAPI
//! document shows and the tests walk is one and the same list.

pub use super::sketch::Sketch;
use super::{limits::Limit, mount};
use crate::{
    access::scopes::{Needs, TokenScope},
    db::Class,
    error::{Code, Error},
};
use actix_web::{HttpRequest, HttpResponse, dev::Payload, http::Method, web};
use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::{Arc, OnceLock},
};
use utoipa::openapi::{RefOr, Schema};

/// Who may call. Resolved before any input, so before a byte of the body is read.
pub trait Capability: Sized + 'static {
    fn resolve(request: &HttpRequest) -> impl Future<Output = Result<Self, Error>>;
    fn describe(sketch: &mut Sketch);
}

/// One thing a handler needs from the request.
pub trait Input: Sized + 'static {
    /// Whether it matters when the request had arrived: then its body is read while the capability is resolved.
    const TIMED: bool = false;

    fn take(request: &HttpRequest, body: &mut Payload) -> impl Future<Output = Result<Self, Error>>;
    fn describe(sketch: &mut Sketch);
}

/// A successful answer.
pub trait Reply: 'static {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Error>;
    fn describe(sketch: &mut Sketch);
}

macro_rules! tuple_of_inputs {
    ($($input:ident)*) => {
        impl<$($input: Input),*> Input for ($($input,)*) {
            const TIMED: bool = false $(|| $input::TIMED)*;

            async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self, Error> {
                Ok(($($input::take(request, body).await?,)*))
            }
            fn describe(sketch: &mut Sketch) {
                $($input::describe(sketch);)*
            }
        }
    };
}

impl Input for () {
    async fn take(_request: &HttpRequest, _body: &mut Payload) -> Result<Self, Error> {
        Ok(())
    }
    fn describe(_sketch: &mut Sketch) {}
}

tuple_of_inputs!(A);
tuple_of_inputs!(A B);
tuple_of_inputs!(A B C);
tuple_of_inputs!(A B C D);
tuple_of_inputs!(A B C D E);

/// Makes the route that actix mounts.
type Serve = Box<dyn Fn(&Route) -> actix_web::Route + Send + Sync>;

pub struct Route {
    pub method: Method,
    pub path: String,
    pub feature: &'static str,
    pub summary: &'static str,
    handler: &'static str,
    /// Who may call, in one word.
    pub audience: &'static str,
    pub needs_token: bool,
    /// What the types of the handler say. Asked when the document is made, so that a server that is not asked for it does
    /// not hold its schemas.
    describe: fn(&mut Sketch),
    /// What [`Routes::fails`] added to what the types say.
    fails: Vec<Code>,
    pub class: Class,
    /// What [`Routes::limited`] added to what holds anyway.
    pub named_limits: Vec<Limit>,
    /// What it asks for beyond that somebody may do it.
    pub needs: Needs,
    pub(super) serve: Serve,
}

/// The routes of one feature; paths are those of the API unless [`Routes::pages`] made it.
pub struct Routes {
    feature: &'static str,
    prefix: &'static str,
    list: Vec<Route>,
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        $(
            #[must_use]
            pub fn $name<C, I, O, H, Fut>(self, path: &str, summary: &'static str, handler: H) -> Routes
            where
                C: Capability,
                I: Input,
                O: Reply,
                H: Fn(C, I) -> Fut + Clone + Send + Sync + 'static,
                Fut: Future<Output = Result<O, Error>> + 'static,
            {
                self.add(Method::$method, path, summary, handler)
            }
        )*
    };
}

impl Routes {
    #[must_use]
    pub fn of(feature: &'static str) -> Routes {
        Routes { feature, prefix: super::API, list: vec![] }
    }

    /// For HTML and for what programs expect at the root.
    #[must_use]
    pub fn pages(feature: &'static str) -> Routes {
        Routes { feature, prefix: "", list: vec![] }
    }

    #[must_use]
    pub fn and(mut self, other: Routes) -> Routes {
        self.list.extend(other.list);
        self
    }

    /// What the route registered last can fail with beyond what its inputs say.
    #[must_use]
    pub fn fails(mut self, codes: &[Code]) -> Routes {
        if let Some(last) = self.list.last_mut() {
            last.fails.extend(codes);
        }
        self
    }

    /// How much the route registered last matters, where it is not what its caller says.
    #[must_use]
    pub fn class(mut self, class: Class) -> Routes {
        if let Some(last) = self.list.last_mut() {
            last.class = class;
        }
        self
    }

    /// Which limits hold for the route registered last, beyond those that hold for all of its kind.
    #[must_use]
    pub fn limited(mut self, limits: &[Limit]) -> Routes {
        if let Some(last) = self.list.last_mut() {
            last.named_limits.extend_from_slice(limits);
        }
        self
    }

    /// The scope by which tokens may use the route registered last, where it is not what its caller says.
    #[must_use]
    pub fn scope(self, scope: TokenScope) -> Routes {
        self.needs(Needs::Scope(scope))
    }

    /// No token is enough for the route registered last.
    #[must_use]
    pub fn session_only(self) -> Routes {
        self.needs(Needs::Session)
    }

    fn needs(mut self, needs: Needs) -> Routes {
        if let Some(last) = self.list.last_mut() {
            last.needs = needs;
        }
        self
    }

    methods!(get GET post POST put PUT patch PATCH delete DELETE);

    fn add<C, I, O, H, Fut>(mut self, method: Method, path: &str, summary: &'static str, handler: H) -> Routes
    where
        C: Capability,
        I: Input,
        O: Reply,
        H: Fn(C, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Error>> + 'static,
    {
        let mut caller = Sketch::default();
        C::describe(&mut caller);
        let class = if caller.needs_token || method != Method::GET { Class::Interactive } else { Class::Public };
        let needs = if self.prefix.is_empty() { caller.needs_in_browser() } else { caller.needs(&method) };
        self.list.push(Route {
            method,
            path: format!("{}{path}", self.prefix),
            feature: self.feature,
            summary,
            handler: std::any::type_name::<H>(),
            audience: caller.audience,
            needs_token: caller.needs_token,
            describe: |sketch| {
                C::describe(sketch);
                I::describe(sketch);
                O::describe(sketch);
            },
            fails: vec![],
            class,
            named_limits: vec![],
            needs,
            serve: Box::new(move |route: &Route| mount::serve(route, handler.clone())),
        });
        self
    }
}

/// All routes of the server.
#[derive(Clone)]
pub struct RouteTable {
    routes: Arc<Vec<Route>>,
    /// The document, made when it is first asked for.
    pub(super) json: Arc<OnceLock<web::Bytes>>,
}

impl RouteTable {
    /// # Errors
    /// A path and method that stand twice.
    pub fn new(features: impl IntoIterator<Item = Routes>) -> Result<RouteTable, String> {
        let routes: Vec<Route> = features.into_iter().flat_map(|feature| feature.list).collect();
        let mut seen = BTreeSet::new();
        for route in &routes {
            if !seen.insert((route.path.clone(), route.method.to_string())) {
                return Err(format!("{} {} stands twice", route.method, route.path));
            }
        }
        Ok(RouteTable { routes: Arc::new(routes), json: Arc::default() })
    }

    /// Whether the code says of itself what is so; a test asks.
    ///
    /// # Errors
    /// A handler that does not take exactly the parameters of its path, and two schemas of one name: each would make the
    /// document or the scope of a capability wrong.
    pub fn check(&self) -> Result<(), String> {
        let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
        for route in self.iter() {
            let sketch = route.sketch();
            route.check_path(&sketch)?;
            for (name, schema) in sketch.schemas {
                if schemas.get(&name).is_some_and(|other| *other != schema) {
                    return Err(format!("two schemas are called {name}: use #[schema(as = feature::{name})]"));
                }
                schemas.insert(name, schema);
            }
        }
        Ok(())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }
}

impl Route {
    pub fn is_api(&self) -> bool {
        self.path.starts_with(super::API)
    }

    /// Whether scripts of other sites may read it: what anybody may read without a secret.
    pub fn is_open(&self) -> bool {
        let secret = self.path.contains("{token}");
        self.is_api() && self.method == Method::GET && !self.needs_token && !secret
    }

    /// What the types of the handler say, and what was said of the route.
    pub fn sketch(&self) -> Sketch {
        let mut sketch = Sketch::default();
        (self.describe)(&mut sketch);
        sketch.fails(&[Code::Internal, Code::Busy, Code::TooMany]);
        if self.method != Method::GET {
            sketch.fails(&[Code::Unknown]);
        }
        if sketch.edits && self.method == Method::PUT {
            sketch.may_be_new();
        }
        if sketch.edits && self.method == Method::DELETE {
            // It honors a version that is sent, and asks for none.
            sketch.errors.remove(&Code::VersionRequired);
        }
        sketch.fails(&self.fails);
        match self.needs {
            Needs::Nothing => {}
            Needs::Session => sketch.fails(&[Code::SessionOnly]),
            Needs::Scope(_) => sketch.fails(&[Code::ScopeMissing]),
        }
        sketch
    }

    fn check_path(&self, sketch: &Sketch) -> Result<(), String> {
        let in_path: BTreeSet<&str> = self.path.split(['{', '}']).skip(1).step_by(2).collect();
        let taken = &sketch.path_names;
        if in_path == *taken {
            Ok(())
        } else {
            Err(format!("{} {}: the handler takes {taken:?}", self.method, self.path))
        }
    }

    /// What a request to it is counted for, besides the limit of all requests.
    pub fn limits(&self) -> Arc<[Limit]> {
        let usual = Limit::usual(self.audience, self.needs_token, &self.path);
        usual.into_iter().chain(self.named_limits.iter().copied()).collect()
    }

    /// As people write it: `POST /sessions`.
    pub fn short(&self) -> String {
        format!("{} {}", self.method, self.path.strip_prefix(super::API).unwrap_or(&self.path))
    }

    /// `proposals_submit`, from the handler's own name.
    pub fn id(&self) -> String {
        format!("{}_{}", self.feature, self.handler.rsplit("::").next().unwrap_or_default())
    }
}

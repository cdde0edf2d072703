//! Registers handlers of the shape `fn(Capability, Inputs)` and records them: what the server mounts, the OpenAPI
//! document shows and the tests walk is one and the same list.

pub use super::sketch::Sketch;
use super::{
    headers::{self, CrossOrigin},
    input,
    limits::{self, Limit},
    pages,
};
use crate::{
    access::scopes::{Needs, TokenScope},
    db::Class,
    error::{Code, Error},
};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::Method, web};
use futures_util::future;
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
    serve: Serve,
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
        let needs = caller.needs(&method);
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
            serve: Box::new(move |route: &Route| serve(route, handler.clone())),
        });
        self
    }
}

/// Limits, capability, inputs, handler. Where the instant of arrival counts, the body is read meanwhile, so that
/// looking up who it is makes nobody late; somebody who may not is still answered first.
fn serve<C, I, O, H, Fut>(of: &Route, handler: H) -> actix_web::Route
where
    C: Capability,
    I: Input,
    O: Reply,
    H: Fn(C, I) -> Fut + Clone + 'static,
    Fut: Future<Output = Result<O, Error>> + 'static,
{
    let (class, needs, limits, is_open) = (of.class, of.needs, of.limits(), of.is_open());
    let route = if of.method == Method::GET {
        // A HEAD is a GET whose body actix leaves out.
        web::route().guard(actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head()))
    } else {
        web::method(of.method.clone())
    };
    route.to(move |request: HttpRequest, body: web::Payload| {
        let (handler, limits) = (handler.clone(), Arc::clone(&limits));
        request.extensions_mut().insert(class);
        request.extensions_mut().insert(needs);
        if is_open {
            request.extensions_mut().insert(CrossOrigin);
        }
        async move {
            let mut body = body.into_inner();
            limits::spend_as_client(&request, &limits)?;
            let who = if I::TIMED {
                future::try_join(C::resolve(&request), input::arrive(&request, &mut body)).await?.0
            } else {
                C::resolve(&request).await?
            };
            limits::spend_as_caller(&request, &limits)?;
            let inputs = I::take(&request, &mut body).await?;
            if input::is_trapped(&request) {
                return pages::trapped().respond(&request);
            }
            handler(who, inputs).await?.respond(&request)
        }
    })
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

    pub fn mount(&self, config: &mut web::ServiceConfig) {
        let mut tree = Tree::default();
        for route in self.iter() {
            let segments = route.path.split('/').skip(1);
            segments.fold(&mut tree, |tree, segment| tree.below.entry(segment).or_default()).here.push(route);
        }
        tree.mount(config);
    }
}

/// The routes by the segments of their paths. Mounted as scopes: a request is compared with the few that begin as it does,
/// not with all.
#[derive(Default)]
struct Tree<'r> {
    here: Vec<&'r Route>,
    below: BTreeMap<&'r str, Tree<'r>>,
}

impl Tree<'_> {
    fn mount(self, config: &mut web::ServiceConfig) {
        let mut below = Vec::new();
        for (segment, mut tree) in self.below {
            let mut path = format!("/{segment}");
            while tree.here.is_empty() && tree.below.len() == 1 {
                let Some((segment, only)) = tree.below.pop_first() else { break };
                path = format!("{path}/{segment}");
                tree = only;
            }
            below.push((path, tree));
        }
        // A scope keeps what begins as it does, so what is one path alone comes before it.
        below.sort_by_key(|(path, tree)| (path.starts_with("/{"), !tree.below.is_empty()));
        for (path, tree) in below {
            if tree.below.is_empty() {
                config.service(resource(&path, &tree.here));
            } else {
                config.service(web::scope(&path).configure(move |inner| {
                    if !tree.here.is_empty() {
                        inner.service(resource("", &tree.here));
                    }
                    tree.mount(inner);
                }));
            }
        }
    }
}

/// One for all methods of a path: otherwise a wrong method is a 404 and no 405.
fn resource(path: &str, routes: &[&Route]) -> actix_web::Resource {
    let methods = routes.iter().map(|route| route.method.as_str());
    let head = routes.iter().any(|route| route.method == Method::GET).then_some("HEAD");
    let allowed = methods.chain(head).collect::<Vec<_>>().join(", ");
    let served = routes.iter().map(|route| (route.serve)(route));
    let is_open = routes.iter().any(|route| route.is_open());
    let resource = served.fold(web::resource(path), actix_web::Resource::route);
    resource.default_service(web::to(move |request: HttpRequest| {
        let asks = is_open && request.method() == Method::OPTIONS;
        let answer = if asks { Ok(headers::preflight()) } else { Err(Error::method(allowed.clone())) };
        async move { answer }
    }))
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

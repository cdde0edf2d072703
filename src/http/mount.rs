//! How recorded routes are mounted and served.

use super::{
    headers::{self, CrossOrigin},
    input, limits,
    pages::{self, resume},
    routes::{Capability, Input, Reply, Route, RouteTable},
};
use crate::error::{Code, Error};
use actix_web::{HttpMessage, HttpRequest, http::Method, web};
use futures_util::future;
use std::{collections::BTreeMap, future::Future, sync::Arc};

/// Limits, capability, inputs, handler. Where the instant of arrival counts, the body is read meanwhile, so that
/// looking up who it is makes nobody late; somebody who may not is still answered first.
pub(super) fn serve<C, I, O, H, Fut>(of: &Route, handler: H) -> actix_web::Route
where
    C: Capability,
    I: Input,
    O: Reply,
    H: Fn(C, I) -> Fut + Clone + 'static,
    Fut: Future<Output = Result<O, Error>> + 'static,
{
    let (class, needs, limits, is_open, is_page) = (of.class, of.needs, of.limits(), of.is_open(), !of.is_api());
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
            if is_page && !request.method().is_safe() {
                input::same_site(&request)?;
            }
            let who = if I::TIMED {
                let (who, arrived) = future::join(C::resolve(&request), input::arrive(&request, &mut body)).await;
                arrived.and(who)
            } else {
                C::resolve(&request).await
            };
            let who = match who {
                Err(error) if is_page && error.code() == Code::SignInRequired => {
                    return resume::sign_in_first(&request, &mut body).await;
                }
                who => who?,
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

impl RouteTable {
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

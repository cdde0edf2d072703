//! What stands around every page: who is signed in, the event, where one can go, what was just done.

use super::{
    assets,
    cookies::{self, Jar},
    filters,
    language::{self, Language},
    outcome,
};
use crate::{
    access::permission::{PermissionName, Role},
    app::Callboard,
    error::{Error, Result},
    http::routes::{Reply, Sketch},
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;
use utoipa::openapi::ResponseBuilder;

/// The content of a page.
pub trait Screen: Template + 'static {
    /// What the page is, without the name of the event.
    fn title(&self) -> String;

    /// What others are told of a page that anybody may see: search engines, and whoever gets its address sent.
    fn about(&self) -> String {
        String::new()
    }
}

/// 200 with an HTML page, or another status where the page says that something is wrong.
pub struct Page<T> {
    pub status: StatusCode,
    pub template: T,
}

impl<T> Page<T> {
    pub fn new(template: T) -> Page<T> {
        Page { status: StatusCode::OK, template }
    }
}

impl<T: Screen> Reply for Page<T> {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        respond(request, self.status, &self.template)
    }

    fn describe(sketch: &mut Sketch) {
        sketch.succeeds(StatusCode::OK, ResponseBuilder::new().description("A page"));
    }
}

/// Who is signed in, as the layout shows it.
#[derive(Clone, Debug)]
pub struct Who {
    pub name: String,
    pub email: String,
    pub is_admin: bool,
    pub creates_events: bool,
}

/// The event that a page is about, and what whoever looks is there.
#[derive(Clone, Debug)]
pub struct Place {
    pub slug: String,
    pub name: String,
    /// Whether search engines may list its pages.
    pub listed: bool,
    pub roles: Vec<Role>,
}

/// For the layout of the page that answers this request.
pub fn note_who(request: &HttpRequest, who: Who) {
    request.extensions_mut().insert(who);
}

/// As [`note_who`].
pub fn note_place(request: &HttpRequest, place: Place) {
    request.extensions_mut().insert(place);
}

/// One of the places to go.
struct Link {
    label: &'static str,
    path: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    language: Language,
    title: String,
    about: String,
    /// The whole address of the page.
    address: String,
    main: &'a str,
    who: Option<Who>,
    place: Option<Place>,
    links: Vec<Link>,
    sections: Vec<(&'static str, Vec<Link>)>,
    said: Option<String>,
    stylesheet: String,
    script: String,
    icon: String,
    path: String,
}

fn allows(place: &Place, permission: PermissionName) -> bool {
    place.roles.iter().any(|role| role.allows(permission))
}

/// What the event has for whoever looks.
fn links(place: &Place, path: &str) -> Vec<Link> {
    let base = format!("/{}", place.slug);
    let link = |label, end: &str| {
        let to = format!("{base}{end}");
        let here = if end.is_empty() { path == to } else { path == to || path.starts_with(&format!("{to}/")) };
        Link { label, path: to, here }
    };
    let mut links = vec![link("Call", ""), link("Talks", "/talks"), link("My proposals", "/mine")];
    if allows(place, PermissionName::ReviewProposals) {
        links.push(link("Review", "/review"));
    }
    if allows(place, PermissionName::ReadProposals) || allows(place, PermissionName::ReadEvent) {
        links.push(link("Organize", "/organize"));
    }
    links
}

/// Label, path below those of organizing, and who finds it.
type Section = (&'static str, &'static str, PermissionName);

/// What organizers go through, in the order of their work.
const SECTIONS: &[(&str, &[Section])] = {
    use PermissionName::{Decide, ManageEvent, ReadEvent, ReadProposals};
    &[
        ("", &[("Overview", "", ReadProposals)]),
        (
            "Choose",
            &[
                ("Proposals", "/proposals", ReadProposals),
                ("Assignments", "/assignments", Decide),
                ("Ranking", "/ranking", ReadProposals),
                ("Balance", "/balance", ReadProposals),
            ],
        ),
        ("Tell", &[("Publish", "/publish", ManageEvent), ("Mails", "/mails", ReadEvent)]),
        (
            "Set up",
            &[
                ("Event", "/settings", ReadEvent),
                ("Call", "/call", ReadEvent),
                ("Formats and tracks", "/parts", ReadEvent),
                ("Categories", "/categories", ReadEvent),
                ("Ideas and dates", "/ideas", ReadEvent),
                ("Exceptions", "/exceptions", ReadEvent),
                ("Reviewing", "/reviewing", ManageEvent),
                ("Conflicts", "/conflicts", ManageEvent),
                ("Team", "/team", ReadEvent),
            ],
        ),
        (
            "Data",
            &[
                ("Export", "/export", ReadProposals),
                ("Import", "/import", ManageEvent),
                ("Duplicates", "/duplicates", Decide),
                ("Tokens", "/tokens", ManageEvent),
                ("Audit", "/audit", ReadEvent),
            ],
        ),
    ]
};

fn sections(place: &Place, path: &str) -> Vec<(&'static str, Vec<Link>)> {
    let base = format!("/{}/organize", place.slug);
    if path != base && !path.starts_with(&format!("{base}/")) {
        return vec![];
    }
    let link = |(label, end, permission): &Section| {
        let to = format!("{base}{end}");
        let here = path == to || (!end.is_empty() && path.starts_with(&format!("{to}/")));
        allows(place, *permission).then_some(Link { label, path: to, here })
    };
    let section = |(label, list): &(&'static str, &[_])| (*label, list.iter().filter_map(link).collect::<Vec<_>>());
    SECTIONS.iter().map(section).filter(|(_, list)| !list.is_empty()).collect()
}

/// The page in its layout.
pub fn respond(request: &HttpRequest, status: StatusCode, screen: &impl Screen) -> Result<HttpResponse> {
    let spoken = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::of(spoken.unwrap_or_default());
    let flash = outcome::said(request);
    let base_url = Callboard::of(request)?.config.base_url.clone();
    let render = || -> askama::Result<String> {
        let main = screen.render()?;
        let (who, place) = (request.extensions().get::<Who>().cloned(), request.extensions().get::<Place>().cloned());
        let path = request.path().to_owned();
        let layout = Layout {
            language,
            title: screen.title(),
            about: screen.about(),
            address: format!("{base_url}{path}"),
            main: &main,
            links: place.as_ref().map(|place| links(place, &path)).unwrap_or_default(),
            sections: place.as_ref().map(|place| sections(place, &path)).unwrap_or_default(),
            who,
            place,
            said: flash.as_ref().map(|(said, _)| language::t(said).into_owned()),
            stylesheet: assets::stylesheet(),
            script: assets::script(),
            icon: assets::icon(),
            path,
        };
        layout.render()
    };
    let html = language::speaking(language, render).map_err(Error::internal)?;
    let mut answer = HttpResponse::build(status);
    if let Some((_, forget)) = flash {
        answer.append_header((header::SET_COOKIE, forget));
    }
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}

/// Whether the browser sent a session, be it one that still stands or not.
pub fn has_session(request: &HttpRequest) -> bool {
    cookies::read(request, Jar::Session).is_some()
}

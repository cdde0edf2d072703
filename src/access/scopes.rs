//! What a token may be used for: each route has one scope, or takes sessions only.

use crate::{
    error::{Code, Error, Result},
    http::routes::RouteTable,
    text_enum,
};
use actix_web::{HttpMessage, HttpRequest};

text_enum! {
    pub enum TokenScope {
        MeRead = "me:read",
        MeWrite = "me:write",
        EventsCreate = "events:create",
        ReviewsRead = "reviews:read",
        ReviewsWrite = "reviews:write",
        EventRead = "event:read",
        EventWrite = "event:write",
        TeamWrite = "team:write",
        ProposalsRead = "proposals:read",
        ProposalsWrite = "proposals:write",
        DecisionsWrite = "decisions:write",
    }
}

impl TokenScope {
    pub const fn meaning(self) -> &'static str {
        match self {
            TokenScope::MeRead => "read the own account and proposals",
            TokenScope::MeWrite => "propose, edit, withdraw and confirm as a speaker",
            TokenScope::EventsCreate => "create events",
            TokenScope::ReviewsRead => "read what reviewers read",
            TokenScope::ReviewsWrite => "review",
            TokenScope::EventRead => "read settings, team, publications, mails and the audit",
            TokenScope::EventWrite => {
                "change settings, call, formats, tracks, categories, criteria, phases and conflicts; send mails again"
            }
            TokenScope::TeamWrite => "invite to the team, limit and remove",
            TokenScope::ProposalsRead => "read proposals, decisions and reviews, and export them",
            TokenScope::ProposalsWrite => "cancel, reinstate and import proposals, assign reviewers",
            TokenScope::DecisionsWrite => "decide, publish and stop a publication",
        }
    }

    /// Whether an event's token may have it: only what is done for the event and not as a person.
    pub const fn is_of_events(self) -> bool {
        match self {
            TokenScope::MeRead
            | TokenScope::MeWrite
            | TokenScope::EventsCreate
            | TokenScope::ReviewsRead
            | TokenScope::ReviewsWrite => false,
            TokenScope::EventRead
            | TokenScope::EventWrite
            | TokenScope::TeamWrite
            | TokenScope::ProposalsRead
            | TokenScope::ProposalsWrite
            | TokenScope::DecisionsWrite => true,
        }
    }
}

/// What a route asks for, beyond that somebody may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nobody has to sign in.
    Nothing,
    /// A session: no token is enough.
    Session,
    /// A session, or a token with this scope.
    Scope(TokenScope),
}

impl Needs {
    /// What the route of this request needs.
    pub(super) fn of(request: &HttpRequest) -> Needs {
        request.extensions().get::<Needs>().copied().unwrap_or(Needs::Session)
    }

    /// # Errors
    /// `SessionOnly`, `ScopeMissing` for a token with these scopes.
    pub(super) fn check(self, scopes: &[TokenScope]) -> Result<()> {
        match self {
            Needs::Nothing => Ok(()),
            Needs::Session => Err(session_only()),
            Needs::Scope(scope) if scopes.contains(&scope) => Ok(()),
            Needs::Scope(scope) => {
                Err(Error::new(Code::ScopeMissing, format!("This takes a token with the scope `{scope}`.")))
            }
        }
    }
}

pub(super) fn session_only() -> Error {
    Error::new(Code::SessionOnly, "Sign in with POST /api/v1/sessions and send the token of that session.")
}

/// The part of `docs/PERMISSIONS.md` about tokens.
pub(super) fn document(routes: &RouteTable) -> String {
    let mut text = String::from(
        "\n## Scopes of tokens\n\nA session may do all that its account may. A personal token (`cbp_…`) may do what its owner may at the \
         time, and of that\nwhat its scopes name. An event's token (`cbe_…`) does for its event what an organizer does, within its \
         scopes, whoever\nmade it; it is nobody, so it has no scopes of people.\n\n| scope | of events too | what it allows |\n\
         | --- | --- | --- |\n",
    );
    for scope in TokenScope::ALL {
        let of_events = if scope.is_of_events() { "yes" } else { "no" };
        text.push_str(&format!("| `{scope}` | {of_events} | {} |\n", scope.meaning()));
    }
    text.push_str(
        "\nEvery route that needs somebody has one scope, or takes sessions only; pages know sessions alone.\n\n| route | for | scope |\n| --- | --- | --- |\n",
    );
    let mut rows: Vec<String> = vec![];
    for route in routes.iter().filter(|route| route.is_api()) {
        let scope = match route.needs {
            Needs::Nothing => continue,
            Needs::Session => "session".to_owned(),
            Needs::Scope(scope) => format!("`{scope}`"),
        };
        let path = route.path.trim_start_matches(crate::http::API);
        rows.push(format!("| `{path}` {} | {} | {scope} |\n", route.method, route.audience));
    }
    rows.sort();
    text.extend(rows);
    text
}

//! The page of the audit.

use super::{
    actions,
    model::{Action, Filter, Looked},
    views::EntryView,
};
use crate::{
    access::EventReader,
    app::Callboard,
    calls::time,
    error::Result,
    events,
    http::{
        cursor::Cursor,
        input::Query,
        pages::{FormState, Page, Screen, filters, language::t},
    },
};
use askama::Template;
use serde_json::Value;

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "setup/audit.html")]
pub struct AuditPage {
    slug: String,
    /// Of the event.
    zone: String,
    entries: Vec<EntryView>,
    members: Vec<(String, String)>,
    form: FormState,
    filtered: bool,
    /// The address of the next page.
    next: Option<String>,
}

impl Screen for AuditPage {
    fn title(&self) -> String {
        t("Audit").into_owned()
    }
}

/// `proposal_submitted` as people read it.
fn words(name: &str) -> String {
    let mut letters = name.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// So many of a list are shown.
const MOST_ITEMS: usize = 5;

fn fact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".into(),
        Value::Array(list) => {
            let mut shown: Vec<String> = list.iter().take(MOST_ITEMS).map(fact).collect();
            if list.len() > MOST_ITEMS {
                shown.push(format!("… ({})", list.len()));
            }
            shown.join(", ")
        }
        other => other.to_string(),
    }
}

impl EntryView {
    fn deed(&self) -> String {
        words(self.action.as_str())
    }

    fn of(&self) -> String {
        words(&self.object.kind)
    }

    /// The code of a proposal that can be opened. What reviewers do is noted under the reference that they know it by.
    fn proposal(&self) -> Option<&str> {
        let by_reference = matches!(
            self.action,
            Action::ReviewWritten
                | Action::ReviewTakenBack
                | Action::ConflictDeclared
                | Action::ConflictTakenBack
                | Action::Commented
        );
        self.object.code.as_deref().filter(|_| self.object.kind == "proposal" && !by_reference)
    }

    fn told(&self) -> Vec<(String, String)> {
        let facts = self.facts.as_object().into_iter().flatten();
        facts.map(|(name, value)| (words(name), fact(value))).collect()
    }
}

impl AuditPage {
    fn actions() -> Vec<(&'static str, String)> {
        let mut all: Vec<_> = Action::ALL.iter().map(|action| (action.as_str(), words(action.as_str()))).collect();
        all.sort_by(|one, other| one.1.cmp(&other.1));
        all
    }
}

/// What the form asks for, in the terms of the list.
fn filter(looked: &Looked, zone: &str) -> Result<Filter> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let midnight = |day: String| time::instant(&format!("{day}T00:00"), zone, "since");
    let after = |day: String| midnight(time::day_shifted(&day, 1)?);
    Ok(Filter {
        action: said(&looked.action).and_then(|action| action.parse().ok()),
        actor: said(&looked.actor),
        object: said(&looked.object).map(|code| code.trim().to_uppercase()),
        since: said(&looked.since).map(midnight).transpose()?,
        until: said(&looked.until).map(after).transpose()?,
        limit: None,
        cursor: said(&looked.cursor),
    })
}

pub async fn show(who: EventReader, (app, Query(looked)): (Callboard, Query<Looked>)) -> Result<Page<AuditPage>> {
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let filter = filter(&looked, &zone)?;
    let members = events::actions::list_members(&app, who.clone()).await?;
    let noted = actions::list(&app, who, filter, i64::try_from(PAGE).unwrap_or(i64::MAX)).await?;
    let more = noted.len() > PAGE;
    let entries: Vec<EntryView> = noted.into_iter().take(PAGE).map(EntryView::from).collect();
    let asked = [
        ("action", &looked.action),
        ("actor", &looked.actor),
        ("object", &looked.object),
        ("since", &looked.since),
        ("until", &looked.until),
    ];
    let asked: Vec<(&str, &str)> = asked
        .iter()
        .filter_map(|(name, text)| Some((*name, text.as_deref().filter(|text| !text.trim().is_empty())?)))
        .collect();
    let form = asked.iter().fold(FormState::default(), |form, (name, text)| form.with(name, *text));
    let next = entries.last().filter(|_| more).map(|last| {
        let cursor = Cursor { at: last.at, code: last.id.clone() }.encode();
        let pair = |(name, text): &(&str, &str)| {
            let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            format!("{name}={text}")
        };
        let asked: Vec<String> = asked.iter().chain([&("cursor", cursor.as_str())]).map(pair).collect();
        format!("/{slug}/organize/audit?{}", asked.join("&"))
    });
    let members = members.into_iter().map(|member| (member.code, member.name)).collect();
    Ok(Page::new(AuditPage { filtered: !asked.is_empty(), slug, zone, entries, members, form, next }))
}

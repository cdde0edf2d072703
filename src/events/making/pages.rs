//! The pages for a new event: a form that asks for little, and one that copies an earlier event.

use super::actions;
use crate::{
    access::EventCreator,
    app::Callboard,
    calls::time,
    error::{Code, Error, Result},
    events::{
        self,
        copies::{self, model::NewCopy},
        model::{Event, NewEvent},
    },
    http::{
        input::SlugPath,
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
};
use askama::Template;

/// A new event from nothing.
#[derive(Template)]
#[template(path = "setup/new.html")]
pub struct NewPage {
    form: FormState,
    zones: Vec<String>,
    earlier: Vec<Event>,
}

impl Screen for NewPage {
    fn title(&self) -> String {
        t("New event").into_owned()
    }
}

/// A new event like an earlier one.
#[derive(Template)]
#[template(path = "setup/new_like.html")]
pub struct LikePage {
    form: FormState,
    earlier: Event,
}

impl Screen for LikePage {
    fn title(&self) -> String {
        t("New event like an earlier one").into_owned()
    }
}

const CREATED: &str = "The event is there. It is a draft that only its team sees.";

fn go(event: &Event) -> SeeOther {
    SeeOther::to(format!("/{}/organize", event.slug)).saying(CREATED)
}

async fn page(app: &Callboard, who: &EventCreator, form: FormState) -> Result<NewPage> {
    let earlier = actions::organized(app, who).await?;
    Ok(NewPage { form, zones: time::zones(), earlier })
}

pub async fn show(who: EventCreator, (app,): (Callboard,)) -> Result<Page<NewPage>> {
    let form = FormState::new(&app).with("blind", "true").with("contact_email", who.who().email());
    Ok(Page::new(page(&app, &who, form).await?))
}

/// A name as it could stand in an address.
fn suggested(name: &str) -> String {
    let plain = name.to_lowercase();
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    slug.chars().take(40).collect::<String>().trim_end_matches('-').to_owned()
}

/// With an address of ours where none was typed.
fn with_slug(form: FormState) -> FormState {
    if !form.value("slug").trim().is_empty() {
        return form;
    }
    let slug = suggested(form.value("name"));
    form.with("slug", slug)
}

pub async fn create(
    who: EventCreator,
    (app, Form { sent, input }, once): (Callboard, Form<NewEvent>, Once),
) -> Result<Outcome<NewPage>> {
    let done = async { events::actions::create(&app, who.clone(), input?, once.then(|event: Event| go(&event))).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &who, with_slug(form)).await).await,
    }
}

async fn like(app: &Callboard, who: &EventCreator, slug: &str, form: FormState) -> Result<LikePage> {
    let earlier = actions::organized(app, who).await?.into_iter().find(|event| event.slug == slug);
    Ok(LikePage { form, earlier: earlier.ok_or_else(Error::not_found)? })
}

pub async fn show_like(who: EventCreator, (app, slug): (Callboard, SlugPath)) -> Result<Page<LikePage>> {
    let mut page = like(&app, &who, &slug, FormState::new(&app)).await?;
    let days = page.earlier.facts.starts_on.as_deref().and_then(|day| time::day_shifted(day, 364).ok());
    page.form = page.form.with("name", page.earlier.facts.name.clone()).with("starts_on", days.unwrap_or_default());
    if page.earlier.facts.starts_on.is_none() {
        page.form = page.form.with("shift_days", "364");
    }
    Ok(Page::new(page))
}

pub async fn create_like(
    who: EventCreator,
    (app, slug, Form { sent, input }, once): (Callboard, SlugPath, Form<NewCopy>, Once),
) -> Result<Outcome<LikePage>> {
    let earlier = slug.0.clone();
    let done =
        async { copies::actions::copy(&app, who.clone(), earlier, input?, once.then(|event: Event| go(&event))).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) if error.code() == Code::Forbidden => Err(error),
        Err(error) => sent.again(error, async |form| like(&app, &who, &slug, with_slug(form)).await).await,
    }
}

#[cfg(test)]
mod tests {
    use super::suggested;

    #[test]
    fn a_name_becomes_an_address() {
        assert_eq!(suggested("PG Conf — Lisboa 2026!"), "pg-conf-lisboa-2026");
        assert_eq!(suggested("日本"), "");
        assert_eq!(suggested(&"a-".repeat(30)), "a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a");
    }
}

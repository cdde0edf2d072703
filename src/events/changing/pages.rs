//! The page with an event's settings.

use crate::{
    access::{Besides, EventReader, Organizer},
    app::Callboard,
    calls::time,
    error::Result,
    events::{self, model::EditEvent, views::Settings},
    http::{
        once::IfMatch,
        pages::{
            Form, FormState, Outcome, Page, Screen, filters,
            language::t,
            several::{Returned, back},
        },
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "setup/settings.html")]
pub struct SettingsPage {
    form: FormState,
    now: Settings,
    zones: Vec<String>,
    manages: bool,
}

impl Screen for SettingsPage {
    fn title(&self) -> String {
        t("Event").into_owned()
    }
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<SettingsPage> {
    let now = Settings::from(events::actions::settings(app, besides.to_read_event()?).await?);
    let form = returned.form("", FormState::of(&now)?.version(now.version));
    Ok(SettingsPage { form, now, zones: time::zones(), manages: besides.manages() })
}

pub async fn show(_: EventReader, (app, besides): (Callboard, Besides)) -> Result<Page<SettingsPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

pub async fn edit(
    who: Organizer,
    (app, Form { sent, input }, version, besides): (Callboard, Form<EditEvent>, IfMatch, Besides),
) -> Result<Outcome<SettingsPage>> {
    let done = async { events::actions::edit(&app, who.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(back(who.scope(), "/settings", "The settings are saved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one("", form)).await).await,
    }
}

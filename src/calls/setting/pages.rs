//! The page of the call: when it is open, what it says, and what speakers can count on.

use crate::{
    access::{Besides, EventReader, Organizer},
    app::Callboard,
    calls::{self, model::EditCall, time, views::ForOrganizer},
    error::Result,
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

/// The field with the local minute from which on the call is open, in the event's zone.
const OPENS: &str = "_opens";

#[derive(Template)]
#[template(path = "setup/call.html")]
pub struct CallPage {
    slug: String,
    /// Of the event.
    zone: String,
    visible: bool,
    form: FormState,
    now: ForOrganizer,
    zones: Vec<String>,
    manages: bool,
}

impl Screen for CallPage {
    fn title(&self) -> String {
        t("Call").into_owned()
    }
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<CallPage> {
    let reader = besides.to_read_event()?;
    let scope = reader.scope().clone();
    let now = ForOrganizer::from(calls::actions::show_settings(app, reader).await?);
    let mut form = FormState::of(&now)?.version(now.version);
    if let Some(opens_at) = now.opens_at {
        form = form.with(OPENS, time::local_minute(opens_at, &scope.zone));
    }
    if now.deadline.is_none() {
        form = form.with("deadline.zone", scope.zone.clone());
    }
    let form = returned.form("", form);
    let (zones, manages) = (time::zones(), besides.manages());
    Ok(CallPage { slug: scope.slug, zone: scope.zone, visible: scope.visible, form, now, zones, manages })
}

pub async fn show(_: EventReader, (app, besides): (Callboard, Besides)) -> Result<Page<CallPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

/// Without a deadline that is not another one: which of two times was meant has been said before.
async fn only_changes(app: &Callboard, besides: &Besides, mut edit: EditCall) -> Result<EditCall> {
    if let Some(Some(new)) = &edit.deadline {
        let old = calls::actions::show_settings(app, besides.to_read_event()?).await?.deadline;
        let same = |old: &time::Deadline| old.local == new.local.trim() && old.zone == new.zone.trim();
        if new.offset.is_none() && old.as_ref().is_some_and(same) {
            edit.deadline = None;
        }
    }
    Ok(edit)
}

pub async fn edit(
    who: Organizer,
    (app, Form { sent, input }, version, besides): (Callboard, Form<EditCall>, IfMatch, Besides),
) -> Result<Outcome<CallPage>> {
    let opens = sent.get(OPENS).to_owned();
    let done = async {
        let mut edit = only_changes(&app, &besides, input?).await?;
        let opens_at = Some(opens.as_str()).filter(|opens| !opens.trim().is_empty());
        let opens_at = opens_at.map(|opens| time::instant(opens, &who.scope().zone, "opens_at"));
        edit.opens_at = Some(opens_at.transpose()?);
        calls::actions::edit_call(&app, who.clone(), edit, version).await
    };
    match done.await {
        Ok(_) => Ok(back(who.scope(), "/call", "The call is saved.").into()),
        Err(error) => {
            let again =
                async |form: FormState| page(&app, &besides, Returned::one("", form.with(OPENS, opens.clone()))).await;
            sent.again(error, again).await
        }
    }
}

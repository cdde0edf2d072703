//! The page on which speakers say how they appear in an event.

use super::{actions, model::NewProfile, views::ProfileView};
use crate::{
    access::Speaker,
    app::Callboard,
    error::{Code, Result},
    http::{
        once::IfMatch,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    proposals::headshots,
};
use askama::Template;

#[derive(Template)]
#[template(path = "speaker/profile.html")]
pub struct ProfilePage {
    slug: String,
    event_name: String,
    form: FormState,
    /// What is stored; none before the first proposal and the first save.
    stored: Option<ProfileView>,
    /// The form of the picture.
    picture: FormState,
    /// The version of the picture that is there.
    headshot: Option<i64>,
}

impl Screen for ProfilePage {
    fn title(&self) -> String {
        t("How you appear as a speaker").into_owned()
    }
}

/// Both forms as they are, or one of them as it came back.
///
/// # Errors
/// When it cannot be read.
pub async fn page(
    app: &Callboard,
    who: &Speaker,
    form: Option<FormState>,
    picture: Option<FormState>,
) -> Result<ProfilePage> {
    let stored: Option<ProfileView> = actions::show(app, who.clone()).await?.map(Into::into);
    let headshot = match headshots::actions::mine(app, who.clone()).await {
        Ok(headshot) => Some(headshot.version),
        Err(error) if error.code() == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    let version = stored.as_ref().map(|stored| stored.version);
    let form = match (form, &stored) {
        (Some(form), _) if !form.is_stale() => form,
        (Some(form), _) => versioned(form, version),
        (None, Some(stored)) => versioned(FormState::of(stored)?, version),
        (None, None) => FormState::default().with("name", who.who().name()),
    };
    Ok(ProfilePage {
        slug: who.scope().slug.clone(),
        event_name: who.scope().name.clone(),
        form,
        stored,
        picture: versioned(picture.unwrap_or_default(), headshot),
        headshot,
    })
}

fn versioned(form: FormState, version: Option<i64>) -> FormState {
    match version {
        Some(version) => form.version(version),
        None => form,
    }
}

pub async fn show(who: Speaker, (app,): (Callboard,)) -> Result<Page<ProfilePage>> {
    Ok(Page::new(page(&app, &who, None, None).await?))
}

pub async fn set(
    who: Speaker,
    (app, Form { sent, input }, version): (Callboard, Form<NewProfile>, IfMatch),
) -> Result<Outcome<ProfilePage>> {
    let done = match input {
        Ok(input) => actions::set(&app, who.clone(), input, version).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(_) => {
            Ok(SeeOther::to(format!("/{}/mine/profile", who.scope().slug)).saying("Your profile is saved.").into())
        }
        Err(error) => sent.again(error, async |form| page(&app, &who, Some(form), None).await).await,
    }
}

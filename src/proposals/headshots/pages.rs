//! The headshot, from the page of the profile.

use super::{actions, picture::Headshot};
use crate::{
    access::Speaker,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::{FieldErrors, Result},
    http::{
        once::IfMatch,
        pages::{Form, Outcome, SeeOther, upload::Upload},
        picture::{Jpeg, Shared},
    },
    proposals::profiles::pages::{ProfilePage, page},
};

pub async fn mine(who: Speaker, (app,): (Callboard,)) -> Result<Jpeg> {
    let Headshot { jpeg: bytes, version } = actions::mine(&app, who).await?;
    Ok(Jpeg { bytes, version, shared: Shared::No })
}

fn back(who: &Speaker) -> SeeOther {
    SeeOther::to(format!("/{}/mine/profile", who.scope().slug))
}

pub async fn set(
    who: Speaker,
    (app, Upload { sent, file, .. }, version): (Callboard, Upload<ButtonForm>, IfMatch),
) -> Result<Outcome<ProfilePage>> {
    let done = match file {
        Some(file) => actions::set(&app, who.clone(), file.bytes.to_vec(), version).await,
        None => Err(FieldErrors::of("image", "missing", "must be picked first").into()),
    };
    match done {
        Ok(()) => Ok(back(&who).saying("Your picture is saved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &who, None, Some(form)).await).await,
    }
}

pub async fn remove(who: Speaker, (app, form): (Callboard, Form<ButtonForm>)) -> Result<Outcome<ProfilePage>> {
    match actions::remove(&app, who.clone()).await {
        Ok(()) => Ok(back(&who).saying("Your picture is removed.").into()),
        Err(error) => form.sent.again(error, async |form| page(&app, &who, None, Some(form)).await).await,
    }
}

//! Drafts of reviews in a browser: kept by a button or by themselves, thrown away; and what is put off.

use super::{actions, model::SaveDraft, views::DraftView};
use crate::{
    access::Reviewer,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::RefPath,
        once::IfMatch,
        pages::{Form, Outcome, SeeOther, Sent},
        reply::Versioned,
    },
    reviews::pages::{ReviewPage, go_on, path, review_again},
};

/// The version of the draft that the form was filled from; the form's own version is that of the review.
fn version(sent: &Sent) -> IfMatch {
    IfMatch::of(sent.get("_draft").parse().ok())
}

pub async fn save(
    who: Reviewer,
    (app, reference, form): (Callboard, RefPath, Form<SaveDraft>),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let saved = match input {
        Ok(input) => actions::save(&app, who.clone(), reference.0.clone(), input, version(&sent)).await,
        Err(errors) => Err(errors.into()),
    };
    match saved {
        Ok(_) => Ok(SeeOther::to(path(&who, &reference)).saying("The draft is kept. Nobody else sees it.").into()),
        Err(error) => review_again(&app, &who, &reference, sent, error).await,
    }
}

/// For the script of the page, which needs the version to save again.
pub async fn autosave(
    who: Reviewer,
    (app, reference, form): (Callboard, RefPath, Form<SaveDraft>),
) -> Result<Versioned<DraftView>> {
    let version = version(&form.sent);
    Ok(Versioned(actions::save(&app, who, reference.0, form.input?, version).await?.into()))
}

pub async fn discard(
    who: Reviewer,
    (app, reference, _, version): (Callboard, RefPath, Form<ButtonForm>, IfMatch),
) -> Result<SeeOther> {
    let to = path(&who, &reference);
    actions::discard(&app, who, reference.0, version).await?;
    Ok(SeeOther::to(to).saying("The draft is thrown away."))
}

/// What was typed stays as a draft.
pub async fn skip(
    who: Reviewer,
    (app, reference, form): (Callboard, RefPath, Form<SaveDraft>),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let kept = match input {
        Ok(input) if input.is_empty() || !who.may_score() => Ok(()),
        Ok(input) => actions::save(&app, who.clone(), reference.0.clone(), input, version(&sent)).await.map(|_| ()),
        Err(errors) => Err(errors.into()),
    };
    if let Err(error) = kept {
        return review_again(&app, &who, &reference, sent, error).await;
    }
    actions::skip(&app, who.clone(), reference.0.clone()).await?;
    Ok(go_on(&app, &who, &reference, "It is put off and comes back at the end.").await?.into())
}

pub async fn unskip(who: Reviewer, (app, reference, _): (Callboard, RefPath, Form<ButtonForm>)) -> Result<SeeOther> {
    let to = path(&who, &reference);
    actions::unskip(&app, who, reference.0).await?;
    Ok(SeeOther::to(to).saying("It is back in your list."))
}

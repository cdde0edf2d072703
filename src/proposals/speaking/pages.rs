//! Who speaks, from the proposal's page.

use super::{
    actions,
    model::{HandOver, InviteSpeaker, Waiting},
};
use crate::{
    access::Speaker,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, SpeakerPath},
        once::Once,
        pages::{Form, Outcome, SeeOther},
    },
    proposals::pages::{
        deeds::{back_to, or_again},
        show::ProposalPage,
    },
};

pub async fn invite(
    who: Speaker,
    (app, code, Form { sent, input }, once): (Callboard, CodePath, Form<InviteSpeaker>, Once),
) -> Result<Outcome<ProposalPage>> {
    let go = back_to(&who, &code).saying("The invitation is on its way.");
    let done = match input {
        Ok(input) => actions::invite(&app, who.clone(), code.0.clone(), input, once.then(|_: Waiting| go)).await,
        Err(errors) => Err(errors.into()),
    };
    or_again(&app, &who, &code, sent, done).await
}

/// Who leaves has no page of it any more.
pub async fn remove(
    who: Speaker,
    (app, code, id, form): (Callboard, CodePath, SpeakerPath, Form<ButtonForm>),
) -> Result<Outcome<ProposalPage>> {
    let speakers = actions::list(&app, who.clone(), code.0.clone()).await?;
    let me = who.account();
    let leaves = speakers.places.iter().any(|place| place.code == *id && place.account == Some(me));
    let go = if leaves {
        SeeOther::to(format!("/{}/mine", who.scope().slug)).saying("You do not speak there any more.")
    } else {
        back_to(&who, &code).saying("Done. They do not speak here.")
    };
    let done = actions::remove(&app, who.clone(), code.0.clone(), id.0).await.map(|()| go);
    or_again(&app, &who, &code, form.sent, done).await
}

pub async fn hand_over(
    who: Speaker,
    (app, code, Form { sent, input }, once): (Callboard, CodePath, Form<HandOver>, Once),
) -> Result<Outcome<ProposalPage>> {
    let list = SeeOther::to(format!("/{}/mine", who.scope().slug));
    let done = match input {
        Ok(input) => {
            let go = if input.leave { list } else { back_to(&who, &code) }.saying("It is theirs now. They are told.");
            actions::hand_over(&app, who.clone(), code.0.clone(), input, once.then(|()| go)).await
        }
        Err(errors) => Err(errors.into()),
    };
    or_again(&app, &who, &code, sent, done).await
}

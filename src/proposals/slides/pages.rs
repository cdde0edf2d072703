//! Where the slides are, from the proposal's page.

use super::{actions, model::SetSlides};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::CodePath,
        once::IfMatch,
        pages::{Form, Outcome},
    },
    proposals::pages::{
        deeds::{back_to, or_again},
        show::ProposalPage,
    },
};

pub async fn set(
    who: Speaker,
    (app, code, Form { sent, input }, version): (Callboard, CodePath, Form<SetSlides>, IfMatch),
) -> Result<Outcome<ProposalPage>> {
    let done = match input {
        Ok(input) => actions::set(&app, who.clone(), code.0.clone(), input, version).await,
        Err(errors) => Err(errors.into()),
    };
    let done = done.map(|_| back_to(&who, &code).saying("The link to the slides is saved."));
    or_again(&app, &who, &code, sent, done).await
}

//! Talking to the committee on the page of a proposal.

use super::{actions, model::NewComment};
use crate::{
    access::Reviewer,
    app::Callboard,
    error::Result,
    http::{
        input::RefPath,
        once::Once,
        pages::{Form, Outcome, SeeOther},
    },
    reviews::pages::{Forms, ReviewPage, path, screen},
};

pub async fn add(
    who: Reviewer,
    (app, reference, form, once): (Callboard, RefPath, Form<NewComment>, Once),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let to = format!("{}#committee", path(&who, &reference));
    let said = once.then(|_| SeeOther::to(to).saying("The committee can read it now."));
    let added = match input {
        Ok(input) => actions::add(&app, who.clone(), reference.0.clone(), input, said).await,
        Err(errors) => Err(errors.into()),
    };
    match added {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let forms = |form| Forms { comment: Some(form), ..Forms::default() };
            sent.again(error, async |form| screen(&app, &who, &reference, forms(form)).await).await
        }
    }
}

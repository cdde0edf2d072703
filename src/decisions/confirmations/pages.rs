//! The page behind the confirm link: looking at it changes nothing, its buttons do.

use super::{
    actions::{self, Answered},
    model::{AnswerByToken, AnswerForm},
};
use crate::{
    access::Public,
    app::Callboard,
    error::Result,
    http::{
        input::TokenPath,
        pages::{Form, LinkPage, Page},
    },
    proposals::model::Confirmation,
};

fn about(title: &str, answered: &Answered) -> LinkPage {
    LinkPage::new(title).fact("Talk", &answered.talk.title).fact("Event", &answered.event.name)
}

fn question(answered: &Answered) -> LinkPage {
    let decline = |page: LinkPage| page.refusal("answer", "decline", "No, I decline");
    match answered.confirmation() {
        Confirmation::Pending => decline(
            about("Will you give this talk?", answered)
                .paragraph("It is accepted. Please tell the organizers whether they can count on you.")
                .choice("answer", "confirm", "Yes, I will give this talk"),
        ),
        Confirmation::Confirmed => decline(
            about("You confirmed this talk", answered)
                .paragraph("The organizers count on you. If something came up, you can still decline."),
        ),
        Confirmation::Declined => declined(answered),
    }
}

fn declined(answered: &Answered) -> LinkPage {
    about("You declined this talk", answered)
        .paragraph("The organizers know. If you want to give it after all, write to them.")
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    Ok(Page::new(question(&actions::look_at_link(&app, &who, &token).await?)))
}

pub async fn answer(
    who: Public,
    (app, token, Form { input: form, .. }): (Callboard, TokenPath, Form<AnswerForm>),
) -> Result<Page<LinkPage>> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(question(&actions::look_at_link(&app, &who, &token).await?).again(&errors)),
    };
    let answered = actions::answer_by_token(&app, who, AnswerByToken { token: token.0, answer: form.answer }).await?;
    let page = match answered.confirmation() {
        Confirmation::Declined => declined(&answered),
        Confirmation::Pending | Confirmation::Confirmed => about("Thank you", &answered)
            .paragraph("Your talk is confirmed, and a mail says so. You can still decline with the same link."),
    };
    Ok(Page::new(page.next("See my proposals", "/me")))
}

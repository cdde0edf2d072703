//! Confirming and declining in a browser: signed in from the proposal's page, or by the link of the mail. Looking at the
//! page behind the link changes nothing, its buttons do.

use super::{
    actions::{self, Answered as Given},
    model::{Answer, AnswerByToken, AnswerForm},
    views::AnsweredView,
};
use crate::{
    access::{Public, Speaker},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, TokenPath},
        once::{Answered, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    proposals::model::Confirmation,
};
use askama::Template;

#[derive(Template)]
#[template(path = "speaker/confirm.html")]
pub struct ConfirmPage {
    view: AnsweredView,
    /// Whether the answer was given by this very press.
    just_now: bool,
    form: FormState,
}

impl Screen for ConfirmPage {
    fn title(&self) -> String {
        let title = match self.view.confirmation {
            Confirmation::Pending => "Will you give this talk?",
            Confirmation::Confirmed => "You give this talk",
            Confirmation::Declined => "You declined this talk",
        };
        t(title).into_owned()
    }
}

fn page(answered: Given, just_now: bool, form: FormState) -> ConfirmPage {
    ConfirmPage { view: answered.into(), just_now, form }
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<ConfirmPage>> {
    let answered = actions::look_at_link(&app, &who, &token).await?;
    Ok(Page::new(page(answered, false, FormState::default())))
}

pub async fn answer(
    who: Public,
    (app, token, Form { sent, input }): (Callboard, TokenPath, Form<AnswerForm>),
) -> Result<Outcome<ConfirmPage>> {
    let looks = who.clone();
    let done = match input {
        Ok(form) => {
            let input = AnswerByToken { token: token.0.clone(), answer: form.answer };
            actions::answer_by_token(&app, who, input).await
        }
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(answered) => Ok(Outcome::Page(Page::new(page(answered, true, FormState::default())))),
        Err(error) => {
            let again = async |form| Ok(page(actions::look_at_link(&app, &looks, &token).await?, false, form));
            sent.again(error, again).await
        }
    }
}

type Button = (Callboard, CodePath, Form<ButtonForm>, Once);

async fn answer_mine(
    who: Speaker,
    (app, code, _, once): Button,
    answer: Answer,
    said: &'static str,
) -> Result<Answered<SeeOther>> {
    let go = SeeOther::to(format!("/{}/mine/{}", who.scope().slug, code.0)).saying(said);
    actions::answer_mine(&app, who, code.0, answer, once.then(|_: Given| go)).await
}

pub async fn confirm(who: Speaker, button: Button) -> Result<Answered<SeeOther>> {
    answer_mine(who, button, Answer::Confirm, "Thank you! It is confirmed, and a mail says so.").await
}

pub async fn decline(who: Speaker, button: Button) -> Result<Answered<SeeOther>> {
    answer_mine(who, button, Answer::Decline, "You declined. The organizers know.").await
}

//! The first page, and the page behind a mailed invitation.

use super::{
    actions::{self, Invited},
    team_model::{InvitationForm, role_in_words},
    views::{self, OnHome},
};
use crate::{
    access::Public,
    app::Callboard,
    error::{Code, FieldErrors, Result},
    http::{
        input::TokenPath,
        pages::{Form, LinkPage, Page, Screen, filters, language::t},
    },
};
use askama::Template;

impl Screen for Home {
    fn title(&self) -> String {
        t("Open calls for proposals").into_owned()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    calls: Vec<OnHome>,
}

pub async fn home(who: Public, (app,): (Callboard,)) -> Result<Page<Home>> {
    Ok(Page::new(Home { calls: views::on_home(actions::list(&app, &who).await?) }))
}

fn invitation_page(invited: &Invited, name: &str) -> LinkPage {
    let invitation = &invited.invitation;
    let page = LinkPage::new("Will you join the team?")
        .fact("Event", &invitation.event_name)
        .fact("As", role_in_words(invitation.role, &invitation.limit));
    page.invitation(&invitation.inviter, &invitation.email, invited.account.is_some(), name)
}

pub async fn show_invitation(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let invited = actions::look_at_invitation(&app, &who, &token).await?;
    Ok(Page::new(invitation_page(&invited, "")))
}

pub async fn accept(
    who: Public,
    (app, token, Form { input: form, .. }): (Callboard, TokenPath, Form<InvitationForm>),
) -> Result<Page<LinkPage>> {
    let invited = actions::look_at_invitation(&app, &who, &token).await?;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(invitation_page(&invited, "").again(&errors)),
    };
    let name = form.name.clone().unwrap_or_default();
    match actions::accept_by_link(&app, who, token.0, form).await {
        Ok(joined) => {
            let done = LinkPage::new("You are on the team")
                .fact("Event", &joined.event_name)
                .fact("As", role_in_words(joined.role, &joined.limit))
                .paragraph("Sign in with your address and password from now on.");
            Ok(Page::new(done))
        }
        Err(error) if error.code() == Code::Invalid => {
            Ok(invitation_page(&invited, &name).again(&FieldErrors(error.fields().to_vec())))
        }
        Err(error) => Err(error),
    }
}

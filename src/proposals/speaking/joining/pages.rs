//! The page behind a mailed invitation to speak.

use super::actions::{self, Invited};
use crate::{
    access::Public,
    accounts::sessions::{self, model::SignIn},
    app::Callboard,
    error::{Code, FieldErrors, Result},
    events::team_model::InvitationForm,
    http::{
        input::{TokenPath, UserAgent},
        pages::{Form, LinkPage, Outcome, Page, SeeOther, resume::leading_to},
    },
};

fn invitation_page(invited: &Invited, name: &str) -> LinkPage {
    let (title, text) = match invited.stage {
        Some(_) => (
            "Will you speak there too?",
            "Nobody sees your name until you accept. If you do not want to, close this page.",
        ),
        None => (
            "Is this you?",
            "The organizers entered you as a speaker. Take the profile over to edit it and to answer for it.",
        ),
    };
    let page = LinkPage::new(title).fact("Event", &invited.invitation.event_name);
    let page = match &invited.stage {
        Some(stage) => page.fact("Title", &stage.title),
        None => page,
    };
    let invitation = &invited.invitation;
    page.paragraph(text).invitation(&invitation.inviter, &invitation.email, invited.account.is_some(), name)
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let invited = actions::look_at(&app, &who, &token).await?;
    Ok(Page::new(invitation_page(&invited, "")))
}

pub async fn accept(
    who: Public,
    (app, token, Form { input: form, .. }, agent): (Callboard, TokenPath, Form<InvitationForm>, UserAgent),
) -> Result<Outcome<LinkPage>> {
    let invited = actions::look_at(&app, &who, &token).await?;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(Outcome::Page(invitation_page(&invited, "").again(&errors))),
    };
    let name = form.name.clone().unwrap_or_default();
    let sign_in = SignIn { email: invited.invitation.email.clone(), password: form.password.clone() };
    match actions::accept_by_link(&app, who.clone(), token.0, form).await {
        Ok(joined) => {
            // As for an invitation to a team.
            let Ok(begun) = sessions::actions::sign_in(&app, who, sign_in, agent.0).await else {
                let done = LinkPage::new("You speak there").fact("Event", &joined.invitation.event_name);
                let done = joined.stages.iter().fold(done, |page, stage| page.fact("Title", &stage.title));
                let path = leading_to("/sign-in", "/me");
                return Ok(Outcome::Page(Page::new(done.next("Sign in and see the proposal", path))));
            };
            let go = SeeOther::to("/me").saying("You speak there from now on, and are signed in. Welcome!");
            Ok(go.with_cookie(sessions::pages::cookie(&app, &begun)).into())
        }
        Err(error) if error.code() == Code::Invalid => {
            Ok(Outcome::Page(invitation_page(&invited, &name).again(&FieldErrors(error.fields().to_vec()))))
        }
        Err(error) => Err(error),
    }
}

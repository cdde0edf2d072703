//! The page behind a mailed invitation to speak.

use super::actions::{self, Invited};
use crate::{
    access::Public,
    app::Callboard,
    error::{Code, FieldErrors, Result},
    events::team_model::InvitationForm,
    http::{
        input::TokenPath,
        pages::{Form, LinkPage, Page},
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
    (app, token, Form { input: form, .. }): (Callboard, TokenPath, Form<InvitationForm>),
) -> Result<Page<LinkPage>> {
    let invited = actions::look_at(&app, &who, &token).await?;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(invitation_page(&invited, "").again(&errors)),
    };
    let name = form.name.clone().unwrap_or_default();
    match actions::accept_by_link(&app, who, token.0, form).await {
        Ok(joined) => {
            let done = LinkPage::new("You speak there").fact("Event", &joined.invitation.event_name);
            let done = joined.stages.iter().fold(done, |page, stage| page.fact("Title", &stage.title));
            Ok(Page::new(done.paragraph("Sign in with your address and password from now on.")))
        }
        Err(error) if error.code() == Code::Invalid => {
            Ok(invitation_page(&invited, &name).again(&FieldErrors(error.fields().to_vec())))
        }
        Err(error) => Err(error),
    }
}

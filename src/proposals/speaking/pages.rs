//! The page behind a mailed invitation to speak.

use super::actions::{self, Invited};
use crate::{
    access::Public,
    app::Callboard,
    error::{Code, FieldErrors, Result},
    events::team_model::InvitationForm,
    http::{
        input::{Form, TokenPath},
        pages::{Field, LinkPage},
        reply::Page,
    },
};

fn invitation_page(invited: &Invited, name: &str) -> LinkPage {
    let page = LinkPage::new("Will you speak there too?")
        .fact("Event", &invited.invitation.event_name)
        .fact("Title", &invited.stage.title);
    // Whoever erased their account has no name any more.
    let inviter = &invited.invitation.inviter;
    let page = if inviter.is_empty() { page } else { page.fact("Invited by", inviter) };
    let page = page
        .fact("For the address", &invited.invitation.email)
        .paragraph("Nobody sees your name until you accept. If you do not want to, close this page.");
    if invited.account.is_some() {
        page.paragraph("You have an account with this address.").field(Field::password()).button("Sign in and accept")
    } else {
        page.paragraph("You get an account with this address.")
            .field(Field::name(name))
            .field(Field::new_password())
            .button("Create the account and accept")
    }
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let invited = actions::look_at(&app, &who, &token).await?;
    Ok(Page::new(invitation_page(&invited, "")))
}

pub async fn accept(
    who: Public,
    (app, token, Form(form)): (Callboard, TokenPath, Form<InvitationForm>),
) -> Result<Page<LinkPage>> {
    let invited = actions::look_at(&app, &who, &token).await?;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(invitation_page(&invited, "").again(&errors)),
    };
    let name = form.name.clone().unwrap_or_default();
    match actions::accept_by_link(&app, who, token.0, form).await {
        Ok(joined) => {
            let done = LinkPage::new("You speak there")
                .fact("Event", &joined.invitation.event_name)
                .fact("Title", &joined.stage.title)
                .paragraph("Sign in with your address and password from now on.");
            Ok(Page::new(done))
        }
        Err(error) if error.code() == Code::Invalid => {
            Ok(invitation_page(&invited, &name).again(&FieldErrors(error.fields().to_vec())))
        }
        Err(error) => Err(error),
    }
}

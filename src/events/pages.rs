//! The first page, and the page behind a mailed invitation.

use super::{
    actions::{self, Invited},
    team_model::{InvitationForm, role_in_words},
    views::{self, HomeView},
};
use crate::{
    access::{Public, Role},
    accounts::sessions::{self, model::SignIn},
    app::Callboard,
    error::{Code, FieldErrors, Result},
    http::{
        input::{TokenPath, UserAgent},
        pages::{Form, LinkPage, Outcome, Page, Screen, SeeOther, filters, language::t, resume::leading_to},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "public/home.html")]
pub struct Home {
    home: HomeView,
}

impl Screen for Home {
    fn title(&self) -> String {
        t("Open calls for proposals").into_owned()
    }

    fn about(&self) -> String {
        t("Conferences that look for talks right now.").into_owned()
    }
}

pub async fn home(who: Public, (app,): (Callboard,)) -> Result<Page<Home>> {
    Ok(Page::new(Home { home: views::home(actions::list(&app, &who).await?) }))
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
    (app, token, Form { input: form, .. }, agent): (Callboard, TokenPath, Form<InvitationForm>, UserAgent),
) -> Result<Outcome<LinkPage>> {
    let invited = actions::look_at_invitation(&app, &who, &token).await?;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(Outcome::Page(invitation_page(&invited, "").again(&errors))),
    };
    let name = form.name.clone().unwrap_or_default();
    let sign_in = SignIn { email: invited.invitation.email.clone(), password: form.password.clone() };
    match actions::accept_by_link(&app, who.clone(), token.0, form).await {
        Ok(joined) => {
            let work = if joined.role == Role::Reviewer { "review" } else { "organize" };
            let path = format!("/{}/{work}", joined.slug);
            // The password was right a moment ago; if signing in is refused all the same, people do it themselves.
            let Ok(begun) = sessions::actions::sign_in(&app, who, sign_in, agent.0).await else {
                let done = LinkPage::new("You are on the team")
                    .fact("Event", &joined.event_name)
                    .fact("As", role_in_words(joined.role, &joined.limit))
                    .next("Sign in and begin", leading_to("/sign-in", &path));
                return Ok(Outcome::Page(Page::new(done)));
            };
            let go = SeeOther::to(path).saying("You are on the team, and signed in. Welcome!");
            Ok(go.with_cookie(sessions::pages::cookie(&app, &begun)).into())
        }
        Err(error) if error.code() == Code::Invalid => {
            Ok(Outcome::Page(invitation_page(&invited, &name).again(&FieldErrors(error.fields().to_vec()))))
        }
        Err(error) => Err(error),
    }
}

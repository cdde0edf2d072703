//! The page behind a sign-in link: its button begins a session here; its code begins one in the program in which it was
//! asked for. Nothing is used up by looking. Before it: the pages on which somebody asks for a link.

use super::{
    actions,
    model::{AskLink, Purpose, Wish},
};
use crate::{
    access::Public,
    app::Callboard,
    error::Result,
    http::{
        input::TokenPath,
        pages::{Form, FormState, LinkPage, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "accounts/ask_link.html")]
pub struct AskLinkPage {
    form: FormState,
    wish: Wish,
}

impl AskLinkPage {
    fn heading(&self) -> &'static str {
        match self.wish {
            Wish::Reset => "Set a new password",
            Wish::SignIn => "Sign in without a password",
        }
    }

    fn text(&self) -> &'static str {
        match self.wish {
            Wish::Reset => "Say your mail address. You get a link with which you choose a new password.",
            Wish::SignIn => "Say your mail address. You get a link that signs you in; it works once, for 15 minutes.",
        }
    }

    fn path(&self) -> &'static str {
        match self.wish {
            Wish::Reset => "/forgot",
            Wish::SignIn => "/sign-in-link",
        }
    }
}

impl Screen for AskLinkPage {
    fn title(&self) -> String {
        t(self.heading()).into_owned()
    }
}

async fn ask(who: Public, app: Callboard, form: Form<AskLink>, wish: Wish) -> Result<Outcome<AskLinkPage>> {
    let Form { sent, input } = form;
    let done = match input {
        Ok(input) => actions::ask(&app, who, wish, input.email).await,
        Err(errors) => Err(errors.into()),
    };
    let page = |form| AskLinkPage { form, wish };
    match done {
        Ok(()) => Ok(SeeOther::to(format!("{}/sent", page(FormState::default()).path())).into()),
        Err(error) => sent.again(error, async |form| Ok(page(form))).await,
    }
}

/// The same for an address that has an account and one that has none.
fn sent_page(again: &'static str) -> LinkPage {
    LinkPage::new("Look into your mail")
        .paragraph("If there is an account with this address, a link is on its way to it. It may take a minute; look among the unwanted mails too.")
        .paragraph("No mail? Perhaps your account has another address, or you have none yet.")
        .next("Ask again", again)
        .next("Sign up", "/sign-up")
}

pub async fn show_ask_sign_in(_: Public, (): ()) -> Result<Page<AskLinkPage>> {
    Ok(Page::new(AskLinkPage { form: FormState::default(), wish: Wish::SignIn }))
}

pub async fn ask_sign_in(who: Public, (app, form): (Callboard, Form<AskLink>)) -> Result<Outcome<AskLinkPage>> {
    ask(who, app, form, Wish::SignIn).await
}

pub async fn sign_in_sent(_: Public, (): ()) -> Result<Page<LinkPage>> {
    Ok(Page::new(sent_page("/sign-in-link")))
}

pub async fn show_ask_reset(_: Public, (): ()) -> Result<Page<AskLinkPage>> {
    Ok(Page::new(AskLinkPage { form: FormState::default(), wish: Wish::Reset }))
}

pub async fn ask_reset(who: Public, (app, form): (Callboard, Form<AskLink>)) -> Result<Outcome<AskLinkPage>> {
    ask(who, app, form, Wish::Reset).await
}

pub async fn reset_sent(_: Public, (): ()) -> Result<Page<LinkPage>> {
    Ok(Page::new(sent_page("/forgot")))
}

pub async fn show_sign_in(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let action = actions::look_at(&app, &who, Purpose::SignIn, &token).await?;
    let page =
        LinkPage::new("Sign in").fact("Address", action.account.email).button("Sign in on this device").otherwise(
            "Asked for it in another program?",
            "Copy this code into it instead. It works once, within 15 minutes of asking. Give it to nobody.",
            token.0,
        );
    Ok(Page::new(page))
}

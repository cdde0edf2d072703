//! Looking after the own account. Each form says on the same page what is wrong with it.

use crate::{
    access::{SignedIn, scopes::TokenScope},
    accounts::{
        actions,
        changes::{
            self,
            model::{AskEmail, ChangePassword},
        },
        links::model::ButtonForm,
        sessions::{self, views::SessionView},
        views::Me,
    },
    app::Callboard,
    error::Result,
    http::{
        input::IdPath,
        once::{Answered, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, SeeOther,
            cookies::{self, Jar},
            filters,
            input::Choice,
            language::t,
        },
    },
    tokens::{
        self,
        model::NewToken,
        views::{MadeView, TokenView},
    },
};
use askama::Template;
use std::time::Duration;

const HERE: &str = "/me/security";

#[derive(Template)]
#[template(path = "accounts/security.html")]
pub struct SecurityPage {
    me: Me,
    has_password: bool,
    forms: Forms,
    sessions: Vec<SessionView>,
    tokens: Vec<TokenView>,
    /// Just made, with its secret.
    made: Option<MadeView>,
}

/// The forms of the page. One of them may come back with what is wrong.
struct Forms {
    button: FormState,
    address: FormState,
    password: FormState,
    token: FormState,
}

impl Forms {
    fn new(app: &Callboard) -> Forms {
        let (address, password) = (FormState::default(), FormState::default());
        let token = FormState::default().with("expires_in_days", "90");
        Forms { button: FormState::new(app), address, password, token }
    }
}

impl Screen for SecurityPage {
    fn title(&self) -> String {
        t("Sign-in and security").into_owned()
    }
}

impl SecurityPage {
    fn scopes(&self) -> Vec<Choice> {
        let choice = |scope: &TokenScope| {
            let meaning = t(scope.meaning()).into_owned();
            Choice { value: scope.to_string(), label: meaning, hint: scope.to_string() }
        };
        TokenScope::ALL.iter().map(choice).collect()
    }

    fn names(&self, scopes: &[TokenScope]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The program behind a session, as its owner would call it.
    fn program(&self, agent: &str) -> String {
        const BROWSERS: &[(&str, &str)] = &[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        const SYSTEMS: &[(&str, &str)] = &[
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ];
        let named =
            |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
        match (named(BROWSERS), named(SYSTEMS)) {
            (Some(browser), Some(system)) => t("{} on {}").replacen("{}", browser, 1).replacen("{}", system, 1),
            (Some(browser), None) => browser.to_owned(),
            _ if agent.is_empty() => t("A program that did not say its name").into_owned(),
            _ => agent.to_owned(),
        }
    }
}

async fn page(app: &Callboard, who: &SignedIn, forms: Forms, made: Option<MadeView>) -> Result<SecurityPage> {
    let account = actions::me(app, who.clone()).await?;
    let has_password = account.password_phc.is_some();
    let current = who.session()?;
    let sessions = sessions::actions::list(app, who.clone()).await?;
    let sessions = sessions.into_iter().map(|session| SessionView::new(session, current)).collect();
    let tokens = tokens::actions::list_mine(app, who.clone()).await?.into_iter().map(TokenView::from).collect();
    Ok(SecurityPage { me: account.into(), has_password, forms, sessions, tokens, made })
}

pub async fn show(who: SignedIn, (app,): (Callboard,)) -> Result<Page<SecurityPage>> {
    Ok(Page::new(page(&app, &who, Forms::new(&app), None).await?))
}

pub async fn send_verification(
    who: SignedIn,
    (app, _, once): (Callboard, Form<ButtonForm>, Once),
) -> Result<Answered<SeeOther>> {
    let done = |()| SeeOther::to(HERE).saying("A mail is on its way. The link in it verifies your address.");
    actions::send_verification(&app, who, once.then(done)).await
}

pub async fn ask_email(who: SignedIn, (app, form): (Callboard, Form<AskEmail>)) -> Result<Outcome<SecurityPage>> {
    let Form { sent, input } = form;
    let done = match input {
        Ok(input) => changes::actions::ask_email(&app, who.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(()) => {
            let go = SeeOther::to(HERE)
                .saying("Open the link that we mailed to the new address. Until then the old one stays.");
            Ok(go.into())
        }
        Err(error) => {
            let again = async |address| page(&app, &who, Forms { address, ..Forms::new(&app) }, None).await;
            sent.again(error, again).await
        }
    }
}

pub async fn change_password(
    who: SignedIn,
    (app, form): (Callboard, Form<ChangePassword>),
) -> Result<Outcome<SecurityPage>> {
    let Form { sent, input } = form;
    let done = match input {
        Ok(input) => changes::actions::change_password(&app, who.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(()) => {
            Ok(SeeOther::to(HERE).saying("Your password is changed. You are signed out everywhere but here.").into())
        }
        Err(error) => {
            let again = async |password| page(&app, &who, Forms { password, ..Forms::new(&app) }, None).await;
            sent.again(error, again).await
        }
    }
}

pub async fn end(who: SignedIn, (app, id, _): (Callboard, IdPath, Form<ButtonForm>)) -> Result<SeeOther> {
    sessions::actions::end(&app, who, id.0).await?;
    Ok(SeeOther::to(HERE).saying("That session is ended."))
}

pub async fn end_all(who: SignedIn, (app, _): (Callboard, Form<ButtonForm>)) -> Result<SeeOther> {
    sessions::actions::end_all(&app, who).await?;
    let forget = cookies::write(&app, Jar::Session, "", Duration::ZERO);
    Ok(SeeOther::to("/sign-in").saying("You are signed out everywhere.").with_cookie(forget))
}

/// The answer is a page, for a secret that is shown once must not wait in a cookie.
pub async fn make_token(who: SignedIn, (app, form): (Callboard, Form<NewToken>)) -> Result<Outcome<SecurityPage>> {
    let Form { sent, input } = form;
    let done = match input {
        Ok(input) => tokens::actions::create_mine(&app, who.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(made) => Ok(Outcome::Page(Page::new(page(&app, &who, Forms::new(&app), Some(made.into())).await?))),
        Err(error) => {
            let again = async |token| page(&app, &who, Forms { token, ..Forms::new(&app) }, None).await;
            sent.again(error, again).await
        }
    }
}

pub async fn revoke_token(who: SignedIn, (app, id, _): (Callboard, IdPath, Form<ButtonForm>)) -> Result<SeeOther> {
    tokens::actions::revoke_mine(&app, who, id.0).await?;
    Ok(SeeOther::to(HERE).saying("The token is revoked."))
}

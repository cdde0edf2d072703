//! Signing in and out in a browser. The session's token goes into a cookie, and nowhere else.

use super::{
    actions,
    model::{Begun, SignIn},
};
use crate::{
    access::{Public, SignedIn},
    accounts::links::model::{ButtonForm, LinkToken},
    app::Callboard,
    error::{Code, Error, Result},
    http::{
        input::{Query, TokenPath, UserAgent},
        pages::{
            Form, FormState, Outcome, Page, SeeOther, Sent,
            cookies::{self, Jar},
            resume::{NEXT, Next, SignInPage, UNSENT_FORM, UNSENT_PATH, Unsent, UnsentPage, own_path},
        },
        routes::{Reply, Sketch},
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderValue, SET_COOKIE},
};
use std::time::Duration;

pub async fn show(_: Public, (Query(next),): (Query<Next>,)) -> Result<Page<SignInPage>> {
    let next = next.next.as_deref().and_then(own_path).unwrap_or_default().to_owned();
    Ok(Page::new(SignInPage { form: FormState::default(), next, unsent: None }))
}

/// Signed in: on to where somebody wanted to go, or to the form that waits to be sent.
pub enum Signed {
    Again(Outcome<SignInPage>),
    Go(SeeOther),
    Unsent { page: Page<UnsentPage>, cookie: String },
}

impl Reply for Signed {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        match self {
            Signed::Again(outcome) => outcome.respond(request),
            Signed::Go(go) => go.respond(request),
            Signed::Unsent { page, cookie } => {
                let mut answer = page.respond(request)?;
                if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                    answer.headers_mut().append(SET_COOKIE, cookie);
                }
                Ok(answer)
            }
        }
    }

    fn describe(sketch: &mut Sketch) {
        SeeOther::describe(sketch);
    }
}

/// The cookie of a session just begun.
pub fn cookie(app: &Callboard, begun: &Begun) -> String {
    cookies::write(app, Jar::Session, &begun.token, begun.expires_at.since(app.clock.now()))
}

fn unsent(sent: &Sent) -> Option<Unsent> {
    Unsent::decode(sent.get(UNSENT_PATH), sent.get(UNSENT_FORM))
}

pub async fn sign_in(who: Public, (app, form, agent): (Callboard, Form<SignIn>, UserAgent)) -> Result<Signed> {
    let sent = form.sent;
    let next = own_path(sent.get(NEXT)).map(ToOwned::to_owned);
    let begun = match form.input {
        Ok(input) => actions::sign_in(&app, who, input, agent.0).await,
        Err(errors) => Err(errors.into()),
    };
    match begun {
        Ok(begun) => {
            let cookie = cookie(&app, &begun);
            Ok(match unsent(&sent) {
                Some(unsent) => Signed::Unsent { page: Page::new(UnsentPage { unsent }), cookie },
                None => Signed::Go(SeeOther::to(next.unwrap_or_else(|| "/me".into())).with_cookie(cookie)),
            })
        }
        Err(error) => {
            let error = match error.code() {
                Code::WrongCredentials => {
                    Error::new(error.code(), "Address or password is wrong. A mailed link helps, see below.")
                }
                _ => error,
            };
            let unsent = unsent(&sent);
            let page = async |form| Ok(SignInPage { form, next: next.unwrap_or_default(), unsent });
            sent.again(error, page).await.map(Signed::Again)
        }
    }
}

/// By the link that was mailed. Looking at its page does nothing: only the button does.
pub async fn sign_in_by_link(
    who: Public,
    (app, token, _, agent): (Callboard, TokenPath, Form<ButtonForm>, UserAgent),
) -> Result<SeeOther> {
    let begun = actions::sign_in_by_link(&app, who, LinkToken { token: token.0 }, agent.0).await?;
    Ok(SeeOther::to("/me").with_cookie(cookie(&app, &begun)))
}

pub async fn sign_out(who: SignedIn, (app, _): (Callboard, Form<ButtonForm>)) -> Result<SeeOther> {
    actions::sign_out(&app, who).await?;
    let forget = cookies::write(&app, Jar::Session, "", Duration::ZERO);
    Ok(SeeOther::to("/").saying("You are signed out.").with_cookie(forget))
}

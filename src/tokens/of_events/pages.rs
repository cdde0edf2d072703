//! The page of an event's tokens.

use crate::{
    access::{Organizer, scopes::TokenScope},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::IdPath,
        pages::{
            Form, FormState, Outcome, Page, Screen, filters,
            input::Choice,
            language::t,
            several::{Returned, back},
        },
    },
    tokens::{
        actions,
        model::{Made, NewToken, Token},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "setup/tokens.html")]
pub struct TokensPage {
    slug: String,
    /// Of the event.
    zone: String,
    base: String,
    tokens: Vec<Token>,
    made: Option<Made>,
    form: FormState,
    button: FormState,
}

impl Screen for TokensPage {
    fn title(&self) -> String {
        t("Tokens").into_owned()
    }
}

impl TokensPage {
    fn scopes() -> Vec<Choice> {
        let choice = |scope: &TokenScope| Choice {
            value: scope.as_str().into(),
            label: scope.as_str().into(),
            hint: t(scope.meaning()).into_owned(),
        };
        TokenScope::ALL.iter().filter(|scope| scope.is_of_events()).map(choice).collect()
    }
}

async fn page(app: &Callboard, who: &Organizer, returned: Returned) -> Result<TokensPage> {
    let tokens = actions::list_of_event(app, who.clone()).await?;
    let form = FormState::new(app).with("expires_in_days", "90");
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let (form, button) = (returned.form("new", form), returned.of_button());
    Ok(TokensPage { slug, zone, base: app.config.base_url.clone(), tokens, made: None, form, button })
}

pub async fn show(who: Organizer, (app,): (Callboard,)) -> Result<Page<TokensPage>> {
    Ok(Page::new(page(&app, &who, Returned::default()).await?))
}

/// The answer is the page itself: the token is kept nowhere, so no page after this one could show it.
pub async fn create(
    who: Organizer,
    (app, Form { sent, input }): (Callboard, Form<NewToken>),
) -> Result<Outcome<TokensPage>> {
    let done = async { actions::create_of_event(&app, who.clone(), input?).await };
    match done.await {
        Ok(made) => {
            let page = page(&app, &who, Returned::default()).await?;
            Ok(Outcome::Page(Page::new(TokensPage { made: Some(made), ..page })))
        }
        Err(error) => sent.again(error, async |form| page(&app, &who, Returned::one("new", form)).await).await,
    }
}

pub async fn revoke(
    who: Organizer,
    (app, id, Form { sent, .. }): (Callboard, IdPath, Form<ButtonForm>),
) -> Result<Outcome<TokensPage>> {
    match actions::revoke_of_event(&app, who.clone(), id.0).await {
        Ok(()) => Ok(back(who.scope(), "/tokens", "The token no longer works.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &who, Returned::button(form)).await).await,
    }
}

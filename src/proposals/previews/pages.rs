//! Links that show a proposal: made and revoked on its page, and what they show.

use super::{actions, model::NewPreview, views::PreviewView};
use crate::{
    access::{Public, Speaker},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, IdPath, TokenPath},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters},
    },
    proposals::pages::{
        deeds::{back_to, or_again},
        show::{self, ProposalPage},
    },
};
use askama::Template;

/// Shows the address at once instead of leading on: it is stored nowhere.
pub async fn create(
    who: Speaker,
    (app, code, Form { sent, input }): (Callboard, CodePath, Form<NewPreview>),
) -> Result<Outcome<ProposalPage>> {
    let made = match input {
        Ok(input) => actions::create(&app, who.clone(), code.0.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match made {
        Ok(made) => {
            let mut page = show::page(&app, &who, &code, FormState::new(&app)).await?;
            page.made = Some(made.url);
            Ok(Outcome::Page(Page::new(page)))
        }
        Err(error) => or_again(&app, &who, &code, sent, Err::<SeeOther, _>(error)).await,
    }
}

pub async fn revoke(
    who: Speaker,
    (app, code, id, form): (Callboard, CodePath, IdPath, Form<ButtonForm>),
) -> Result<Outcome<ProposalPage>> {
    let go = back_to(&who, &code).saying("The link is revoked: it shows nothing any more.");
    let done = actions::revoke(&app, who.clone(), code.0.clone(), id.0).await.map(|()| go);
    or_again(&app, &who, &code, form.sent, done).await
}

#[derive(Template)]
#[template(path = "speaker/shown.html")]
pub struct ShownPage {
    view: PreviewView,
}

impl Screen for ShownPage {
    fn title(&self) -> String {
        self.view.title.clone()
    }
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<ShownPage>> {
    let view = actions::show(&app, who, &token).await?.into();
    Ok(Page::new(ShownPage { view }))
}

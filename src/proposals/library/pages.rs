//! The page to propose something again.

use super::{actions, model::ProposeAgain};
use crate::{
    access::Speaker,
    app::Callboard,
    calls::{self, views::ForPublic},
    error::Result,
    http::{
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    proposals::{self, actions::Mine, pages::standing::Own},
};
use askama::Template;

#[derive(Template)]
#[template(path = "speaker/again.html")]
pub struct AgainPage {
    slug: String,
    call: ForPublic,
    /// All that somebody ever proposed, the latest first.
    earlier: Vec<Own>,
    form: FormState,
}

impl Screen for AgainPage {
    fn title(&self) -> String {
        t("Propose again").into_owned()
    }
}

async fn page(app: &Callboard, who: &Speaker, form: FormState) -> Result<AgainPage> {
    let call = calls::actions::show_call(app, who.as_anyone()).await?.into();
    let now = app.clock.now();
    let mine = proposals::actions::mine_everywhere(app, who.who().clone()).await?;
    let mut earlier: Vec<Own> = mine.into_iter().map(|mine| Own::of(mine, now)).collect();
    earlier.sort_by_key(|own| std::cmp::Reverse(own.view.updated_at));
    Ok(AgainPage { slug: who.scope().slug.clone(), call, earlier, form })
}

pub async fn show(who: Speaker, (app,): (Callboard,)) -> Result<Page<AgainPage>> {
    Ok(Page::new(page(&app, &who, FormState::new(&app)).await?))
}

pub async fn propose_again(
    who: Speaker,
    (app, Form { sent, input }, once): (Callboard, Form<ProposeAgain>, Once),
) -> Result<Outcome<AgainPage>> {
    let mine = format!("/{}/mine", who.scope().slug);
    let drafted = move |done: Mine| {
        let code = done.proposal.row.code;
        SeeOther::to(format!("{mine}/{code}/edit")).saying("Here is a draft with its texts. Make it fit this event.")
    };
    let done = match input {
        Ok(input) => actions::propose_again(&app, who.clone(), input, once.then(drafted)).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(go) => Ok(go.into()),
        Err(error) => sent.again(error, async |form| page(&app, &who, form).await).await,
    }
}

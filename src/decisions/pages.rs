//! Deciding in a browser: on one proposal, and on many after a look at what would change.

use super::{
    actions,
    model::{Decide, DecideMany, Obstacle},
};
use crate::{
    access::{Besides, Decider},
    app::Callboard,
    error::Result,
    http::{
        input::CodePath,
        once::{IfMatch, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    proposals::{
        model::Decision,
        organize::pages::{
            badges,
            one::{self, Forms, ProposalPage},
        },
    },
};
use askama::Template;

/// Those that change from one decision, or stay as they are.
pub struct Group {
    pub from: Decision,
    pub proposals: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "choose/decide.html")]
pub struct DecidePage {
    slug: String,
    to: Decision,
    changing: Vec<Group>,
    staying: Vec<(String, String)>,
    /// Code, title, and why it cannot be decided.
    stuck: Vec<(String, String, &'static str)>,
    /// Those that can be decided, one a line.
    codes: String,
    back: String,
    form: FormState,
}

impl Screen for DecidePage {
    fn title(&self) -> String {
        t("What would change").into_owned()
    }
}

impl DecidePage {
    fn count(&self) -> usize {
        self.changing.iter().map(|group| group.proposals.len()).sum()
    }
}

/// Where the form was, if that is a page of this event.
fn back(slug: &str, asked: &str) -> String {
    let home = format!("/{slug}/organize/");
    if asked.starts_with(&home) { asked.to_owned() } else { format!("{home}proposals") }
}

async fn rehearsed(
    app: &Callboard,
    who: Decider,
    input: DecideMany,
    (back, form): (String, FormState),
) -> Result<DecidePage> {
    let (slug, to) = (who.scope().slug.clone(), input.decision);
    let mut page = DecidePage {
        slug,
        to,
        changing: Decision::ALL.iter().map(|from| Group { from: *from, proposals: vec![] }).collect(),
        staying: vec![],
        stuck: vec![],
        codes: String::new(),
        back,
        form,
    };
    let mut codes = vec![];
    for (change, title) in actions::rehearse(app, who, input).await? {
        match change.from {
            Err(Obstacle::Twice) => {}
            Err(obstacle) => page.stuck.push((change.code, title, obstacle.message())),
            Ok(from) if from == to => page.staying.push((change.code, title)),
            Ok(from) => {
                codes.push(change.code.clone());
                let group = page.changing.iter_mut().find(|group| group.from == from);
                if let Some(group) = group {
                    group.proposals.push((change.code, title));
                }
            }
        }
    }
    page.changing.retain(|group| !group.proposals.is_empty());
    page.codes = codes.join("\n");
    Ok(page)
}

/// First what would change, then, from that page, the deed.
pub async fn decide_many(
    who: Decider,
    (app, form, once): (Callboard, Form<DecideMany>, Once),
) -> Result<Outcome<DecidePage>> {
    let Form { sent, input } = form;
    let back = back(&who.scope().slug, sent.get("_back"));
    let input = match input {
        Ok(input) => input,
        Err(errors) if sent.get("codes").is_empty() => {
            tracing::debug!(?errors, "Nothing was chosen");
            return Ok(SeeOther::to(back).saying("Nothing was chosen. Tick some proposals first.").into());
        }
        Err(errors) => return Err(errors.into()),
    };
    if input.dry_run {
        let form = FormState::new(&app);
        return Ok(Outcome::Page(Page::new(rehearsed(&app, who, input, (back, form)).await?)));
    }
    let there = back.clone();
    let go = once.then(move |_| SeeOther::to(there).saying("Decided. Nobody is told before you publish."));
    match actions::decide_many(&app, who.clone(), input.clone(), go).await {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let again = async |form| rehearsed(&app, who, input, (back, form)).await;
            sent.again(error, again).await
        }
    }
}

pub async fn decide(
    who: Decider,
    (app, code, form, version, besides): (Callboard, CodePath, Form<Decide>, IfMatch, Besides),
) -> Result<Outcome<ProposalPage>> {
    let Form { sent, input } = form;
    let there = format!("/{}/organize/proposals/{}", who.scope().slug, code.0);
    let done = match input {
        Ok(input) => actions::decide(&app, who, code.0.clone(), input, version).await,
        Err(errors) => Err(errors.into()),
    };
    match (done, &besides.proposal_reader) {
        (Ok(_), _) => Ok(SeeOther::to(there).saying("Decided. Nobody is told before you publish.").into()),
        (Err(error), None) => Err(error),
        (Err(error), Some(reader)) => {
            let again = async |form| {
                let forms = Forms { deciding: Some(form), ..Forms::default() };
                one::page(&app, reader, &besides, (&code, false), forms).await
            };
            sent.again(error, again).await
        }
    }
}

//! Conflicts of interest for organizers: what is known, what may be one, and pinning it.

use super::{actions, views::HintView};
use crate::{
    access::Organizer,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    events,
    http::{
        input::{IdPath, Page as Asked, Query},
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
        reply::List,
    },
    reviews::conflicts::{
        self,
        hints::model::Reason,
        model::{Conflict, Kind, Pin, Source},
        views::ConflictView,
    },
};
use askama::Template;

/// So many hints are worth a look.
const MOST_HINTS: usize = 100;

#[derive(Template)]
#[template(path = "review/all_conflicts.html")]
pub struct Conflicts {
    slug: String,
    zone: String,
    rows: Vec<ConflictView>,
    next: Option<String>,
    is_first: bool,
    hints: Vec<HintView>,
    /// How many hints there are beyond those shown.
    more_hints: usize,
    /// Who is on the team, by code and name.
    members: Vec<(String, String)>,
    form: FormState,
}

impl Screen for Conflicts {
    fn title(&self) -> String {
        t("Conflicts of interest").into_owned()
    }
}

impl Conflicts {
    fn kind_in_words(kind: Kind) -> &'static str {
        match kind {
            Kind::Own => "their own",
            Kind::Close => "somebody close",
            Kind::Other => "another reason",
        }
    }

    fn reason_in_words(reason: Reason) -> &'static str {
        match reason {
            Reason::SamePerson => "looks like the same person",
            Reason::CoSpeaker => "have spoken together",
            Reason::Affiliation => "same affiliation",
            Reason::MailDomain => "same mail domain",
        }
    }

    fn kinds() -> [(&'static str, &'static str); 3] {
        [Kind::Close, Kind::Own, Kind::Other].map(|kind| (kind.as_str(), Self::kind_in_words(kind)))
    }
}

fn path(who: &Organizer) -> String {
    format!("/{}/organize/conflicts", who.scope().slug)
}

async fn page(app: &Callboard, who: &Organizer, asked: Asked, form: Option<FormState>) -> Result<Conflicts> {
    let (limit, is_first) = (asked.limit(), asked.cursor.is_none());
    let found = conflicts::actions::list(app, who.clone(), asked).await?;
    let list = List::page(found, limit, Conflict::place, ConflictView::from);
    let mut hints = actions::list(app, who.clone()).await?;
    let more_hints = hints.len().saturating_sub(MOST_HINTS);
    hints.truncate(MOST_HINTS);
    let members = events::actions::list_members(app, who.clone()).await?;
    Ok(Conflicts {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        rows: list.items,
        next: list.next,
        is_first,
        hints: hints.into_iter().map(HintView::from).collect(),
        more_hints,
        members: members.into_iter().map(|member| (member.code, member.name)).collect(),
        form: form.unwrap_or_else(|| FormState::new(app)),
    })
}

pub async fn show(who: Organizer, (app, Query(asked)): (Callboard, Query<Asked>)) -> Result<Page<Conflicts>> {
    Ok(Page::new(page(&app, &who, asked, None).await?))
}

pub async fn pin(who: Organizer, (app, form, once): (Callboard, Form<Pin>, Once)) -> Result<Outcome<Conflicts>> {
    let Form { sent, input } = form;
    let to = path(&who);
    let said =
        once.then(|_| SeeOther::to(to).saying("The conflict is pinned: they do not meet the proposal any more."));
    let pinned = match input {
        Ok(input) => conflicts::actions::pin(&app, who.clone(), input, said).await,
        Err(errors) => Err(errors.into()),
    };
    match pinned {
        Ok(go) => Ok(go.into()),
        Err(error) => sent.again(error, async |form| page(&app, &who, Asked::default(), Some(form)).await).await,
    }
}

pub async fn unpin(
    who: Organizer,
    (app, id, form): (Callboard, IdPath, Form<ButtonForm>),
) -> Result<Outcome<Conflicts>> {
    match conflicts::actions::unpin(&app, who.clone(), id.0).await {
        Ok(()) => Ok(SeeOther::to(path(&who)).saying("The conflict is removed.").into()),
        Err(error) => form.sent.again(error, async |form| page(&app, &who, Asked::default(), Some(form)).await).await,
    }
}

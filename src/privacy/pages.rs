//! What is held about a person, in a browser: how much there is, all of it as a file, and going.

use super::{
    actions,
    model::{EraseMe, Fate},
    views::DataView,
};
use crate::{
    access::SignedIn,
    accounts,
    app::Callboard,
    error::Result,
    http::{
        pages::{
            Form, FormState, Outcome, Page, Screen, SeeOther,
            cookies::{self, Jar},
            filters,
            language::t,
        },
        reply::Json,
        routes::{Reply, Sketch},
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, HeaderValue},
};
use askama::Template;
use std::time::Duration;

#[derive(Template)]
#[template(path = "accounts/data.html")]
pub struct DataPage {
    data: DataView,
}

impl Screen for DataPage {
    fn title(&self) -> String {
        t("My data").into_owned()
    }
}

impl DataPage {
    /// What there is, and how much of it.
    fn kinds(&self) -> Vec<(&'static str, usize)> {
        let data = &self.data;
        let versions: usize = data.proposals.iter().map(|proposal| proposal.versions.len()).sum();
        let kinds = [
            ("Proposals of yours, or with you as a speaker", data.proposals.len()),
            ("Versions of what they said", versions),
            ("Profiles as a speaker", data.profiles.len()),
            ("Links that show a proposal to others", data.preview_links.len()),
            ("Places on the team of an event", data.memberships.len()),
            ("Invitations to you", data.invitations.len() + data.speaker_invitations.len()),
            ("Invitations from you", data.invitations_sent.len() + data.speaker_invitations_sent.len()),
            ("Reviews that you wrote", data.reviews.len() + data.review_drafts.len()),
            ("Comments that you wrote", data.comments.len()),
            ("Conflicts, assignments and wishes as a reviewer", {
                data.conflicts.len() + data.assignments.len() + data.bids.len() + data.skipped.len()
            }),
            ("Deeds in the logs of events", data.deeds.len() + data.publications.len()),
            ("Sessions and tokens", data.sessions.len() + data.tokens.len()),
            ("Mails to you", data.mails.len()),
        ];
        kinds.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

pub async fn show(who: SignedIn, (app,): (Callboard,)) -> Result<Page<DataPage>> {
    Ok(Page::new(DataPage { data: actions::data(&app, who).await?.into() }))
}

/// Everything as one JSON file.
pub struct DataFile(Json<DataView>);

impl Reply for DataFile {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse> {
        let mut answer = self.0.respond(request)?;
        let name = HeaderValue::from_static("attachment; filename=\"callboard-my-data.json\"");
        answer.headers_mut().insert(CONTENT_DISPOSITION, name);
        Ok(answer)
    }

    fn describe(sketch: &mut Sketch) {
        Json::<DataView>::describe(sketch);
    }
}

pub async fn download(who: SignedIn, (app,): (Callboard,)) -> Result<DataFile> {
    Ok(DataFile(Json(actions::data(&app, who).await?.into())))
}

#[derive(Template)]
#[template(path = "accounts/erase.html")]
pub struct ErasePage {
    form: FormState,
    email: String,
    has_password: bool,
    /// How many talks stay, how many proposals go, and in how many others only the person does.
    stays: usize,
    goes: usize,
    leaves: usize,
    reviews: usize,
    teams: Vec<String>,
}

impl Screen for ErasePage {
    fn title(&self) -> String {
        t("Erase my account").into_owned()
    }
}

async fn erase_page(app: &Callboard, who: &SignedIn, form: FormState) -> Result<ErasePage> {
    let account = accounts::actions::me(app, who.clone()).await?;
    let data: DataView = actions::data(app, who.clone()).await?.into();
    let fates = actions::fates(app, who.clone()).await?;
    let of = |fate: Fate| fates.iter().filter(|known| **known == fate).count();
    Ok(ErasePage {
        form,
        email: account.email,
        has_password: account.password_phc.is_some(),
        stays: of(Fate::Stays),
        goes: of(Fate::Goes),
        leaves: of(Fate::Leaves),
        reviews: data.reviews.len(),
        teams: data.memberships.into_iter().map(|membership| membership.event.name).collect(),
    })
}

pub async fn show_erase(who: SignedIn, (app,): (Callboard,)) -> Result<Page<ErasePage>> {
    Ok(Page::new(erase_page(&app, &who, FormState::default()).await?))
}

pub async fn erase(who: SignedIn, (app, form): (Callboard, Form<EraseMe>)) -> Result<Outcome<ErasePage>> {
    let Form { sent, input } = form;
    let done = match input {
        Ok(input) => actions::erase(&app, who.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(()) => {
            let forget = cookies::write(&app, Jar::Session, "", Duration::ZERO);
            Ok(SeeOther::to("/").saying("Your account is erased.").with_cookie(forget).into())
        }
        Err(error) => sent.again(error, async |form| erase_page(&app, &who, form).await).await,
    }
}

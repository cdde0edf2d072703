//! The page of the team: who is on it, who is invited, and what each may see.

use crate::{
    access::{Besides, EventReader, Organizer, Role},
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls::{model::Track, parts},
    error::Result,
    events::{
        self,
        team_model::{EditMember, Held, Invitation, Member, NewInvitation, WhichRole},
    },
    http::{
        input::{CodePath, IdPath},
        once::{IfMatch, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, filters,
            input::Choice,
            language::t,
            several::{Returned, back},
        },
    },
};
use askama::Template;

/// A role that somebody holds, and the form by which it is limited.
struct HeldRow {
    held: Held,
    form: FormState,
    open: bool,
    /// Whether nobody else has it, and somebody must.
    last: bool,
}

struct MemberRow {
    member: Member,
    roles: Vec<HeldRow>,
}

#[derive(Template)]
#[template(path = "setup/team.html")]
pub struct TeamPage {
    slug: String,
    zone: String,
    members: Vec<MemberRow>,
    invitations: Vec<Invitation>,
    tracks: Vec<Track>,
    invite: FormState,
    button: FormState,
    manages: bool,
}

impl Screen for TeamPage {
    fn title(&self) -> String {
        t("Team").into_owned()
    }
}

impl TeamPage {
    fn roles(&self) -> Vec<Choice> {
        let choice = |role: &Role| Choice {
            value: role.to_string(),
            label: t(role.in_words()).into_owned(),
            hint: t(role.may()).into_owned(),
        };
        Role::ALL.iter().map(choice).collect()
    }

    fn tracks(&self) -> Vec<(String, String)> {
        self.tracks.iter().map(|track| (track.code.clone(), track.name.clone())).collect()
    }
}

trait InWords {
    fn in_words(self) -> &'static str;
    fn may(self) -> &'static str;
}

impl InWords for Role {
    fn in_words(self) -> &'static str {
        match self {
            Role::Organizer => "Organizer",
            Role::Chair => "Chair",
            Role::Reviewer => "Reviewer",
            Role::Viewer => "Viewer",
        }
    }

    fn may(self) -> &'static str {
        match self {
            Role::Organizer => "Sets up everything, decides, publishes and writes mails.",
            Role::Chair => "Reads proposals with their reviews and decides; in all tracks or in some.",
            Role::Reviewer => "Reads and scores proposals; in all tracks or in some.",
            Role::Viewer => "Reads what organizers read, and changes nothing.",
        }
    }
}

/// Which of a page's forms it is.
fn scope(member: &str, role: Role) -> String {
    format!("{member}-{role}")
}

fn row(member: Member, organizers: usize, returned: &Returned) -> MemberRow {
    let role = |held: &Held| {
        let scope = scope(&member.code, held.role);
        let codes = held.limit.iter().flatten().map(|track| track.code.clone());
        let form = FormState::default().with("role", held.role.as_str()).with_all("tracks", codes);
        let form = returned.form(&scope, form.version(held.version));
        let last = held.role == Role::Organizer && organizers < 2;
        HeldRow { held: held.clone(), form, open: returned.is(&scope), last }
    };
    let roles = member.roles.iter().map(role).collect();
    MemberRow { member, roles }
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<TeamPage> {
    let reader = besides.to_read_event()?;
    let members = events::actions::list_members(app, reader.clone()).await?;
    let organizes = |member: &&Member| member.roles.iter().any(|held| held.role == Role::Organizer);
    let organizers = members.iter().filter(organizes).count();
    let invitations = events::actions::list_invitations(app, reader.clone()).await?;
    let tracks = parts::actions::list_tracks(app, besides.to_read_proposals()?).await?;
    let invite = returned.form("invite", FormState::new(app).with("role", Role::Reviewer.as_str()));
    Ok(TeamPage {
        slug: reader.scope().slug.clone(),
        zone: reader.scope().zone.clone(),
        members: members.into_iter().map(|member| row(member, organizers, &returned)).collect(),
        invitations,
        tracks,
        invite,
        button: returned.of_button(),
        manages: besides.manages(),
    })
}

pub async fn show(_: EventReader, (app, besides): (Callboard, Besides)) -> Result<Page<TeamPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

pub async fn invite(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewInvitation>, Once, Besides),
) -> Result<Outcome<TeamPage>> {
    let go = back(who.scope(), "/team", "The invitation is on its way.");
    let done = async {
        let input = input?;
        // No track picked: all of them.
        let tracks = input.tracks.filter(|tracks| !tracks.is_empty() && input.role.can_be_limited());
        events::actions::invite(&app, who.clone(), NewInvitation { tracks, ..input }, once.then(|_| go)).await
    };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one("invite", form)).await).await,
    }
}

pub async fn take_back(
    who: Organizer,
    (app, code, Form { sent, .. }, besides): (Callboard, CodePath, Form<ButtonForm>, Besides),
) -> Result<Outcome<TeamPage>> {
    match events::actions::take_back_invitation(&app, who.clone(), code.0).await {
        Ok(()) => Ok(back(who.scope(), "/team", "The invitation is taken back; its link no longer works.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

pub async fn limit(
    who: Organizer,
    (app, id, Form { sent, input }, version, besides): (Callboard, IdPath, Form<EditMember>, IfMatch, Besides),
) -> Result<Outcome<TeamPage>> {
    let role = input.as_ref().map_or(Role::Reviewer, |input| input.role);
    let scope = scope(&id, role);
    let done = async {
        let input = input?;
        let tracks = input.tracks.filter(|tracks| !tracks.is_empty());
        events::actions::limit_member(&app, who.clone(), id.0, EditMember { tracks, ..input }, version).await
    };
    match done.await {
        Ok(_) => Ok(back(who.scope(), "/team", "The role is changed.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(scope, form)).await).await,
    }
}

pub async fn remove(
    who: Organizer,
    (app, id, Form { sent, input }, besides): (Callboard, IdPath, Form<WhichRole>, Besides),
) -> Result<Outcome<TeamPage>> {
    let done = async { events::actions::remove_member(&app, who.clone(), id.0, input?.role).await };
    match done.await {
        Ok(()) => Ok(back(who.scope(), "/team", "The role is taken away.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

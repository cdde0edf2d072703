//! The pages of the instance's admins.

use super::{
    actions, api,
    model::{EditAccount, NewOrganizer, WhichAccounts},
    views::{AccountView, EventView, HealthView},
};
use crate::{
    access::Admin,
    app::Callboard,
    error::Result,
    http::{
        input::{self, IdPath, Query, SlugPath},
        once::{IfMatch, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, SeeOther, address, filters,
            language::t,
            resume::{NEXT, own_path},
        },
        reply::List,
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "accounts/admin.html")]
pub struct HealthPage {
    health: HealthView,
}

impl Screen for HealthPage {
    fn title(&self) -> String {
        t("This server").into_owned()
    }
}

pub async fn show(who: Admin, (app,): (Callboard,)) -> Result<Page<HealthPage>> {
    Ok(Page::new(HealthPage { health: actions::health(&app, who).await?.into() }))
}

#[derive(Template)]
#[template(path = "accounts/admin_events.html")]
pub struct EventsPage {
    form: FormState,
    events: Vec<EventView>,
    next: Option<String>,
}

impl Screen for EventsPage {
    fn title(&self) -> String {
        t("Events of this server").into_owned()
    }
}

async fn events_page(app: &Callboard, who: &Admin, page: input::Page, form: FormState) -> Result<EventsPage> {
    let List { items, next } = api::list_events(who.clone(), (app.clone(), Query(page))).await?;
    Ok(EventsPage { form, events: items, next: next.map(|cursor| format!("/admin/events?cursor={cursor}")) })
}

pub async fn events(who: Admin, (app, Query(page)): (Callboard, Query<input::Page>)) -> Result<Page<EventsPage>> {
    let form = FormState::new(&app);
    Ok(Page::new(events_page(&app, &who, page, form).await?))
}

pub async fn invite(
    who: Admin,
    (app, slug, form, once): (Callboard, SlugPath, Form<NewOrganizer>, Once),
) -> Result<Outcome<EventsPage>> {
    let Form { sent, input } = form;
    let invited = |_| SeeOther::to("/admin/events").saying("The invitation is on its way.");
    let done = match input {
        Ok(input) => actions::invite_organizer(&app, who.clone(), slug.0, input, once.then(invited)).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(go) => Ok(go.into()),
        Err(error) => sent.again(error, async |form| events_page(&app, &who, input::Page::default(), form).await).await,
    }
}

#[derive(Template)]
#[template(path = "accounts/admin_accounts.html")]
pub struct AccountsPage {
    /// Which accounts.
    search: FormState,
    /// What came of a button.
    form: FormState,
    accounts: Vec<AccountView>,
    next: Option<String>,
    /// The address of this list.
    here: String,
}

impl Screen for AccountsPage {
    fn title(&self) -> String {
        t("Accounts of this server").into_owned()
    }
}

const ACCOUNTS: &str = "/admin/accounts";

async fn accounts_page(app: &Callboard, who: &Admin, which: WhichAccounts, form: FormState) -> Result<AccountsPage> {
    let asked = which.q.clone().unwrap_or_default();
    let at = |cursor: Option<&str>| address(ACCOUNTS, [("q", asked.as_str()), ("cursor", cursor.unwrap_or_default())]);
    let here = at(which.cursor.as_deref());
    let List { items, next } = api::list_accounts(who.clone(), (app.clone(), Query(which.into()))).await?;
    let next = next.as_deref().map(|cursor| at(Some(cursor)));
    let search = FormState::default().with("q", asked.clone());
    Ok(AccountsPage { search, form, accounts: items, next, here })
}

pub async fn accounts(
    who: Admin,
    (app, Query(which)): (Callboard, Query<WhichAccounts>),
) -> Result<Page<AccountsPage>> {
    Ok(Page::new(accounts_page(&app, &who, which, FormState::default()).await?))
}

pub async fn edit_account(
    who: Admin,
    (app, id, form, version): (Callboard, IdPath, Form<EditAccount>, IfMatch),
) -> Result<Outcome<AccountsPage>> {
    let Form { sent, input } = form;
    let back = own_path(sent.get(NEXT)).filter(|path| path.starts_with(ACCOUNTS)).unwrap_or(ACCOUNTS).to_owned();
    let done = match input {
        Ok(input) => actions::edit_account(&app, who.clone(), id.0, input, version).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(_) => Ok(SeeOther::to(back).saying("The account is changed.").into()),
        Err(error) => {
            sent.again(error, async |form| accounts_page(&app, &who, WhichAccounts::default(), form).await).await
        }
    }
}

//! The admins' API.

use super::{
    actions,
    model::{self, EditAccount, ListAccounts, NewOrganizer},
    views::{AccountView, EventView, HealthView, InvitedView},
};
use crate::{
    access::Admin,
    app::Callboard,
    error::Result,
    http::{
        cursor::Cursor,
        input::{Body, IdPath, Page, Query, SlugPath},
        once::{Answered, IfMatch, Once},
        reply::{Accepted, Json, List, Versioned},
    },
};

pub async fn list_events(who: Admin, (app, Query(page)): (Callboard, Query<Page>)) -> Result<List<EventView>> {
    let after = page.cursor.as_deref().map(model::after).transpose()?.unwrap_or_default();
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let mut events = actions::list_events(&app, who, after, page.limit()).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).map(|last| model::cursor(&last.slug));
    Ok(List { items: events.into_iter().map(EventView::from).collect(), next })
}

pub async fn invite_organizer(
    who: Admin,
    (app, slug, Body(input), once): (Callboard, SlugPath, Body<NewOrganizer>, Once),
) -> Result<Answered<Accepted<InvitedView>>> {
    let view = |invited: crate::events::team_model::Invitation| {
        Accepted(InvitedView { email: invited.email, expires_at: invited.expires_at })
    };
    actions::invite_organizer(&app, who, slug.0, input, once.then(view)).await
}

pub async fn list_accounts(
    who: Admin,
    (app, Query(input)): (Callboard, Query<ListAccounts>),
) -> Result<List<AccountView>> {
    let limit = i64::from(input.limit.unwrap_or(50));
    let accounts = actions::list_accounts(&app, who, input, limit).await?;
    let cursor = |account: &model::Account| Cursor { at: account.created_at, code: account.code.clone() };
    Ok(List::page(accounts, limit, cursor, AccountView::from))
}

pub async fn edit_account(
    who: Admin,
    (app, id, Body(edit), version): (Callboard, IdPath, Body<EditAccount>, IfMatch),
) -> Result<Versioned<AccountView>> {
    Ok(Versioned(actions::edit_account(&app, who, id.0, edit, version).await?.into()))
}

pub async fn health(who: Admin, (app,): (Callboard,)) -> Result<Json<HealthView>> {
    Ok(Json(actions::health(&app, who).await?.into()))
}

//! Entering for others, over the API.

use super::{
    actions,
    model::{InviteToClaim, NewEntry},
    views::InvitedView,
};
use crate::{
    access::Organizer,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, Once},
        reply::{Accepted, Created},
    },
    proposals::organize::{actions::Shown, views::ForOrganizer},
};

pub async fn enter(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewEntry>, Once),
) -> Result<Answered<Created<ForOrganizer>>> {
    let list = format!("/events/{}/proposals", who.scope().slug);
    let view = move |shown: Shown| {
        let view = ForOrganizer::from(shown);
        Created::at(format!("{list}/{}", view.facts.code), view)
    };
    actions::enter(&app, who, input, once.then(view)).await
}

pub async fn invite(
    who: Organizer,
    (app, code, Body(input), once): (Callboard, CodePath, Body<InviteToClaim>, Once),
) -> Result<Answered<Accepted<InvitedView>>> {
    actions::invite(&app, who, code.0, input, once.then(|invited: super::model::Invited| Accepted(invited.into())))
        .await
}

//! The library over the API.

use super::{actions, model::ProposeAgain};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        once::{Answered, Once},
        reply::Created,
    },
    proposals::{actions::Mine, views::ForSpeaker},
};

pub async fn propose_again(
    who: Speaker,
    (app, Body(input), once): (Callboard, Body<ProposeAgain>, Once),
) -> Result<Answered<Created<ForSpeaker>>> {
    let view = |mine: Mine| {
        let view = ForSpeaker::from(mine);
        Created::versioned(format!("/events/{}/my/proposals/{}", view.event, view.code), view)
    };
    actions::propose_again(&app, who, input, once.then(view)).await
}

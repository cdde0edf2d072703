//! Confirmations over the API.

use super::{
    actions,
    model::{Answer, AnswerByToken},
    views::AnsweredView,
};
use crate::{
    access::{Public, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, Once},
        reply::Json,
    },
};

pub async fn confirm(
    who: Speaker,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<AnsweredView>>> {
    actions::answer_mine(&app, who, code.0, Answer::Confirm, once.then(view)).await
}

pub async fn decline(
    who: Speaker,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<AnsweredView>>> {
    actions::answer_mine(&app, who, code.0, Answer::Decline, once.then(view)).await
}

fn view(answered: actions::Answered) -> Json<AnsweredView> {
    Json(answered.into())
}

pub async fn answer(who: Public, (app, Body(input)): (Callboard, Body<AnswerByToken>)) -> Result<Json<AnsweredView>> {
    Ok(Json(actions::answer_by_token(&app, who, input).await?.into()))
}

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
        reply::Json,
    },
};

pub async fn confirm(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Json<AnsweredView>> {
    Ok(Json(actions::answer_mine(&app, who, code.0, Answer::Confirm).await?.into()))
}

pub async fn decline(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Json<AnsweredView>> {
    Ok(Json(actions::answer_mine(&app, who, code.0, Answer::Decline).await?.into()))
}

pub async fn answer(who: Public, (app, Body(input)): (Callboard, Body<AnswerByToken>)) -> Result<Json<AnsweredView>> {
    Ok(Json(actions::answer_by_token(&app, who, input).await?.into()))
}

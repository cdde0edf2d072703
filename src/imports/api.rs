//! Imports over the API.

use super::{actions, model::Ask, views::ReportView};
use crate::{
    access::Organizer,
    app::Callboard,
    error::Result,
    http::{
        input::Query,
        once::{Answered, Once},
        reply::Json,
        upload::Upload,
    },
};

pub async fn import(
    who: Organizer,
    (app, Query(ask), Upload(file), once): (Callboard, Query<Ask>, Upload, Once),
) -> Result<Answered<Json<ReportView>>> {
    let (of, dry_run) = (ask.of, ask.dry_run);
    let view = move |report| Json(ReportView::of(of, dry_run, report));
    actions::import(&app, who, ask, file.to_vec(), once.then(view)).await
}

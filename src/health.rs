//! What load balancers and supervisors ask: whether the process lives, and whether it should get requests. Neither
//! depends on the mail server: mails wait in the outbox. That it cannot be used is said all the same.

use crate::{
    access::Public,
    app::Callboard,
    db::migrate,
    error::{Error, Result},
    http::{reply::Plain, routes::Routes},
};
use actix_web::http::StatusCode;
use std::{sync::atomic::Ordering, time::Duration};

/// A database that needs longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn routes() -> Routes {
    Routes::pages("health").get("/healthz", "The process is alive", alive).get(
        "/readyz",
        "The process can serve requests; 503 names what it cannot reach",
        ready,
    )
}

async fn alive(_: Public, (): ()) -> Result<Plain> {
    Ok(Plain { status: StatusCode::OK, text: "ok" })
}

async fn ready(_: Public, (app,): (Callboard,)) -> Result<Plain> {
    let missing = |text| Ok(Plain { status: StatusCode::SERVICE_UNAVAILABLE, text });
    if app.stopping.load(Ordering::Relaxed) {
        return missing("stopping");
    }
    let current = app.db.read(|conn| migrate::is_current(conn).map_err(Error::internal));
    match tokio::time::timeout(PATIENCE, current).await {
        Ok(Ok(true)) if app.db.lacks_room() => missing("database: no room left on its disk"),
        Ok(Ok(true)) => Ok(Plain { status: StatusCode::OK, text: ready_text(&app) }),
        Ok(Ok(false)) => missing("migrations: run `callboard migrate`"),
        Ok(Err(_)) | Err(_) => missing("database: does not answer"),
    }
}

fn ready_text(app: &Callboard) -> &'static str {
    if app.relay.down_since().is_some() { "ready; the mail server cannot be used, mails wait" } else { "ready" }
}

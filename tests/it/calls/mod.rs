//! The call: its window, formats and tracks.

mod categories;
mod copying;
mod edit;
mod ideas;
mod milestones;
mod open_call;
mod parts;
mod passes;
mod recomputing;
mod setting;
mod shortening;

use crate::harness::{Client, TestApp};
use callboard::{
    calls::{model::Setup, store},
    db::types::EventId,
};
use serde_json::{Value, json};

pub const PACIFIC: &str = "America/Los_Angeles";

pub fn deadline(local: &str, zone: &str) -> Value {
    json!({"local": local, "zone": zone})
}

/// The call of an event as the store gives it.
pub async fn setup(app: &TestApp, slug: &'static str) -> (EventId, Setup) {
    let find = move |conn: &mut callboard::db::Conn| {
        let event = callboard::access::store::find_scope(conn, slug)?.unwrap().id;
        Ok((event, store::setup(conn, event)?))
    };
    app.board.db.read(find).await.unwrap()
}

/// The code of the event's first format or track.
pub async fn first(organizer: &Client, path: &str) -> String {
    organizer.get(path).await.expect(200).json()["items"][0]["code"].as_str().unwrap().to_owned()
}

//! The call of the example event: what one can propose, what is hoped for, and when what happens.

use super::{
    load::{CLOSES_IN_DAYS, DAY, OPENED, ZONE, input},
    words,
};
use crate::{
    access::Organizer,
    app::Callboard,
    calls,
    db::types::Ts,
    error::{Error, Result},
    http::once::IfMatch,
    once::model::AsIs,
    reviews,
};
use jiff::{ToSpan, tz::TimeZone};
use serde_json::{Value, json};

/// Days after now on which everybody has an answer.
const ANSWERED: i64 = 35;

pub(super) async fn set(app: &Callboard, who: &Organizer, now: Ts) -> Result<()> {
    parts(app, who).await?;
    for preset in ["level", "audience", "talk_type"] {
        calls::categories::actions::add_preset(app, who.clone(), input(json!({"preset": preset}))?, AsIs).await?;
    }
    let call = json!({
        "opens_at": now.minus(DAY * OPENED),
        "deadline": {"local": local(now, CLOSES_IN_DAYS, "%Y-%m-%dT23:59")?, "zone": ZONE},
        "notify_on": local(now, ANSWERED, "%Y-%m-%d")?,
        "text": "Tell us what you have learned with Postgres. First-time speakers are welcome, several proposals too; \
                 talks are recorded beforehand, so nothing can go wrong live.",
        "gaps_public": true,
    });
    calls::actions::edit_call(app, who.clone(), input(call)?, IfMatch::any()).await?;
    milestones(app, who, now).await?;
    ideas(app, who).await?;
    criteria(app, who).await?;
    phases(app, who, now).await
}

async fn parts(app: &Callboard, who: &Organizer) -> Result<()> {
    let event = who.event();
    let formats = app.db.read(move |conn| calls::parts::store::list_formats(conn, event)).await?;
    let talk = formats.first().ok_or_else(Error::not_found)?.code.clone();
    let usual = input(json!({"name": "Talk", "minutes": 25}))?;
    calls::parts::actions::edit_format(app, who.clone(), talk, usual, IfMatch::any()).await?;
    let short = input(json!({"name": "Short talk", "minutes": 10}))?;
    calls::parts::actions::add_format(app, who.clone(), short, AsIs).await?;
    for track in words::tracks() {
        calls::parts::actions::add_track(app, who.clone(), input(json!({"name": track}))?, AsIs).await?;
    }
    Ok(())
}

async fn milestones(app: &Callboard, who: &Organizer, now: Ts) -> Result<()> {
    let day = |days: i64| local(now, days, "%Y-%m-%d");
    let all = [
        json!({"name": "Everybody has an answer", "on": day(ANSWERED)?, "text": "Whatever it is, you hear from us."}),
        json!({"name": "Recording", "on": day(70)?, "until": day(95)?, "text": "With a host, at a time that suits you."}),
        json!({"name": "Livestreams", "on": day(120)?, "until": day(122)?, "text": "You answer questions in the chat."}),
    ];
    for milestone in all {
        calls::milestones::actions::add(app, who.clone(), input(milestone)?, AsIs).await?;
    }
    Ok(())
}

async fn ideas(app: &Callboard, who: &Organizer) -> Result<()> {
    let all: [Value; 4] = [
        json!({"title": "What we wish we had known before our first major upgrade", "wanted": 3,
            "text": "What you planned, what happened, and what you would do again."}),
        json!({"title": "Reading a query plan without fear", "wanted": 2,
            "text": "For people who have never read one. Bring one plan and take it apart."}),
        json!({"title": "My first patch", "wanted": 2, "text": "How you found it, who helped, how long it took."}),
        json!({"title": "When Postgres was the wrong choice", "wanted": 1, "text": "An honest story is worth ten successes."}),
    ];
    for idea in all {
        calls::ideas::actions::add(app, who.clone(), input(idea)?, AsIs).await?;
    }
    Ok(())
}

async fn criteria(app: &Callboard, who: &Organizer) -> Result<()> {
    let event = who.event();
    let found = app.db.read(move |conn| reviews::criteria::store::list(conn, event)).await?;
    let overall = found.first().ok_or_else(Error::not_found)?.code.clone();
    let labels = json!({"labels": ["Not for us", "Rather not", "If there is room", "Yes", "A must"]});
    reviews::criteria::actions::edit(app, who.clone(), overall, input(labels)?, IfMatch::any()).await?;
    let beside = json!({
        "name": "First-time speaker welcome", "help": "Whether it would suit somebody who has never spoken.",
        "lowest": 1, "highest": 3, "labels": ["No", "Maybe", "Yes"], "required": false, "independent": true,
    });
    reviews::criteria::actions::add(app, who.clone(), input(beside)?, AsIs).await?;
    Ok(())
}

/// What holds now, and what follows when the call has closed.
async fn phases(app: &Callboard, who: &Organizer, now: Ts) -> Result<()> {
    let from = |days: u32| now.plus(DAY * days);
    let reading = json!({"name": "First reading", "starts_at": now.minus(DAY * OPENED)});
    let talking = json!({"name": "Discussion", "starts_at": from(14), "reviews": "always"});
    let deciding = json!({"name": "Decision", "starts_at": from(21), "reviews": "always", "scoring": false});
    for phase in [reading, talking, deciding] {
        reviews::phases::actions::add(app, who.clone(), input(phase)?, AsIs).await?;
    }
    Ok(())
}

/// A time in the event's zone, some days after `now`.
pub(super) fn local(now: Ts, days: i64, format: &str) -> Result<String> {
    let (_, zone): (String, TimeZone) = calls::time::zone(ZONE, "zone")?;
    let then = now.timestamp().to_zoned(zone).checked_add(days.days()).map_err(Error::internal)?;
    Ok(then.strftime(format).to_string())
}

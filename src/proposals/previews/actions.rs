//! Making, revoking and following links that show a proposal.

use super::{
    model::{MOST_LINKS, NewPreview, Preview},
    store,
};
use crate::{
    access::{Public, Speaker, store::scope_of},
    accounts,
    app::Callboard,
    db::{
        Conn, Turn,
        types::{AccountId, Ts},
    },
    error::{Error, Result},
    proposals::{
        self,
        model::{Lifecycle, check_lifecycle},
        versions::{self, model::Content},
    },
    secrets,
};

/// The links of one proposal, and who looks at them.
pub struct Previews {
    pub me: AccountId,
    pub links: Vec<Preview>,
}

pub async fn list(app: &Callboard, who: Speaker, code: String) -> Result<Previews> {
    let now = app.clock.now();
    let list = move |conn: &mut Conn| {
        let proposal = proposals::store::find_own(conn, &who, &code)?.row.id;
        Ok(Previews { me: who.account(), links: store::list(conn, who.event(), proposal, now)? })
    };
    app.db.read(list).await
}

/// A link and its address, which is stored nowhere.
pub struct Made {
    pub link: Preview,
    pub url: String,
}

/// # Errors
/// `WrongState` for what has left, and where there are enough already.
pub async fn create(app: &Callboard, who: Speaker, code: String, input: NewPreview) -> Result<Made> {
    let base_url = app.config.base_url.clone();
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let proposal = proposals::store::lock_own(tx, who, &code)?.row;
            check_lifecycle(proposal.lifecycle, &[Lifecycle::Draft, Lifecycle::Submitted], "shown by a link")?;
            let now = tx.now()?;
            let live = store::list(tx.conn(), who.event(), proposal.id, now)?;
            if i64::try_from(live.len()).is_ok_and(|live| live >= MOST_LINKS) {
                return Err(Error::wrong_state(format!("It has {MOST_LINKS} such links. Revoke one first.")));
            }
            let token = secrets::link_token(tx.random());
            let expires_at = now.plus(input.lifetime());
            let link = Preview { code: tx.random().code(10), by: who.account(), created_at: now, expires_at };
            store::insert(tx, who.event(), proposal.id, &link, &secrets::hash(&token))?;
            Ok(Made { link, url: format!("{base_url}/previews/{token}") })
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn revoke(app: &Callboard, who: Speaker, code: String, id: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let proposal = proposals::store::lock_own(tx, who, &code)?.row.id;
            store::delete(tx, who.event(), proposal, &id)
        })
        .await
}

/// What a link shows.
pub struct Shown {
    pub event: String,
    pub event_name: String,
    pub content: Content,
    pub speakers: Vec<String>,
    pub expires_at: Ts,
}

/// # Errors
/// `NotFound` for a link that does not work, whatever the reason.
pub async fn show(app: &Callboard, _: Public, token: &str) -> Result<Shown> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let look = move |conn: &mut Conn| {
        let leads = store::find(conn, &hash, now)?.ok_or_else(Error::not_found)?;
        let scope = scope_of(conn, leads.event)?;
        if !scope.visible {
            return Err(Error::not_found());
        }
        let (content, _) = versions::store::content(conn, leads.event, leads.proposal)?;
        let speakers = store::names(conn, &leads)?;
        Ok(Shown { event: scope.slug, event_name: scope.name, content, speakers, expires_at: leads.expires_at })
    };
    app.db.read(look).await
}

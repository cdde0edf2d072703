//! A request that is sent again with its `Idempotency-Key` has one effect and one answer: the key is stored in the
//! transaction of the deed, with the answer that was given (draft-ietf-httpapi-idempotency-key-header-07).

pub mod model;
mod store;

use crate::{
    db::{Actor, Db, Turn, Tx},
    error::{Code, Error, Result},
};
use model::Render;
pub use store::{forget, purge};

impl Db {
    /// [`Db::write_as`], once for each key: the second time the first answer is given again. A failure leaves no key
    /// behind, so that it can be tried again.
    ///
    /// # Errors
    /// As [`Db::write_as`]; `KeyReused` when the key came with another request before.
    pub async fn write_once<A, T, R, F>(&self, who: A, turn: Turn, render: R, job: F) -> Result<R::Out>
    where
        A: Actor,
        R: Render<T>,
        F: FnOnce(&mut Tx<'_>, &A) -> Result<T> + Send + 'static,
    {
        let once = move |tx: &mut Tx<'_>, who: &A| {
            let Some(key) = render.key().cloned() else { return Ok(render.render(job(tx, who)?)?.0) };
            let actor = who.acting().key;
            if !store::claim(tx, &actor, &key)? {
                let (fingerprint, answer) = store::find(tx, &actor, &key)?;
                if fingerprint != key.fingerprint {
                    let detail = "This Idempotency-Key came with another request before. Make a new key for each deed.";
                    return Err(Error::new(Code::KeyReused, detail));
                }
                return R::replay(answer);
            }
            let (out, answer) = render.render(job(tx, who)?)?;
            store::keep(tx, &actor, &key, &answer)?;
            Ok(out)
        };
        self.write_as(who, turn, once).await
    }
}

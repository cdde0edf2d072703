//! SQL of the leases by which one server at a time does a periodic job.

use crate::{
    db::{Conn, Tx, schema::leases, types::Ts},
    error::Result,
    on,
};
use diesel::prelude::*;
use std::time::Duration;

/// A periodic job as the database knows it.
#[derive(Clone, Debug, Queryable)]
pub struct Known {
    pub name: String,
    /// Somebody does it until then.
    pub until: Option<Ts>,
    /// When it was last done to its end.
    pub last_run_at: Option<Ts>,
}

impl Known {
    /// Whether it is time to do it, and nobody does.
    pub fn is_due(&self, every: Duration, now: Ts) -> bool {
        self.until.is_none_or(|until| until <= now) && self.last_run_at.is_none_or(|last| last.plus(every) <= now)
    }
}

/// The proof that this server may do the job now.
#[derive(Clone, Debug)]
pub struct Lease {
    name: &'static str,
    holder: String,
}

pub fn list(conn: &mut Conn) -> Result<Vec<Known>> {
    Ok(leases::table.select((leases::name, leases::until, leases::last_run_at)).order(leases::name).load(conn)?)
}

/// Takes the job for as long as `lease`; `None` when it is not due or somebody else has it. Of several, one gets it.
pub fn claim(tx: &mut Tx<'_>, name: &'static str, every: Duration, lease: Duration) -> Result<Option<Lease>> {
    let holder = tx.random().code(10);
    let new = (leases::name.eq(name), leases::holder.eq(&holder));
    on!(tx.conn(), c => diesel::insert_into(leases::table).values(new).on_conflict(leases::name).do_nothing().execute(c))?;
    let now = tx.now()?;
    let due = leases::table
        .filter(leases::name.eq(name))
        .filter(leases::until.is_null().or(leases::until.le(now)))
        .filter(leases::last_run_at.is_null().or(leases::last_run_at.le(now.minus(every))));
    let taken =
        diesel::update(due).set((leases::holder.eq(&holder), leases::until.eq(now.plus(lease)))).execute(tx.conn())?;
    Ok((taken > 0).then_some(Lease { name, holder }))
}

/// Keeps the job for longer; `false` when it was taken over meanwhile. Locks it until the transaction ends.
pub fn renew(tx: &mut Tx<'_>, held: &Lease, lease: Duration) -> Result<bool> {
    let until = tx.now()?.plus(lease);
    let ours = leases::table.filter(leases::name.eq(held.name)).filter(leases::holder.eq(&held.holder));
    Ok(diesel::update(ours).set(leases::until.eq(until)).execute(tx.conn())? > 0)
}

/// The job is done; free for the next time.
pub fn end(tx: &mut Tx<'_>, held: &Lease, result: &str) -> Result<()> {
    let now = tx.now()?;
    let ours = leases::table.filter(leases::name.eq(held.name)).filter(leases::holder.eq(&held.holder));
    let done = (leases::until.eq(None::<Ts>), leases::last_run_at.eq(now), leases::last_result.eq(result));
    diesel::update(ours).set(done).execute(tx.conn())?;
    Ok(())
}

/// The job failed; whoever gets it after the lease tries again.
pub fn fail(tx: &mut Tx<'_>, held: &Lease, result: &str) -> Result<()> {
    let ours = leases::table.filter(leases::name.eq(held.name)).filter(leases::holder.eq(&held.holder));
    diesel::update(ours).set(leases::last_result.eq(result)).execute(tx.conn())?;
    Ok(())
}

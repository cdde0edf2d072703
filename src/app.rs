//! `Callboard`: everything a handler or a background task works with.

use crate::{
    accounts::password::HashLane,
    audit::reads::Reads,
    clock::{Clock, Random},
    config::{Config, SecretKey},
    db::{Class, Db, Lanes},
    desk::Desk,
    error::{Error, Result},
    http::{limits::Limits, routes::RouteTable},
    mail::{relay::Relay, transport::Transport},
    metrics::Metrics,
    secrets::Keys,
};
use actix_web::{HttpMessage, HttpRequest, web};
use std::{
    ops::Deref,
    sync::{Arc, atomic::AtomicBool},
};
use tokio::sync::Notify;

/// The state of the application; cheap to clone.
#[derive(Clone)]
pub struct Callboard {
    /// For requests of one class.
    pub db: Db,
    parts: Arc<Parts>,
}

pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub random: Random,
    pub keys: Keys,
    pub hashing: HashLane,
    pub desk: Desk,
    pub limits: Limits,
    pub mailer: Transport,
    pub relay: Relay,
    /// Who looked at names since it was noted last.
    pub reads: Reads,
    pub routes: RouteTable,
    pub metrics: Metrics,
    /// Rung when mail was queued, so that it need not wait for the next round.
    pub mail_queued: Notify,
    /// Set when the process was told to stop, so that load balancers send no more.
    pub stopping: AtomicBool,
    /// Set by `callboard demo` alone, whose people everybody may be.
    pub demo: AtomicBool,
}

impl Deref for Callboard {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Callboard {
    /// # Errors
    /// When threads, the mail transport or the route table cannot be made.
    pub fn new(
        config: Config,
        key: &SecretKey,
        clock: Clock,
        random: Random,
        lanes: Lanes,
        hashing: HashLane,
    ) -> anyhow::Result<Callboard> {
        let db = Db::start(&config.database, clock.clone(), random.clone(), lanes, config.slow_query)?;
        let mailer = Transport::new(&config)?;
        let routes = crate::routes().map_err(|error| anyhow::anyhow!(error))?;
        let keys = Keys::new(key);
        let limits = Limits::new(&config, keys.limits_salt(), clock.clone());
        let metrics = Metrics::new(clock.now(), &db, &hashing);
        let (mail_queued, stopping) = (Notify::new(), AtomicBool::new(false));
        let (relay, reads) = (Relay::default(), Reads::default());
        let parts = Parts {
            config,
            clock,
            random,
            keys,
            hashing,
            desk: Desk::default(),
            limits,
            mailer,
            relay,
            reads,
            routes,
            metrics,
            mail_queued,
            stopping,
            demo: AtomicBool::new(false),
        };
        Ok(Callboard { db, parts: Arc::new(parts) })
    }

    /// The state that the server was built with, for the request's class.
    ///
    /// # Errors
    /// Never, in a server built by `http::server`.
    pub fn of(request: &HttpRequest) -> Result<Callboard> {
        let data = request.app_data::<web::Data<Callboard>>();
        let app = data.map(web::Data::get_ref).ok_or_else(|| Error::internal("no Callboard in this server"))?;
        let class = request.extensions().get::<Class>().copied();
        Ok(Callboard {
            db: class.map_or_else(|| app.db.clone(), |class| app.db.of_class(class)),
            parts: app.parts.clone(),
        })
    }
}

//! `callboard serve`: the server from the first line to the last. Told to stop, it first says so to load balancers,
//! then finishes the requests under way, the background work and what waits for the database.

use super::{open, say};
use crate::{app::Callboard, config::Config, db::Lanes, http, jobs, metrics};
use actix_web::{
    App, HttpServer,
    dev::{Server as HttpTask, ServerHandle},
    rt,
    web::{Data, get},
};
use anyhow::{Context, anyhow};
use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::atomic::Ordering,
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{sleep, timeout},
};

/// How long a client may take to send the head of its first request.
const SLOWEST_HEAD: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const SLOWEST_GOODBYE: Duration = Duration::from_secs(2);
/// For each core; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 2000;
/// How long `/readyz` says that the end is near before no more connections are taken.
const NOTICE: Duration = Duration::from_secs(1);
/// How long requests and background work may go on after that.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

pub fn serve(config: Config) -> anyhow::Result<()> {
    rt::System::new().block_on(async {
        let stop = until_told_to_stop()?;
        let server = Server::prepare(config)?;
        for warning in server.app.config.warnings() {
            tracing::warn!("{warning}");
        }
        say(format!("listening on http://{}", server.address))?;
        if let Some(metrics) = &server.metrics {
            say(format!("metrics on http://{}/metrics", metrics.local_addr()?))?;
        }
        server.run(stop).await
    })
}

/// Ready when the process is told to stop, also if that was before it was waited for.
///
/// # Errors
/// When the system does not let the process listen for it.
pub fn until_told_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// A server that has its address and its database, and does not answer yet.
pub struct Server {
    pub app: Callboard,
    pub address: SocketAddr,
    listener: TcpListener,
    metrics: Option<TcpListener>,
}

impl Server {
    /// # Errors
    /// When the address is taken, or the database or the mail server's settings cannot be used.
    pub fn prepare(mut config: Config) -> anyhow::Result<Server> {
        let listener = TcpListener::bind(config.listen)
            .with_context(|| format!("cannot listen on {}: set CALLBOARD_LISTEN to a free address", config.listen))?;
        let address = listener.local_addr()?;
        let metrics = config.metrics_listen.map(TcpListener::bind).transpose();
        let metrics = metrics.context("cannot listen for metrics: set CALLBOARD_METRICS_LISTEN to a free address")?;
        config.listens_on(address);
        let app = open(config, Lanes::Full)?;
        Ok(Server { app, address, listener, metrics })
    }

    /// Answers requests and does the background work until `stop`.
    ///
    /// # Errors
    /// When the server or the background work ended by itself.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let app = self.app.clone();
        let metrics = self.metrics.take().map(|listener| serve_metrics(app.clone(), listener)).transpose()?;
        let (stop_work, stopped) = watch::channel(false);
        let mut work = rt::spawn(jobs::run(app.clone(), stopped));
        let (server, handle) = self.http()?;
        let mut server = rt::spawn(server);
        let ended = tokio::select! {
            () = stop => Ok(()),
            ended = &mut work => Err(anyhow!("the background work ended by itself: {ended:?}")),
            ended = &mut server => Err(anyhow!("the server ended by itself: {ended:?}")),
        };
        tracing::info!("Stopping");
        app.stopping.store(true, Ordering::Relaxed);
        if !server.is_finished() {
            sleep(NOTICE).await;
            stop_work.send_replace(true);
            handle.stop(true).await;
        }
        stop_work.send_replace(true);
        if !work.is_finished() && timeout(LAST_REQUESTS, work).await.is_err() {
            tracing::warn!("A mail is still on its way; its fate will show after the next start");
        }
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        app.db.shutdown();
        tracing::info!("Stopped");
        ended
    }

    fn http(self) -> anyhow::Result<(HttpTask, ServerHandle)> {
        let app = self.app;
        let server = HttpServer::new(move || http::server::app(app.clone()))
            .on_connect(http::connection::watch)
            .client_request_timeout(SLOWEST_HEAD)
            .client_disconnect_timeout(SLOWEST_GOODBYE)
            .keep_alive(KEEP_ALIVE)
            .max_connections(MOST_CONNECTIONS)
            .tcp_nodelay(true)
            .shutdown_timeout(LAST_REQUESTS.as_secs())
            .disable_signals()
            .listen(self.listener)?
            .run();
        let handle = server.handle();
        Ok((server, handle))
    }
}

/// A small server of its own, so that metrics are never on the public address.
fn serve_metrics(app: Callboard, listener: TcpListener) -> anyhow::Result<ServerHandle> {
    let app = Data::new(app);
    let server = HttpServer::new(move || App::new().app_data(app.clone()).route("/metrics", get().to(metrics::show)))
        .workers(1)
        .client_request_timeout(SLOWEST_HEAD)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    rt::spawn(server);
    Ok(handle)
}

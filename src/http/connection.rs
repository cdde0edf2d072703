//! Ends connections that are held for nothing. Actix times the head of the first request only; this times those that
//! follow on the same connection, and answers that nobody takes.

use actix_web::{
    HttpRequest,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Extensions, ServiceRequest, ServiceResponse},
    middleware::Next,
    rt::{self, net::TcpStream, task::JoinHandle},
    web::Bytes,
};
use std::{
    any::Any,
    cell::Cell,
    net::{self, Shutdown},
    os::fd::AsFd,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::sleep;

/// From one answer to the whole head of the next request: what may pass before it begins, and what it may take.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(25);
/// From a request's head to the last byte of its answer, for the slowest reader of the largest export.
pub const LONGEST_ANSWER: Duration = Duration::from_mins(10);
/// How often a connection is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What happens on one connection. All of it is on one thread.
#[derive(Default)]
struct Pulse {
    /// How many requests have begun or ended.
    beats: Cell<u64>,
    answering: Cell<bool>,
}

impl Pulse {
    fn beat(&self, answering: bool) {
        self.beats.set(self.beats.get().wrapping_add(1));
        self.answering.set(answering);
    }
}

/// Kept with the connection; ends with it.
struct Watch {
    pulse: Rc<Pulse>,
    watcher: JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watcher.abort();
    }
}

/// To be called for every new connection.
pub fn watch(io: &dyn Any, extensions: &mut Extensions) {
    let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
    // Another handle of the same connection, to end it with.
    let Ok(handle) = stream.as_fd().try_clone_to_owned() else { return };
    let pulse = Rc::new(Pulse::default());
    let watcher = rt::spawn(look(Rc::clone(&pulse), net::TcpStream::from(handle)));
    extensions.insert(Watch { pulse, watcher });
}

async fn look(pulse: Rc<Pulse>, stream: net::TcpStream) {
    let (mut seen, mut quiet) = (0, Duration::ZERO);
    loop {
        sleep(LOOK_EVERY).await;
        quiet = if pulse.beats.get() == seen { quiet + LOOK_EVERY } else { Duration::ZERO };
        seen = pulse.beats.get();
        let (longest, end) = if pulse.answering.get() {
            (LONGEST_ANSWER, Shutdown::Both)
        } else {
            // What was answered still reaches the client.
            (LONGEST_PAUSE, Shutdown::Read)
        };
        if quiet >= longest {
            // It may have ended by itself just now.
            drop(stream.shutdown(end));
            return;
        }
    }
}

fn pulse_of(request: &HttpRequest) -> Option<Rc<Pulse>> {
    request.conn_data::<Watch>().map(|watch| Rc::clone(&watch.pulse))
}

/// The outermost middleware: notes when a request begins and when the last of its answer is handed over.
pub async fn note(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Answer>, actix_web::Error> {
    let pulse = pulse_of(request.request());
    if let Some(pulse) = &pulse {
        pulse.beat(true);
    }
    let answering = Answering(pulse);
    Ok(next.call(request).await?.map_body(|_, body| Answer { body: body.boxed(), answering }))
}

struct Answering(Option<Rc<Pulse>>);

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some(pulse) = &self.0 {
            pulse.beat(false);
        }
    }
}

/// A body that notes its end.
pub struct Answer {
    body: BoxBody,
    answering: Answering,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        let Answer { body, answering } = self;
        body.try_into_bytes().map_err(|body| Answer { body, answering })
    }
}

//! How much one address, account or event may ask for. Each process counts in memory, in tables of a fixed size, so no
//! client can make them grow. `docs/API.md` prints the list of limits.

use super::{
    client,
    input::is_slug,
    problem::whole_seconds,
    routes::{Route, RouteTable},
};
use crate::{
    app::Callboard,
    clock::Clock,
    config::Config,
    error::{Error, Result},
};
use actix_web::{
    HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Address,
    Network,
    Account,
    Event,
    /// The mail address that the request names. Whether it has an account makes no difference. Counted by the action.
    Mailbox,
    /// The event, for deeds that the action counts.
    Deed,
}

impl By {
    fn words(self) -> &'static str {
        match self {
            By::Address => "client's address (on IPv6 its /64)",
            By::Network => "client's network (/24, on IPv6 /64)",
            By::Account => "account, or event's token",
            By::Event | By::Deed => "event",
            By::Mailbox => "mail address in the request",
        }
    }
}

macro_rules! limits {
    ($($variant:ident $name:literal $by:ident, $quota:literal per $window:ident, $what:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Limit { $($variant),+ }

        impl Limit {
            pub const ALL: &'static [Limit] = &[$(Limit::$variant),+];

            /// In headers and documents.
            pub const fn name(self) -> &'static str {
                match self { $(Limit::$variant => $name),+ }
            }

            pub const fn by(self) -> By {
                match self { $(Limit::$variant => By::$by),+ }
            }

            /// So many at once; they come back evenly over the window.
            pub const fn quota(self) -> u32 {
                match self { $(Limit::$variant => $quota),+ }
            }

            pub const fn window(self) -> Duration {
                match self { $(Limit::$variant => $window),+ }
            }

            const fn what(self) -> &'static str {
                match self { $(Limit::$variant => $what),+ }
            }
        }
    };
}

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

limits! {
    Address "address" Address, 1200 per MINUTE, "requests";
    Account "account" Account, 1200 per MINUTE, "requests with a token";
    EventReads "event_reads" Event, 12000 per MINUTE, "requests for what anyone may see of an event";
    EventSpeakers "event_speakers" Event, 6000 per MINUTE, "requests of an event's speakers";
    SignIn "sign_in" Network, 30 per MINUTE, "tries to sign in";
    SignInAs "sign_in_as" Mailbox, 10 per MINUTE, "tries to sign in with one mail address";
    SignUp "sign_up" Address, 60 per HOUR, "new accounts";
    MailedLinks "mailed_links" Address, 30 per HOUR, "requests for a mailed link";
    Newcomers "newcomers" Deed, 300 per HOUR, "submissions to one event by accounts younger than a day";
    Invitations "invitations" Account, 100 per HOUR, "invitations";
    Uploads "uploads" Account, 30 per HOUR, "uploaded pictures";
}

impl Limit {
    /// What holds for a route by its audience and path, without anybody saying so.
    pub(super) fn usual(audience: &str, needs_token: bool, path: &str) -> Vec<Limit> {
        let in_event = path.contains("{event}");
        let limits = [
            (needs_token, Limit::Account),
            (in_event && audience == "anyone", Limit::EventReads),
            (in_event && audience == "speaker", Limit::EventSpeakers),
        ];
        limits.into_iter().filter(|(holds, _)| *holds).map(|(_, limit)| limit).collect()
    }

    fn per(self) -> &'static str {
        if self.window() == MINUTE { "a minute" } else { "an hour" }
    }

    /// The table in `docs/API.md`.
    pub fn table(routes: &RouteTable) -> String {
        let row = |limit: &Limit| {
            let named = |route: &&Route| route.named_limits.contains(limit);
            let routes: Vec<String> = routes.iter().filter(named).map(|route| format!("`{}`", route.short())).collect();
            let (name, quota, per, by) = (limit.name(), limit.quota(), limit.per(), limit.by().words());
            format!("| `{name}` | {quota} {per} | {by} | {} | {} |\n", limit.what(), routes.join(", "))
        };
        let rows: String = Limit::ALL.iter().map(row).collect();
        format!("| limit | at most | counted by | of what | routes |\n| --- | --- | --- | --- | --- |\n{rows}")
    }
}

/// How things stand with a limit after a request was counted.
#[derive(Clone, Copy, Debug)]
struct Standing {
    limit: Limit,
    quota: u32,
    remaining: u64,
    /// Until the whole quota is there again.
    reset: Duration,
    /// Until one more is; set for what was refused.
    wait: Option<Duration>,
}

impl Standing {
    fn allowed(&self) -> Result<()> {
        let Some(wait) = self.wait else { return Ok(()) };
        let (quota, seconds) = (self.quota, whole_seconds(wait));
        let (what, per) = (self.limit.what(), self.limit.per());
        Err(Error::too_many(format!("At most {quota} {what} {per}. Try again in {seconds} seconds."), wait))
    }

    /// What is counted for many clients together tells none of them about the others.
    fn is_own(&self) -> bool {
        !matches!(self.limit.by(), By::Event | By::Mailbox | By::Deed)
    }
}

const PLACES: usize = 1 << 16;

/// The counters of one limit: for each place when it is empty again, in microseconds (GCRA, the leaky bucket as a meter).
/// A key has four places, of which the emptiest counts: who shares some of them with somebody busy does not notice.
struct Meter {
    limit: Limit,
    quota: u32,
    empty_at: Mutex<Vec<u64>>,
}

impl Meter {
    fn new(limit: Limit, quota: u32) -> Meter {
        Meter { limit, quota, empty_at: Mutex::new(vec![0; PLACES]) }
    }

    fn count(&self, places: [usize; 4], now: Duration) -> Standing {
        let (limit, quota) = (self.limit, self.quota);
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let (now, window) = (micros(now), micros(limit.window()));
        let step = window / u64::from(quota).max(1);
        let mut empty_at = self.empty_at.lock().unwrap_or_else(PoisonError::into_inner);
        let fill = |empty_at: &[u64], place: usize| empty_at.get(place).copied().unwrap_or_default();
        let used = places.map(|place| fill(&empty_at, place)).into_iter().min().unwrap_or_default().max(now);
        let full = now.saturating_add(window);
        let next = used.saturating_add(step);
        if next > full {
            let (reset, wait) = (Duration::from_micros(used - now), Duration::from_micros(next - full));
            return Standing { limit, quota, remaining: 0, reset, wait: Some(wait) };
        }
        for place in places {
            if let Some(empty_at) = empty_at.get_mut(place) {
                *empty_at = next.max(*empty_at);
            }
        }
        let (remaining, reset) = ((full - next) / step.max(1), Duration::from_micros(next - now));
        Standing { limit, quota, remaining, reset, wait: None }
    }
}

/// All counters of the process.
pub struct Limits {
    /// None where nothing is counted.
    meters: BTreeMap<Limit, Meter>,
    salt: u64,
    clock: Clock,
    warned: AtomicBool,
}

impl Limits {
    pub fn new(config: &Config, salt: u64, clock: Clock) -> Limits {
        let quota = |limit: Limit| if limit == Limit::Newcomers { config.newcomers } else { limit.quota() };
        let counted = Limit::ALL.iter().filter(|_| config.rate_limits);
        let meters = counted.map(|limit| (*limit, Meter::new(*limit, quota(*limit)))).collect();
        Limits { meters, salt, clock, warned: AtomicBool::new(false) }
    }

    /// Counts one more for `key`.
    ///
    /// # Errors
    /// `TooMany`; then it does not count.
    pub fn spend(&self, limit: Limit, key: impl Hash) -> Result<()> {
        self.count(limit, key).map_or(Ok(()), |standing| standing.allowed())
    }

    fn count(&self, limit: Limit, key: impl Hash) -> Option<Standing> {
        let meter = self.meters.get(&limit)?;
        let mut hasher = DefaultHasher::new();
        (self.salt, limit, key).hash(&mut hasher);
        let hash = hasher.finish();
        let places = [0, 16, 32, 48].map(|bits| usize::try_from((hash >> bits) % PLACES as u64).unwrap_or_default());
        Some(meter.count(places, self.clock.monotonic()))
    }
}

/// Whose session or token a request came with, put there when it is known.
pub struct Caller(pub String);

/// What a request has been counted for, for its headers.
#[derive(Default)]
struct Counted(Vec<Standing>);

/// Before anybody looks up who it is.
pub(super) fn spend_as_client(request: &HttpRequest, limits: &[Limit]) -> Result<()> {
    limits.iter().filter(|limit| limit.by() != By::Account).try_for_each(|limit| spend(request, *limit))
}

/// When it is known whose token it is.
pub(super) fn spend_as_caller(request: &HttpRequest, limits: &[Limit]) -> Result<()> {
    limits.iter().filter(|limit| limit.by() == By::Account).try_for_each(|limit| spend(request, *limit))
}

fn spend(request: &HttpRequest, limit: Limit) -> Result<()> {
    let app = Callboard::of(request)?;
    let address = || client::address(request, &app.config.trusted_proxies);
    let by_address = |address: IpAddr| app.limits.count(limit, address);
    let standing = match limit.by() {
        By::Address => by_address(client::site(address())),
        By::Network => by_address(client::network(address())),
        By::Account => {
            let caller = request.extensions().get::<Caller>().map(|caller| caller.0.clone());
            caller.and_then(|caller| app.limits.count(limit, caller))
        }
        By::Event => {
            let slug = request.match_info().query("event");
            is_slug(slug).then(|| app.limits.count(limit, slug)).flatten()
        }
        By::Mailbox | By::Deed => None,
    };
    let Some(standing) = standing else { return Ok(()) };
    let mut extensions = request.extensions_mut();
    if let Some(counted) = extensions.get_mut::<Counted>() {
        counted.0.push(standing);
    } else {
        extensions.insert(Counted(vec![standing]));
    }
    standing.allowed()
}

/// What watches the service must be answered whoever else floods it.
const NOT_COUNTED: [&str; 2] = ["/healthz", "/readyz"];

/// The innermost middleware: counts every request of a client, also for what does not exist.
pub async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !NOT_COUNTED.contains(&request.path()) {
        warn_of_forgotten_proxy(request.request())?;
        if let Err(error) = spend(request.request(), Limit::Address) {
            return Ok(request.error_response(error));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Once: whoever set up a proxy and forgot this has everybody share one address.
fn warn_of_forgotten_proxy(request: &HttpRequest) -> Result<()> {
    let app = Callboard::of(request)?;
    if let Some(proxy) = client::forgotten_proxy(request, &app.config.trusted_proxies)
        && !app.limits.warned.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(
            "A proxy at {proxy} sends X-Forwarded-For but is not trusted, so all who come through it share the limits \
             of one address: set CALLBOARD_TRUSTED_PROXIES"
        );
    }
    Ok(())
}

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
pub(super) fn describe(request: &HttpRequest, headers: &mut HeaderMap) {
    let extensions = request.extensions();
    let Some(Counted(standings)) = extensions.get::<Counted>() else { return };
    let policy = |standing: &Standing| {
        let limit = standing.limit;
        format!("\"{}\";q={};w={}", limit.name(), standing.quota, limit.window().as_secs())
    };
    let left = |standing: &Standing| {
        format!("\"{}\";r={};t={}", standing.limit.name(), standing.remaining, whole_seconds(standing.reset))
    };
    let mut set = |name: &'static str, items: Vec<String>| {
        if let Ok(value) = HeaderValue::from_str(&items.join(", ")) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("ratelimit-policy", standings.iter().map(policy).collect());
    set("ratelimit", standings.iter().filter(|standing| standing.is_own()).map(left).collect());
}

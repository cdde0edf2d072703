//! `callboard demo --walkthrough`: the whole main job, driven from outside through HTTP and SMTP against a server that is
//! started here. Whatever comes back other than it should be ends it.

mod client;
mod deciding;
mod reviewing;
mod smtp;
mod submitting;

use crate::{
    accounts::{
        self,
        model::{NewAdmin, NewPassword, PersonName},
    },
    cli::Server,
    clock::{Clock, Random},
    config::{Config, SecretKey},
    demo::store,
    text::Email,
};
use actix_web::rt;
use anyhow::{Context, anyhow, bail, ensure};
use client::{Answer, Client};
use serde_json::{Value, json};
use smtp::{Mailbox, Received};
use std::{
    fmt::Display,
    io::Write,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::sync::oneshot;

const PASSWORD: &str = "walking from end to end";
/// How long a mail may take: the publication's delay, the rounds of the background work, a slow machine.
const MAIL_PATIENCE: Duration = Duration::from_secs(10);
const PUBLICATION_DELAY: &str = "1";

/// Walks through the main job and prints each step: on the database of this URL, else on a new one that is gone
/// afterwards.
///
/// # Errors
/// At the first thing that is not as it should be.
pub fn run(database: Option<&str>, out: &mut dyn Write) -> anyhow::Result<()> {
    let clock = Clock::machine();
    let folder = tempfile::tempdir()?;
    let url =
        database.map_or_else(|| format!("sqlite:{}", folder.path().join("callboard.db").display()), str::to_owned);
    let mailbox = Mailbox::open()?;
    let random = Random::from_system()?;
    let key = SecretKey(random.bytes()).to_text();
    let smtp = format!("smtp://{}", mailbox.address);
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("LISTEN", "127.0.0.1:0"),
        ("SMTP_URL", &smtp),
        ("MAIL_FROM", "callboard@walkthrough.example"),
        ("SECRET_KEY", &key),
        ("PUBLICATION_DELAY", PUBLICATION_DELAY),
    ];
    let settings = settings.map(|(name, value)| (format!("CALLBOARD_{name}"), value.to_owned()));
    let config = Config::from_sources("", settings).map_err(|problems| anyhow!(problems))?;
    let tag = random.code(6).to_lowercase();
    let server = Running::start(config, &tag)?;
    let mut walk = Walk { out, step: 0, base: server.base.clone(), mailbox, tag };
    let walked = walk.all();
    server.stop()?;
    walked.with_context(|| format!("after step {}", walk.step))?;
    let seconds = clock.monotonic().as_secs_f64();
    writeln!(walk.out, "\nAll {} steps came out as they should, in {seconds:.1} s.", walk.step)?;
    Ok(())
}

/// The server, on a thread of its own.
struct Running {
    base: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    fn start(config: Config, tag: &str) -> anyhow::Result<Running> {
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let admin = admin(tag)?;
        let thread = thread::Builder::new().name("server".into()).spawn(move || {
            rt::System::new().block_on(async {
                let server = Server::prepare(config)?;
                let strangers = server.app.db.read(|conn| store::has_other_events(conn, SLUG)).await?;
                ensure!(!strangers, "this database has events in it; take one for trying out");
                accounts::actions::create_admin(&server.app, admin).await?;
                ready.send(format!("http://{}", server.address))?;
                server.run(async move { drop(stopped.await) }).await
            })
        })?;
        match started.recv() {
            Ok(base) => Ok(Running { base, stop, thread }),
            Err(_) => match thread.join() {
                Ok(Err(error)) => Err(error),
                _ => bail!("the server did not start"),
            },
        }
    }

    fn stop(self) -> anyhow::Result<()> {
        // Already gone: then joining says why.
        let _ = self.stop.send(());
        self.thread.join().map_err(|_| anyhow!("the server broke down"))?
    }
}

fn admin(tag: &str) -> anyhow::Result<NewAdmin> {
    let email = Email::new(&address("admin", tag)).map_err(|why| anyhow!(why))?;
    let name = PersonName::new("Adele Admin").map_err(|why| anyhow!(why))?;
    let password = NewPassword::new(PASSWORD).map_err(|why| anyhow!(why))?;
    Ok(NewAdmin { email, name, password: Some(password) })
}

const SLUG: &str = "walkthrough-";

fn address(name: &str, tag: &str) -> String {
    format!("{name}.{tag}@walkthrough.example")
}

/// Where the walk is.
struct Walk<'o> {
    out: &'o mut dyn Write,
    step: usize,
    base: String,
    mailbox: Mailbox,
    /// Sets this walk's event and people apart from those of others on the same database.
    tag: String,
}

/// Somebody with an account, signed in.
struct Person {
    email: String,
    client: Client,
}

impl Walk<'_> {
    fn all(&mut self) -> anyhow::Result<()> {
        let team = self.set_up()?;
        let submitted = submitting::walk(self, &team)?;
        reviewing::walk(self, &team, &submitted)?;
        deciding::walk(self, &team, &submitted)
    }

    fn slug(&self) -> String {
        format!("{SLUG}{}", self.tag)
    }

    /// A path below the event's.
    fn path(&self, below: &str) -> String {
        format!("/events/{}{below}", self.slug())
    }

    /// Prints what was done and what came back.
    fn tell(&mut self, did: &str, came_back: impl Display) -> anyhow::Result<()> {
        self.step += 1;
        writeln!(self.out, "{:>3}. {did}\n     {came_back}", self.step)?;
        Ok(self.out.flush()?)
    }

    fn anonymous(&self) -> Client {
        Client::new(&self.base)
    }

    /// The newest mail to this address with these words in the subject.
    fn mail(&self, to: &str, subject: &str) -> anyhow::Result<Received> {
        self.mail_about(to, subject, "")
    }

    /// The newest of them with these words in its text.
    fn mail_about(&self, to: &str, subject: &str, words: &str) -> anyhow::Result<Received> {
        let fits = |mail: &Received| mail.to == [to] && mail.subject.contains(subject) && mail.text.contains(words);
        let arrived = self.mailbox.wait(MAIL_PATIENCE, fits);
        arrived.with_context(|| format!("no mail \"{subject}\" to {to} about \"{words}\" arrived"))
    }

    fn sign_in(&self, name: &str) -> anyhow::Result<Person> {
        let email = address(name, &self.tag);
        let session =
            self.anonymous().post("/sessions", &json!({"email": email, "password": PASSWORD}))?.expect(201)?;
        let client = self.anonymous().with_token(&session.text_at("/token")?);
        Ok(Person { email, client })
    }

    /// Signs up, verifies the address over the link of the mail, signs in.
    fn join(&mut self, name: &str, full_name: &str) -> anyhow::Result<Person> {
        let email = address(name, &self.tag);
        let account = json!({"email": email, "name": full_name, "password": PASSWORD});
        self.anonymous().post("/accounts", &account)?.expect(202)?;
        let mail = self.mail(&email, "Verify your mail address")?;
        let link = mail.links().next().context("the mail has no link")?.to_owned();
        self.anonymous().page(&link)?.expect(200)?;
        self.anonymous().form(&link, &[])?.expect(200)?;
        let person = self.sign_in(name)?;
        let me = person.client.get("/me")?.expect(200)?;
        me.is("/email_verified", true)?;
        self.tell(&format!("{full_name} signs up and verifies the address by mail"), short(&me))?;
        Ok(person)
    }

    fn set_up(&mut self) -> anyhow::Result<Team> {
        let admin = self.sign_in("admin")?;
        let wrong = json!({"email": admin.email, "password": "not the password"});
        let refused = self.anonymous().post("/sessions", &wrong)?.refused(401, "wrong_credentials")?;
        self.tell("The admin signs in; with a wrong password nobody does", short(&refused))?;
        let event = |slug: &str| {
            json!({"slug": slug, "name": "Walkthrough Days", "zone": "America/Los_Angeles", "starts_on": "2030-06-10",
                "ends_on": "2030-06-12", "place": "Online", "visibility": "public",
                "contact_email": "program@walkthrough.example"})
        };
        admin.client.post("/events", &event("api"))?.refused(422, "invalid")?;
        let created = admin.client.post("/events", &event(&self.slug()))?.expect(201)?;
        self.tell("The admin creates an event", short(&created))?;
        let olga = self.join("olga", "Olga Organizer")?;
        olga.client.get(&self.path("/settings"))?.refused(403, "forbidden")?;
        self.invite(&admin, &olga, "organizer")?;
        let rita = self.join("rita", "Rita Reviewer")?;
        self.invite(&olga, &rita, "reviewer")?;
        let rolf = self.invite_by_page(&olga, "rolf", "Rolf Reviewer")?;
        let members = olga.client.get(&self.path("/members"))?.expect(200)?;
        ensure!(members.list_at("/items")?.len() == 4, "not four members: {}", members.text);
        self.open_call(&olga)?;
        Ok(Team { admin, olga, rita, rolf })
    }

    /// Invites somebody with an account; the link is no use to anybody else.
    fn invite(&mut self, by: &Person, who: &Person, role: &str) -> anyhow::Result<()> {
        let invitation = json!({"email": who.email, "role": role});
        by.client.post(&self.path("/invitations"), &invitation)?.expect(201)?;
        let token = json!({"token": secret(&self.mail(&who.email, "you are invited")?)?});
        by.client.post("/invitations/accept", &token)?.refused(409, "other_address")?;
        let joined = who.client.post("/invitations/accept", &token)?.expect(200)?;
        joined.is("/role", role)?;
        self.tell(&format!("{} is invited as {role} by mail and accepts", who.email), short(&joined))
    }

    /// Invites somebody who has no account yet.
    fn invite_by_page(&mut self, by: &Person, name: &str, full_name: &str) -> anyhow::Result<Person> {
        let email = address(name, &self.tag);
        let invitation = json!({"email": email, "role": "reviewer"});
        by.client.post(&self.path("/invitations"), &invitation)?.expect(201)?;
        let mail = self.mail(&email, "you are invited")?;
        let link = mail.links().next().context("the mail has no link")?;
        self.anonymous().page(link)?.expect(200)?;
        self.anonymous().form(link, &[("name", full_name), ("password", PASSWORD)])?.expect(200)?;
        let person = self.sign_in(name)?;
        let reviewing = person.client.get(&self.path("/reviewing"))?.expect(200)?;
        self.tell(
            &format!("{full_name} is invited by mail, gets an account and the role over its page"),
            short(&reviewing),
        )?;
        Ok(person)
    }

    fn open_call(&mut self, olga: &Person) -> anyhow::Result<()> {
        let formats = olga.client.get(&self.path("/formats"))?.expect(200)?;
        let format = formats.text_at("/items/0/code")?;
        let longer = json!({"name": "Talk", "minutes": 25});
        olga.client.patch(&self.path(&format!("/formats/{format}")), &longer)?.expect(200)?;
        for name in ["Using Postgres", "Inside Postgres"] {
            olga.client.post(&self.path("/tracks"), &json!({"name": name}))?.expect(201)?;
        }
        let call = json!({"deadline": {"local": "2030-02-10T23:59", "zone": "America/Los_Angeles"},
            "limit_per_speaker": 2, "text": "Tell us what you have learned."});
        olga.client.patch(&self.path("/call"), &call)?.expect(200)?;
        let call = self.anonymous().get(&self.path("/call"))?.expect(200)?;
        call.is("/state", "open")?;
        call.is("/closes_at", "2030-02-11T08:00:00Z")?;
        self.tell(
            "Olga sets format, tracks and deadline; everybody sees the open call",
            call.text_at("/deadline/text")?,
        )
    }
}

struct Team {
    admin: Person,
    olga: Person,
    rita: Person,
    rolf: Person,
}

/// The secret at the end of the first link of a mail.
fn secret(mail: &Received) -> anyhow::Result<String> {
    let link = mail.links().next().context("the mail has no link")?;
    Ok(link.rsplit('/').next().unwrap_or_default().to_owned())
}

/// An answer on one line.
fn short(answer: &Answer) -> String {
    let text: String = answer.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(160).collect();
    format!("{} {cut}{}", answer.status, if cut.len() < text.len() { " …" } else { "" })
}

/// The item of a list whose `field` is `value`.
fn item<'a>(list: &'a [Value], field: &str, value: &str) -> anyhow::Result<&'a Value> {
    let found = list.iter().find(|item| item.get(field).and_then(Value::as_str) == Some(value));
    found.with_context(|| format!("no item has {value} as its {field}"))
}

"""The real program as a process of its own, and the place it runs in."""

import base64
import os
import signal
import socket
import subprocess
import time

from client import Client, NoAnswer, NotSent

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PASSWORD = "correct horse battery"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Program:
    """Callboard on one address, started and killed as often as needed."""

    all = []

    def __init__(self, folder, database, smtp_url, settings=()):
        self.folder, self.database = folder, database
        self.binary = os.environ["CALLBOARD_TEST_BINARY"]
        self.port = free_port()
        self.process = None
        Program.all.append(self)
        self.log_path = os.path.join(folder, "log")
        self.environment = {
            "PATH": os.environ["PATH"],
            "CALLBOARD_LISTEN": f"127.0.0.1:{self.port}",
            "CALLBOARD_DATABASE_URL": database.url,
            "CALLBOARD_SECRET_KEY": base64.b64encode(b"9" * 32).decode(),
            "CALLBOARD_SMTP_URL": smtp_url,
            "CALLBOARD_RATE_LIMITS": "off",
            "CALLBOARD_LOG": os.environ.get("CALLBOARD_TEST_LOG", "warn"),
            **dict(settings),
        }

    def start(self, fault=None, **more):
        """Starts it and waits for its first line. `fault` is a point of src/faults.rs with the pass at which to die."""
        environment = {**self.environment, **more}
        if fault:
            environment["CALLBOARD_TEST_FAULT"] = fault
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve"], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log,
            )
        first = self.process.stdout.readline()
        if not first.startswith(b"listening on "):
            self.process.wait()
            # A fault may come before the first line.
            if not (fault and self.process.returncode < 0):
                raise RuntimeError(f"it did not start: {first!r} {self.log()[-2000:]}")
        return self

    def command(self, *arguments, stdin=""):
        return subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=self.environment, input=stdin, text=True,
            capture_output=True, check=True,
        )

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """SIGKILL. Does not wait, so that a mail server may call it in the middle of a dialogue."""
        if self.is_running():
            self.process.send_signal(signal.SIGKILL)

    def killed(self):
        """Kills it, or waits for the end of what a fault has ended."""
        self.kill()
        self.process.wait()
        self.process.stdout.close()
        if self.process.returncode not in (-signal.SIGKILL, -signal.SIGABRT):
            raise RuntimeError(f"it ended by itself with {self.process.returncode}: {self.log()[-2000:]}")

    def ended_within(self, patience):
        """Whether it is gone by then, by a fault that it was started with."""
        try:
            self.process.wait(patience)
            return True
        except subprocess.TimeoutExpired:
            return False

    def stop(self):
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def client(self, token=None, patience=90):
        return Client(self.port, token, patience)

    def ready(self):
        """What `/readyz` says: status and text."""
        try:
            answer = Client(self.port, patience=10).send("GET", "readyz")
            return answer.status, answer.body.decode()
        except (NotSent, NoAnswer):
            return None, ""

    def until_ready(self, patience=90):
        """How long it took until `/readyz` said so."""
        since = time.time()
        while self.ready()[0] != 200:
            if time.time() > since + patience:
                raise RuntimeError(f"not ready after {patience} s: {self.ready()} {self.log()[-1000:]}")
            time.sleep(0.05)
        return time.time() - since


class World:
    """An event with a call that is open for long, its organizer, and people who are signed in."""

    def __init__(self, program, speakers, slug="faults"):
        self.program, self.slug = program, slug
        program.command("create-admin", "root@example.org", "--name", "Root", stdin=PASSWORD + "\n")
        self.organizer = self.signed_in("root@example.org")
        self.event(slug)
        self.speakers = [self.person(f"speaker{number}") for number in range(speakers)]

    def event(self, slug, **call):
        admin = self.program.client(self.organizer)
        admin.expect(201, "POST", "/events", {
            "slug": slug, "name": "The Faults", "zone": "UTC", "visibility": "public",
            "contact_email": "team@example.org"})
        call["deadline"] = {"local": "2090-02-10T23:59", "zone": "UTC"}
        admin.expect(200, "PATCH", f"/events/{slug}/call", call)

    def path(self, below, slug=None):
        return f"/events/{slug or self.slug}{below}"

    def person(self, name):
        """The token of somebody new, whose address counts as verified."""
        email = f"{name}@example.org"
        anybody = self.program.client()
        anybody.expect(202, "POST", "/accounts", {"email": email, "name": name, "password": PASSWORD})
        self.program.database.execute(f"UPDATE accounts SET email_verified_at = created_at WHERE email = '{email}'")
        return self.signed_in(email)

    def signed_in(self, email):
        anybody = self.program.client()
        return anybody.expect(201, "POST", "/sessions", {"email": email, "password": PASSWORD})["token"]

    def member(self, name, role):
        """The token of somebody new in the team. Put there by hand: no mail is read here."""
        token = self.person(name)
        self.program.database.execute(
            "INSERT INTO members (event_id, account_id, role, limited, version, created_at) SELECT e.id, a.id, "
            f"'{role}', FALSE, 1, a.created_at FROM events e, accounts a WHERE e.slug = '{self.slug}' AND a.email = '{name}@example.org'"
        )
        return token


def proposal(title, submit=True):
    return {"title": title, "abstract": f"All about {title}.", "submit": submit}

"""Runs schemathesis against a server with the example event, as people of several roles."""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PASSWORD = "every elephant remembers"
WALKED = "walking from end to end"
SEED = "2025"

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
# What is not checked here, and why.
EXCLUDED = {
    "positive_data_acceptance": "no schema can say that a code exists, that a deadline is later, or that a text is NFC",
    "missing_required_header": "no header is always required: what does not exist yet needs no If-Match",
    "use_after_free": "of stateful runs, for which the document would need links; the suite tests what is removed",
    "ensure_resource_availability": "of stateful runs, as before",
    "object_level_authorization": "the suite's matrix of roles has a row for every route",
}

# What ends the session that asks goes last, with a session of its own.
ENDS_SESSION = r"^/api/v1/(sessions/current|me/sessions|me)$"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a PostgreSQL on which the walkthrough is run; otherwise a new SQLite file")
    parser.add_argument("--examples", type=int, default=2, help="requests made at random for each operation and role")
    parser.add_argument("--only", help="a part of the names of the runs to make")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="callboard-contract-"))
    try:
        with Server(folder, options.database) as server:
            world = World(server)
            failed = [run for run in runs(world) if (options.only or "") in run["name"] and not passes(run, world, options, folder)]
        if server.panicked():
            failed.append({"name": "the server's log"})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for run in failed:
        print(f"FAILED: {run['name']}")
    sys.exit(1 if failed else 0)


class Server:
    """A server with an event in it and without limits."""

    def __init__(self, folder, database):
        self.folder = folder
        self.binary = os.environ["CALLBOARD_TEST_BINARY"]
        self.log = folder / "log"
        self.walked = database is not None
        if self.walked:
            self.say = subprocess.run(
                [self.binary, "demo", "--walkthrough", "--database", database], check=True, capture_output=True, text=True
            ).stdout
            self.url = database
        else:
            data = folder / "demo"
            with subprocess.Popen(
                [self.binary, "demo", "--folder", str(data), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as demo:
                for line in demo.stdout:
                    if "Sign in:" in line:
                        break
                demo.terminate()
            self.url = f"sqlite:{data / 'callboard.db'}"

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {
            "CALLBOARD_DATABASE_URL": self.url,
            "CALLBOARD_LISTEN": f"127.0.0.1:{self.port}",
            "CALLBOARD_SMTP_URL": f"file:{self.folder / 'mail'}",
            "CALLBOARD_RATE_LIMITS": "off",
            "CALLBOARD_LOG": "error",
        }
        if self.walked:
            settings["CALLBOARD_SECRET_KEY"] = "Y29udHJhY3QtY29udHJhY3QtY29udHJhY3QtY29udHI="
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CALLBOARD_")} | settings
        self.process = subprocess.Popen([self.binary, "serve"], cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=self.log.open("w"))
        self.base = f"http://127.0.0.1:{self.port}/api/v1"
        for _ in range(300):
            try:
                self.ask("GET", "/events")
                return self
            except OSError:
                time.sleep(0.1)
        sys.exit(f"the server did not start:\n{self.log.read_text()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def panicked(self):
        lines = [line for line in self.log.read_text().splitlines() if "panicked" in line or "A request failed" in line]
        print("\n".join(lines[:20]))
        return bool(lines)

    def ask(self, method, path, token=None, body=None):
        request = urllib.request.Request(self.base + path, method=method)
        if token:
            request.add_header("authorization", f"Bearer {token}")
        data = None
        if body is not None:
            request.add_header("content-type", "application/json")
            data = json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def sign_in(self, email, password):
        return self.ask("POST", "/sessions", body={"email": email, "password": password})["token"]


class World:
    """Who may ask, and what there is to ask about."""

    def __init__(self, server):
        self.server = server
        self.slug = server.ask("GET", "/events")["items"][0]["slug"]
        if server.walked:
            tag = self.slug.removeprefix("walkthrough-")
            self.people = {name: (f"{name}.{tag}@walkthrough.example", WALKED) for name in ("admin", "ada")}
            self.organizer, self.speaker, self.reviewer = self.people["admin"], self.people["ada"], None
        else:
            person = lambda name: (f"{name}@posette.example", PASSWORD)
            self.organizer, self.speaker, self.reviewer = person("organizer"), person("speaker"), person("reviewer")
        self.session = self.sign_in(self.organizer)
        self.parameters = self.find()

    def sign_in(self, who):
        return self.server.sign_in(*who)

    def newcomer(self):
        """The session of an account that no run before has changed."""
        account = {"email": "newcomer@contract.example", "name": "Newcomer", "password": PASSWORD}
        self.server.ask("POST", "/accounts", body=account)
        return self.server.sign_in(account["email"], account["password"])

    def token(self, path, token, scopes):
        made = self.server.ask("POST", path, token, {"name": "contract", "scopes": scopes})
        return made["token"]

    def of_event(self, below, key, token=None):
        """The names of what there is in a list, a few of them."""
        try:
            answer = self.server.ask("GET", f"/events/{self.slug}{below}", token or self.session)
        except urllib.error.HTTPError:
            return []
        return [item[key] for item in answer["items"][:5] if item.get(key)]

    def find(self):
        """Parameters by the pattern of the paths that take them."""
        mine = self.of_event("/my/proposals", "code", self.sign_in(self.speaker))
        codes = self.of_event("/proposals", "code")
        found = {
            r"/events/\{event\}/my/proposals/\{code\}": {"code": mine},
            r"/events/\{event\}/proposals/\{code\}": {"code": codes},
            r"/events/\{event\}/reviewing/proposals/\{ref\}": {"ref": self.of_event("/proposals", "ref")},
            r"/events/\{event\}/formats/\{code\}": {"code": self.of_event("/formats", "code")},
            r"/events/\{event\}/tracks/\{code\}": {"code": self.of_event("/tracks", "code")},
            r"/events/\{event\}/criteria/\{code\}": {"code": self.of_event("/criteria", "code")},
            r"/events/\{event\}/members/\{id\}": {"id": self.of_event("/members", "code")},
            r"/events/\{event\}/mails/\{id\}": {"id": self.of_event("/mails", "id")},
            r"/events/\{event\}/publications/\{id\}": {"id": self.of_event("/publications", "id")},
            r"/events/\{event\}/exports/\{file\}": {
                "file": [f"{table}.{kind}" for table in ("talks", "proposals", "speakers", "reviews") for kind in ("csv", "json", "xlsx")]
            },
        }
        return {path: names for path, names in found.items() if all(names.values())}

    def settings(self):
        """As schemathesis reads them. Now and then it asks for what does not exist."""
        # What is too long to be looked at is refused, too.
        refused = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "428"]
        text = [f"[checks.negative_data_rejection]\nexpected-statuses = {json.dumps(refused)}\n"]
        text.append(f"[dictionaries.events]\nvalues = {json.dumps([self.slug])}\n")
        text.append('[parameters]\n"path.event" = {dictionary = "events"}\n"path.slug" = {dictionary = "events"}\n')
        for number, (path, names) in enumerate(self.parameters.items()):
            for name, values in names.items():
                text.append(f"[dictionaries.d{number}]\nvalues = {json.dumps(values)}\n")
                binding = f'{{dictionary = "d{number}", probability = 0.9}}'
                text.append(f"[[operations]]\ninclude-path-regex = {json.dumps(path)}\nparameters = {{\"path.{name}\" = {binding}}}\n")
        return "\n".join(text)


def runs(world):
    session = world.session
    scopes = [
        "me:read", "me:write", "events:create", "reviews:read", "reviews:write", "event:read", "event:write", "team:write",
        "proposals:read", "proposals:write", "decisions:write",
    ]
    of_events = [scope for scope in scopes if scope.split(":")[0] in ("event", "team", "proposals", "decisions")]
    own = world.token("/me/tokens", session, scopes)
    events = world.token(f"/events/{world.slug}/tokens", session, of_events)
    everything = ["--exclude-path-regex", ENDS_SESSION]
    yield {"name": "a speaker", "token": world.sign_in(world.speaker), "paths": ["--include-path-regex", r"/(my|me|confirmations|title-ideas)(/|$)", *everything], "phases": "coverage,fuzzing"}
    if world.reviewer:
        yield {"name": "a reviewer", "token": world.sign_in(world.reviewer), "paths": ["--include-path-regex", "/reviewing"], "phases": "coverage,fuzzing"}
    yield {"name": "a token of the event", "token": events, "paths": ["--include-method", "GET", *everything], "phases": "fuzzing"}
    yield {"name": "a token with all scopes", "token": own, "paths": ["--include-method", "GET", *everything], "phases": "fuzzing"}
    yield {"name": "nobody", "token": None, "paths": [], "phases": "fuzzing"}
    yield {"name": "an organizer", "token": session, "paths": everything, "phases": "coverage,fuzzing"}
    yield {"name": "somebody who leaves", "token": world.newcomer(), "paths": ["--include-path-regex", ENDS_SESSION], "phases": "coverage,fuzzing"}


def passes(run, world, options, folder):
    config = folder / "schemathesis.toml"
    config.write_text(world.settings())
    command = [
        str(Path(sys.executable).parent / "st"), "--config-file", str(config), "run", f"{world.server.base}/openapi.json",
        "--checks", ",".join(CHECKS), "--phases", run["phases"], "--max-examples", str(options.examples), "--seed", SEED,
        "--generation-database", "none", "--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off",
        "--request-timeout", "30", "--no-color", *run["paths"],
    ]  # fmt: skip
    if run["token"]:
        command += ["--header", f"Authorization: Bearer {run['token']}"]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    counted = re.search(r"(\d+) generated", done.stdout)
    print(f"{run['name']}: {counted.group(1) if counted else 'no'} requests in {seconds:.0f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout[-20000:], done.stderr[-2000:], flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()

"""Imports real files, exports them, and imports them again, here and elsewhere. Started by scripts/imports."""

import argparse
import csv
import email
import email.policy
import glob
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

from server import Server, stop_all

PASSWORD = "correct horse battery staple"
ADMIN = "olga@import.example"
# Nobody meets the own proposals as an organizer, so somebody else proposes.
SPEAKER = "ada@import.example"
LABELS = [f"AnonReviewer{number}" for number in range(1, 7)]
DEALT = [f"Reviewer {number:02}" for number in range(1, 61)]
SEED = 2018
STATES = {"Reject": "rejected", "Withdraw": "withdrawn", "Active": "submitted"}
MAP = ["--map", "proposal=paper_id", "--map", "reviewer=reviewer_label", "--map", "score.Overall=rating"]
FORMS = ("json", "csv", "xlsx")
# Of an event itself, and what is counted there.
OWN = {"code", "public_no", "decided_at", "published_at", "reviews", "mean", "rank", "score", "deviation"}
TEXTS = [
    ("Chinese", "缓存的艺术", "我们如何把延迟降低一半。\n第二段：数据库。", "缓存的艺术"),
    ("Japanese", "型安全なデータベース", "「型」で守るスキーマ設計、失敗と学び。", "型安全なデータベース"),
    ("German", "Größe, Straße & Übermut", "Warum „groß“ nicht „gross“ heißt – und was daraus folgt.", "übermut"),
    ("French", "L’été où le cœur a lâché", "Déjà vu : ça coûte 5 €, façade naïve, garçon.", "façade"),
    ("Arabic", "قواعد البيانات الموزعة", "كيف نبني نظامًا لا يتوقف عن العمل.", "الموزعة"),
    ("emoji", "Ship it 🚀 👩‍💻 🏳️‍🌈", "Emoji of several parts: 👨‍👩‍👧‍👦, 🇯🇵, 👍🏽.", "ship"),
]


class Sqlite:
    name = "SQLite"

    now = "0"

    def __init__(self, folder):
        self.path = os.path.join(folder, "callboard.db")
        self.url = f"sqlite:{self.path}"

    def run(self, sql):
        with sqlite3.connect(self.path) as base:
            base.executescript(sql)

    def drop(self):
        pass


class Postgres:
    """A database of its own on the server of the URL, gone afterwards."""

    name = "PostgreSQL"
    now = "now()"

    def __init__(self, url):
        self.server = url
        self.database = f"callboard_imports_{os.getpid()}"
        self.url = urllib.parse.urlsplit(url)._replace(path=f"/{self.database}").geturl()
        self.ask(self.server, f"CREATE DATABASE {self.database}")

    def ask(self, url, sql):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))
        command = [found[-1] if found else "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", url]
        done = subprocess.run(command, input=sql, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"psql: {done.stderr}")

    def run(self, sql):
        self.ask(self.url, sql)

    def drop(self):
        self.ask(self.server, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


class Board:
    """A Callboard with an event for each file, used by its commands; served where the API is asked."""

    def __init__(self, binary, database, folder):
        self.folder, self.database = folder, database
        self.mails = os.path.join(folder, "mail")
        self.server = Server(os.path.abspath(binary), database.url, folder, f"file:{self.mails}", RATE_LIMITS="off")
        self.client = self.token = None

    def set_up(self, events):
        self.server.command("migrate")
        for address in (ADMIN, SPEAKER):
            self.server.command("create-admin", address, "--name", "Olga", text=PASSWORD + "\n")
        self.serve()
        for slug in events:
            event = {"slug": slug, "name": slug, "zone": "UTC", "visibility": "public", "contact_email": ADMIN}
            self.ask("POST", "/events", event)
            first = self.ask("GET", f"/events/{slug}/criteria")["items"][0]
            wide = {"name": "Overall", "lowest": 1, "highest": 10}
            self.ask("PATCH", f"/events/{slug}/criteria/{first['code']}", wide)
        self.server.stop()

    def serve(self):
        self.server.start()
        self.client = self.server.client()
        self.token = self.sign_in(ADMIN)

    def sign_in(self, address):
        return self.client.ask("POST", "/sessions", {"email": address, "password": PASSWORD})["token"]

    def ask(self, method, path, body=None, token=None):
        return self.client.ask(method, path, body, token or self.token)

    def accounts(self, prefix, names):
        """Accounts without any way to sign in, put straight into the database."""
        rows = [f"('{prefix}{number:04}', '{prefix.lower()}{number}@import.example', "
                f"'{prefix.lower()}{number}@import.example', '{name}', FALSE, 1, {self.database.now})"
                for number, name in enumerate(names)]
        self.database.run("INSERT INTO accounts (code, email, email_key, name, is_admin, version, created_at) VALUES "
                          + ", ".join(rows) + ";")

    def reviewers(self, slug, prefix):
        self.database.run("INSERT INTO members (event_id, account_id, role, limited, version, created_at) "
                          f"SELECT events.id, accounts.id, 'reviewer', FALSE, 1, {self.database.now} "
                          f"FROM events, accounts WHERE events.slug = '{slug}' AND accounts.code LIKE '{prefix}____';")

    def load(self, slug, path, *options):
        began = time.monotonic()
        text = self.server.command("import", path, "--event", slug, "--json", *options)
        return json.loads(text), time.monotonic() - began

    def export(self, slug, table, form):
        path = os.path.join(self.folder, f"{slug}-{table}.{form}")
        self.server.command("export", table, "--event", slug, "--format", form, "--output", path)
        return path

    def exported(self, slug, table):
        with open(self.export(slug, table, "json"), encoding="utf-8") as file:
            return json.load(file)


class Checks:
    """The table of results, printed as it grows."""

    def __init__(self):
        self.failed = self.count = 0
        print(f"| {'event':<15} | {'what':<44} | {'found':<34} | {'s':>6} | |")
        print(f"| {'-' * 15} | {'-' * 44} | {'-' * 34} | {'-' * 5}: | --- |")

    def equal(self, event, what, found, wanted, took=None):
        right = found == wanted
        self.failed += not right
        self.count += 1
        shown = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        seconds = "" if took is None else f"{took:.2f}"
        print(f"| {event:<15} | {what:<44} | {shown[:300]:<34} | {seconds:>6} | {'ok' if right else 'WRONG'} |", flush=True)
        if not right:
            print(f"    wanted: {str(wanted)[:1000]}")

    def same(self, event, what, found, wanted):
        """Long ones: only where they differ is shown."""
        pairs = [(one, other) for one, other in zip(found, wanted) if one != other]
        self.equal(event, what, f"{len(found)} alike" if not pairs else f"{len(pairs)} differ", f"{len(wanted)} alike")
        for one, other in pairs[:3]:
            for field in one:
                if one[field] != other.get(field):
                    print(f"    {field}: {str(one[field])[:200]!r}, not {str(other.get(field))[:200]!r}")


def counts(report):
    return {name: count for name, count in report["counts"].items() if count}


def mended(text):
    return " ".join(text.split())


def files_of(data, folder):
    """Slug, file, options, what the first import makes, how many speakers, and the titles."""
    for slug, name, made, speakers in [
        ("demo", "sessionize/demo_event/All.json", {"created": 10, "skipped": 1}, 10),
        ("melbourne", "sessionize/ddd_melbourne_2024_all.json", {"created": 26}, 30),
        ("droidkaigi", "sessionize/droidkaigi_2018_all_ja.json", {"created": 9}, 10),
    ]:
        path = os.path.join(data, name)
        with open(path, encoding="utf-8") as file:
            sessions = json.load(file)["sessions"]
        wanted = sorted(mended(session["title"]) for session in sessions if not session["isServiceSession"])
        yield slug, path, [], made, speakers, wanted
    path = os.path.join(data, "other/droidcon_italy_2025_sessions.csv")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {mended(name).lower() for row in rows for name in row["Speaker names"].split(",")} - {""}
    yield "droidcon", path, [], {"created": 28}, len(names), sorted(mended(row["Proposal title"]) for row in rows)
    papers = papers_of(data)
    path = os.path.join(folder, "iclr.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "title", "abstract", "speakers", "state"])
        for paper in papers:
            state = STATES.get(paper["status"], "accepted")
            out.writerow([paper["id"], paper["title"], paper["abstract"], paper["author"], state])
    names = {mended(name).lower() for paper in papers for name in paper["author"].split(";") if mended(name)}
    yield "iclr", path, ["--source", "openreview"], {"created": 995}, len(names), sorted(mended(p["title"]) for p in papers)


def papers_of(data):
    with open(os.path.join(data, "reviews/iclr_2018_papers.json"), encoding="utf-8") as file:
        return json.load(file)


def check_file(board, checks, slug, path, options, made, speakers, wanted):
    rows = sum(made.values())
    dry, took = board.load(slug, path, "--dry-run", *options)
    checks.equal(slug, f"dry run of {os.path.basename(path)}", counts(dry), made, took)
    first, took = board.load(slug, path, *options)
    checks.equal(slug, "import", counts(first), made, took)
    checks.equal(slug, "new speakers", first["speakers"]["created"], speakers)
    before = board.exported(slug, "proposals")
    checks.equal(slug, "titles survive", sorted(entry["title"] for entry in before) == wanted, True)
    again, took = board.load(slug, path, *options)
    checks.equal(slug, "the same again", sum(again["counts"][name] for name in ("unchanged", "skipped")), rows, took)
    for form in FORMS:
        own, took = board.load(slug, board.export(slug, "proposals", form))
        checks.equal(slug, f"its export as {form.upper()}", counts(own), {"unchanged": made["created"]}, took)
    checks.same(slug, "nothing changed", board.exported(slug, "proposals"), before)


def picked(session, titles, items):
    """What a session of Sessionize picked of the categories that are neither format nor track."""
    return [(items[item][0], items[item][1]) for item in session["categoryItems"] if items[item][0] in titles]


def check_choices(board, checks, slug, path):
    """Each item of a category that is no format or track is a choice, picked where the file says so."""
    with open(path, encoding="utf-8") as file:
        view = json.load(file)
    of_sessions = [category for category in view["categories"] if category.get("type") != "speaker"]
    items = {item["id"]: (mended(category["title"]), mended(item["name"])) for category in of_sessions
             for item in category["items"]}
    used = {"session format", "format", "session type", "type", "track", "tracks"}
    titles = {mended(category["title"]) for category in of_sessions} - {
        mended(category["title"]) for category in of_sessions if category["title"].lower() in used}
    wanted = sorted((mended(session["title"]), *pair) for session in view["sessions"] if not session["isServiceSession"]
                    for pair in picked(session, titles, items))
    found = sorted((entry["title"], choice["category"], choice["name"]) for entry in board.exported(slug, "proposals")
                   for choice in entry["choices"])
    checks.equal(slug, "choices", len(found), len(wanted))
    checks.equal(slug, "choices are the file's", found == wanted, True)


def check_speakers(board, checks, data):
    path = os.path.join(data, "other/droidcon_italy_2025_speakers.csv")
    first, took = board.load("droidcon", path, "--of", "speakers")
    checks.equal("droidcon", "rows of speakers", sum(first["counts"].values()), 31, took)
    checks.equal("droidcon", "of them refused", first["counts"]["refused"], 0)
    again, took = board.load("droidcon", path, "--of", "speakers")
    checks.equal("droidcon", "the same again", counts(again), {"unchanged": 31}, took)


def check_reviews(board, checks, data):
    path = os.path.join(data, "reviews/iclr_2018_reviews_long.csv")
    options = ["--of", "reviews", "--source", "openreview", *MAP]
    board.accounts("ANONREV", LABELS)
    board.reviewers("iclr", "ANONREV")
    first, took = board.load("iclr", path, *options)
    checks.equal("iclr", "import of iclr_2018_reviews_long.csv", counts(first), {"created": 2930}, took)
    again, took = board.load("iclr", path, *options)
    checks.equal("iclr", "the same again", counts(again), {"unchanged": 2930}, took)
    reviews = board.exported("iclr", "reviews")
    checks.equal("iclr", "papers with reviews", len({review["proposal"] for review in reviews}), 972)
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {"1": "low", "2": "low", "3": "medium", "4": "high", "5": "high"}
    wanted = sorted((int(row["rating"]), words[row["confidence"]]) for row in rows)
    found = sorted((review["score_overall"], review["confidence"]) for review in reviews)
    checks.equal("iclr", "scores and confidence survive", found == wanted, True)
    for form in FORMS:
        own, took = board.load("iclr", board.export("iclr", "reviews", form), "--of", "reviews")
        checks.equal("iclr", f"the reviews' export as {form.upper()}", counts(own), {"unchanged": 2930}, took)


def proposals_of(board, slug):
    """Without what is an event's own, in an order that both have."""
    found = []
    for entry in board.exported(slug, "proposals"):
        entry = {name: value for name, value in entry.items() if name not in OWN and not name.startswith("category_")}
        # In tables categories have the names of columns.
        entry["choices"] = sorted((" ".join(re.findall(r"\w+", choice["category"].lower())), choice["name"])
                                  for choice in entry["choices"])
        entry["speakers"] = [{name: value for name, value in person.items() if name != "code"}
                             for person in entry["speakers"]]
        found.append(entry)
    return sorted(found, key=lambda entry: (entry["title"], entry["abstract"]))


def speakers_of(board, slug):
    found = [{**person, "titles": sorted(person["titles"].split("; "))} for person in board.exported(slug, "speakers")]
    kept = ("name", "affiliation", "bio", "links", "email", "titles")
    return sorted(({name: person[name] for name in kept} for person in found), key=lambda person: json.dumps(person))


def reviews_of(board, slug):
    found = [{name: value for name, value in review.items() if name != "proposal"}
             for review in board.exported(slug, "reviews")]
    return sorted(found, key=lambda review: (review["title"], review["reviewer"], json.dumps(review)))


def check_round_trip(board, checks, slug, form):
    """What was exported makes the same event elsewhere."""
    there = f"{slug}-{form}"
    made, took = board.load(there, board.export(slug, "proposals", form))
    wanted = proposals_of(board, slug)
    checks.equal(there, f"import of the proposals as {form.upper()}", counts(made), {"created": len(wanted)}, took)
    people, took = board.load(there, board.export(slug, "speakers", form), "--of", "speakers")
    checks.equal(there, "then the speakers: new ones, refused ones",
                 [people["counts"]["created"], people["counts"]["refused"]], [0, 0], took)
    checks.same(there, "the proposals are the same", proposals_of(board, there), wanted)
    checks.same(there, "the speakers are the same", speakers_of(board, there), speakers_of(board, slug))
    again, took = board.load(there, board.export(slug, "proposals", form))
    checks.equal(there, "the same again", counts(again), {"unchanged": len(wanted)}, took)
    if slug == "iclr":
        board.reviewers(there, "ANONREV")
        came, took = board.load(there, board.export(slug, "reviews", form), "--of", "reviews")
        checks.equal(there, "the reviews", counts(came), {"created": 2930}, took)
        checks.same(there, "the reviews are the same", reviews_of(board, there), reviews_of(board, slug))


def check_past_talks(board, checks, files):
    """Any file of proposals is a list of past talks too."""
    for slug, path, *_ in files[:4]:
        options = ["--of", "past_talks", "--occasion", slug]
        first, took = board.load("texts", path, *options)
        again, _ = board.load("texts", path, *options)
        made, known = first["counts"]["created"], again["counts"]["unchanged"]
        checks.equal("texts", f"past talks of {slug}: {made}, then none", [again["counts"]["created"], known], [0, made], took)


def mail_of(board, code):
    """The text of the receipt for a proposal, as a mail program shows it."""
    for _ in range(200):
        for path in glob.glob(os.path.join(board.mails, "**", "*"), recursive=True):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    letter = email.message_from_binary_file(file, policy=email.policy.default)
                body = letter.get_body(("plain",))
                if body and code in body.get_content():
                    return body.get_content()
        time.sleep(0.1)
    return ""


def check_texts(board, checks):
    """Through the API as a form sends it, back, found, mailed and exported."""
    board.serve()
    board.ask("PATCH", "/events/texts/call", {"deadline": {"local": "2099-12-31T23:59", "zone": "UTC"}})
    profile = {"name": "Ölga 李 🦉", "bio": "Bio: مرحبا", "affiliation": "École", "links": []}
    ada = board.sign_in(SPEAKER)
    board.ask("PUT", "/events/texts/my/profile", profile, ada)
    made = []
    for script, title, text, word in TEXTS:
        body = {"title": title, "abstract": text, "description": text, "notes": text, "submit": True}
        code = board.ask("POST", "/events/texts/my/proposals", body, ada)["code"]
        read = board.ask("GET", f"/events/texts/my/proposals/{code}", token=ada)
        seen = board.ask("GET", f"/events/texts/proposals/{code}")
        search = board.ask("GET", "/events/texts/proposals?q=" + urllib.parse.quote(word))["items"]
        same = all(answer[field] == body[field] for answer in (read, seen) for field in ("title", "abstract", "description"))
        ways = {"API": same, "search": [item["code"] for item in search] == [code], "mail": title in mail_of(board, code)}
        made.append((script, title, text, code, ways))
    board.server.stop()
    files = {}
    for form in FORMS:
        path = board.export("texts", "proposals", form)
        with open(path, "rb") as file:
            files[form] = file.read()
        board.load(f"texts-{form}", path)
    entries = {entry["code"]: entry for entry in json.loads(files["json"])}
    for script, title, text, code, ways in made:
        entry = entries[code]
        ways["JSON"] = (entry["title"], entry["abstract"], entry["notes"]) == (title, text, text)
        ways["CSV"] = title.encode() in files["csv"] and text.encode() in files["csv"]
        for form in FORMS:
            there = [one for one in board.exported(f"texts-{form}", "proposals") if one["title"] == title]
            ways[f"{form} elsewhere"] = [(one["abstract"], one["description"], one["notes"]) for one in there] == [(text,) * 3]
        lost = [way for way, survived in ways.items() if not survived]
        checks.equal("texts", f"{script}: lost by API, search, mail or files", lost, [])


def deal(data, folder):
    """Each paper's ratings to distinct ones of 60, those with the fewest so far, by a fixed seed."""
    dice, load, rows = random.Random(SEED), {name: 0 for name in DEALT}, []
    with open(os.path.join(data, "reviews/iclr_2018_reviews_long.csv"), encoding="utf-8", newline="") as file:
        given = {}
        for row in csv.DictReader(file):
            given.setdefault(row["paper_id"], []).append(int(row["rating"]))
    for paper, ratings in given.items():
        order = sorted(DEALT, key=lambda name: (load[name], dice.random()))
        for name, rating in zip(order, ratings):
            load[name] += 1
            rows.append((paper, name, rating))
    path = os.path.join(folder, "dealt.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["proposal", "reviewer", "score_overall"])
        out.writerows(rows)
    return path, rows, load


def check_ranking(board, checks, data, papers):
    """ICLR 2018 as if 60 people had reviewed it: whole, the raw means as they are, corrected by who gave the scores."""
    board.load("dealt", papers, "--source", "openreview")
    board.accounts("DEALTREV", DEALT)
    board.reviewers("dealt", "DEALTREV")
    path, rows, load = deal(data, board.folder)
    checks.equal("dealt", "ratings, least and most of 60 reviewers", [len(rows), min(load.values()), max(load.values())],
                 [2930, 48, 49])
    came, took = board.load("dealt", path, "--of", "reviews", "--source", "openreview")
    checks.equal("dealt", "import", counts(came), {"created": 2930}, took)
    codes = {row["id"].split(" ")[0]: row["code"] for row in came["rows"]}
    board.serve()
    began = time.monotonic()
    ranking = board.ask("GET", "/events/dealt/ranking?cut=100")
    took = time.monotonic() - began
    offsets = {one["name"]: one["offset"] for one in board.ask("GET", "/events/dealt/ranking/reviewers")["items"]}
    began = time.monotonic()
    again = board.ask("GET", "/events/dealt/ranking?cut=100")
    board.server.stop()
    reviewed = {}
    for paper, name, rating in rows:
        reviewed.setdefault(codes[paper], []).append((name, rating))
    items = {item["code"]: item for item in ranking["items"]}
    # Those that were withdrawn are not ranked.
    live = {entry["code"] for entry in board.exported("dealt", "proposals") if entry["lifecycle"] == "submitted"}
    checks.equal("dealt", "ranked, and not reviewed", [len(items), len(ranking["unranked"])],
                 [len(live & set(reviewed)), len(live - set(reviewed))], took)
    checks.equal("dealt", "all that were reviewed are ranked", set(items) == live & set(reviewed), True)
    raw = [abs(item["reviews"]["mean"] - statistics.fmean(rating for _, rating in reviewed[code]))
           for code, item in items.items()]
    checks.equal("dealt", "raw means are those of the ratings", max(raw) < 1e-9, True)
    corrected = [abs(item["adjusted"] - statistics.fmean(rating - offsets[name] for name, rating in reviewed[code]))
                 for code, item in items.items()]
    checks.equal("dealt", "adjusted by the reviewers' offsets", max(corrected) < 1e-6, True)
    moved = [abs(item["adjusted"] - item["reviews"]["mean"]) > 1e-9 for item in items.values()]
    biased = [abs(statistics.fmean(offsets[name] for name, _ in reviewed[code])) > 1e-9 for code in items]
    checks.equal("dealt", f"calibrated differs where offsets do: {sum(moved)}", moved == biased and any(moved), True)
    order = [item["score"] for item in ranking["items"]]
    checks.equal("dealt", "in the order of the calibrated score", order == sorted(order, reverse=True), True)
    ranks = [1 + sum(other > score for other in order) for score in order]
    checks.equal("dealt", "equals share a rank", [item["rank"] for item in ranking["items"]] == ranks, True)
    checks.equal("dealt", "the same when asked again", again == ranking, True, time.monotonic() - began)
    print(f"    offsets of the reviewers from {min(offsets.values()):+.2f} to {max(offsets.values()):+.2f}; "
          f"warnings: {', '.join(warning['code'] for warning in ranking['warnings']) or 'none'}")


def main():
    arguments = argparse.ArgumentParser(prog="scripts/imports", description=__doc__)
    arguments.add_argument("--data", default="../shared/data", help="the folder with the files")
    arguments.add_argument("--binary", default="target/release/callboard")
    arguments.add_argument("--database", help="the URL of a PostgreSQL server, where a database is made and dropped again; "
                           "without it, SQLite")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Postgres(options.database) if options.database else Sqlite(folder)
        print(f"{database.name}, {options.binary}\n")
        try:
            board = Board(os.path.abspath(options.binary), database, folder)
            failed = check_all(board, os.path.abspath(options.data))
        finally:
            stop_all()
            database.drop()
    if failed:
        sys.exit(f"\n{failed} checks failed")


def check_all(board, data):
    files = list(files_of(data, board.folder))
    slugs = [slug for slug, *_ in files]
    copies = [f"{slug}-{form}" for slug in [*slugs, "texts"] for form in FORMS]
    board.set_up([*slugs, "texts", "dealt", *copies])
    checks = Checks()
    for file in files:
        check_file(board, checks, *file)
    for slug, path, *_ in files[:3]:
        check_choices(board, checks, slug, path)
    check_speakers(board, checks, data)
    check_reviews(board, checks, data)
    for slug in slugs:
        for form in FORMS:
            check_round_trip(board, checks, slug, form)
    check_past_talks(board, checks, files)
    check_texts(board, checks)
    check_ranking(board, checks, data, files[4][1])
    if not checks.failed:
        print(f"\n{checks.count} checks. Everything came whole, and came once.")
    return checks.failed


if __name__ == "__main__":
    main()

"""Imports real files, exports them and imports them again. Started by scripts/imports."""

import argparse
import csv
import io
import json
import os
import sqlite3
import sys
import tempfile
import time

from server import Server

PASSWORD = "correct horse battery staple"
ADMIN = "olga@import.example"
LABELS = [f"AnonReviewer{number}" for number in range(1, 7)]
STATES = {"Reject": "rejected", "Withdraw": "withdrawn", "Active": "submitted"}
MAP = ["--map", "proposal=paper_id", "--map", "reviewer=reviewer_label", "--map", "score.Overall=rating"]


class Board:
    """A Callboard on SQLite with an event for each file, used by its commands."""

    def __init__(self, binary, folder):
        self.folder = folder
        self.database = os.path.join(folder, "callboard.db")
        self.server = Server(os.path.abspath(binary), f"sqlite:{self.database}", folder, f"file:{folder}/mail")

    def set_up(self, events):
        self.server.command("create-admin", ADMIN, "--name", "Olga", text=PASSWORD + "\n")
        self.server.start()
        client = self.server.client()
        token = client.ask("POST", "/sessions", {"email": ADMIN, "password": PASSWORD})["token"]
        for slug in events:
            client.ask("POST", "/events", {"slug": slug, "name": slug, "zone": "UTC"}, token)
            first = client.ask("GET", f"/events/{slug}/criteria", token=token)["items"][0]
            wide = {"name": "Overall", "lowest": 1, "highest": 10}
            client.ask("PATCH", f"/events/{slug}/criteria/{first['code']}", wide, token)
        self.server.stop()

    def reviewers(self, slug, names):
        """Members without any way to sign in, put straight into the database."""
        with sqlite3.connect(self.database) as base:
            event = base.execute("SELECT id FROM events WHERE slug = ?", [slug]).fetchone()[0]
            for number, name in enumerate(names):
                address = f"{name.lower()}@import.example"
                cursor = base.execute(
                    "INSERT INTO accounts (code, email, email_key, name, is_admin, version, created_at)"
                    " VALUES (?, ?, ?, ?, FALSE, 1, 0)",
                    [f"ANONREV{number:03}", address, address, name],
                )
                base.execute(
                    "INSERT INTO members (event_id, account_id, role, limited, version, created_at)"
                    " VALUES (?, ?, 'reviewer', FALSE, 1, 0)",
                    [event, cursor.lastrowid],
                )

    def load(self, slug, path, *options):
        began = time.monotonic()
        text = self.server.command("import", path, "--event", slug, "--json", *options)
        return json.loads(text), time.monotonic() - began

    def export(self, slug, table, form):
        path = os.path.join(self.folder, f"{slug}-{table}.{form}")
        self.server.command("export", table, "--event", slug, "--format", form, "--output", path)
        return path


class Checks:
    def __init__(self):
        self.failed = 0

    def equal(self, what, found, wanted):
        right = found == wanted
        self.failed += not right
        print(f"  {'ok   ' if right else 'WRONG'} {what}: {found}" + ("" if right else f", not {wanted}"))


def counts(report):
    return {name: count for name, count in report["counts"].items() if count}


def titles(path):
    with open(path, encoding="utf-8") as file:
        return sorted(entry["title"] for entry in json.load(file))


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
    names = {mended(name) for row in rows for name in row["Speaker names"].split(",")}
    yield "droidcon", path, [], {"created": 28}, len(names), sorted(mended(row["Proposal title"]) for row in rows)
    with open(os.path.join(data, "reviews/iclr_2018_papers.json"), encoding="utf-8") as file:
        papers = json.load(file)
    path = os.path.join(folder, "iclr.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "title", "abstract", "speakers", "state"])
        for paper in papers:
            state = STATES.get(paper["status"], "accepted")
            out.writerow([paper["id"], paper["title"], paper["abstract"], paper["author"], state])
    names = {mended(name).lower() for paper in papers for name in paper["author"].split(";") if mended(name)}
    yield "iclr", path, ["--source", "openreview"], {"created": 995}, len(names), sorted(mended(p["title"]) for p in papers)


def check_file(board, checks, slug, path, options, made, speakers, wanted):
    print(f"{slug}: {os.path.basename(path)}")
    rows = sum(made.values())
    dry, _ = board.load(slug, path, "--dry-run", *options)
    checks.equal("dry run", counts(dry), made)
    first, took = board.load(slug, path, *options)
    checks.equal(f"import ({took:.2f} s)", counts(first), made)
    checks.equal("speakers", first["speakers"]["created"], speakers)
    exported = board.export(slug, "proposals", "json")
    checks.equal("titles survive", titles(exported) == wanted, True)
    again, _ = board.load(slug, path, *options)
    checks.equal("again", sum(again["counts"][name] for name in ("unchanged", "skipped")), rows)
    for form in ("json", "csv"):
        own, _ = board.load(slug, board.export(slug, "proposals", form))
        checks.equal(f"the export as {form.upper()}", counts(own), {"unchanged": made["created"]})
    with open(exported, encoding="utf-8") as file:
        before = file.read()
    with open(board.export(slug, "proposals", "json"), encoding="utf-8") as file:
        checks.equal("nothing changed", file.read() == before, True)


def check_speakers(board, checks, data):
    print("droidcon: droidcon_italy_2025_speakers.csv")
    path = os.path.join(data, "other/droidcon_italy_2025_speakers.csv")
    first, _ = board.load("droidcon", path, "--of", "speakers")
    checks.equal("rows", sum(first["counts"].values()), 31)
    checks.equal("refused", first["counts"]["refused"], 0)
    again, _ = board.load("droidcon", path, "--of", "speakers")
    checks.equal("again", counts(again), {"unchanged": 31})


def check_reviews(board, checks, data):
    print("iclr: iclr_2018_reviews_long.csv")
    path = os.path.join(data, "reviews/iclr_2018_reviews_long.csv")
    options = ["--of", "reviews", "--source", "openreview", *MAP]
    board.reviewers("iclr", LABELS)
    first, took = board.load("iclr", path, *options)
    checks.equal(f"import ({took:.2f} s)", counts(first), {"created": 2930})
    again, _ = board.load("iclr", path, *options)
    checks.equal("again", counts(again), {"unchanged": 2930})
    with open(board.export("iclr", "reviews", "csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read())))
    checks.equal("papers with reviews", len({row["proposal"] for row in rows}), 972)
    with open(path, encoding="utf-8", newline="") as file:
        wanted = sorted(int(row["rating"]) for row in csv.DictReader(file))
    checks.equal("scores survive", sorted(int(row["score_overall"]) for row in rows) == wanted, True)
    own, _ = board.load("iclr", board.export("iclr", "reviews", "csv"), "--of", "reviews")
    checks.equal("the export as CSV", counts(own), {"unchanged": 2930})


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", default="../shared/data", help="the folder with the files")
    arguments.add_argument("--binary", default="target/release/callboard")
    options = arguments.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        board = Board(options.binary, folder)
        files = list(files_of(options.data, folder))
        board.set_up([slug for slug, *_ in files])
        for file in files:
            check_file(board, checks, *file)
        check_speakers(board, checks, options.data)
        check_reviews(board, checks, options.data)
    if checks.failed:
        sys.exit(f"{checks.failed} checks failed")
    print("Everything came whole, and came once.")


if __name__ == "__main__":
    main()

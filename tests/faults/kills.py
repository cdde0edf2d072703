"""P1: what was acknowledged survives every kill of the server, at random moments and between COMMIT and answer."""

import os
import random
import sqlite3
import time

import limit
from client import NoAnswer, NotSent
from ledger import Findings, Ledger
from program import Program, World, free_port
from report import Row
from workload import Workload

NAME = "kills"
POINTS = ["before_commit", "after_commit"]


def figures(short):
    """Kills, acknowledged writes, clients."""
    return (6, 0, 6) if short else (120, 50_000, 16)


class Storm:
    """Clients at work on a program that is killed again and again."""

    def __init__(self, place, database, clients):
        # Nobody takes mails there: they wait, and their delivery has a part of its own.
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}")
        self.program.start()
        self.database, self.ledger, self.findings, self.kills = database, Ledger(), Findings(), 0
        self.workload = Workload(World(self.program, clients), self.ledger, database, clients)
        self.chance = random.Random(1)
        self.at_points = 0

    def kill(self, share, fault=None):
        """Lets it run for a moment and about `share` writes, kills it or waits for its fault, and checks."""
        if fault and self.program.ended_within(20):
            self.at_points += 1
        elif not fault:
            enough = self.ledger.count("ok") + self.chance.randint(0, 2 * share)
            ends = time.monotonic() + 20
            time.sleep(self.chance.uniform(0.1, 1.5))
            while self.ledger.count("ok") < enough and time.monotonic() < ends:
                time.sleep(0.02)
        self.program.killed()
        self.kills += 1
        self.check()

    def check(self, rows=None):
        self.ledger.hold()
        self.findings.add(self.workload.check(rows))

    def run(self, kills, acknowledged):
        self.workload.start()
        fault, share = None, acknowledged // kills
        while (self.kills < kills or self.ledger.count("ok") < acknowledged) and not (self.kills and limit.reached()):
            self.kill(share, fault)
            fault = f"{self.chance.choice(POINTS)}:{self.chance.randint(1, max(30, share))}" if self.kills % 2 else None
            self.program.start(fault)
            self.ledger.go_on()
        self.workload.stop()


def run(place, database, short):
    kills, acknowledged, clients = figures(short)
    storm = Storm(place, database, clients)
    storm.run(kills, acknowledged)
    storm.program.killed()
    storm.kills += 1
    storm.findings.add(storm.workload.check_all())
    row = Row("kills of the server", database.name, storm.ledger, storm.kills, storm.findings)
    row.notes = [f"{storm.at_points} of the kills between COMMIT and answer or just before COMMIT"]
    return [row, exports(storm, 4 if short else 20)]


def exports(storm, kills):
    """An export that a kill interrupts is nothing, or shows that it is torn off; never half of it as if whole."""
    program, findings = storm.program, Findings()
    path = storm.workload.world.path("/exports/proposals.csv")
    asked = whole = 0
    program.start()
    full = program.client(storm.workload.world.organizer, 120).send("GET", path)
    for kill in range(kills):
        program.killed()
        rows = full.body.count(b"\n")
        program.start(f"export_row:{storm.chance.randint(1, max(rows // 2, 1))}" if kill % 2 else None)
        client = program.client(storm.workload.world.organizer, 120)
        asked += 1
        try:
            if kill % 2:
                answer = client.send("GET", path)
            else:
                answer = torn(client, program, path)
            whole += 1
            if (answer.status, answer.body) != (full.status, full.body):
                findings.half.append(f"an export of {len(answer.body)} bytes instead of {len(full.body)} looked whole")
        except (NoAnswer, NotSent):
            pass
        program.ended_within(5) if kill % 2 else None
    program.killed()
    if full.status != 200:
        findings.odd.append(f"the export answered {full.status}")
    row = Row("kills during an export", storm.database.name, kills=kills, findings=findings,
              notes=[f"{asked} exports of {len(full.body):,} bytes; {whole} came whole before the kill"])
    row.operations = asked
    return row


def torn(client, program, path):
    """Kills the server when the beginning of the answer is here."""
    read = client.more

    def more():
        read()
        program.kill()

    client.more = more
    return client.send("GET", path)


def prove(place, database):
    """A disk that loses what it was told to keep: the database of a moment ago comes back after the kill."""
    storm = Storm(place, database, 4)
    storm.workload.start()
    time.sleep(1)
    yield from altered(storm)
    if not database.is_postgres:
        with sqlite3.connect(database.path) as source, sqlite3.connect(database.path + ".before") as target:
            source.backup(target)
        time.sleep(1)
        storm.program.killed()
        storm.ledger.hold()
        for end in ("-wal", "-shm"):
            if os.path.exists(database.path + end):
                os.remove(database.path + end)
        os.replace(database.path + ".before", database.path)
        yield "kills: a disk that forgets the last second", storm.workload.check_all().lost
    storm.program.stop()
    storm.workload.stop()


def altered(storm):
    """The check is given rows that differ from what is stored by one thing."""
    rows = storm.database.rows
    storm.ledger.hold()

    def without(query):
        found = rows(query)
        return found[:-1] if "p.title" in query else found

    def doubled(query):
        found = rows(query)
        return found + found[-1:] if "p.title" in query else found

    def halved(query):
        return [row[:-1] + ("0",) if "p.title" in query and row[1].startswith("submit") else row for row in rows(query)]

    def unscored(query):
        return [row[:-1] + ("",) if "review_scores" in query else row for row in rows(query)]

    def older(query):
        return [(row[0], "own of long ago") if "SELECT code, title" in query else row for row in rows(query)]

    cases = [("a stored proposal is missing", without, "lost"), ("a proposal is there twice", doubled, "twice"),
             ("a submission has no receipt", halved, "half"), ("a review has no score", unscored, "half"),
             ("an older title is back", older, "lost")]
    for named, changed, kind in cases:
        yield f"kills: {named}", getattr(storm.workload.check_all(changed), kind)
    refused = next(op for op in storm.ledger.operations if op.kind == "draft" and op.outcome == "ok")
    refused.outcome = "fail"
    yield "kills: a refused draft is there", storm.workload.check_all().refused
    refused.outcome = "ok"
    storm.ledger.go_on()

"""P3: the deadline is one instant for everyone. Submissions cross it, and the instant of decision tells which are in time."""

import threading
import time

import limit
from ledger import FAIL, OK, UNKNOWN, Findings, Ledger
from program import Program, World, free_port, proposal
from report import Row

NAME = "deadline"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def figures(short):
    """Submissions in all, seconds before and after the instant, clients."""
    return (400, 1.0, 8) if short else (25_000, 5.0, 16)


class Crossing:
    def __init__(self, place, database, clients, environment=()):
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}", environment)
        self.program.start()
        self.database, self.clients = database, clients
        self.world = World(self.program, clients)
        self.ledger, self.findings = Ledger(), Findings()
        self.closes, self.earliest_refused, self.latest_taken = {}, None, None
        self.rounds = 0

    def close_at(self, instant):
        """Organizers set whole minutes; this sets any instant."""
        self.database.execute(f"UPDATE calls SET closes_at = {self.database.instant(instant)}")

    def cross(self, spread):
        """Everybody submits from `spread` before the instant to `spread` after it."""
        self.rounds += 1
        closes = round(time.time() + spread + 0.3, 6)
        self.close_at(closes)
        threads = [threading.Thread(target=self.submit, args=(number, closes, spread), daemon=True)
                   for number in range(self.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def submit(self, number, closes, spread):
        client = self.program.client(self.world.speakers[number])
        count = 0
        while time.time() < closes - spread:
            time.sleep(0.01)
        while time.time() < closes + spread:
            count += 1
            key = f"crossing {self.rounds}-{number}-{count}"
            self.ledger.run(client, "submit", key, "POST", self.world.path("/my/proposals"), proposal(key), note=closes)

    def check(self):
        findings = self.findings
        micros = self.database.micros("decided_at")
        stored = {title: int(at) for title, at in self.database.rows(
            f"SELECT title, {micros} FROM proposals WHERE title LIKE 'crossing %'")}
        for operation in self.ledger.operations:
            closes = round(operation.note * 1_000_000)
            at = stored.pop(operation.key, None)
            if at is not None and at >= closes:
                findings.odd.append(f"{operation.key} is stored and was decided {at - closes} µs after the instant")
            if operation.outcome == OK and at is None:
                findings.lost.append(f"{operation.key} was taken and is not there")
            if operation.outcome == FAIL and at is not None:
                findings.refused.append(f"{operation.key} was refused and is there")
            self.check_answer(operation)
        findings.odd += [f"{title} is stored and nobody asked for it" for title in stored]
        return findings

    def check_answer(self, operation):
        answer, findings = operation.answer, self.findings
        if operation.outcome == UNKNOWN or answer is None:
            findings.odd.append(f"{operation.key} got no answer")
        elif operation.outcome == FAIL:
            # All of a request was sent before its answer came; and clocks on one machine agree.
            if answer.code() != "call_closed":
                findings.odd.append(f"{operation.key} was refused with {answer.status} {answer.code()}")
            elif answer.got_at < operation.note:
                findings.refused.append(f"{operation.key} was refused {operation.note - answer.got_at:.6f} s too early")
            self.earliest_refused = min(answer.sent_at - operation.note, self.earliest_refused or 9)
        else:
            late = answer.sent_at - operation.note
            self.latest_taken = max(late, self.latest_taken or -9)


def run(place, database, short):
    submissions, spread, clients = figures(short)
    rows = [measured(place, database, submissions, spread, clients)]
    if database.is_postgres:
        # The database's clock decides there, so the server's own may be wrong.
        for hours in (1, -1):
            environment = {"LD_PRELOAD": FAKETIME, "FAKETIME": f"{hours * 3600:+d}s",
                           "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}
            database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            rows.append(measured(place, database, 200 if short else 2_000, spread, clients, environment))
            rows[-1].part += f", server {hours:+d} h"
    return rows


def measured(place, database, submissions, spread, clients, environment=()):
    crossing = Crossing(place, database, clients, environment)
    while crossing.rounds == 0 or crossing.ledger.answered() < submissions and not limit.reached():
        crossing.cross(spread)
    crossing.check()
    crossing.program.stop()
    row = Row("the closing instant", database.name, crossing.ledger, 0, crossing.findings)
    row.notes = [f"{crossing.rounds} times ±{spread:g} s; the first refused was sent {crossing.earliest_refused * 1000:+.2f} ms "
                 f"from the instant, the last taken {crossing.latest_taken * 1000:+.2f} ms"]
    return row


def prove(place, database):
    """The instant is moved behind the check's back, once to later and once to earlier."""
    crossing = Crossing(place, database, 4)
    moved = crossing.close_at
    for named, by, kind in [("a submission is taken after the instant", 0.5, "odd"),
                            ("a submission is refused before it", -0.5, "refused")]:
        crossing.close_at = lambda instant, by=by: moved(instant + by)
        crossing.ledger, crossing.findings = Ledger(), Findings()
        database.execute("UPDATE proposals SET title = 'old'")
        crossing.cross(0.8)
        yield f"deadline: {named}", getattr(crossing.check(), kind)
    crossing.program.stop()

"""P13: a removed person is out at once. Members ask without a pause while they are removed; what they send after that is
acknowledged has to be refused."""

import threading
import time

import limit
from ledger import Findings, Ledger
from program import Program, World, free_port, proposal
from report import Row

NAME = "removals"


def figures(short):
    """Removals, and connections of each member."""
    return (6, 3) if short else (130, 8)


class Removals:
    def __init__(self, place, database):
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}")
        self.program.start()
        self.world = World(self.program, 1)
        self.database, self.ledger, self.findings = database, Ledger(), Findings()
        self.organizer = self.program.client(self.world.organizer)
        speaker = self.program.client(self.world.speakers[0])
        speaker.expect(201, "POST", self.world.path("/my/proposals"), proposal("To be reviewed"))
        self.criterion = self.organizer.expect(200, "GET", self.world.path("/criteria"))["items"][0]["code"]
        self.racing = self.passed_before = self.raced = 0

    def remove(self, number, connections, really=True):
        """One member is removed while they read and write over several connections."""
        role = "organizer" if number % 2 else "reviewer"
        token = self.world.member(f"member{number}", role)
        went, stop = [], threading.Event()
        threads = [threading.Thread(target=self.ask, args=(token, role, stop, went, connection), daemon=True)
                   for connection in range(connections)]
        for thread in threads:
            thread.start()
        time.sleep(0.15)
        members = self.organizer.expect(200, "GET", self.world.path("/members"))["items"]
        member = next(member["code"] for member in members if member["name"] == f"member{number}")
        begun_at = time.monotonic()
        if really:
            self.organizer.expect(204, "DELETE", self.world.path(f"/members/{member}"))
        removed_at = time.monotonic()
        time.sleep(0.15)
        stop.set()
        for thread in threads:
            thread.join()
        self.judge(went, begun_at, removed_at, f"member{number}")

    def ask(self, token, role, stop, went, connection):
        client = self.program.client(token)
        count = 0
        reference = None
        if role == "reviewer":
            listed = client.expect(200, "GET", self.world.path("/reviewing/proposals"))["items"]
            reference = listed[0]["ref"]
        while not stop.is_set():
            count += 1
            began = time.monotonic()
            if role == "organizer" and (count + connection) % 2:
                ended = self.ledger.run(client, "read", count, "GET", self.world.path("/proposals?limit=1"))
            elif role == "organizer":
                ended = self.ledger.run(client, "write", count, "PATCH", self.world.path("/settings"), {"place": f"Hall {count}"})
            elif (count + connection) % 2:
                ended = self.ledger.run(client, "read", count, "GET", self.world.path("/reviewing"))
            else:
                body = {"scores": {self.criterion: count % 5 + 1}, "comment": f"number {count}"}
                ended = self.ledger.run(client, "write", count, "PUT",
                                        self.world.path(f"/reviewing/proposals/{reference}/review"), body)
            went.append((began, time.monotonic(), ended))

    def judge(self, went, begun_at, removed_at, name):
        for began, ended, operation in went:
            status = operation.answer.status if operation.answer else None
            if began <= removed_at <= ended:
                self.racing += 1
            if began > removed_at:
                self.raced += 1
                if status not in (403, 404):
                    self.findings.refused.append(f"{name} asked {began - removed_at:.4f} s after the removal: {status}")
            elif ended < begun_at and not (status and status < 300):
                self.findings.odd.append(f"{name} was refused before: {status}")
            else:
                self.passed_before += bool(status and status < 300)


def run(place, database, short):
    removals, connections = figures(short)
    work = Removals(place, database)
    done = 0
    while done < removals and not (done and limit.reached()):
        work.remove(done, connections)
        done += 1
    work.program.stop()
    work.findings.odd += work.ledger.oddities
    row = Row("removed members", database.name, work.ledger, 0, work.findings)
    row.notes = [f"{done} removals; {work.passed_before:,} requests passed before, {work.racing} were under way, "
                 f"{work.raced:,} came after, all of which have to be refused"]
    return [row]


def prove(place, database):
    """Nobody is removed, and the check is told so."""
    work = Removals(place, database)
    work.remove(0, 2, really=False)
    yield "removals: a member goes on after the removal", work.findings.refused
    work.program.stop()

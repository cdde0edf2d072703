"""P1 and P7 on PostgreSQL: the database crashes and comes back, or its synchronous standby takes over, and the server goes
on by itself. That an asynchronous standby loses what it had not received proves that the check can see a loss."""

import os
import random
import shutil
import time

import limit
from client import NoAnswer, NotSent
from databases import Postgres
from ledger import Findings, Ledger
from program import Program, World, free_port, proposal
from report import Row
from workload import Workload

NAME = "crashes"
DATABASES = ("postgres",)
OWN_DATABASE = True


class Service:
    """A server that is never restarted, and clients at work on it."""

    def __init__(self, place, database, clients):
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}")
        self.program.start()
        self.database, self.ledger, self.findings = database, Ledger(), Findings()
        self.workload = Workload(World(self.program, clients), self.ledger, database, clients)
        self.probe = self.program.client(self.workload.world.speakers[0], patience=15)
        self.back, self.named = [], 0
        self.probes = 0

    def until_written(self):
        """How long until a write is taken again."""
        since = time.time()
        while True:
            self.probes += 1
            try:
                answer = self.probe.send("POST", self.workload.world.path("/my/proposals"), proposal(f"probe {self.probes}", False))
                if answer.status == 201:
                    return time.time() - since
            except (NotSent, NoAnswer):
                pass
            if time.time() > since + 90:
                raise RuntimeError(f"no write after 90 s: {self.program.ready()} {self.program.log()[-1500:]}")
            time.sleep(0.05)

    def is_named(self):
        """Whether `/readyz` names the database while it is away."""
        status, text = self.program.ready()
        self.named += status == 503 and text.startswith("database")

    def ended(self, part, faults, notes):
        self.workload.stop()
        self.workload.ledger.hold()
        self.findings.add(self.workload.check_all())
        slowest = max(self.back)
        if slowest > 10:
            self.findings.odd.append(f"writes were back only after {slowest:.1f} s")
        if self.named < faults:
            self.findings.odd.append(f"/readyz named the database in {self.named} of {faults} faults")
        self.program.stop()
        row = Row(part, "PostgreSQL", self.ledger, faults, self.findings)
        self.back.sort()
        row.notes = [f"writes were back {self.back[len(self.back) // 2]:.1f} s after the database, at most {slowest:.1f} s", *notes]
        return row


def run(place, _, short):
    crashes, failovers, clients = (1, 1, 6) if short else (50, 20, 12)
    rows = [crash(os.path.join(place, "crash"), crashes, clients)]
    limit.begin(limit.seconds)
    rows.append(fail_over(os.path.join(place, "pair"), failovers, clients))
    if short:
        return rows
    losses = asynchronous(os.path.join(place, "async"), 4)
    rows[-1].notes.append(f"the same with an asynchronous, stalled standby: {len(losses)} acknowledged writes lost, as expected")
    if not losses:
        rows[-1].findings.odd.append("the check does not see the losses of an asynchronous standby")
    return rows


def crash(place, crashes, clients):
    os.makedirs(place)
    database = Postgres(os.path.join(place, "postgres")).start()
    service = Service(place, database, clients)
    chance = random.Random(2)
    service.workload.start()
    try:
        while len(service.back) < crashes and not (service.back and limit.reached()):
            time.sleep(chance.uniform(0.3, 2))
            database.crash()
            service.is_named()
            database.start()
            service.back.append(service.until_written())
        return service.ended("crashes of the database", len(service.back), [])
    finally:
        service.workload.stopping.set()
        service.program.stop()
        database.stop()


class Pair:
    """A primary and its standby, which change places."""

    def __init__(self, place, synchronous=True):
        os.makedirs(place)
        os.chmod(place, 0o755)
        self.place, self.count, self.synchronous = place, 0, synchronous
        self.primary = Postgres(os.path.join(place, "a")).start()
        self.standby = None
        self.follow(free_port())

    def follow(self, port):
        """Makes a standby of the primary that waits for every COMMIT."""
        self.count += 1
        folder = os.path.join(self.place, f"standby{self.count}")
        standby = Postgres(folder, of=self.primary, port=port)
        self.primary.run("pg_basebackup", "-D", standby.data, "-h", "127.0.0.1", "-p", str(self.primary.port), "-U", "callboard",
                         "-R", "-C", "-S", f"slot{self.count}", "--checkpoint=fast", "-X", "stream")
        self.standby = standby.start()
        self.primary.until("SELECT state FROM pg_stat_replication", [("streaming",)])
        if self.synchronous:
            self.wait_for("*")
            self.primary.until("SELECT sync_state FROM pg_stat_replication", [("sync",)])

    def wait_for(self, names):
        self.primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.primary.execute("SELECT pg_reload_conf()")

    def fail_over(self):
        """The primary is gone for good; the standby takes its place."""
        gone = self.primary
        gone.crash()
        self.standby.promote()
        self.primary, self.standby = self.standby, None
        # Or every COMMIT waits for a standby that is gone.
        self.wait_for("")
        return gone

    def stop(self):
        for server in (self.standby, self.primary):
            if server:
                server.stop()


class Both:
    """The pair as the server's database: one URL with both hosts."""

    name = "PostgreSQL"
    is_postgres = True

    def __init__(self, pair):
        self.pair = pair
        pair.primary.urls = [pair.primary.address(), pair.standby.address()]
        self.url = pair.primary.url

    def rows(self, query):
        return self.pair.primary.rows(query)

    def execute(self, statement):
        self.pair.primary.execute(statement)


def fail_over(place, failovers, clients):
    pair = Pair(place)
    service = None
    try:
        service = Service(place, Both(pair), clients)
        chance = random.Random(3)
        service.workload.start()
        while len(service.back) < failovers and not (service.back and limit.reached()):
            time.sleep(chance.uniform(0.3, 2))
            gone = pair.fail_over()
            service.back.append(service.until_written())
            service.named += 1
            shutil.rmtree(gone.folder)
            pair.follow(gone.port)
        return service.ended("failovers to a synchronous standby", len(service.back), [])
    finally:
        if service:
            service.workload.stopping.set()
            service.program.stop()
        pair.stop()


def asynchronous(place, clients):
    """What is lost when nobody waits for the standby and it does not receive any more."""
    pair = Pair(place, synchronous=False)
    service = None
    try:
        service = Service(place, Both(pair), clients)
        service.workload.start()
        time.sleep(1)
        pair.standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        pair.standby.execute("SELECT pg_reload_conf()")
        pair.primary.until("SELECT count(*) FROM pg_stat_replication", [("0",)])
        time.sleep(1)
        pair.fail_over()
        service.workload.stop()
        service.ledger.hold()
        return service.workload.check_all().lost
    finally:
        if service:
            service.workload.stopping.set()
            service.program.stop()
        pair.stop()


def careless(place, clients):
    """What is lost when the database answers before its log is on disk."""
    os.makedirs(place)
    settings = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    database = Postgres(os.path.join(place, "postgres"), settings).start()
    service = Service(place, database, clients)
    try:
        service.workload.start()
        time.sleep(1.5)
        database.crash()
        database.start()
        service.workload.stop()
        service.ledger.hold()
        return service.workload.check_all().lost
    finally:
        service.workload.stopping.set()
        service.program.stop()
        database.stop()


def prove(place, _):
    yield "crashes: the database answers before its log is on disk", careless(os.path.join(place, "careless"), 4)
    yield "crashes: the standby was asynchronous and stalled", asynchronous(os.path.join(place, "async"), 4)

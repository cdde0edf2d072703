"""P8: a full disk. What cannot be stored is refused in plain words, `/readyz` names what is missing, and when there is room
again everything goes on by itself."""

import os
import subprocess
import sys
import time

import limit
from crashes import Service
from databases import Postgres, Sqlite
from ledger import FAIL, UNKNOWN, Findings
from report import Row

NAME = "disk"
OWN_DATABASE = True


class Disk:
    """A small file system of its own."""

    def __init__(self, place, mebibytes):
        self.place = place
        os.makedirs(place)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=777", "tmpfs", place], check=True)

    def fill(self):
        with open(os.path.join(self.place, "filler"), "wb", buffering=0) as filler:
            piece = bytes(65536)
            try:
                while True:
                    filler.write(piece)
            except OSError:
                pass
            try:
                while True:
                    filler.write(b"0")
            except OSError:
                pass

    def empty(self):
        os.remove(os.path.join(self.place, "filler"))

    def close(self):
        subprocess.run(["umount", "-l", self.place], check=True)


def can_mount(place):
    probe = os.path.join(place, "probe")
    try:
        Disk(probe, 1).close()
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


def run(place, kind, short):
    if not can_mount(place):
        print("disk: left out, since only root can make a small file system", file=sys.stderr)
        return []
    rounds, clients = (1, 6) if short else (10, 12)
    if kind == "sqlite":
        return [full(os.path.join(place, "sqlite"), "the disk is full", rounds, clients, sqlite, 24)]
    of_data = full(os.path.join(place, "data"), "the disk of the data is full", rounds, clients, data, 120)
    if short:
        return [of_data]
    return [of_data,
            full(os.path.join(place, "wal"), "the disk of the log is full", rounds, clients, log, 60)]


def sqlite(_, disk):
    return Sqlite(disk.place)


def data(place, disk):
    server = Server(os.path.join(place, "postgres"), os.path.join(disk.place, "data"), os.path.join(place, "postgres-log"))
    return server.start()


def log(place, disk):
    folder = os.path.join(place, "postgres")
    return Server(folder, os.path.join(folder, "data"), os.path.join(disk.place, "wal")).start()


class Server(Postgres):
    """A server whose data and log are on disks of their own."""

    def __init__(self, folder, data_folder, wal_folder):
        super().__init__(folder, of="nobody")
        self.data = data_folder
        for path in (os.path.dirname(data_folder), os.path.dirname(wal_folder)):
            os.chmod(path, 0o777)
        self.run("initdb", "-D", data_folder, "-U", "callboard", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                 "--wal-segsize=1", f"--waldir={wal_folder}")
        self.settings = {"min_wal_size": "2MB"}


class Filled:
    """One service and the disk that it needs."""

    def __init__(self, place, clients, make, mebibytes):
        os.makedirs(place)
        os.chmod(place, 0o755)
        self.disk = Disk(os.path.join(place, "disk"), mebibytes)
        self.database = make(place, self.disk)
        self.service = Service(place, self.database, clients)
        self.back, self.said = [], []

    def round(self, patience=60):
        """Fills the disk until writes are refused, looks at what is said, and makes room again."""
        ledger = self.service.ledger
        ledger.go_on()
        time.sleep(0.5)
        before = self.refusals()
        self.disk.fill()
        until = time.time() + patience
        while self.refusals() < before + 10:
            if time.time() > until:
                raise RuntimeError("nothing was refused on a full disk")
            time.sleep(0.05)
        self.said.append(self.service.program.ready())
        time.sleep(1)
        self.disk.empty()
        self.revive()
        since = time.time()
        self.service.until_written()
        self.service.program.until_ready()
        self.back.append(time.time() - since)

    def refusals(self):
        return sum(1 for operation in self.service.ledger.operations if operation.outcome in (FAIL, UNKNOWN))

    def revive(self):
        """What supervises the database starts it again. The server is left to itself."""
        if self.database.is_postgres:
            try:
                self.database.rows("SELECT 1")
            except RuntimeError:
                self.database.run("pg_ctl", "-D", self.database.data, "-m", "immediate", "-w", "stop", check=False)
                self.database.start()

    def close(self):
        self.service.workload.stopping.set()
        self.service.program.stop()
        self.database.stop()
        self.disk.close()


def full(place, part, rounds, clients, make, mebibytes):
    filled = Filled(place, clients, make, mebibytes)
    try:
        service, findings = filled.service, filled.service.findings
        service.workload.start()
        while len(filled.back) < rounds and not (filled.back and limit.reached()):
            filled.round()
        service.workload.stop()
        findings.add(service.workload.check_all())
        judge(filled, findings)
        row = Row(part, filled.database.name, service.ledger, 0, findings)
        refused = [op for op in service.ledger.operations if op.outcome != "ok"]
        row.notes = [f"{len(filled.back)} times; {len(refused)} writes refused, all with 503 and Retry-After; back {max(filled.back):.1f} s after "
                     f"there was room, at most; /readyz said {filled.said[0][1]!r}"]
        return row
    finally:
        filled.close()


def judge(filled, findings):
    """A refusal that is no 503 with Retry-After has become an oddity of the ledger; here is the rest."""
    for operation in filled.service.ledger.operations:
        if operation.outcome != "ok" and operation.answer is None:
            findings.odd.append(f"{operation.key} got no answer at all")
        elif operation.outcome == FAIL and operation.answer.status != 503:
            findings.odd.append(f"{operation.key} was refused with {operation.answer.status}")
    for status, text in filled.said:
        if status != 503 or not text.startswith("database"):
            findings.odd.append(f"on a full disk /readyz said {status} {text!r}")
    for seconds in filled.back:
        if seconds > 10:
            findings.odd.append(f"it was back only {seconds:.1f} s after there was room")


def prove(place, kind):
    """Something else is wrong than the disk: a table is gone, which is an error 500."""
    if kind != "sqlite" or not can_mount(place):
        return
    filled = Filled(os.path.join(place, "gone"), 2, sqlite, 24)
    try:
        filled.service.workload.start()
        filled.database.execute("ALTER TABLE mail_proposals RENAME TO gone")
        time.sleep(1)
        filled.said.append(filled.service.program.ready())
        filled.service.workload.stop()
        found = Findings()
        found.odd += filled.service.ledger.oddities
        yield "disk: writes fail with 500", found.odd
        found = Findings()
        judge(filled, found)
        yield "disk: /readyz does not name what is wrong", found.odd
    finally:
        filled.close()

"""Measures Callboard and writes docs/PERFORMANCE.md. Start it with scripts/bench."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import limits
import load
import machine
import operations
import pages
import report
import shapes
import times
from databases import Postgres, Sqlite
from seed import Seed
from server import Server, stop_all
from sink import Sink

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES, PAGE = 20, 100
TALKS = 400
CLIENTS = 16


def say(text):
    print(text, flush=True)


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.sink = Sink()
        self.sqlite, self.postgres = Sqlite(folder), Postgres(folder)
        self.seeds = {}
        self.settings = {"LOG": options.log}
        with open(os.path.join(ROOT, "docs", "CONFIGURATION.md"), encoding="utf-8") as settings:
            if "`rate_limits`" in settings.read():
                self.settings["RATE_LIMITS"] = "off"
        # pgbench keeps them prepared, too.
        self.settings["POSTGRES_PREPARED"] = "on"
        self.results = {"machine": machine.describe(folder, self.postgres), "clients": CLIENTS, "seconds": options.seconds,
                        "sizes": options.sizes, "quick": options.quick, "databases": {}}

    def close(self):
        stop_all()
        self.sink.stop()
        self.postgres.stop()

    def server(self, database, name):
        return Server(self.options.binary, database.url(name), self.folder, self.sink.url(), **self.settings)

    def run(self):
        for database in (self.postgres, self.sqlite):
            self.results["databases"][database.name] = {"version": database.version, "sizes": {}}
            self.seeds[database] = Seed(database, "seeded", self.options.binary, self.folder, self.sink)
        for size in self.options.sizes:
            captures = None
            for database in (self.postgres, self.sqlite):
                say(f"== {database.name}, {size} proposals: seeding")
                begin = time.monotonic()
                self.seeds[database].grow_to(size)
                results = {"seeding_s": time.monotonic() - begin, "bytes": database.size("seeded")}
                self.results["databases"][database.name]["sizes"][str(size)] = results
                if database is self.postgres:
                    database.copy("seeded", "work")
                    captures = self.capture(size)
                    results["statements"] = {name: self.described(c) for name, c in captures.items()}
                self.measure(database, size, results, captures)
            first = size == self.options.sizes[0]
            if first:
                self.results["sink_s"] = self.sink.alone(TALKS)
        return self.results

    def pages_alone(self):
        for database in (self.postgres, self.sqlite):
            self.seeds[database] = Seed(database, "seeded", self.options.binary, self.folder, self.sink)
            self.seeds[database].grow_to(self.options.sizes[0])
            server = self.server(database, "seeded")
            server.start()
            size = {str(self.options.sizes[0]): {"pages": pages.measure(server, ROOT)}}
            server.stop()
            self.results["databases"][database.name] = {"version": database.version, "sizes": size}
        return self.results

    def capture(self, size):
        """The statements of one request of each operation, on a PostgreSQL that writes them down."""
        database = self.postgres
        server = self.server(database, "work")
        server.start()
        times.publish(server, self.sink, 0, TALKS)
        database.log_statements(True)
        begin = database.log_end()
        time.sleep(2.5)
        background = {sql for _, sql, _ in database.logged(begin, "work")}
        found = {}
        for operation in operations.all_of(self.seeds[database]):
            found[operation.name] = limits.Capture(operation, database, "work", server, background)
        database.log_statements(False)
        server.stop()
        return found

    def described(self, capture):
        database = self.postgres
        return {"round_trips": capture.round_trips(), "statements": len(capture.statements()),
                "transactions": len(capture.transactions), "answer_bytes": capture.size,
                "examined": capture.examined(database, "work"), "each": [" ".join(s.sql.split()) for s in capture.statements()]}

    def measure(self, database, size, results, captures):
        first = size == self.options.sizes[0]
        seconds = self.options.seconds
        database.copy("seeded", "work")
        server = self.server(database, "work")
        if first:
            results["cold_start"] = times.cold_starts(server, 2 if self.options.quick else 5)
            say(f"   cold start {results['cold_start']['median_ms']:.0f} ms")
        server.start()
        server.client().send("GET", "/healthz")
        time.sleep(2)
        results["memory_idle"] = server.memory()[0]
        results["walk"] = times.walk(server, PAGES, 3 if self.options.quick else 10)
        say(f"   walk {results['walk']['median_ms']:.0f} ms, idle memory {results['memory_idle'] / 2**20:.1f} MiB")
        if first:
            results["pages"] = pages.measure(server, ROOT)
            slowest = max(results["pages"], key=lambda page: page["ms"])
            say(f"   {len(results['pages'])} pages, the slowest {slowest['path']} in {slowest['ms']:.0f} ms")
        results["publish"] = times.publish(server, self.sink, 0, TALKS)
        say(f"   publish {results['publish']['delivered_s']:.2f} s")
        # The copy for the limits has what the publication did, as the operations will find it.
        database.copy("seeded", "limits")
        self.publish_by_hand(database)
        results["plain"] = load.run(server, [operations.raw(server.port, "GET", "/healthz")], CLIENTS, seconds)
        results["operations"] = {}
        for operation in operations.all_of(self.seeds[database]):
            results["operations"][operation.name] = self.one(database, server, operation, captures[operation.name], first)
        results["memory_after"], results["memory_most"] = server.memory()
        server.stop()
        if first:
            results["submit_without_mail"] = self.submit_without_mail(database)
        if first:
            database.copy("seeded", "work")
            server.start()
            results["equal"] = times.equal_answers(server, self.options.tries)
            for question in results["equal"]:
                say(f"   {question['name']}: known {question['known_ms']:.2f} ms, unknown {question['unknown_ms']:.2f} ms")
            server.stop()
        database.drop("work")
        database.drop("limits")

    def submit_without_mail(self, database):
        """While the mail server is away, so that sending the receipts takes nothing from taking proposals."""
        server = self.server(database, "work")
        server.env["CALLBOARD_SMTP_URL"] = "smtp://127.0.0.1:1"
        server.start()
        submit = operations.all_of(self.seeds[database])[-1]
        found = load.run(server, submit.ready(server), CLIENTS, self.options.seconds)
        say(f"   {submit.name}, no receipts on their way: {found['per_second']:.0f}/s")
        server.stop()
        return found

    def publish_by_hand(self, database):
        """The same 400 talks as published, without letters."""
        codes = ", ".join(f"'{shapes.code(i * shapes.PER_SPEAKER, shapes.CODE)}'" for i in range(TALKS))
        at = database.columns("limits", "publications")
        made = {"id": "1", "event_id": "p.event_id", "code": "'GGGGGGGGGG'", "state": "'released'",
                "account_id": "(SELECT min(id) FROM accounts)", "created_at": "p.created_at", "release_at": "p.created_at",
                "ended_at": "p.created_at"}
        names = [name for name in at if name in made]
        database.run("limits", f"INSERT INTO publications ({', '.join(names)}) SELECT {', '.join(made[n] for n in names)} "
                     "FROM proposals p ORDER BY id LIMIT 1;"
                     "UPDATE proposals SET decision = 'accepted', published_decision = 'accepted', published_at = created_at, "
                     f"publication_id = 1, confirmation = 'pending' WHERE code IN ({codes})")

    def one(self, database, server, operation, capture, first):
        """The rate, beside it the limit at once before, and the time of a single client."""
        seconds = self.options.seconds
        found = {}
        if first or not self.options.quick:
            if database is self.sqlite:
                found["limit"] = capture.raw_loop(database, "limits", seconds)
            else:
                found["limit"] = capture.pgbench(database, "limits", CLIENTS, seconds, self.folder)
        requests = operation.ready(server)
        count = lambda: int(database.ask("work", operation.writes)[0][0])
        before = count() if operation.writes else 0
        found.update(load.run(server, requests, CLIENTS, seconds))
        if operation.writes:
            found["stored"] = count() - before
        if database is self.sqlite:
            found["scans"] = capture.scans(database, "limits")
        if not self.options.quick:
            found["alone"] = load.run(server, requests, 1, max(2, seconds // 2))
        say(f"   {operation.name}: {found['per_second']:.0f}/s, p50 {found['p50_ms']:.2f} ms, p99 {found['p99_ms']:.2f} ms, "
            f"limit {found.get('limit') or 0:.0f}/s" + (f", {found['refused']} refused" if found["refused"] else ""))
        return found


def assignment(options, folder):
    """Reviewers of a real conference assigned, beside another solver; nothing where there is no such file."""
    say("== assignment of AAMAS 2021")
    path = os.path.join(folder, "assignment.json")
    command = [os.path.join(ROOT, "scripts", "assignment"), "--binary", options.binary, "--results", path]
    if options.data:
        command += ["--data", os.path.abspath(options.data)]
    subprocess.run(command, cwd=ROOT, check=True)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    asked = argparse.ArgumentParser(prog="scripts/bench", description="Measures Callboard and writes docs/PERFORMANCE.md.")
    asked.add_argument("--binary", help="the program to measure, instead of building it")
    asked.add_argument("--quick", action="store_true", help="2,000 proposals and two seconds each, to try the bench; writes no document")
    asked.add_argument("--sizes", default="2000,20000,200000", help="numbers of proposals, smallest first")
    asked.add_argument("--seconds", type=int, default=6, help="how long each load lasts")
    asked.add_argument("--tries", type=int, default=500, help="questions about known and unknown addresses, each")
    asked.add_argument("--log", default="info", help="what the server logs, into a file")
    asked.add_argument("--folder", default="/var/tmp", help="where the databases are put: a real disk")
    asked.add_argument("--only", choices=["assignment", "pages"], help="measure this part alone and leave the other figures as they are")
    asked.add_argument("--data", help="the folder with reviews/aamas_2021_bids.csv, instead of ../shared/data")
    asked.add_argument("--results", help="where the figures go as JSON")
    asked.add_argument("--from-results", help="only write the document, from figures of an earlier run")
    options = asked.parse_args()
    if options.from_results:
        with open(options.from_results, encoding="utf-8") as file:
            report.write(json.load(file), ROOT)
        return
    options.sizes = [int(size) for size in options.sizes.split(",")]
    if options.quick:
        options.sizes, options.seconds, options.tries = options.sizes[:1], 2, 40
    options.binary = os.path.abspath(options.binary or os.path.join(ROOT, "target", "release", "callboard"))
    folder = tempfile.mkdtemp(prefix="callboard-bench-", dir=options.folder)
    os.chmod(folder, 0o755)
    bench = None
    # So that the servers and the folder go, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    try:
        if options.only == "pages":
            bench = Bench(options, folder)
            report.write_part(pages.part(bench.pages_alone()), ROOT)
            return
        if options.only:
            figures = assignment(options, folder)
            if figures:
                report.write_part(report.assignment({"assignment": figures, "machine": machine.describe(folder)}), ROOT)
            return
        bench = Bench(options, folder)
        results = bench.run()
        results["assignment"] = assignment(options, folder)
    finally:
        if bench:
            bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    if options.results:
        with open(options.results, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    if options.quick:
        sys.stdout.write(report.tables(results))
    else:
        report.write(results, ROOT)


if __name__ == "__main__":
    main()

"""Runs the parts of the fault suite; `scripts/faults --help` says how."""

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback

import crashes
import deadline
import disk
import edits
import kills
import limit
import mail
import removals
import report
import retries
from databases import Postgres, Sqlite
from program import Program

PARTS = [kills, crashes, disk, mail, deadline, retries, edits, removals]


def main():
    names = [part.NAME for part in PARTS]
    parser = argparse.ArgumentParser(
        prog="scripts/faults", description="Breaks Callboard and everything around it, and counts what that costs.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(names)}; all without")
    parser.add_argument("--short", action="store_true", help="few of each: a minute or two for all")
    parser.add_argument("--prove", action="store_true", help="plants flaws and shows that each check sees its own")
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="only this one")
    parser.add_argument("--write", action="store_true", help="writes the figures to docs/RELIABILITY.md")
    parser.add_argument("--seconds", type=int, help="ends each part after so long, whatever it has reached")
    options = parser.parse_args()
    unknown = set(options.parts) - set(names)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [part for part in PARTS if part.NAME in (options.parts or names)]
    kinds = [kind for kind in ("sqlite", "postgres") if options.database in (None, kind)]
    sys.exit(prove(chosen, kinds) if options.prove else measure(chosen, kinds, options))


def places(parts, kinds):
    """Each part on each database, in a folder of its own that is gone afterwards."""
    for part in parts:
        for kind in kinds:
            if kind not in getattr(part, "DATABASES", ("sqlite", "postgres")):
                continue
            place = tempfile.mkdtemp(prefix="callboard-faults-")
            # PostgreSQL runs as somebody else where this runs as root.
            os.chmod(place, 0o755)
            database = None
            try:
                if not getattr(part, "OWN_DATABASE", False):
                    database = Sqlite(place) if kind == "sqlite" else Postgres(os.path.join(place, "postgres")).start()
                yield part, kind, place, database
            finally:
                while Program.all:
                    Program.all.pop().stop()
                if database:
                    database.stop()
                if os.environ.get("CALLBOARD_TEST_KEEP"):
                    print(f"kept {place}", file=sys.stderr)
                else:
                    shutil.rmtree(place, ignore_errors=True)


def measure(parts, kinds, options):
    rows, broken = [], []
    for part, kind, place, database in places(parts, kinds):
        since = time.time()
        limit.begin(options.seconds or (20 if options.short else None))
        try:
            rows += part.run(place, database or kind, options.short)
        except Exception as error:
            # What the other parts find shall not be lost with it.
            traceback.print_exc()
            broken.append(f"{part.NAME} on {kind} broke off: {error!r}")
        print(f"{part.NAME} on {kind}: {time.time() - since:.0f} s", file=sys.stderr)
    print(report.table(rows))
    wrong = broken + [f"{row.part} on {row.database}: {what}" for row in rows for what in row.findings.all()]
    for what in wrong[:50]:
        print(f"WRONG: {what}")
    print(f"{len(wrong)} findings")
    if options.write:
        report.write(rows)
    return 1 if wrong else 0


def prove(parts, kinds):
    blind = 0
    for part, kind, place, database in places(parts, kinds):
        for flaw, seen in part.prove(place, database or kind):
            print(f"{kind}: {flaw}: {'sees the flaw: ' + str(seen[0]) if seen else 'DOES NOT SEE IT'}")
            blind += not seen
    return 1 if blind else 0


if __name__ == "__main__":
    main()

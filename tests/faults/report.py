"""What a part answers, and how it is shown."""

import datetime
import os
import platform
import subprocess

COLUMNS = ["part", "database", "operations", "acknowledged", "unknown", "kills", "lost", "twice", "half", "other"]


class Row:
    """The figures of one part on one database."""

    def __init__(self, part, database, ledger=None, kills=0, findings=None, notes=()):
        self.part, self.database, self.kills = part, database, kills
        self.operations = ledger.answered() if ledger else 0
        self.acknowledged = ledger.count("ok") if ledger else 0
        self.unknown = ledger.count("unknown") if ledger else 0
        self.findings = findings
        # Twice is a finding only beyond what is allowed; this is what happened.
        self.duplicates = len(findings.twice) if findings else 0
        self.notes = list(notes)

    def cells(self):
        found = self.findings
        other = len(found.refused) + len(found.odd)
        figures = [self.operations, self.acknowledged, self.unknown, self.kills, len(found.lost), self.duplicates,
                   len(found.half), other]
        return [self.part, self.database] + [f"{figure:,}" for figure in figures]


def table(rows):
    lines = [COLUMNS] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    shown = ["  ".join(cell.ljust(width) if index < 2 else cell.rjust(width)
                       for index, (cell, width) in enumerate(zip(line, widths))) for line in lines]
    for index, row in reversed(list(enumerate(rows))):
        shown[index + 2:index + 2] = [f"    {note}" for note in row.notes]
    return "\n".join(shown)


DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "RELIABILITY.md")
BEGIN, END = "<!-- figures: written by scripts/faults --write -->", "<!-- end of figures -->"


def write(rows):
    """Puts the figures into the document; those of parts that did not run stay."""
    with open(DOCUMENT, encoding="utf-8") as document:
        before, rest = document.read().split(BEGIN)
    old, after = rest.split(END)
    lines = {}
    for line in old.splitlines()[3:]:
        cells = line.split(" | ")
        if len(cells) > 2:
            lines[cells[0].lstrip("| "), cells[1]] = line
    for row in rows:
        cells = row.cells() + [f"{today()}, {version()}", "; ".join(row.notes)]
        lines[row.part, row.database] = "| " + " | ".join(cells) + " |"
    titles = COLUMNS + ["when, at", "notes"]
    head = ["| " + " | ".join(titles) + " |", "| --- | --- |" + " ---: |" * (len(COLUMNS) - 2) + " --- | --- |"]
    text = "\n".join(["", *head, *lines.values(), "", f"Machine: {machine()}.", ""])
    with open(DOCUMENT, "w", encoding="utf-8") as document:
        document.write(before + BEGIN + text + END + after)


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}"


def version():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def today():
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")

"""Writes what was measured as tables. The notes at the end of the document are people's own and stay as they are."""

import os

import pages

BEGIN, END = "<!-- figures: made by scripts/bench -->", "<!-- end of figures -->"
MIB = 2**20


def write(results, root):
    path = os.path.join(root, "docs", "PERFORMANCE.md")
    before, after = "# Performance\n\n", "\n"
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
        if BEGIN in old and END in old:
            before, after = old[:old.index(BEGIN)], old[old.index(END) + len(END):]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + "\n" + tables(results) + END + after)
    print(f"wrote {path}")


def write_part(part, root):
    """Puts one part in the place of its former figures, by its heading."""
    path = os.path.join(root, "docs", "PERFORMANCE.md")
    with open(path, encoding="utf-8") as file:
        old = file.read()
    begin, end = old.index(BEGIN) + len(BEGIN) + 1, old.index(END)
    heading = part.splitlines()[0]
    parts = ("\n" + old[begin:end]).split("\n## ")
    others = [parts[0].strip("\n")] + ["## " + other.strip("\n") for other in parts[1:]]
    kept = [other for other in others if other and other.splitlines()[0] != heading]
    with open(path, "w", encoding="utf-8") as file:
        file.write(old[:begin] + "\n\n".join([*kept, part.strip("\n")]) + "\n" + old[end:])
    print(f"wrote {path}")


def tables(results):
    parts = [machine(results), aims(results)]
    parts += [operations(results, name) for name in results["databases"]]
    parts += [pages.part(results), submit(results), publication(results), growth(results), equal(results), statements(results),
              assignment(results)]
    return "\n".join(part for part in parts if part) + "\n"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" if i == 0 else "---:" for i in range(len(head))) + " |"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value):
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def smallest(results, name):
    return results["databases"][name]["sizes"][str(results["sizes"][0])]


def machine(results):
    m = results["machine"]
    versions = ", ".join(f"{name} {found['version']}" for name, found in results["databases"].items() if name != "SQLite")
    return (f"Measured {m['date']} on {m['cpu']}, {m['memory']}, {m['system']}, {m['filesystem']}, where a small write "
            f"reaches the disk {number(m['fsync_per_s'])} times a second. {versions} with the settings it comes with. "
            f"Load average at the start {m['load']:.1f}. {results['clients']} clients for {results['seconds']} seconds each; "
            "load generator, server and database share the machine.\n")


def aims(results):
    rows = []

    def row(aim, wanted, of):
        cells = []
        for name in results["databases"]:
            shown, met = of(smallest(results, name), name)
            cells.append("–" if shown is None else f"{shown} {'✓' if met else '✗'}")
        rows.append([aim, wanted, *cells])

    def share(found, name):
        operation = found["operations"]["submit"]
        limit = operation.get("limit")
        if not limit:
            return None, False
        part = operation["per_second"] / limit
        return f"{part:.2f}", part >= (1 if name == "SQLite" else 0.5)

    def rate(operation):
        def of(found, _):
            per_second = found["operations"][operation]["per_second"]
            return number(per_second), per_second >= 5000
        return of

    def below(value, most, unit, digits=0):
        def of(found, _):
            shown = value(found)
            return f"{shown:.{digits}f} {unit}", shown < most
        return of

    row("submit, as a share of the same statements alone", "SQLite 1, PostgreSQL 0.5", share)
    row("list of 50 for an organizer, per second", "5,000", rate("list of 50, an organizer"))
    row("list of 50 talks for anybody, per second", "5,000", rate("list of 50 talks, anybody"))
    row("walk over 2,000 in pages of 100", "under 100 ms", below(lambda f: f["walk"]["median_ms"], 100, "ms"))
    row("400 acceptances published and delivered", "under 3 s", below(lambda f: f["publish"]["delivered_s"], 3, "s", 2))
    row("memory when idle", "under 40 MiB", below(lambda f: f["memory_idle"] / MIB, 40, "MiB", 1))
    row("start until ready", "under 200 ms", below(lambda f: f["cold_start"]["median_ms"], 200, "ms"))
    return "## Aims\n\n" + table(["", "aim", *results["databases"]], rows)


def operations(results, name):
    found = smallest(results, name)
    limit = "raw loop /s" if name == "SQLite" else "pgbench /s"
    traced = smallest(results, "PostgreSQL")["statements"]
    rows = []
    for operation, figures in found["operations"].items():
        part = figures["per_second"] / figures["limit"] if figures.get("limit") else None
        writes = sum(sql.startswith(("INSERT", "UPDATE", "DELETE")) for sql in traced[operation]["each"])
        rows.append([operation, number(figures["per_second"]), number(figures["p50_ms"]), number(figures["p99_ms"]),
                     number(figures.get("limit")), "–" if part is None else f"{part:.2f}", writes or "–",
                     f"{figures['stored']:,} of {figures['requests'] - figures['refused']:,}" if "stored" in figures else "–",
                     f"{figures['bytes_each'] / 1024:.1f}", f"{figures['generator_cpu']:.2f}"])
    plain = found["plain"]
    rows.append(["`/healthz`: a route that does nothing", number(plain["per_second"]), number(plain["p50_ms"]),
                 number(plain["p99_ms"]), "–", "–", "–", "–", f"{plain['bytes_each'] / 1024:.1f}", f"{plain['generator_cpu']:.2f}"])
    refused = {operation: figures["refused"] + figures["broken"] for operation, figures in found["operations"].items()
               if figures["refused"] + figures["broken"]}
    note = "".join(f"\n{count} requests of \"{operation}\" were refused.\n" for operation, count in refused.items())
    head = ["", "answers /s", "p50 ms", "p99 ms", limit, "share", "rows written", "found stored", "KiB", "generator's cores"]
    return f"## {name}, 2,000 proposals and 6,000 reviews\n\n" + table(head, rows) + note


def submit(results):
    rows = []
    for name in results["databases"]:
        found = smallest(results, name)
        with_mail, without = found["operations"]["submit"], found["submit_without_mail"]
        rows.append([name, number(with_mail["per_second"]), number(without["per_second"]), number(with_mail.get("limit")),
                     number(with_mail["server_cpu"]), number(without["server_cpu"])])
    return ("Every submission queues a receipt, and the server sends those while it takes more. Without: the mail server is "
            "away, the receipts wait.\n\n") + table(
        ["submit", "receipts being sent /s", "without /s", "limit /s", "server's cores", "without"], rows)


def publication(results):
    rows = []
    for name, database in results["databases"].items():
        for size, found in database["sizes"].items():
            rows.append([f"{name}, {int(size):,} proposals", f"{found['walk']['median_ms']:.0f}", f"{found['walk']['worst_ms']:.0f}",
                         f"{found['publish']['preview_s']:.2f}", f"{found['publish']['answer_s']:.2f}",
                         f"{found['publish']['delivered_s']:.2f}", f"{found['memory_idle'] / MIB:.1f}",
                         f"{found['memory_after'] / MIB:.1f}", f"{found['memory_most'] / MIB:.1f}", f"{found['bytes'] / MIB:,.0f}"])
    return ("## Walk, publication, memory\n\nThe walk is 20 pages of 100. Published are 400 acceptances of 400 people at once; "
            f"the mail server used here needs {results['sink_s']:.2f} s for 400 letters from one plain client.\n\n") + table(
        ["", "walk ms", "slowest", "preview s", "published s", "all delivered s", "idle MiB", "after all MiB", "most MiB",
         "database MiB"], rows)


def growth(results):
    if len(results["sizes"]) < 2:
        return ""
    parts = ["## Growth\n\nMilliseconds of the median answer to a single client, by the number of proposals. The last column "
             "is the largest event against the smallest; the answers are equally long.\n"]
    for name, database in results["databases"].items():
        sizes = list(database["sizes"])
        rows = []
        for operation in database["sizes"][sizes[0]]["operations"]:
            times = [database["sizes"][size]["operations"][operation]["alone"]["p50_ms"] for size in sizes]
            rows.append([operation, *map(number, times), f"× {times[-1] / times[0]:.1f}"])
        walks = [database["sizes"][size]["walk"]["median_ms"] for size in sizes]
        rows.append(["walk over the first 2,000", *map(number, walks), f"× {walks[-1] / walks[0]:.1f}"])
        parts.append(table([name, *(f"{int(size):,}" for size in sizes), "ratio"], rows))
    return "\n".join(parts)


def equal(results):
    rows = []
    for name in results["databases"]:
        for question in smallest(results, name).get("equal", []):
            rows.append([f"{name}: {question['name']}", number(question["known_ms"]), number(question["unknown_ms"]),
                         f"{question['difference'] * 100:+.1f} %", "yes" if question["same_answers"] else "NO",
                         ", ".join(map(str, dict.fromkeys(question["answers"])))])
    tries = smallest(results, "SQLite")["equal"][0]["tries"]
    return (f"## Known and unknown addresses\n\nMedians of {tries} tries each, by turns. The aim is a difference within 5 %.\n\n"
            ) + table(["", "known ms", "unknown ms", "difference", "same answer", "status"], rows)


def statements(results):
    sizes = results["databases"]["PostgreSQL"]["sizes"]
    first, last = list(sizes)[0], list(sizes)[-1]
    rows = []
    for operation, traced in sizes[first]["statements"].items():
        largest = sizes[last]["statements"][operation]
        touched = [sum(pages for _, pages, _ in found["examined"]) for found in (traced, largest)]
        rows.append([operation, traced["transactions"], traced["round_trips"], traced["statements"], touched[0],
                     touched[1] if last != first else "–"])
    text = ("## Statements of one request\n\nRound trips to PostgreSQL, beginning and ending transactions included; and how many "
            "pages its reading statements touch in the smallest and in the largest event.\n\n") + table(
        ["", "transactions", "round trips", "statements", "pages touched", "in the largest"], rows)
    grown = growing(sizes[first]["statements"], sizes[last]["statements"]) if last != first else []
    if grown:
        text += "\nStatements that touch more pages in the larger event:\n\n" + "".join(f"- {line}\n" for line in grown)
    scanned = sorted({scan for found in smallest(results, "SQLite")["operations"].values() for scan in found.get("scans", [])
                      if "CONSTANT ROW" not in scan})
    if scanned:
        text += "\nTables that SQLite reads from end to end:\n\n" + "".join(f"- `{scan[:140]}`\n" for scan in scanned)
    return text


def growing(small, large):
    found = []
    for operation, traced in small.items():
        after = {sql: (pages, rows) for sql, pages, rows in large[operation]["examined"]}
        for sql, pages, rows in traced["examined"]:
            most, most_rows = after.get(sql, (pages, rows))
            if most > 3 * pages + 30 and most_rows <= 2 * rows:
                found.append(f"{operation}: {pages} → {most} pages for {rows:.0f} rows: `{sql[:60]}… {sql[-120:]}`")
    return found


def assignment(results):
    found = results.get("assignment")
    if not found:
        return ""
    rows = []
    for run in found["runs"]:
        report, highs = run["report"], run.get("highs") or {}
        of = lambda name: number(highs[name]) if highs.get(name) is not None else "–"
        rows.append(["fairness first" if run["fair"] else "the sum alone", f"{report['total_weight']:,}",
                     f"{highs['total']:,}" if highs.get("total") is not None else "–",
                     number(run["seconds"]), of("seconds"), number(run["megabytes"]), of("megabytes"),
                     sum(run["broken"].values()), number(report["mean_weight"]), number(report["lowest_mean"]),
                     f"{report['load']['lowest']} to {report['load']['highest']}", number(report["wishes"]["mean"])])
    alone = "" if found["scipy"] else " scipy was not there to compare with."
    machine = results["machine"]
    return (f"## Assignment\n\nAAMAS 2021: {found['reviewers']} reviewers, {found['proposals']:,} papers, {found['bids']:,} bids, "
            f"{found['conflicts']:,} of them conflicts; 4 reviews a paper, at most 6 a reviewer; a wish counts 600, a maybe 360, "
            f"what nobody said 300. Beside it the same instance, solved by scipy's HiGHS as a linear program; its time "
            f"is without reading the bids. Measured {machine['date']} on {machine['cpu']}.{alone}\n\n") + table(
        ["", "total weight", "HiGHS", "s", "HiGHS", "MB", "HiGHS", "broken rules", "mean weight", "lowest mean of a paper",
         "papers a reviewer", "wishes honored"], rows)

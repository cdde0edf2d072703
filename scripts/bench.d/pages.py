"""How long the server needs for each page, and how much of it goes over the wire. The pages are those of the routes'
table, so that a new one is measured by itself."""

import os
import statistics
import time

import shapes
from server import organizer

TRIES, WARM = 15, 3
# The aims: milliseconds and bytes.
SLOWEST, LARGEST = 50, 100_000


def routes(root):
    """Audience and path of each page without a mailed secret."""
    with open(os.path.join(root, "tests", "it", "access", "routes.txt"), encoding="utf-8") as table:
        rows = [(line[:15].strip(), *line[15:].split()) for line in table]
    skipped = ("/api/", "/assets/", "/healthz", "/readyz")
    return [(audience, path) for audience, method, path in rows
            if method == "GET" and not path.startswith(skipped) and "{token}" not in path]


def who(audience):
    if audience == "anyone":
        return None
    if audience in ("signed in", "speaker"):
        return shapes.token(0)
    return shapes.token(shapes.FIRST_REVIEWER) if audience == "reviewer" else organizer()


def filled(path):
    """With what there is of the first proposal, of the speaker who acts."""
    values = {"event": shapes.SLUG, "slug": shapes.SLUG, "code": shapes.code(0, shapes.CODE), "ref": shapes.code(0, shapes.REF),
              "file": "talks.csv", "number": "1"}
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return None if "{" in path else path


def measure(server, root):
    client, found = server.client(), []
    for audience, pattern in routes(root):
        path, token = filled(pattern), who(audience)
        if path is None:
            continue
        head = {"Accept-Encoding": "gzip"} | ({"Cookie": f"session={token}"} if token else {})
        took, size, html = [], 0, False
        for attempt in range(TRIES + WARM):
            begin = time.perf_counter()
            client.conn.request("GET", path, headers=head)
            answer = client.conn.getresponse()
            size = len(answer.read())
            html = answer.status == 200 and answer.getheader("content-type", "").startswith("text/html")
            if not html:
                break
            if attempt >= WARM:
                took.append((time.perf_counter() - begin) * 1000)
        if html:
            found.append({"path": pattern, "for": audience, "ms": statistics.median(took), "bytes": size})
    return found


def part(results):
    """The table of the document."""
    import report

    databases = results["databases"]
    by_path = {}
    for name in databases:
        for page in report.smallest(results, name).get("pages", []):
            by_path.setdefault((page["path"], page["for"]), {})[name] = page
    if not by_path:
        return ""
    rows = []
    for (path, audience), pages in by_path.items():
        times = [report.number(pages[name]["ms"]) if name in pages else "–" for name in databases]
        size = max(page["bytes"] for page in pages.values())
        met = size <= LARGEST and all(page["ms"] <= SLOWEST for page in pages.values())
        rows.append([f"`{path}`", audience, *times, report.number(size / 1000), "✓" if met else "✗"])
    head = ["page", "for", *[f"{name} ms" for name in databases], "kB", f"{SLOWEST} ms, {LARGEST // 1000} kB"]
    return (f"## Pages\n\nWith {results['sizes'][0]:,} proposals and {results['sizes'][0] * shapes.REVIEWS_EACH:,} reviews: the "
            "median of one client's requests until the last byte, and the bytes as they are sent, compressed.\n\n"
            + report.table(head, rows))

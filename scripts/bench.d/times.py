"""What is not requests per second: walks, publications, mail, starting, and whether answers tell who has an account."""

import http.client
import statistics
import time

import shapes
from operations import EVENT
from server import API, Client, Refused, organizer


def walk(server, pages, rounds):
    """Milliseconds for so many pages of 100, each with the cursor of the one before; the median and the slowest."""
    client, took, seen = server.client(), [], 0
    head = {"Authorization": "Bearer " + organizer()}
    for _ in range(rounds):
        path, seen = f"{EVENT}/proposals?limit=100", 0
        begin = time.perf_counter()
        for _ in range(pages):
            client.conn.request("GET", path, headers=head)
            answer = client.conn.getresponse()
            answer.read()
            if answer.status != 200:
                raise Refused(f"{path}: {answer.status}")
            seen += 1
            link = answer.getheader("link")
            if not link:
                break
            path = link[1:link.index(">")]
        took.append((time.perf_counter() - begin) * 1000)
    return {"pages": seen, "median_ms": statistics.median(took), "worst_ms": max(took)}


def publish(server, sink, first, talks=400):
    """Accepts so many talks of different people, publishes, and waits until the last letter was taken."""
    client, token, event = server.client(), organizer(), "/events/" + shapes.SLUG
    codes = [shapes.code((first + i) * shapes.PER_SPEAKER, shapes.CODE) for i in range(talks)]
    client.ask("POST", event + "/decisions", {"codes": codes, "decision": "accepted"}, token)
    previewed = time.perf_counter()
    version = client.ask("GET", event + "/publications/preview", token=token)["version"]
    before, begin = sink.count(), time.perf_counter()
    client.ask("POST", event + "/publications", {"version": version}, token)
    answered = time.perf_counter()
    if not sink.wait_for(before + talks, 120):
        raise SystemExit(f"only {sink.count() - before} of {talks} letters came")
    return {"preview_s": begin - previewed, "answer_s": answered - begin, "delivered_s": time.perf_counter() - begin}


def cold_starts(server, rounds):
    took = []
    for _ in range(rounds):
        took.append(server.start() * 1000)
        server.stop()
    return {"median_ms": statistics.median(took), "worst_ms": max(took)}


QUESTIONS = [
    ("sign in, wrong password", "/sessions", lambda mail: {"email": mail, "password": "not the right password"}),
    ("password reset", "/password-resets", lambda mail: {"email": mail}),
    ("sign up", "/accounts", lambda mail: {"email": mail, "name": "Somebody", "password": "a password of some length"}),
    ("sign-in link", "/sign-in-links", lambda mail: {"email": mail}),
]


def equal_answers(server, tries):
    """The same question about a known and an unknown address, by turns; the difference of the medians."""
    paths = server.client().ask("GET", "/openapi.json")["paths"]
    found = []
    for name, path, body in QUESTIONS:
        if not any(known.endswith(path) for known in paths):
            continue
        client, took, answers = server.client(), {"known": [], "unknown": []}, {"known": set(), "unknown": set()}
        for i in range(tries):
            # Each address once, so that no limit per address or stored link makes a difference; both equally long.
            asked = [("known", shapes.email(i)), ("unknown", f"nobody{i}@bench.example")]
            for kind, mail in asked if i % 2 else reversed(asked):
                begin = time.perf_counter()
                answer, text = client.send("POST", API + path, body(mail))
                took[kind].append((time.perf_counter() - begin) * 1000)
                answers[kind].add((answer.status, text if answer.status < 400 else without_id(text)))
        medians = {kind: statistics.median(times) for kind, times in took.items()}
        found.append({"name": name, "tries": tries, "known_ms": medians["known"], "unknown_ms": medians["unknown"],
                      "difference": medians["known"] / medians["unknown"] - 1,
                      "same_answers": answers["known"] == answers["unknown"],
                      "answers": sorted(status for status, _ in answers["known"] | answers["unknown"])})
    return found


def without_id(text):
    begin = text.find(b'"request_id"')
    return text if begin < 0 else text[:begin]

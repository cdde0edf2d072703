"""What is measured: each operation as the requests that its people send."""

import json
import random

import shapes
from seed import proposal, review
from server import API, headers, organizer

EVENT = f"{API}/events/{shapes.SLUG}"


class Drawn:
    """A number that each request draws."""

    def __init__(self, lowest, highest):
        self.sql, self.value = f"random({lowest}, {highest})", lambda pick, _: pick.randint(lowest, highest)


class Derived:
    """A number that follows from others drawn before."""

    def __init__(self, sql, value):
        self.sql, self.value = sql, lambda _, numbers: value(numbers)


class Operation:
    """`acting` names the numbers that vary from request to request (see `limits.py`), `request` makes one of them."""

    def __init__(self, name, acting, request, writes=None, distinct=1000):
        self.name, self.acting, self.request, self.writes, self.distinct = name, acting, request, writes, distinct

    def numbers(self, pick):
        found = {}
        for name, number in self.acting.items():
            found[name] = number.value(pick, found)
        return found

    def ready(self, server):
        """The requests as bytes, for the load generator."""
        pick = random.Random(self.name)
        return [raw(server.port, *self.request(self.numbers(pick))) for _ in range(self.distinct)]


def raw(port, method, path, body=None, token=None):
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers(method).items()]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    content = b""
    if body is not None:
        content = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def all_of(seed):
    """In the order in which they are measured: what others depend on last."""
    speaker = {"s": Drawn(0, shapes.SPEAKERS_ACTING - 1)}
    # Saving what is there already would write nothing.
    saving = {**speaker, "v": Drawn(0, 1_000_000)}
    several = {"p": Drawn(0, seed.proposals - 1)}
    # Whoever wrote the first review of it.
    first, each, all_reviewers = shapes.FIRST_REVIEWER, shapes.REVIEWS_EACH, shapes.REVIEWERS
    reviewing = {**several, "r": Derived(f"{first} + (:p * {each}) % {all_reviewers}",
                                         lambda n: first + n["p"] * each % all_reviewers)}

    def read_own(n):
        code = shapes.code(n["s"] * shapes.PER_SPEAKER, shapes.CODE)
        return "GET", f"{EVENT}/my/proposals/{code}", None, shapes.token(n["s"])

    def read_one(n):
        return "GET", f"{EVENT}/proposals/{shapes.code(n['p'], shapes.CODE)}", None, organizer()

    def list_50(_):
        return "GET", f"{EVENT}/proposals?limit=50", None, organizer()

    def list_talks(_):
        return "GET", f"{EVENT}/talks?limit=50"

    def csv(_):
        return "GET", f"{EVENT}/exports/talks.csv", None, organizer()

    def ranking(_):
        return "GET", f"{EVENT}/ranking?cut=400", None, organizer()

    def sign_in(n):
        return "POST", f"{API}/sessions", {"email": shapes.email(n["s"]), "password": shapes.PASSWORD}

    def save_review(n):
        reference = shapes.code(n["p"], shapes.REF)
        return "PUT", f"{EVENT}/reviewing/proposals/{reference}/review", review(seed.criterion), shapes.token(n["r"])

    def autosave(n):
        code = shapes.code(shapes.FIRST_DRAFT + n["s"], shapes.CODE)
        texts = {"abstract": shapes.words(shapes.ABSTRACT, n["v"]), "description": shapes.words(shapes.DESCRIPTION, n["v"] + 1)}
        return "PATCH", f"{EVENT}/my/proposals/{code}", texts, shapes.token(n["s"])

    def submit(n):
        return "POST", f"{EVENT}/my/proposals", proposal(submit=True), shapes.token(n["s"])

    return [
        Operation("read one, its speaker", speaker, read_own),
        Operation("read one, an organizer", several, read_one),
        Operation("list of 50, an organizer", {}, list_50, distinct=1),
        Operation("list of 50 talks, anybody", {}, list_talks, distinct=1),
        Operation("CSV of 400 talks", {}, csv, distinct=1),
        Operation("ranking with a line at 400", {}, ranking, distinct=1),
        Operation("sign in", speaker, sign_in, writes="SELECT count(*) FROM sessions"),
        Operation("save review", reviewing, save_review, writes="SELECT sum(version) FROM reviews"),
        Operation("autosave", saving, autosave, writes="SELECT sum(version) FROM proposals", distinct=5000),
        Operation("submit", speaker, submit, writes="SELECT count(*) FROM proposals"),
    ]

"""What was asked of the server and what it said, operation by operation; the checks compare it with what is stored."""

import itertools
import threading
import time

from client import NoAnswer, NotSent

OK, FAIL, UNKNOWN = "ok", "fail", "unknown"


class Operation:
    __slots__ = ("number", "kind", "key", "outcome", "answer", "note")

    def __init__(self, number, kind, key, note=None):
        self.number, self.kind, self.key, self.note = number, kind, key, note
        self.outcome, self.answer = None, None


class Ledger:
    def __init__(self):
        self.operations = []
        self.oddities = []
        self.numbers = itertools.count(1)
        self.open = threading.Event()
        self.open.set()
        self.under_way = 0
        self.lock = threading.Lock()

    def run(self, client, kind, key, method, path, body=None, headers=(), note=None, into=None):
        """One operation from its invocation to its outcome, noted in the list `into` too. An answer that is neither a
        success, a refusal nor a clear word that nothing can be done just now is an oddity."""
        operation = self.invoke(kind, key, note, into)
        try:
            answer = client.send(method, path, body, headers)
        except NotSent:
            return self.end(operation, FAIL, None)
        except NoAnswer:
            return self.end(operation, UNKNOWN, None)
        if 200 <= answer.status < 300:
            return self.end(operation, OK, answer)
        if answer.status == 503 and answer.is_clear_refusal():
            return self.end(operation, FAIL if answer.code() == "busy" else UNKNOWN, answer)
        if 400 <= answer.status < 500:
            return self.end(operation, FAIL, answer)
        self.oddities.append(f"{kind} {key}: {answer.status} {answer.body[:300]!r}")
        return self.end(operation, UNKNOWN, answer)

    def invoke(self, kind, key, note=None, into=None):
        operation = Operation(next(self.numbers), kind, key, note)
        while True:
            self.open.wait()
            with self.lock:
                # Closed meanwhile: then not yet.
                if self.open.is_set():
                    self.under_way += 1
                    self.operations.append(operation)
                    if into is not None:
                        into.append(operation)
                    break
        return operation

    def end(self, operation, outcome, answer):
        operation.outcome, operation.answer = outcome, answer
        with self.lock:
            self.under_way -= 1
        return operation

    def hold(self, patience=60):
        """Lets nobody begin, and waits until everything has ended."""
        with self.lock:
            self.open.clear()
        until = time.time() + patience
        while self.under_way > 0:
            if time.time() > until:
                raise RuntimeError(f"{self.under_way} operations do not end")
            time.sleep(0.005)

    def go_on(self):
        self.open.set()

    def count(self, outcome):
        return sum(1 for operation in self.operations if operation.outcome == outcome)

    def answered(self):
        """How many the server has answered, well or not; the others found no server."""
        return sum(1 for operation in self.operations if operation.answer is not None or operation.outcome == UNKNOWN)


class Findings:
    """What a check has found wrong. `expected` kinds count too: a proof looks at them."""

    def __init__(self):
        self.lost, self.twice, self.half, self.refused, self.odd = [], [], [], [], []

    def all(self):
        return self.lost + self.twice + self.half + self.refused + self.odd

    def add(self, other):
        for name in ("lost", "twice", "half", "refused", "odd"):
            getattr(self, name).extend(getattr(other, name))


def check_presence(operations, stored, findings, what):
    """Every ok exactly once, every fail absent, every unknown once or not at all. `stored` counts by key."""
    for operation in operations:
        found = stored.get(operation.key, 0)
        named = f"{what} {operation.key}"
        if operation.outcome == OK and found == 0:
            findings.lost.append(f"{named} was acknowledged and is not there")
        elif operation.outcome == FAIL and found > 0:
            findings.refused.append(f"{named} was refused and is there")
        if found > 1:
            findings.twice.append(f"{named} is there {found} times")
    return findings

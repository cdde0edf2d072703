"""What clients do while things break: submit, keep drafts, edit, review; and the check of all of it."""

import random
import threading
import time

from ledger import FAIL, OK, UNKNOWN, Findings, Operation, check_presence
from program import proposal

# A PATCH of a title goes over a proposal of each client's own, so that the order of its edits is known.
MIX = ["submit"] * 3 + ["draft"] * 3 + ["edit"] * 3 + ["review"] * 2


class Workload:
    def __init__(self, world, ledger, database, clients):
        self.world, self.ledger, self.database = world, ledger, database
        self.stopping = threading.Event()
        self.checked = self.newest = 0
        self.edits, self.reviews = {}, {}
        organizer = world.program.client(world.organizer)
        criteria = organizer.expect(200, "GET", world.path("/criteria"))["items"]
        self.criterion = criteria[0]["code"]
        self.threads = [self.prepared(number, clients) for number in range(clients)]

    def prepared(self, number, clients):
        token = self.world.speakers[number % len(self.world.speakers)]
        client = self.world.program.client(token)
        own = client.expect(201, "POST", self.world.path("/my/proposals"), proposal(f"own {number}"))["code"]
        self.edits[own] = [done("own", f"own {number}")]
        reviewer = self.world.program.client(self.world.member(f"reviewer{number}", "reviewer"))
        listed = reviewer.expect(200, "GET", self.world.path("/reviewing/proposals?limit=100"))["items"]
        reviewed = next(item["ref"] for item in listed)
        self.reviews[number] = [done("none", None)]
        return threading.Thread(target=self.work, args=(number, client, own, reviewer, reviewed), daemon=True)

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        self.ledger.go_on()
        for thread in self.threads:
            thread.join()

    def work(self, number, client, own, reviewer, reviewed):
        chance = random.Random(number)
        count = 0
        while not self.stopping.is_set():
            count += 1
            deed = chance.choice(MIX)
            key = f"{deed} {number}-{count}"
            if deed in ("submit", "draft"):
                ended = self.ledger.run(client, deed, key, "POST", self.world.path("/my/proposals"),
                                        proposal(key, deed == "submit"))
            elif deed == "edit":
                ended = self.ledger.run(client, deed, key, "PATCH", self.world.path(f"/my/proposals/{own}"), {"title": key},
                                        into=self.edits[own])
            else:
                score = count % 5 + 1
                key = f"{key} gives {score}"
                body = {"scores": {self.criterion: score}, "comment": key}
                ended = self.ledger.run(reviewer, deed, key, "PUT",
                                        self.world.path(f"/reviewing/proposals/{reviewed}/review"), body,
                                        into=self.reviews[number])
            if ended.outcome != OK:
                time.sleep(0.03)

    def check_all(self, rows=None):
        """As `check`, from the beginning."""
        self.checked = self.newest = 0
        return self.check(rows)

    def check(self, rows=None):
        """Compares the ledger with what is stored, while nobody writes; what was created, since the last time."""
        findings = Findings()
        fresh = self.ledger.operations[self.checked:]
        self.checked = len(self.ledger.operations)
        findings.odd.extend(self.ledger.oddities)
        self.check_created(fresh, rows or self.database.rows, findings)
        self.check_edits(rows or self.database.rows, findings)
        self.check_reviews(rows or self.database.rows, findings)
        return findings

    def check_created(self, operations, rows, findings):
        """A proposal has its owner and, if submitted, its instant and its receipt by mail; each in one transaction."""
        created = [operation for operation in operations if operation.kind in ("submit", "draft")]
        if not created:
            return
        stored = rows(
            "SELECT p.id, p.title, p.code, p.lifecycle, (SELECT count(*) FROM proposal_speakers s WHERE s.proposal_id = p.id AND s.owner), "
            "(SELECT count(*) FROM mail_proposals m WHERE m.proposal_id = p.id) FROM proposals p "
            f"WHERE p.id > {self.newest} AND (p.title LIKE 'submit %' OR p.title LIKE 'draft %')")
        counts, codes = {}, {}
        for number, title, code, lifecycle, owners, mails in stored:
            self.newest = max(self.newest, int(number))
            counts[title] = counts.get(title, 0) + 1
            codes[title] = code
            whole = ("submitted", "1", "1") if title.startswith("submit") else ("draft", "1", "0")
            if (lifecycle, owners, mails) != whole:
                findings.half.append(f"{title} is {lifecycle} with {owners} owners and {mails} mails")
        check_presence(created, counts, findings, "the proposal")
        for operation in created:
            if operation.outcome == OK and codes.get(operation.key) not in (None, operation.answer.json()["code"]):
                findings.odd.append(f"{operation.key} was acknowledged with another code")
        # One with an unknown end may have come after the last check.
        known = {op.key for op in created} | {op.key for op in self.ledger.operations if op.outcome == UNKNOWN}
        for title in counts.keys() - known:
            findings.odd.append(f"{title} is stored and nobody asked for it")

    def check_edits(self, rows, findings):
        stored = dict(rows("SELECT code, title FROM proposals WHERE title LIKE 'own %' OR title LIKE 'edit %'"))
        for code, history in self.edits.items():
            possible = tail(history)
            found = stored.get(code)
            if found not in {operation.key for operation in possible}:
                refused = found in {operation.key for operation in history if operation.outcome == FAIL}
                (findings.refused if refused else findings.lost).append(
                    f"{code} has the title {found!r}, and {possible[0].key!r} was acknowledged last")
            history[:] = possible

    def check_reviews(self, rows, findings):
        """A comment tells its score, so that one without the other shows."""
        stored = rows("SELECT a.name, r.comment, s.score FROM reviews r JOIN accounts a ON a.id = r.account_id "
                      "LEFT JOIN review_scores s ON s.review_id = r.id")
        found = {}
        for name, comment, score in stored:
            number = int(name.removeprefix("reviewer"))
            if number in found:
                findings.twice.append(f"{name} has two reviews")
            found[number] = comment
            if not comment.endswith(f" gives {score}"):
                findings.half.append(f"{name}'s review says {comment!r} and its score is {score}")
        for number, history in self.reviews.items():
            possible = tail(history)
            if found.get(number) not in {operation.key for operation in possible}:
                findings.lost.append(f"reviewer{number}'s review is {found.get(number)!r} instead of {possible[0].key!r}")
            history[:] = possible


def done(kind, key):
    """What was so before the ledger began."""
    operation = Operation(0, kind, key)
    operation.outcome = OK
    return operation


def tail(history):
    """What may be the state: the last that was acknowledged, and what came after it with an unknown end."""
    last = max(index for index, operation in enumerate(history) if operation.outcome == OK)
    return [history[last]] + [operation for operation in history[last + 1:] if operation.outcome == UNKNOWN]

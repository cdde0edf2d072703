"""P2: a request that is sent again with its `Idempotency-Key` acts once and is answered the same, by however many at once and
across kills of the server."""

import queue
import random
import threading
import time

import limit
from client import NoAnswer, NotSent
from kills import POINTS
from ledger import Findings
from program import Program, World, free_port, proposal
from report import Row

NAME = "retries"
MOST_AT_ONCE = 32


def figures(short):
    """Keys, and requests in all."""
    return (12, 96) if short else (500, 5_000)


class Retries:
    def __init__(self, place, database, keyed=True):
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}")
        self.program.start()
        self.world = World(self.program, 8)
        self.database, self.keyed, self.findings = database, keyed, Findings()
        self.chance = random.Random(4)
        self.lock = threading.Lock()
        self.answers = {}
        self.sent = self.unanswered = self.keys = self.kills = 0
        self.tasks = queue.Queue()
        self.workers = [threading.Thread(target=self.work, daemon=True) for _ in range(MOST_AT_ONCE)]
        for worker in self.workers:
            worker.start()

    def work(self):
        """Takes a key and sends its request until it is answered."""
        clients = [self.program.client(token) for token in self.world.speakers]
        while True:
            key, speaker = self.tasks.get()
            while not self.send(clients[speaker], key):
                time.sleep(0.03)
            self.tasks.task_done()

    def send(self, client, key):
        headers = [("Idempotency-Key", f'"{key}"')] if self.keyed else []
        answer = None
        try:
            answer = client.send("POST", self.world.path("/my/proposals"), proposal(key), headers)
        except NotSent:
            return False
        except NoAnswer:
            pass
        with self.lock:
            self.sent += 1
            if answer is None or answer.is_clear_refusal():
                self.unanswered += 1
                return False
            self.answers.setdefault(key, []).append(answer)
        return True

    def round(self, keys, most):
        """So many keys, each asked for by up to `most` at once, while the server is killed once or twice."""
        for _ in range(keys):
            self.keys += 1
            key, speaker = f"retried {self.keys}", self.chance.randrange(len(self.world.speakers))
            for _ in range(self.chance.randint(max(2, most // 2), most)):
                self.tasks.put((key, speaker))
        while self.tasks.unfinished_tasks:
            if self.kills < self.keys / 5:
                time.sleep(self.chance.uniform(0.02, 0.3))
                self.kill()
            time.sleep(0.02)

    def kill(self):
        self.program.killed()
        self.kills += 1
        point = f"{self.chance.choice(POINTS)}:{self.chance.randint(1, 20)}" if self.kills % 2 else None
        self.program.start(point)
        if point:
            self.program.ended_within(2)
            self.program.killed()
            self.kills += 1
            self.program.start()

    def check(self):
        counts, codes = {}, {}
        for title, code in self.database.rows("SELECT title, code FROM proposals WHERE title LIKE 'retried %'"):
            counts[title] = counts.get(title, 0) + 1
            codes[title] = code
        mails = dict(self.database.rows(
            "SELECT p.title, count(*) FROM proposals p JOIN mail_proposals m ON m.proposal_id = p.id "
            "WHERE p.title LIKE 'retried %' GROUP BY p.title"))
        for key, answers in self.answers.items():
            if counts.get(key, 0) == 0:
                self.findings.lost.append(f"{key} was answered and is not there")
            if counts.get(key, 0) > 1:
                self.findings.twice.append(f"{key} is there {counts[key]} times")
            if int(mails.get(key, 0)) != counts.get(key, 0):
                self.findings.half.append(f"{key} has {mails.get(key, 0)} mails")
            if len({self.essence(answer) for answer in answers}) > 1:
                self.findings.odd.append(f"{key} was answered in {len({self.essence(a) for a in answers})} ways")
            first = answers[0]
            if first.status != 201 or first.json()["code"] != codes.get(key):
                self.findings.odd.append(f"{key} was answered {first.status} {first.body[:200]!r}")
        return self.findings

    @staticmethod
    def essence(answer):
        """What has to be the same to the byte. Whether it is a repeat is said in a header of its own."""
        return answer.status, answer.body, answer.headers.get("location"), answer.headers.get("etag")

    def other_request(self):
        """The key of one request with the body of another is refused."""
        client = self.program.client(self.world.speakers[0])
        headers = [("Idempotency-Key", '"another"')]
        client.expect(201, "POST", self.world.path("/my/proposals"), proposal("one thing", False), headers)
        answer = client.send("POST", self.world.path("/my/proposals"), proposal("another thing", False), headers)
        if (answer.status, answer.code()) != (422, "key_reused"):
            self.findings.odd.append(f"a key with another body was answered {answer.status} {answer.body[:200]!r}")


def run(place, database, short):
    keys, requests = figures(short)
    work = Retries(place, database)
    while (work.keys < keys or work.sent < requests) and not (work.keys and limit.reached()):
        work.round(6, MOST_AT_ONCE if work.keys % 4 == 0 else 12)
    work.other_request()
    work.check()
    work.program.stop()
    row = Row("retries with one key", database.name, None, work.kills, work.findings)
    row.operations, row.unknown = work.sent, work.unanswered
    row.acknowledged = sum(len(answers) for answers in work.answers.values())
    row.notes = [f"{work.keys:,} keys, up to {MOST_AT_ONCE} at once; all answers of a key equal to the byte"]
    return [row]


def prove(place, database):
    """The same without the header."""
    work = Retries(place, database, keyed=False)
    work.round(4, 8)
    found = work.check()
    yield "retries: no key is sent, and a retry acts again", found.twice
    yield "retries: the answers of one request differ", found.odd
    work.program.stop()

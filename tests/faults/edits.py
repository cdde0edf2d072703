"""P6: of two edits of the same version one is taken and the other is told so; nobody's edit vanishes."""

import threading

import limit
from ledger import Findings
from program import Program, World, free_port, proposal
from report import Row

NAME = "edits"


def figures(short):
    """Pairs of edits, and proposals that are edited side by side."""
    return (60, 3) if short else (5_004, 6)


class Edits:
    def __init__(self, place, database, blindly=False):
        self.program = Program(place, database, f"smtp://127.0.0.1:{free_port()}")
        self.program.start()
        self.world = World(self.program, 4)
        self.database, self.blindly, self.findings = database, blindly, Findings()
        self.sent = self.taken = 0
        self.lock = threading.Lock()

    def run(self, pairs, proposals):
        threads = [threading.Thread(target=self.edit, args=(number, pairs // proposals), daemon=True)
                   for number in range(proposals)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def edit(self, number, pairs):
        """Two tabs of one speaker, again and again from the same version."""
        tabs = [self.program.client(self.world.speakers[number % len(self.world.speakers)]) for _ in range(2)]
        first = tabs[0].send("POST", self.world.path("/my/proposals"), proposal(f"edited {number}"))
        path, tag = self.world.path(f"/my/proposals/{first.json()['code']}"), first.headers["etag"]
        for pair in range(pairs):
            if limit.reached():
                return
            titles = [f"pair {number}-{pair} {tab}" for tab in "ab"]
            answers = [None, None]
            barrier = threading.Barrier(2)
            other = threading.Thread(target=self.patch, args=(tabs[1], path, tag, titles, answers, 1, barrier), daemon=True)
            other.start()
            self.patch(tabs[0], path, tag, titles, answers, 0, barrier)
            other.join()
            tag = self.judge(tabs[0], path, titles, answers, tag)

    def patch(self, client, path, tag, titles, answers, tab, barrier):
        barrier.wait()
        headers = [("If-Match", "*" if self.blindly else tag)]
        answers[tab] = client.send("PATCH", path, {"title": titles[tab]}, headers)

    def judge(self, client, path, titles, answers, tag):
        """Answers the version that the next pair begins from."""
        statuses = sorted(answer.status for answer in answers)
        stored = client.send("GET", path)
        with self.lock:
            self.sent += 2
            self.taken += statuses.count(200)
            if statuses != [200, 412]:
                kind = self.findings.twice if statuses == [200, 200] else self.findings.odd
                kind.append(f"two edits of version {tag} were answered {statuses}")
            for title, answer in zip(titles, answers):
                if answer.status == 200 and stored.json()["title"] != title:
                    self.findings.lost.append(f"{title} was taken and the title is {stored.json()['title']}")
                if answer.status == 200 and statuses == [200, 412] and stored.headers["etag"] != answer.headers["etag"]:
                    self.findings.odd.append(f"{title} got the version {answer.headers['etag']} and is {stored.headers['etag']}")
                if answer.status == 412 and stored.json()["title"] == title:
                    self.findings.refused.append(f"{title} was refused and is there")
        return stored.headers["etag"]


def run(place, database, short):
    pairs, proposals = figures(short)
    work = Edits(place, database)
    work.run(pairs, proposals)
    work.program.stop()
    row = Row("pairs of edits", database.name, None, 0, work.findings)
    row.operations, row.acknowledged = work.sent, work.taken
    row.notes = [f"{work.sent // 2:,} pairs of one version each: {work.taken:,} edits taken, {work.sent - work.taken:,} told that they are late"]
    return [row]


def prove(place, database):
    """Both tabs overwrite whatever is there."""
    work = Edits(place, database, blindly=True)
    work.run(10, 1)
    yield "edits: both edits of one version are taken", work.findings.twice
    yield "edits: the one that came first vanishes", work.findings.lost
    work.program.stop()

"""P5: every mail leaves at least once, twice only where the mail server's last answer was lost; whatever the mail server
does at whatever stage, and wherever in between the sender is killed."""

import time

import limit
from ledger import FAIL, OK, Findings, Ledger
from program import Program, World, proposal
from report import Row
from sink import STAGES, Sink

NAME = "mail"

# What goes wrong once; the next try succeeds. At the first stages it is not known yet whose mail it is.
ACTS = ["450 later", "421 going", "reset", "close", "silence", "slow", "garbage", "answer and close"]
FIRST = [(stage, act) for stage in ("connect", "hello", "sender") for act in ACTS]
LATER = [(stage, act) for stage in ("recipient", "data", "dot") for act in ACTS]
LATER += [("body", "reset"), ("body", "close"), ("body", "silence"), ("dot", "lost"), ("dot", "unkept")]
FINAL = [("recipient", "550 no"), ("data", "554 no"), ("dot", "550 no")]
ALWAYS = [("recipient", "450 later"), ("data", "451 later"), ("dot", "452 later"), ("dot", "lost"), ("dot", "unkept")]
# Where the sender is killed: by the mail server in the middle of the dialogue, or by a point of src/faults.rs.
KILLS = [("connect", "kill"), ("hello", "kill"), ("sender", "kill"), ("recipient", "kill"), ("data", "kill"),
         ("body", "kill"), ("dot", "kill"), ("dot", "kill kept"), ("taken", "kill")]
POINTS = ["mail_leased", "mail_begun", "mail_dot", "mail_answered"]


class Post:
    def __init__(self, place, database, speakers):
        self.sink = Sink()
        self.program = Program(place, database, self.sink.url)
        self.sink.kill = self.program.kill
        self.program.start()
        self.database, self.ledger, self.findings, self.kills = database, Ledger(), Findings(), 0
        self.world = World(self.program, speakers)
        self.clients = [self.program.client(token) for token in self.world.speakers]
        self.count = 0
        self.world.event("one-each", limit_per_speaker=1)
        for number, client in enumerate(self.clients):
            client.expect(201, "POST", self.world.path("/my/proposals", "one-each"), proposal(f"only {number}"))
        self.settle()

    def submit(self, client):
        """One proposal that is taken, whose receipt is the mail in question."""
        for _ in range(50):
            self.count += 1
            key = f"mail {self.count}"
            if self.ledger.run(client, "submit", key, "POST", self.world.path("/my/proposals"), proposal(key)).outcome == OK:
                return
            if not self.program.is_running():
                return
            time.sleep(0.05)
        raise RuntimeError("nothing is taken any more")

    def refuse(self, client):
        """One that is stored and undone again: the speaker has as many there as the call allows."""
        self.count += 1
        key = f"mail {self.count}"
        return self.ledger.run(client, "refused", key, "POST", self.world.path("/my/proposals", "one-each"), proposal(key))

    def let_time_pass(self):
        """Pauses are over at once: what waits is due. A lease runs out only with its worker dead."""
        alive = self.program.is_running()
        self.database.execute(
            "UPDATE mails SET next_at = created_at WHERE state IN ('queued', 'retrying', 'ambiguous')")
        if not alive:
            self.database.execute("UPDATE mails SET lease_until = created_at WHERE state = 'leased'")

    def waiting(self):
        query = ("SELECT count(*) FROM mails WHERE state IN ('held', 'queued', 'leased', 'retrying') "
                 "OR (state = 'ambiguous' AND ambiguous_ends < 2)")
        return int(self.database.rows(query)[0][0])

    def settle(self, patience=120):
        """Until no mail is on its way, or the program dies of a planned kill."""
        until = time.time() + patience
        while self.waiting() > 0:
            if not self.program.is_running():
                self.program.killed()
                self.kills += 1
                self.let_time_pass()
                self.program.start()
            if time.time() > until:
                states = self.database.rows("SELECT state, count(*) FROM mails GROUP BY state")
                raise RuntimeError(f"the outbox does not empty: {states} {self.program.log()[-1000:]}")
            self.let_time_pass()
            time.sleep(0.05)

    def faults(self, short):
        """Each fault at each stage. Those that are planned for a recipient run side by side."""
        first = FIRST[::8] if short else FIRST + [("sender", "550 no")]
        for stage, act in first:
            self.sink.plan(stage, act)
            self.submit(self.clients[0])
            self.submit(self.clients[1])
            self.until_done(stage, act)
            self.settle()
        planned = [(stage, act, 1) for stage, act in LATER + FINAL] + [(stage, act, 12) for stage, act in ALWAYS]
        while planned:
            for number, client in enumerate(self.clients):
                if planned:
                    stage, act, times = planned.pop()
                    self.sink.plan(stage, act, f"speaker{number}@example.org", times)
                self.submit(client)
                self.refuse(client)
            self.settle()
            self.sink.acts.clear()

    def until_done(self, stage, act, patience=30):
        """Until the fault has happened. A server that found no mail server lets it rest; one that starts does not."""
        until = time.time() + patience
        while self.sink.acts[(stage, None)]:
            if time.time() > until:
                raise RuntimeError(f"nothing came to {act} at {stage}")
            time.sleep(0.02)
        time.sleep(0.2)
        self.program.killed()
        self.kills += 1
        self.let_time_pass()
        self.program.start()

    def kill_in_dialogue(self, short):
        for stage, act in KILLS[2::3] if short else KILLS:
            self.sink.plan(stage, act)
            for client in self.clients[:3]:
                self.submit(client)
            self.settle()
            self.gone()

    def kill_at_points(self, short):
        for point in POINTS[1::2] if short else POINTS:
            self.program.killed()
            self.let_time_pass()
            self.program.start(f"{point}:1")
            for client in self.clients[:3]:
                self.submit(client)
            self.program.ended_within(10)
            self.settle()
            self.gone()

    def gone(self):
        if not self.program.is_running():
            self.program.killed()
            self.kills += 1
            self.program.start()

    def healthy(self, mails):
        """How long a mail takes with nothing wrong: the p95 from its commit."""
        first = self.count + 1
        for number in range(mails):
            self.submit(self.clients[number % len(self.clients)])
        self.settle()
        micros = self.database.micros
        rows = self.database.rows(
            f"SELECT p.title, {micros('m.sent_at')} - {micros('m.created_at')} FROM mails m "
            "JOIN mail_proposals mp ON mp.mail_id = m.id JOIN proposals p ON p.id = mp.proposal_id WHERE m.state = 'sent'")
        took = sorted(int(float(micro)) / 1e6 for title, micro in rows if int(title.split()[1]) >= first)
        p95 = took[int(len(took) * 0.95) - 1]
        if p95 > 10:
            self.findings.odd.append(f"the p95 of a mail is {p95:.1f} s")
        return p95

    def refused_is_shown(self):
        """How long it takes until the organizer sees that a mail was refused."""
        organizer = self.program.client(self.world.organizer)
        self.sink.plan("recipient", "550 no such person")
        since = time.time()
        self.submit(self.clients[0])
        while True:
            newest = organizer.expect(200, "GET", self.world.path("/mails?limit=1"))["items"][0]
            if newest["state"] == "failed":
                return time.time() - since
            if time.time() - since > 60:
                self.findings.odd.append("the organizer does not see the refused mail after 60 s")
                return 60.0
            time.sleep(0.1)

    def check(self):
        """The sink's ledger against the outbox and the ledger of what was asked for."""
        findings = self.findings
        rows = self.database.rows(
            "SELECT p.title, m.message_id, m.state, m.ambiguous_ends, m.to_address, m.attempts FROM mails m "
            "JOIN mail_proposals mp ON mp.mail_id = m.id JOIN proposals p ON p.id = mp.proposal_id "
            "WHERE m.kind LIKE 'proposal_received%'")
        stored = {title for title, in self.database.rows("SELECT title FROM proposals")}
        by_title = {}
        for row in rows:
            by_title.setdefault(row[0], []).append(row)
        kept = {}
        for copy in self.sink.kept():
            kept.setdefault(copy.message_id, []).append(copy)
        for operation in self.ledger.operations:
            mails = by_title.get(operation.key, [])
            if operation.outcome == OK and len(mails) != 1:
                findings.lost.append(f"{operation.key} was acknowledged and has {len(mails)} receipts")
            if operation.outcome == FAIL and (mails or operation.key in stored):
                findings.refused.append(f"{operation.key} was refused and is there or has a receipt")
        for title, message_id, state, ends, address, attempts in rows:
            self.check_mail((title, message_id, state, int(ends), int(attempts)), kept.get(message_id, []))
        self.check_strays(rows)
        unanswered = sum(1 for copy in self.sink.copies if not copy.answered)
        if self.ambiguous() > unanswered + self.kills:
            findings.odd.append(f"{self.ambiguous()} ambiguous ends for {unanswered} lost answers and {self.kills} kills")
        return findings

    def check_mail(self, mail, copies):
        title, message_id, state, ends, attempts = mail
        findings = self.findings
        unanswered = self.sink.unanswered(message_id)
        if state == "sent" and not copies:
            findings.lost.append(f"the receipt of {title} counts as sent and never came")
        if state == "failed" and copies:
            findings.odd.append(f"the receipt of {title} counts as refused and came")
        if state == "failed" and attempts < 10 and not self.refusals():
            findings.odd.append(f"the receipt of {title} was given up after {attempts} tries")
        if state == "ambiguous" and ends < 2 or state not in ("sent", "failed", "ambiguous"):
            findings.lost.append(f"the receipt of {title} stays {state}")
        # A kill after the sink's answer is an ambiguous end that only the outbox knows of.
        if len(copies) > 1 + max(unanswered, ends):
            findings.twice.append(f"the receipt of {title} came {len(copies)} times with {unanswered} answers lost")
        if len({copy.digest for copy in copies}) > 1:
            findings.half.append(f"the copies of the receipt of {title} differ")

    def refusals(self):
        return sum(count for (_, act), count in self.sink.done.items() if act.startswith("55"))

    def check_strays(self, rows):
        """Nothing came for what was refused or undone, and one mail has one Message-ID."""
        known = {message_id: title for title, message_id, *_ in rows}
        ids = {}
        refused = {operation.key for operation in self.ledger.operations if operation.outcome == FAIL}
        for copy in self.sink.kept():
            title = next((line.strip() for line in copy.text().splitlines() if line.strip().startswith("mail ")), None)
            named = known.get(copy.message_id)
            if named is None and "proposal" in (copy.message["Subject"] or ""):
                self.findings.refused.append(f"a receipt came that is in no outbox: {copy.message_id} {title}")
            if named in refused:
                self.findings.refused.append(f"a receipt came for {named}, which was refused")
            if named:
                ids.setdefault(named, set()).add(copy.message_id)
        for title, found in ids.items():
            if len(found) > 1:
                self.findings.twice.append(f"the receipt of {title} has {len(found)} Message-IDs")

    def duplicates(self):
        ids = [copy.message_id for copy in self.sink.kept()]
        return len(ids) - len(set(ids))

    def ambiguous(self):
        return int(self.database.rows("SELECT coalesce(sum(ambiguous_ends), 0) FROM mails")[0][0])


def run(place, database, short):
    post = Post(place, database, 12)
    rounds = 0
    while rounds < (1 if short else 10) and not (rounds and limit.reached()):
        rounds += 1
        post.faults(short)
        post.kill_in_dialogue(short)
        post.kill_at_points(short)
    p95 = post.healthy(30 if short else 500)
    shown = post.refused_is_shown()
    post.settle()
    post.check()
    post.program.stop()
    row = Row("mail servers that misbehave", database.name, post.ledger, post.kills, post.findings)
    faults = sum(count for (_, act), count in post.sink.done.items() if not act.startswith("kill"))
    row.duplicates = post.duplicates()
    row.notes = [f"{faults} faults at {len(STAGES)} stages, {len(post.sink.kept())} mails kept; {post.duplicates()} of them "
                 f"repeats, for {post.ambiguous()} ambiguous ends",
                 f"p95 from commit to a healthy mail server {p95:.2f} s; a refusal is shown after {shown:.1f} s"]
    return [row]


def prove(place, database):
    """The outbox is altered behind the server's back."""
    post = Post(place, database, 4)
    for client in post.clients:
        post.submit(client)
    post.settle()

    def judged(kind):
        post.findings = Findings()
        return getattr(post.check(), kind)

    def newest(number):
        return f"WHERE id = (SELECT max(id) FROM mails WHERE to_address = 'speaker{number}@example.org')"

    post.database.execute(f"UPDATE mails SET state = 'queued', sent_at = NULL {newest(0)}")
    post.settle()
    yield "mail: a mail that was sent is not marked and goes out again", judged("twice")
    post.database.execute(f"UPDATE mails SET message_id = '<x@example.org>' {newest(1)}")
    yield "mail: a mail came that no outbox knows", judged("refused")
    yield "mail: a mail is marked as sent and was not", judged("lost")
    operation = post.ledger.operations[2]
    operation.outcome = FAIL
    yield "mail: a mail was queued for a deed that was undone", judged("refused")
    operation.outcome = OK
    copy = post.sink.kept()[-1]
    copy.digest = "other"
    post.sink.copies.append(copy_of(copy))
    yield "mail: the second copy is not the first", judged("half")
    post.program.stop()


def copy_of(copy):
    """The same mail in another wording."""
    other = object.__new__(type(copy))
    other.__dict__.update(copy.__dict__, digest="another")
    return other

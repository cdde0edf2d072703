"""Fills a database: one event, one proposal, one draft and one review through the API, the rest copied from their rows
in SQL. So the copies have whatever columns the schema has, and 200,000 take seconds."""

import time

import shapes
from server import Server, organizer
from shapes import ACCOUNT, FIRST_DRAFT, FIRST_REVIEWER, LINK, MAIL, MAIL_LINK, ORGANIZER, PROPOSAL, RANGE, REVIEW, SCORE, SESSION, SPEAKER

TEMPLATE = 300_000_000
ADMIN = "organizer@bench.example"


class Seed:
    def __init__(self, database, name, binary, folder, sink):
        self.database, self.name, self.sink = database, name, sink
        self.server = lambda: Server(binary, database.url(name), folder, sink.url())
        self.proposals = 0

    def grow_to(self, proposals):
        """So many submitted proposals with their reviews and receipts."""
        if not self.proposals:
            self.begin()
        people = (self.people, max(proposals // shapes.PER_SPEAKER, shapes.SPEAKERS_ACTING))
        rows = (self.proposals, proposals)
        statements = []
        if people[1] > people[0]:
            statements += self.accounts(people[0], people[1] - 1)
            statements += self.speakers(people[0], people[1] - 1)
        statements += self.submitted(rows[0], rows[1] - 1)
        if not self.proposals:
            statements += self.drafts()
            statements.append(f"DELETE FROM mails WHERE id < {RANGE}")
            statements.append(f"DELETE FROM proposals WHERE id < {RANGE}")
            statements.append(f"DELETE FROM speakers WHERE id < {RANGE}")
        self.database.run(self.name, ";\n".join(statements))
        self.proposals, self.people = proposals, people[1]
        self.template = {"account": ACCOUNT, "session": SESSION, "speaker": SPEAKER, "proposal": PROPOSAL, "link": LINK,
                         "review": REVIEW, "score": SCORE, "mail": MAIL, "mail_link": MAIL_LINK}
        self.database.begin_ids(self.name)
        self.database.settle(self.name)

    def begin(self):
        """The event, and one of everything to copy."""
        self.database.create(self.name)
        self.people = 0
        server = self.server()
        server.command("create-admin", ADMIN, "--name", "Olga Organizer", text=shapes.PASSWORD + "\n")
        before = self.sink.count()
        server.start()
        try:
            client = server.client()
            token = client.ask("POST", "/sessions", {"email": ADMIN, "password": shapes.PASSWORD})["token"]
            client.ask("POST", "/events", {"slug": shapes.SLUG, "name": "Bench 2026", "zone": "Europe/Berlin",
                                           "visibility": "public", "contact_email": ADMIN}, token)
            event = "/events/" + shapes.SLUG
            for track in ("Internals", "Operations", "Development", "People"):
                client.ask("POST", event + "/tracks", {"name": track}, token)
            client.ask("PATCH", event + "/call", {"opens_at": "2020-01-01T00:00:00Z",
                                                  "deadline": {"local": "2099-12-31T23:59", "zone": "UTC"}}, token)
            self.tracks = [row[0] for row in self.database.ask(self.name, "SELECT id FROM tracks ORDER BY position")]
            first = lambda table: int(self.database.ask(self.name, f"SELECT min(id) FROM {table}")[0][0])
            self.template = {"account": first("accounts"), "session": first("sessions")}
            statements = self.accounts(TEMPLATE, TEMPLATE) + self.accounts(FIRST_REVIEWER, FIRST_REVIEWER + shapes.REVIEWERS - 1)
            statements += [self.clone("sessions", self.template["session"], (ORGANIZER, ORGANIZER), id=f"{SESSION} + n.i",
                                      token_sha256=self.database.token_hash("n.i"),
                                      last_used_at=self.database.later("src.last_used_at", 7200))]
            statements += [self.clone("members", first("members"), (FIRST_REVIEWER, FIRST_REVIEWER + shapes.REVIEWERS - 1),
                                      account_id=f"{ACCOUNT} + n.i", role="'reviewer'")]
            self.database.run(self.name, ";\n".join(statements))
            self.one_of_each(client, event)
            if not self.sink.wait_for(before + 1, 20):
                raise SystemExit("the receipt of the first proposal did not arrive")
            time.sleep(0.5)
        finally:
            server.stop()
        speaker = first("speakers")
        self.template.update({"speaker": speaker, "review": first("reviews"), "score": first("review_scores"),
                              "mail": first("mails"), "mail_link": first("mail_proposals")})
        for row in self.database.ask(self.name, "SELECT p.id, p.lifecycle, l.id FROM proposals p "
                                                "JOIN proposal_speakers l ON l.proposal_id = p.id"):
            kind = "draft" if row[1] == "draft" else "proposal"
            self.template[kind], self.template[{"draft": "draft_link", "proposal": "link"}[kind]] = int(row[0]), int(row[2])

    def one_of_each(self, client, event):
        speaker, reviewer = shapes.token(TEMPLATE), shapes.token(FIRST_REVIEWER)
        client.ask("PUT", event + "/my/profile", {"name": "Ada Author", "affiliation": "Walnut Observatory",
                                                  "bio": shapes.words(120, 1)}, speaker)
        draft = client.ask("POST", event + "/my/proposals", proposal(submit=False), speaker)
        client.ask("POST", event + "/my/proposals", proposal(submit=True), speaker)
        self.criterion = client.ask("GET", event + "/criteria", token=organizer())["items"][0]["code"]
        assert draft["lifecycle"] == "draft"
        reference = client.ask("GET", event + "/proposals", token=organizer())["items"][0]["ref"]
        client.ask("PUT", f"{event}/reviewing/proposals/{reference}/review", review(self.criterion), reviewer)

    def clone(self, table, template, numbers, where="", **changed):
        """Copies one row for each number `n.i`; what is not said to be different is the same, but for codes."""
        changed.setdefault("code", "'GGGG' || " + self.database.code("n.i", shapes.OWN_CODE))
        names = [column for column in self.database.columns(self.name, table) if column != "id" or "id" in changed]
        values = ", ".join(changed.get(name, f"src.{name}") for name in names)
        return (f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} src, "
                f"{self.database.numbers(*numbers)} WHERE src.id = {template} {where}")

    def accounts(self, first, last):
        db, letters = self.database, "'GGGG' || "
        mail = "'person' || n.i || '@bench' || (n.i % 500) || '.example'"
        return [
            self.clone("accounts", self.template["account"], (first, last), id=f"{ACCOUNT} + n.i", is_admin=db.false,
                       code=letters + db.code("n.i", shapes.OWN_CODE), email=mail, email_key=mail, name="'Person ' || n.i"),
            self.clone("sessions", self.template["session"], (first, last), id=f"{SESSION} + n.i",
                       account_id=f"{ACCOUNT} + n.i", token_sha256=db.token_hash("n.i"),
                       last_used_at=db.later("src.last_used_at", 7200)),
        ]

    def speakers(self, first, last):
        return [self.clone("speakers", self.template["speaker"], (first, last), id=f"{SPEAKER} + n.i",
                           account_id=f"{ACCOUNT} + n.i", code=self.database.code("n.i", shapes.OWN_CODE),
                           name="'Person ' || n.i")]

    def proposal_rows(self, template, numbers):
        db = self.database
        tracks = " ".join(f"WHEN {place} THEN {track}" for place, track in enumerate(self.tracks))
        return self.clone("proposals", template, numbers, id=f"{PROPOSAL} + n.i", code=db.code("n.i", shapes.CODE),
                          ref=db.code("n.i", shapes.REF), public_no="n.i + 1", title="src.title || ' ' || n.i",
                          track_id=f"CASE n.i % {len(self.tracks)} {tracks} END",
                          created_at=db.later("src.created_at", "-(n.i % 100000000)"))

    def submitted(self, first, last):
        db, mine = self.database, f"n.i / {shapes.PER_SPEAKER}"
        numbers = (first, last)
        reviews = (first * shapes.REVIEWS_EACH, (last + 1) * shapes.REVIEWS_EACH - 1)
        mail = f"'person' || ({mine}) || '@bench' || (({mine}) % 500) || '.example'"
        code = "'GGGG' || " + db.code("n.i", shapes.MAIL_CODE)
        return [
            self.proposal_rows(self.template["proposal"], numbers),
            self.clone("proposal_speakers", self.template["link"], numbers, id=f"{LINK} + n.i",
                       proposal_id=f"{PROPOSAL} + n.i", speaker_id=f"{SPEAKER} + {mine}"),
            # Number n is the review of proposal n / 3; a reviewer reads no proposal twice.
            self.clone("reviews", self.template["review"], reviews, id=f"{REVIEW} + n.i",
                       proposal_id=f"{PROPOSAL} + n.i / {shapes.REVIEWS_EACH}",
                       account_id=f"{ACCOUNT + FIRST_REVIEWER} + n.i % {shapes.REVIEWERS}"),
            self.clone("review_scores", self.template["score"], reviews, id=f"{SCORE} + n.i", review_id=f"{REVIEW} + n.i",
                       score="1 + n.i % 5"),
            self.clone("mails", self.template["mail"], numbers, id=f"{MAIL} + n.i", code=code,
                       message_id=f"'<' || {code} || '@bench.example>'", account_id=f"{ACCOUNT} + {mine}",
                       to_address=mail, to_name=f"'Person ' || ({mine})",
                       created_at=db.later("src.created_at", "-n.i")),
            self.clone("mail_proposals", self.template["mail_link"], numbers, id=f"{MAIL_LINK} + n.i",
                       mail_id=f"{MAIL} + n.i", proposal_id=f"{PROPOSAL} + n.i"),
        ]

    def drafts(self):
        numbers = (FIRST_DRAFT, FIRST_DRAFT + shapes.SPEAKERS_ACTING - 1)
        return [
            self.proposal_rows(self.template["draft"], numbers),
            self.clone("proposal_speakers", self.template["draft_link"], numbers, id=f"{LINK} + n.i",
                       proposal_id=f"{PROPOSAL} + n.i", speaker_id=f"{SPEAKER} + n.i - {FIRST_DRAFT}"),
        ]


def proposal(submit):
    return {"title": shapes.words(shapes.TITLE, 7), "abstract": shapes.words(shapes.ABSTRACT, 11),
            "description": shapes.words(shapes.DESCRIPTION, 13), "notes": shapes.words(shapes.NOTES, 17), "submit": submit}


def review(criterion):
    return {"scores": {criterion: 4}, "comment": shapes.words(80, 19), "feedback": shapes.words(40, 23)}

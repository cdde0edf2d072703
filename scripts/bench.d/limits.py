"""What the databases can do with the same statements and nothing else.

One request of each operation runs on PostgreSQL with its statements logged. What varies from request to request is
found again in their parameters, because ids, codes and tokens follow from a row's number. The statements are then run
by pgbench, and, in SQLite's spelling, by one plain loop that commits each transaction before it begins the next."""

import datetime
import hashlib
import os
import random
import re
import subprocess
import time

import shapes

UNIQUE = "u"


class Variable:
    """A value that is another one in each run: as SQL for pgbench, and computed for the raw loop."""

    def __init__(self, sql, value):
        self.sql, self.value = sql, value


def token_hash(i):
    return hashlib.sha256(shapes.token(i).encode()).digest()


def known(acting, numbers):
    """The values that stand for the acting numbers in captured parameters."""
    found = {}

    def add(value, sql, of):
        found[str(value)] = Variable(sql, of)

    for name in acting:
        i = numbers[name]
        plain = f"CAST(:{name} AS bigint)"
        if name in ("s", "r"):
            for base in (shapes.ACCOUNT, shapes.SPEAKER, shapes.SESSION):
                add(base + i, f"({base} + {plain})", lambda n, base=base, name=name: base + n[name])
            add("\\x" + token_hash(i).hex(), f"sha256(convert_to({shapes.token_in_postgres(plain)}, 'UTF8'))",
                lambda n, name=name: token_hash(n[name]))
            mail = f"('person' || {plain} || '@bench' || ({plain} % 500) || '.example')"
            add(shapes.email(i), mail, lambda n, name=name: shapes.email(n[name]))
        proposals = {"p": [("", 0, 1)], "s": [("own", 0, shapes.PER_SPEAKER), ("draft", shapes.FIRST_DRAFT, 1)]}
        for _, offset, factor in proposals.get(name, []):
            number = f"({offset} + {factor} * {plain})"
            of = lambda n, name=name, offset=offset, factor=factor: offset + factor * n[name]
            at = offset + factor * i
            add(shapes.PROPOSAL + at, f"({shapes.PROPOSAL} + {number})", lambda n, of=of: shapes.PROPOSAL + of(n))
            if name == "p":
                first = shapes.REVIEWS_EACH
                add(shapes.REVIEW + first * at, f"({shapes.REVIEW} + {first} * {number})", lambda n, of=of: shapes.REVIEW + shapes.REVIEWS_EACH * of(n))
            for salt in (shapes.CODE, shapes.REF):
                add(shapes.code(at, salt), shapes.code_in_postgres(number, salt), lambda n, of=of, salt=salt: shapes.code(of(n), salt))
    return found


class Statement:
    def __init__(self, sql, values):
        self.sql, self.values = sql, values
        self.table = None
        insert = re.match(r'\s*INSERT INTO "(\w+)" \(([^)]*)\) VALUES \(([^)]*)\)', sql)
        if insert:
            self.table = insert.group(1)
            columns = re.findall(r'"(\w+)"', insert.group(2))
            places = [place.strip() for place in insert.group(3).split(",")]
            self.columns = {int(place[1:]): column for place, column in zip(places, columns) if place.startswith("$")}
        self.returns_id = bool(self.table and re.search(r'RETURNING "\w+"\."id"\s*$', sql))

    def kind(self):
        word = self.sql.split(None, 1)[0].rstrip(";").upper()
        return word if word in ("BEGIN", "COMMIT", "ROLLBACK", "SET", "SAVEPOINT", "RELEASE") else "DATA"


class Capture:
    """The transactions of one request."""

    def __init__(self, operation, postgres, database, server, background):
        pick = random.Random(1)
        numbers = operation.numbers(pick)
        method, path, body, token, *_ = (*operation.request(numbers), None, None)
        begin = postgres.log_end()
        answer, content = server.client().send(method, path, body, token)
        if answer.status >= 400:
            raise SystemExit(f"{operation.name}: {answer.status} {content[:500]!r}")
        self.operation, self.size = operation, len(content)
        self.transactions = [t for t in transactions(postgres.logged(begin, database)) if not is_background(t, background)]
        self.known = known(operation.acting, numbers)
        self.unique = postgres.unique_columns(database)
        self.new_ids = {base: table for table, base in postgres.new_ids.items()}

    def round_trips(self):
        return sum(len(transaction) for transaction in self.transactions)

    def statements(self):
        """Without what only begins and ends transactions, and without asking the clock."""
        return [s for t in self.transactions for s in t if s.kind() == "DATA" and "clock_timestamp" not in s.sql]

    def value(self, statement, number):
        """A variable, or None where the captured value stays."""
        value = statement.values.get(number)
        if value is None:
            return None
        if value in self.known:
            return self.known[value]
        if re.fullmatch(r"\d{10,12}", value):
            table = self.new_ids.get(int(value) // 100_000_000 * 100_000_000)
            if table:
                name = f"new_{table}_id"
                return Variable(f"CAST(:{name} AS bigint)", lambda n, name=name: n[name])
        column = getattr(statement, "columns", {}).get(number)
        if column and (statement.table, column) in self.unique and not (column.endswith("_id") and value.isdigit()):
            if value.startswith("\\x"):
                return Variable(f"sha256(convert_to('x' || CAST(:{UNIQUE} AS bigint), 'UTF8'))", lambda n: n[UNIQUE].to_bytes(32, "big"))
            if value.isdigit():
                return Variable(f"(1 + CAST(:{UNIQUE} AS bigint) % 2147483646)", lambda n: 1 + n[UNIQUE] % 2147483646)
            letter = column[:1]
            return Variable(f"('{letter}' || CAST(:{UNIQUE} AS bigint))", lambda n, letter=letter: f"{letter}{n[UNIQUE]}")
        return None

    def array(self, value):
        """The elements of `{1,2}` as variables or plain texts; None for anything else."""
        if not (value and value.startswith("{") and value.endswith("}")):
            return None
        elements = [element.strip('"') for element in value[1:-1].split(",") if element]
        return [self.element(element) for element in elements]

    def element(self, element):
        if element in self.known:
            return self.known[element]
        if re.fullmatch(r"\d{10,12}", element):
            table = self.new_ids.get(int(element) // 100_000_000 * 100_000_000)
            if table:
                name = f"new_{table}_id"
                return Variable(f"CAST(:{name} AS bigint)", lambda n: n[name])
        return element

    # pgbench

    def script(self):
        lines = [f"\\set {name} {number.sql}" for name, number in self.operation.acting.items()]
        lines.append(f"\\set {UNIQUE} random(1, 9000000000000000)")
        for transaction in self.transactions:
            for statement in transaction:
                sql = re.sub(r"\$(\d+)", lambda found: self.in_pgbench(statement, int(found.group(1))), statement.sql)
                sql = " ".join(sql.split())
                lines.append(f"{sql} \\gset new_{statement.table}_" if statement.returns_id else sql.rstrip(";") + ";")
        return "\n".join(lines) + "\n"

    def in_pgbench(self, statement, number):
        variable = self.value(statement, number)
        if variable:
            return variable.sql
        value = statement.values.get(number)
        if value is None:
            return "NULL"
        elements = self.array(value)
        if elements and any(isinstance(element, Variable) for element in elements):
            return "ARRAY[" + ", ".join(e.sql if isinstance(e, Variable) else quoted(e) for e in elements) + "]"
        return quoted(value)

    def pgbench(self, postgres, database, clients, seconds, folder):
        path = os.path.join(folder, "pgbench.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.script())
        done = subprocess.run(
            [os.path.join(postgres.bin, "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
             "-f", path, postgres.url(database)], capture_output=True, text=True)
        rate = re.search(r"tps = ([\d.]+)", done.stdout)
        aborted = done.stderr.count("aborted")
        if not rate or aborted:
            print(f"  pgbench, {self.operation.name}: {aborted} clients gave up: {done.stderr.strip()[-400:]}", flush=True)
        return float(rate.group(1)) if rate else None

    # The raw SQLite loop

    def in_sqlite(self):
        """[(is it a write, [(sql, makers of its values, table whose id it returns)])]"""
        found = []
        for transaction in self.transactions:
            # SQLite has one writer, so no locks of words.
            foreign = ("clock_timestamp", "pg_advisory")
            data = [s for s in transaction if s.kind() == "DATA" and not any(word in s.sql for word in foreign)]
            writes = any(re.match(r"\s*(INSERT|UPDATE|DELETE)|.* FOR (NO KEY )?(UPDATE|SHARE)", s.sql, re.S) for s in data)
            found.append((writes, [self.statement_in_sqlite(s) for s in data]))
        return found

    def statement_in_sqlite(self, statement):
        sql = re.sub(r" FOR (NO KEY )?(UPDATE|SHARE|KEY SHARE)( OF [\w\", ]+)?( SKIP LOCKED| NOWAIT)?", "", statement.sql)
        sql = re.sub(r"= ?ANY\s*\((?=SELECT)", "IN (", sql.replace("IS NOT DISTINCT FROM", "IS"))
        sql = re.sub(r"!= ?ALL\s*\((?=SELECT)", "NOT IN (", sql)
        # The index of words is a table of another kind.
        if "::tsvector" in sql:
            sql = "INSERT INTO proposal_words (rowid, talk, inside) VALUES ($1, $3, '')"
        # What diesel leaves to a default that is not there.
        sql = re.sub(r"\bDEFAULT\b", "NULL", sql)
        makers = []

        def place(number):
            variable, value = self.value(statement, number), statement.values.get(number)
            makers.append(variable.value if variable else constant(value))
            return "?"

        def spread(found):
            value = statement.values.get(int(found.group(2)))
            elements = self.array(value)
            for element in elements:
                makers.append(element.value if isinstance(element, Variable) else constant(element))
            negated = "NOT " if found.group(1).startswith("!=") else ""
            return f"{negated}IN ({', '.join('?' * len(elements))})"

        # In the order in which they stand, because SQLite's own places are counted.
        pattern = re.compile(r"(= ?ANY|!= ?ALL)\s*\(\$(\d+)\)|\$(\d+)")
        sql = pattern.sub(lambda f: spread(f) if f.group(1) else place(int(f.group(3))), sql)
        return sql, makers, statement.table if statement.returns_id else None

    def raw_loop(self, sqlite, database, seconds):
        """Transactions of requests per second: one connection, each commit waited for."""
        conn = sqlite.connect(database)
        work, pick = self.in_sqlite(), random.Random()
        count, end = 0, time.monotonic() + seconds
        begin = time.monotonic()
        while time.monotonic() < end:
            numbers = self.operation.numbers(pick)
            numbers[UNIQUE] = pick.randint(1, 9_000_000_000_000_000)
            for writes, statements in work:
                conn.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                for sql, makers, table in statements:
                    rows = conn.execute(sql, [make(numbers) for make in makers]).fetchall()
                    if table:
                        numbers[f"new_{table}_id"] = rows[0][0]
                conn.execute("COMMIT")
            count += 1
        took = time.monotonic() - begin
        conn.close()
        return count / took

    def scans(self, sqlite, database):
        """Tables that SQLite reads from end to end."""
        conn, found = sqlite.connect(database), set()
        numbers = {**self.operation.numbers(random.Random(1)), UNIQUE: 1}
        for _, statements in self.in_sqlite():
            for sql, makers, _ in statements:
                values = [make({**numbers, **{f"new_{t}_id": 1 for t in self.new_ids.values()}}) for make in makers]
                for *_, detail in conn.execute("EXPLAIN QUERY PLAN " + sql, values):
                    if detail.startswith("SCAN") and "json_each" not in detail:
                        found.add(f"{detail} — {' '.join(sql.split())[:160]}")
        conn.close()
        return sorted(found)

    def examined(self, postgres, database):
        """[(statement, pages touched, rows answered)] of each statement that reads."""
        found = []
        for statement in self.statements():
            if not re.match(r"\s*SELECT", statement.sql) or any(self.is_new(v) for v in statement.values.values()):
                continue
            sql = re.sub(r"\$(\d+)", lambda f: quoted(statement.values.get(int(f.group(1)))), statement.sql)
            plan = postgres.psql(database, "BEGIN; EXPLAIN (ANALYZE, BUFFERS) " + sql + "; ROLLBACK")
            hit = re.search(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", plan)
            rows = re.search(r"actual time=\S+ rows=([\d.]+)", plan)
            pages = sum(int(part or 0) for part in hit.groups()) if hit else 0
            found.append((" ".join(statement.sql.split()), pages, float(rows.group(1)) if rows else 0))
        return found

    def is_new(self, value):
        return bool(value and re.fullmatch(r"\d{10,12}", value) and int(value) // 100_000_000 * 100_000_000 in self.new_ids)


def transactions(logged):
    """Statements by transaction, in the order in which the transactions began."""
    open_ones, found = {}, []
    for session, sql, values in logged:
        statement = Statement(sql, values)
        if statement.kind() == "BEGIN" or session not in open_ones:
            open_ones[session] = []
            found.append(open_ones[session])
        open_ones[session].append(statement)
        if statement.kind() in ("COMMIT", "ROLLBACK"):
            del open_ones[session]
    return found


def is_background(transaction, background):
    data = [s.sql for s in transaction if s.kind() == "DATA" and "clock_timestamp" not in s.sql]
    people = any(re.search(r'"(sessions|accounts|events)"', sql) for sql in data)
    return not people or all(sql in background for sql in data)


def quoted(value):
    """A literal that pgbench does not take for one of its variables."""
    if value is None:
        return "NULL"
    value = value.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f"E'{value}'" if "\\" in value else f"'{value}'"


def constant(value):
    """A captured parameter as SQLite stores it."""
    made = value
    if value is None:
        pass
    elif re.fullmatch(r"-?\d+", value):
        made = int(value)
    elif re.fullmatch(r"-?\d+\.\d+", value):
        made = float(value)
    elif value in ("t", "f"):
        made = int(value == "t")
    elif value.startswith("\\x"):
        made = bytes.fromhex(value[2:])
    elif re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d", value):
        whole, zone = value[:-3], value[-3:]
        instant = datetime.datetime.fromisoformat(whole.ljust(26, "0") if "." in whole else whole)
        instant = instant.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=int(zone))))
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        made = (instant - epoch) // datetime.timedelta(microseconds=1)
    return lambda _: made

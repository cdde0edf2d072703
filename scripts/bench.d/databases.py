"""The two databases as the bench needs them: made from nothing, filled in bulk, copied, asked."""

import csv
import glob
import hashlib
import os
import pwd
import re
import shutil
import socket
import sqlite3
import subprocess
import time

import shapes

# What the server sets on its own connections, so that the raw loop waits for the same disk.
SQLITE_SETTINGS = """
PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.folder = os.path.join(folder, "sqlite")
        os.makedirs(self.folder, exist_ok=True)
        self.version = sqlite3.sqlite_version

    def path(self, database):
        return os.path.join(self.folder, database + ".db")

    def url(self, database):
        return "sqlite:" + self.path(database)

    def connect(self, database):
        conn = sqlite3.connect(self.path(database), isolation_level=None)
        conn.executescript(SQLITE_SETTINGS)
        conn.create_function("code_of", 2, shapes.code, deterministic=True)
        conn.create_function("hash_of", 1, lambda i: hashlib.sha256(shapes.token(i).encode()).digest())
        return conn

    def create(self, database):
        self.drop(database)

    def drop(self, database):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(self.path(database) + end):
                os.remove(self.path(database) + end)

    def copy(self, of, to):
        """While no server has either open."""
        conn = self.connect(of)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.close()
        self.drop(to)
        shutil.copyfile(self.path(of), self.path(to))

    def run(self, database, sql):
        conn = self.connect(database)
        conn.executescript("BEGIN;" + sql + ";COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
        conn.close()

    def ask(self, database, sql):
        conn = self.connect(database)
        rows = [["" if cell is None else str(cell) for cell in row] for row in conn.execute(sql)]
        conn.close()
        return rows

    def columns(self, database, table):
        return [row[1] for row in self.ask(database, f"PRAGMA table_info({table})")]

    def settle(self, database):
        pass

    # How the seed says things in this database's SQL.
    def numbers(self, first, last):
        return (f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
                "SELECT i FROM n) AS n")

    def code(self, i, salt):
        return f"code_of({i}, {salt})"

    def token_hash(self, i):
        return f"hash_of({i})"

    def later(self, column, seconds):
        return f"{column} + {seconds} * 1000000"

    false = "0"

    def begin_ids(self, database):
        pass

    def size(self, database):
        return os.path.getsize(self.path(database))

    def stop(self):
        pass


class Postgres:
    """A server of its own with the settings it comes with, on the bench's disk."""

    name = "PostgreSQL"

    def __init__(self, folder):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        self.bin = found[-1]
        self.folder = os.path.join(folder, "postgres")
        self.port = free_port()
        os.makedirs(self.folder, exist_ok=True)
        self.user = None
        if os.getuid() == 0:
            self.user = "postgres"
            who = pwd.getpwnam(self.user)
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        self.data = os.path.join(self.folder, "data")
        self.tool("initdb", "-D", self.data, "-U", "callboard", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c logging_collector=on " \
                   "-c log_destination=csvlog -c log_filename=statements -c log_rotation_age=0 -c log_rotation_size=0 -c max_connections=150"
        self.tool("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.data, "out"), "-o", settings, "start")
        self.version = self.ask("postgres", "SHOW server_version")[0][0]

    def tool(self, name, *args):
        command = [os.path.join(self.bin, name), *args]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              start_new_session=True)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stdout}")

    def stop(self):
        self.tool("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def url(self, database):
        return f"postgres://callboard@127.0.0.1:{self.port}/{database}"

    def psql(self, database, sql, *options):
        command = [os.path.join(self.bin, "psql"), "-XqAt", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", *options, self.url(database)]
        done = subprocess.run(command, input=sql, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"psql: {done.stderr}\n{sql[:2000]}")
        return done.stdout

    def create(self, database):
        self.drop(database)
        self.psql("postgres", f"CREATE DATABASE {database}")

    def drop(self, database):
        self.psql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def copy(self, of, to):
        self.drop(to)
        self.psql("postgres", f"CREATE DATABASE {to} TEMPLATE {of}")

    def run(self, database, sql):
        self.psql(database, sql, "-1")

    def ask(self, database, sql):
        answer = self.psql(database, sql)
        return [row.split("\x1f") for row in answer.rstrip("\n").split("\x1e")] if answer.strip("\n") else []

    def columns(self, database, table):
        return [row[0] for row in self.ask(database, "SELECT column_name FROM information_schema.columns WHERE "
                                           f"table_name = '{table}' AND table_schema = 'public' ORDER BY ordinal_position")]

    def unique_columns(self, database):
        """(table, column) of everything that two rows may not share, but for the primary keys."""
        rows = self.ask(database, """
            SELECT c.relname, a.attname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (x.indkey)
            WHERE x.indisunique AND NOT x.indisprimary AND c.relnamespace = 'public'::regnamespace""")
        return {(table, column) for table, column in rows}

    def settle(self, database):
        self.psql(database, "VACUUM ANALYZE")
        self.psql(database, "CHECKPOINT")

    def numbers(self, first, last):
        return f"generate_series({first}::bigint, {last}::bigint) AS n(i)"

    def code(self, i, salt):
        return shapes.code_in_postgres(i, salt)

    def token_hash(self, i):
        return f"sha256(convert_to({shapes.token_in_postgres(i)}, 'UTF8'))"

    def later(self, column, seconds):
        return f"{column} + {seconds} * interval '1 second'"

    false = "false"

    def begin_ids(self, database):
        """New rows get ids in a range of their own, by which captured statements show where an id came from."""
        sequences = self.ask(database, "SELECT t.relname, s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid "
                                       "JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i')")
        known = dict(shapes.FIRST_NEW_ID)
        for place, (table, sequence) in enumerate(sorted(sequences)):
            first = known.get(table, (100 + place) * shapes.RANGE)
            self.new_ids = getattr(self, "new_ids", {})
            self.new_ids[table] = first
            self.psql(database, f"SELECT setval('{sequence}', {first})")

    def size(self, database):
        return int(self.ask("postgres", f"SELECT pg_database_size('{database}')")[0][0])

    def rows_written(self, database):
        self.psql(database, "SELECT pg_stat_force_next_flush()")
        time.sleep(1.2)
        return int(self.ask(database, "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")[0][0])

    def log_statements(self, on):
        self.psql("postgres", f"ALTER SYSTEM SET log_statement = '{'all' if on else 'none'}'")
        self.psql("postgres", "SELECT pg_reload_conf()")
        time.sleep(0.3)

    def log_end(self):
        return os.path.getsize(os.path.join(self.data, "log", "statements.csv"))

    def logged(self, begin, database):
        """(session, statement, parameters) of what the database has done since then."""
        time.sleep(0.4)
        with open(os.path.join(self.data, "log", "statements.csv"), newline="", encoding="utf-8", errors="replace") as log:
            log.seek(begin)
            for row in csv.reader(log):
                if len(row) < 15 or row[2] != database:
                    continue
                message = re.match(r"(?:statement|execute [^:]+): (.*)", row[13], re.S)
                if message:
                    yield row[5], message.group(1), parameters(row[14])


def parameters(detail):
    """`parameters: $1 = 'a', $2 = NULL` as a dict by number."""
    found = {}
    for number, value in re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", detail or ""):
        found[int(number)] = None if value == "NULL" else value[1:-1].replace("''", "'")
    return found

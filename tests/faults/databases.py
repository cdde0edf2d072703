"""Both databases from outside: looked at past the server, and for PostgreSQL started, crashed and replaced."""

import os
import shutil
import sqlite3
import subprocess
import time

from program import free_port

SEPARATOR = "\x1f"


class Sqlite:
    name = "SQLite"
    is_postgres = False

    def __init__(self, folder):
        self.path = os.path.join(folder, "callboard.db")
        self.url = f"sqlite:{self.path}"

    def rows(self, query):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            return [tuple("" if value is None else str(value) for value in row) for row in connection.execute(query)]
        finally:
            connection.close()

    def execute(self, statement):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()

    def stop(self):
        pass

    @staticmethod
    def instant(seconds):
        """A time as the database stores it."""
        return str(int(seconds * 1_000_000))

    @staticmethod
    def micros(column):
        return column


class Postgres:
    """One server of its own, with Debian's binaries."""

    name = "PostgreSQL"
    is_postgres = True

    def __init__(self, folder, settings=(), of=None, port=None):
        """`of` is the primary that a standby is made from."""
        binaries = sorted(os.listdir("/usr/lib/postgresql"), key=int)[-1]
        self.bin = f"/usr/lib/postgresql/{binaries}/bin"
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.port = port or free_port()
        self.settings = dict(settings)
        os.makedirs(folder, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        if of is None:
            self.run("initdb", "-D", self.data, "-U", "callboard", "-A", "trust", "-E", "UTF8",
                     "--locale=C.UTF-8", "--data-checksums")
        self.urls = [self.address()]

    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        options = "?target_session_attrs=read-write&connect_timeout=2" if len(self.urls) > 1 else "?connect_timeout=5"
        return f"postgres://callboard@{','.join(self.urls)}/postgres{options}"

    def run(self, program, *arguments, check=True):
        command = [os.path.join(self.bin, program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # Output goes to a file: a server that stays would keep a pipe open.
        with open(os.path.join(os.path.dirname(self.folder), "postgres.log"), "ab") as log:
            return subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=check)

    def start(self, wait=True):
        options = {"port": self.port, "unix_socket_directories": self.folder, "listen_addresses": "127.0.0.1",
                   "max_connections": 100, "shared_buffers": "32MB", **self.settings}
        text = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self.run("pg_ctl", "-D", self.data, "-w" if wait else "-W", "-t", "120", "-l",
                 os.path.join(self.folder, "log"), "-o", text, "start")
        return self

    def crash(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def stop(self):
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def psql(self, text):
        done = subprocess.run(
            [os.path.join(self.bin, "psql"), "-X", "-q", "-A", "-t", "-F", SEPARATOR, "-v", "ON_ERROR_STOP=1",
             "-h", "127.0.0.1", "-p", str(self.port), "-U", "callboard", "-d", "postgres", "-f", "-"],
            input=text, capture_output=True, text=True, check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()} in {text[:300]}")
        return done.stdout

    def rows(self, query):
        return [tuple(line.split(SEPARATOR)) for line in self.psql(query).splitlines() if line]

    def execute(self, statement):
        self.psql(statement)

    def until(self, query, expected, patience=60):
        until = time.time() + patience
        while self.rows(query) != expected:
            if time.time() > until:
                raise RuntimeError(f"{query} is still {self.rows(query)}")
            time.sleep(0.1)

    @staticmethod
    def instant(seconds):
        return f"to_timestamp({seconds:.6f})"

    @staticmethod
    def micros(column):
        return f"(extract(epoch FROM {column}) * 1000000)::bigint"

"""The program under test: started, asked, watched, stopped."""

import base64
import hashlib
import http.client
import json
import os
import signal
import subprocess
import time

import shapes

API = "/api/v1"


RUNNING = set()


def stop_all():
    """Also after an error, or when the bench is told to stop."""
    for server in list(RUNNING):
        server.stop()


class Refused(Exception):
    pass


def headers(method):
    """Edits overwrite whatever is there."""
    return {"If-Match": "*"} if method in ("PUT", "PATCH") else {}


class Client:
    """One kept connection."""

    def __init__(self, port):
        self.conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method, path, body=None, token=None):
        head = headers(method)
        if body is not None:
            body = json.dumps(body).encode()
            head["Content-Type"] = "application/json"
        if token:
            head["Authorization"] = "Bearer " + token
        self.conn.request(method, path, body, head)
        answer = self.conn.getresponse()
        return answer, answer.read()

    def ask(self, method, path, body=None, token=None):
        answer, text = self.send(method, API + path, body, token)
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status} {text[:500]!r}")
        return json.loads(text) if text else None


class Server:
    """`callboard serve` with its own settings, of which only those are set that the binary knows."""

    def __init__(self, binary, url, folder, mail, **settings):
        self.log = os.path.join(folder, "server.log")
        self.env = {"PATH": os.environ["PATH"], "HOME": folder, "CALLBOARD_DATABASE_URL": url,
                    "CALLBOARD_LISTEN": "127.0.0.1:0", "CALLBOARD_SMTP_URL": mail,
                    "CALLBOARD_MAIL_FROM": "callboard@bench.example", "CALLBOARD_PUBLICATION_DELAY": "0",
                    "CALLBOARD_SECRET_KEY": base64.b64encode(hashlib.sha256(b"bench").digest()).decode()}
        self.env.update({"CALLBOARD_" + name: value for name, value in settings.items()})
        self.binary, self.folder = binary, folder
        self.process = self.port = None

    def command(self, *args, text=""):
        done = subprocess.run([self.binary, *args], env=self.env, cwd=self.folder, input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"callboard {args[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        """Answers how long it took until the first answer, in seconds."""
        begin = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "serve"], env=self.env, cwd=self.folder, stdout=subprocess.PIPE,
                                            stderr=log, text=True)
        RUNNING.add(self)
        line = self.process.stdout.readline()
        if "listening on" not in line:
            raise SystemExit(f"the server did not start; see {self.log}")
        self.port = int(line.rsplit(":", 1)[1])
        while True:
            try:
                answer, _ = Client(self.port).send("GET", "/readyz")
                if answer.status == 200:
                    return time.monotonic() - begin
            except OSError:
                pass
            time.sleep(0.001)

    def stop(self):
        RUNNING.discard(self)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()

    def client(self):
        return Client(self.port)

    def memory(self):
        """Resident bytes now, and the most there ever were."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            found = dict(line.split(":", 1) for line in status)
        return tuple(int(found[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def organizer():
    return shapes.token(shapes.ORGANIZER)

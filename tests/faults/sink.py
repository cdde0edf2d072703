"""A mail server that misbehaves on demand, and keeps its own ledger of what it took and what it left unanswered."""

import collections
import email
import hashlib
import socket
import struct
import threading
import time

STAGES = ["connect", "hello", "sender", "recipient", "data", "body", "dot", "taken"]
ANSWERS = {"connect": "220 sink", "hello": "250 sink", "sender": "250 ok", "recipient": "250 ok", "data": "354 go on",
           "dot": "250 taken"}
# Longer than a server should need, shorter than the patience of a test; then the line is cut.
SILENCE = 1.0


class Copy:
    """A mail that came whole, up to its final dot."""

    def __init__(self, recipient, data, kept):
        self.recipient, self.kept, self.answered = recipient, kept, False
        self.came_at = time.time()
        self.digest = hashlib.sha256(data).hexdigest()
        self.message = email.message_from_bytes(data)
        self.message_id = self.message["Message-ID"]

    def text(self):
        part = self.message
        if part.is_multipart():
            part = next(part for part in part.walk() if part.get_content_type() == "text/plain")
        return part.get_payload(decode=True).decode()


class Cut(Exception):
    """This connection is over."""


class Sink:
    """What to do is found by recipient, or waits for the next connection that reaches the stage. An act is one of
    `NNN text` (an answer), `reset`, `close`, `silence`, `slow`, `garbage`, `answer and close`, `unkept` (after the dot:
    neither kept nor answered), `lost` (kept and not answered), `kill` and `kill kept` (the sender dies here)."""

    def __init__(self):
        self.copies = []
        self.acts = collections.defaultdict(list)
        self.done = collections.Counter()
        self.kill = lambda: None
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def plan(self, stage, act, recipient=None, times=1):
        with self.lock:
            self.acts[(stage, recipient)] += [act] * times

    def planned(self, stage, recipient=None):
        with self.lock:
            for key in ((stage, recipient), (stage, None)):
                if self.acts[key]:
                    act = self.acts[key].pop(0)
                    self.done[(stage, act)] += 1
                    return act
        return None

    def kept(self, message_id=None):
        with self.lock:
            return [copy for copy in self.copies if copy.kept and message_id in (None, copy.message_id)]

    def unanswered(self, message_id):
        """How often this mail came to its final dot and its sender heard nothing."""
        with self.lock:
            return sum(1 for copy in self.copies if copy.message_id == message_id and not copy.answered)

    def listen(self):
        while True:
            connection, _ = self.listener.accept()
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                Dialogue(self, connection).hold()
        except (OSError, Cut):
            pass


class Dialogue:
    def __init__(self, sink, connection):
        self.sink, self.connection, self.buffer = sink, connection, b""
        self.recipient = None

    def hold(self):
        self.act("connect")
        while True:
            line = self.line().upper()
            if line.startswith(b"EHLO"):
                self.act("hello")
            elif line.startswith(b"MAIL FROM"):
                self.act("sender")
            elif line.startswith(b"RCPT TO"):
                self.recipient = line.split(b"<", 1)[1].split(b">", 1)[0].decode().lower()
                self.act("recipient")
            elif line.startswith(b"DATA"):
                if self.act("data") == ANSWERS["data"]:
                    self.text()
            elif line.startswith(b"RSET"):
                self.say("250 ok")
            elif line.startswith(b"QUIT"):
                self.say("221 bye")
                raise Cut
            else:
                self.say("500 what")

    def text(self):
        act = self.sink.planned("body", self.recipient)
        if act:
            self.more()
            self.carry_out(act)
        while b"\r\n.\r\n" not in self.buffer:
            self.more()
        data, self.buffer = self.buffer.split(b"\r\n.\r\n", 1)
        data = data.replace(b"\r\n..", b"\r\n.")
        act = self.sink.planned("dot", self.recipient) or ANSWERS["dot"]
        kept = act.startswith("250") or act in ("lost", "kill kept", "slow", "answer and close", "garbage")
        copy = Copy(self.recipient, data, kept)
        with self.sink.lock:
            self.sink.copies.append(copy)
        copy.answered = act[:1].isdigit() or act in ("slow", "answer and close")
        self.carry_out({"lost": "reset", "unkept": "reset", "kill kept": "kill"}.get(act, act), ANSWERS["dot"])
        if self.sink.planned("taken", self.recipient):
            self.sink.kill()

    def act(self, stage):
        act = self.sink.planned(stage, self.recipient) or ANSWERS[stage]
        self.carry_out(act, ANSWERS[stage])
        return act

    def carry_out(self, act, usual="250 ok"):
        if act[:1].isdigit():
            self.say(act)
            if act.startswith("421"):
                raise Cut
        elif act == "slow":
            for letter in usual + "\r\n":
                self.connection.sendall(letter.encode())
                time.sleep(0.02)
        elif act == "garbage":
            self.connection.sendall(b"250-one thing\r\n354 another\r\n\xff\xfe\r\n")
            raise Cut
        elif act == "silence":
            time.sleep(SILENCE)
            raise Cut
        elif act == "answer and close":
            self.say(usual)
            raise Cut
        elif act == "kill":
            self.sink.kill()
            raise Cut
        elif act == "reset":
            # With nothing to linger for, closing sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Cut
        else:
            raise Cut

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def line(self):
        while b"\r\n" not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def more(self):
        data = self.connection.recv(65536)
        if not data:
            raise Cut
        self.buffer += data

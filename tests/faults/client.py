"""HTTP as far as the suite needs it: it must be cheap, and know whether a request can have been carried out."""

import json
import socket
import time


class NotSent(Exception):
    """The server cannot have it."""


class NoAnswer(Exception):
    """The server may have carried it out."""


class Answer:
    __slots__ = ("status", "headers", "body", "sent_at", "got_at")

    def __init__(self, status, headers, body, sent_at, got_at):
        self.status, self.headers, self.body = status, headers, body
        self.sent_at, self.got_at = sent_at, got_at

    def json(self):
        return json.loads(self.body)

    def code(self):
        """The code of a problem, or nothing."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return None
        return self.json().get("code")

    def is_clear_refusal(self):
        """Whether it says that the fault is temporary, in the way that is promised."""
        return self.status == 503 and self.code() in ("busy", "unknown_outcome") and "retry-after" in self.headers


class Client:
    """One connection, kept open; for one thread."""

    def __init__(self, port, token=None, patience=90):
        self.port, self.token, self.patience = port, token, patience
        self.socket = None
        self.buffer = b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.buffer = None, b""

    def send(self, method, path, body=None, headers=()):
        """The answer; `NotSent` or `NoAnswer` when there is none."""
        request = self.request(method, path, body, headers)
        if self.socket is None:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.patience)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                self.close()
                raise NotSent(str(error)) from None
        try:
            self.socket.sendall(request)
            sent_at = time.time()
            status, headers, body = self.read()
        except (OSError, ValueError) as error:
            self.close()
            raise NoAnswer(str(error)) from None
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body, sent_at, time.time())

    def request(self, method, path, body, headers):
        if path.startswith("/"):
            path = "/api/v1" + path
        else:
            path = "/" + path
        lines = [f"{method} {path} HTTP/1.1", "Host: callboard.test"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if method in ("PATCH", "PUT") and not any(name == "If-Match" for name, _ in headers):
            # Whoever does not say otherwise is alone with what is edited.
            lines.append("If-Match: *")
        data = b""
        if body is not None:
            data = json.dumps(body).encode()
            lines.append("Content-Type: application/json")
        lines.append(f"Content-Length: {len(data)}")
        lines.extend(f"{name}: {value}" for name, value in headers)
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    def read(self):
        head = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while True:
                size = int(self.until(b"\r\n").split(b";")[0], 16)
                body += self.exactly(size)
                self.until(b"\r\n")
                if size == 0:
                    return status, headers, body
        return status, headers, self.exactly(int(headers.get("content-length", 0)))

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def exactly(self, size):
        while len(self.buffer) < size:
            self.more()
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise OSError("the connection ended")
        self.buffer += data

    def expect(self, status, method, path, body=None, headers=()):
        """For preparing: anything else than `status` is an error of the suite or of the server."""
        answer = self.send(method, path, body, headers)
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body[:500]!r}")
        return answer.json() if answer.body else None

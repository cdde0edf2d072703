"""A mail server that takes everything, and counts. It runs in a process of its own."""

import asyncio
import multiprocessing
import smtplib
import time


class Sink:
    def __init__(self):
        self.taken = multiprocessing.Value("l", 0)
        ports = multiprocessing.Queue()
        self.process = multiprocessing.Process(target=_run, args=(ports, self.taken), daemon=True)
        self.process.start()
        self.port = ports.get(timeout=10)

    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def count(self):
        return self.taken.value

    def wait_for(self, count, seconds):
        """Whether so many came in time."""
        end = time.monotonic() + seconds
        while self.count() < count:
            if time.monotonic() > end:
                return False
            time.sleep(0.001)
        return True

    def alone(self, mails):
        """How many seconds it takes for so many mails from one plain client: what delivery cannot beat."""
        begin = time.monotonic()
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            for _ in range(mails):
                client.sendmail("a@bench.example", ["b@bench.example"], "Subject: x\r\n\r\n" + "words " * 300)
        return time.monotonic() - begin

    def stop(self):
        self.process.terminate()
        self.process.join()


class _Dialogue(asyncio.Protocol):
    def __init__(self, taken):
        self.taken, self.rest, self.in_data = taken, b"", False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self.rest += data
        while True:
            if self.in_data:
                body, dot, rest = self.rest.partition(b"\r\n.\r\n")
                if not dot:
                    return
                self.rest, self.in_data = rest, False
                with self.taken.get_lock():
                    self.taken.value += 1
                self.transport.write(b"250 taken\r\n")
                continue
            line, end, rest = self.rest.partition(b"\r\n")
            if not end:
                return
            self.rest = rest
            verb = line[:4].upper()
            if verb == b"DATA":
                self.in_data = True
                self.transport.write(b"354 go on\r\n")
            elif verb == b"QUIT":
                self.transport.write(b"221 bye\r\n")
                self.transport.close()
                return
            elif verb == b"EHLO":
                self.transport.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            else:
                self.transport.write(b"250 ok\r\n")


def _run(ports, taken):
    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Dialogue(taken), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()
    asyncio.run(serve())

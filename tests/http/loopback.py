"""Servers on loopback that answer as they are told: a web server and a mail server."""

from __future__ import annotations

import queue
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Received:
    """A request that came in."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body


Answer = tuple[int, dict[str, str], bytes]


class WebServer:
    """A web server; ``answer`` may be changed while it runs, and may block."""

    def __init__(self, answer: Callable[[Received], Answer]) -> None:
        self.answer = answer
        self.requests: list[Received] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                got = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                outer.requests.append(got)
                status, headers, data = outer.answer(got)
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(data))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a caller that left is the test
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class MailServer:
    """A mail server that keeps what it gets; ``refusals`` first answers are temporary errors."""

    def __init__(self, refusals: int = 0) -> None:
        self.letters: queue.Queue[str] = queue.Queue()
        self.refusals = refusals
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say(b"220 hello")
                for raw in self.rfile:
                    verb = raw.split(None, 1)[0].upper() if raw.strip() else b""
                    if verb in (b"EHLO", b"HELO", b"RCPT", b"RSET", b"NOOP"):
                        self.say(b"250 fine")
                    elif verb == b"MAIL":
                        outer.refusals -= 1
                        self.say(b"451 later" if outer.refusals >= 0 else b"250 fine")
                    elif verb == b"DATA":
                        self.say(b"354 go on")
                        lines = []
                        while (line := self.rfile.readline()) not in (b".\r\n", b""):
                            lines.append(line.decode())
                        outer.letters.put("".join(lines))
                        self.say(b"250 kept")
                    elif verb == b"QUIT":
                        self.say(b"221 bye")
                        return
                    else:
                        self.say(b"502 no")

            def say(self, text: bytes) -> None:
                self.wfile.write(text + b"\r\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

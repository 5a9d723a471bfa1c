"""A source on this machine that behaves as a test says, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: its path, its query or form, its headers in lower case, and its body."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def page(self) -> int:
        return int(self.query["page"])


@dataclass(frozen=True)
class Answer:
    """One answer; of its body only the first `sent` bytes are sent, if that is given."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)
    sent: int | None = None


def as_json(tree: object, status: int = 200) -> Answer:
    return Answer(json.dumps(tree).encode(), status, {"Content-Type": "application/json"})


class Server(ThreadingHTTPServer):
    """`answer` is called for each request; `asked` has them all."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.asked = answer, []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(parts.path, dict(parse_qsl(parts.query or body.decode())), headers, body)
        self.server.asked.append(asked)
        self._send(self.server.answer(asked))

    do_POST = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        always = {"Content-Length": str(len(answer.body)), "Connection": "close"}
        for name, value in (always | answer.headers).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.sent])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[Server]:
    """The server, running."""
    with Server(answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()

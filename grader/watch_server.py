"""A page for one reader on this machine: served from memory on the loopback, at an address nobody can guess.

What is served is a `Board`: the page, and a line about how things stand, which open pages are told as it changes (as
Server-Sent Events). There is no file that this could be made to serve.

Others may use this machine too, and the reader's browser shows the pages of strangers. So the address has a random
token; whatever does not have it is answered alike and with nothing. The name in the request must be this machine's own:
a stranger's page whose name is made to lead here ("DNS rebinding") names itself. Its port may be another: an editor or
SSH that forwards ours often takes a different one, and a page can't choose what its browser says there.
"""

import contextlib
import os
import secrets
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from typing import Any

from grader.errors import UserError

LOOPBACK = "127.0.0.1"
OURSELVES = (LOOPBACK, "localhost")
LIMIT_CONNECTIONS = 32  # an open page holds one
IDLE_S = 10.0  # how long a client may be silent before it has asked, or not read what it was sent
PING_S = 15.0  # between two signs of life: only by writing is it found out that a page was closed
GOODBYE_S = 1.0  # for open pages to be told that nothing more will come
TOKEN_BYTES = 32
EVENTS = "events"

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NO_FRAMES = "frame-ancestors 'none'"  # which a page itself can't say


@dataclass(frozen=True)
class Shown:
    """What a board shows: a page, and what open pages are told. number: how often this has changed."""

    page: bytes = b""
    news: bytes = b""
    number: int = 0
    is_closed: bool = False


class Board:
    """What is shown at the moment; one thread puts it up, and any number wait until it changes."""

    def __init__(self) -> None:
        self._shown = Shown()
        self._changed = threading.Condition()

    @property
    def shown(self) -> Shown:
        """What is shown now."""
        return self._shown

    def put(self, news: bytes, page: bytes | None = None) -> None:
        """Shows this. news: one line of text, for pages that are open; page: for those opened now, if it changes."""
        self._change(Shown(self._shown.page if page is None else page, news, self._shown.number + 1))

    def close(self) -> None:
        """Tells all who wait that nothing more will come."""
        self._change(replace(self._shown, number=self._shown.number + 1, is_closed=True))

    def _change(self, shown: Shown) -> None:
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def after(self, number: int, wait_s: float) -> Shown | None:
        """What is shown once it is no longer what had this number; None if that takes longer than `wait_s` seconds."""
        with self._changed:
            if self._changed.wait_for(lambda: self._shown.number != number, wait_s):
                return self._shown
        return None


class WatchServer(socketserver.ThreadingTCPServer):
    """Serves a board at `address`, from threads of its own, until it is closed; use it in a `with` statement.

    port: 0 for any that is free. policy: the page's security policy. Raises UserError if the port can't be had.

    http.server's own class would look up this machine's name, which may take seconds.
    """

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two programs have one port
    request_queue_size = LIMIT_CONNECTIONS

    def __init__(self, board: Board, policy: str, port: int = 0) -> None:
        self.board = board
        self.policy = policy
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self._once = [secrets.token_urlsafe(TOKEN_BYTES)]
        self._free = threading.BoundedSemaphore(LIMIT_CONNECTIONS)
        try:
            super().__init__((LOOPBACK, port), Handler)
        except OSError as error:
            raise UserError(
                f"Port {port} of this machine can't be had ({error.strerror}). "
                "Give another --port, or none: then one is taken that is free."
            ) from None

    @property
    def address(self) -> str:
        """Where the page is, for its reader alone."""
        return f"http://{LOOPBACK}:{self.server_address[1]}/{self.token}/"

    @property
    def address_once(self) -> str:
        """An address that leads to the page for the first who asks, and for nobody after.

        It is for the command line of the browser, which other users of this machine can read.
        """
        return f"http://{LOOPBACK}:{self.server_address[1]}/{self._once[0]}/"

    def is_token(self, given: str) -> bool:
        """Whether this is the token; takes as long for a part of it as for nothing of it."""
        return secrets.compare_digest(given.encode(), self.token.encode())

    def takes_once(self, given: str) -> bool:
        """Whether this is the token that is good for once; it is good no more then."""
        with contextlib.suppress(IndexError):
            if secrets.compare_digest(given.encode(), self._once[0].encode()):
                self._once.pop()  # an IndexError, if another thread was faster
                return True
        return False

    def __enter__(self) -> "WatchServer":
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.board.close()
        self.shutdown()
        self.server_close()
        last = time.monotonic() + GOODBYE_S
        for _ in range(LIMIT_CONNECTIONS):  # until all have gone
            self._free.acquire(timeout=max(0, last - time.monotonic()))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serves a client in a thread of its own; one too many is sent away."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves a client, and makes room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away in the middle is no error, and what it is told is made elsewhere."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: WatchServer
    timeout = IDLE_S

    def do_GET(self) -> None:
        """Answers with the page, or with a stream of news."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answers as to GET, without the content."""
        self._answer()

    def _answer(self) -> None:
        place = self._place()
        if place == "":
            self._send(200, self.server.board.shown.page, self.server.policy)
        elif place == EVENTS:
            self._stream()
        elif place == "once":
            self.send_response(303)
            self.send_header("Location", f"/{self.server.token}/")
            self._end_headers()
        else:
            self._send(404)

    def _place(self) -> str | None:
        """Where in the page's folder the request leads; "once" for the address that is good for once; else None."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or (hosts[0].rpartition(":")[0] or hosts[0]) not in OURSELVES:
            return None
        first, slash, rest = self.path.removeprefix("/").partition("/")
        if slash and self.server.is_token(first) and rest in ("", EVENTS):
            return rest
        return "once" if (slash, rest) == ("/", "") and self.server.takes_once(first) else None

    def _send(self, status: int, content: bytes = b"", policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self._end_headers(policy)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _stream(self) -> None:
        """Tells how things stand, and again whenever it changes, until the client has gone or the board is closed."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self._end_headers()
        if self.command == "HEAD":
            return
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for line in self._events():
            self.wfile.write(line)

    def _events(self) -> Iterator[bytes]:
        number = -1
        while True:
            shown = self.server.board.after(number, PING_S)
            if shown is None:
                yield b": still here\n\n"
                continue
            number = shown.number
            if shown.is_closed:
                yield b"event: end\ndata:\n\n"
                return
            if shown.news:
                yield b"data: " + shown.news + b"\n\n"

    def _end_headers(self, policy: str = "default-src 'none'") -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", f"{policy}; {NO_FRAMES}")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answers a request that can't be served, without a word on what it was or who we are."""
        self.close_connection = True
        if not hasattr(self, "command"):  # not even the first line could be read
            self.command = ""
        self._send(405 if code == 501 else code)

    def version_string(self) -> str:
        """Nothing that would tell what program answers."""
        return "-"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as http.server names it
        """Nothing: the terminal is for the notebook."""

"""The server of the watched page: who gets it, and that nobody else gets anything."""

import http.client
import socket
import threading

import pytest

from grader.errors import UserError
from grader.watch_server import LIMIT_CONNECTIONS, LOOPBACK, Board, WatchServer

PAGE = b"<!doctype html><title>Report</title>"
POLICY = "default-src 'none'; connect-src 'self'"


@pytest.fixture
def board():
    board = Board()
    board.put(b'{"said": "graded"}', PAGE)
    return board


@pytest.fixture
def server(board):
    with WatchServer(board, POLICY) as server:
        yield server


def port_of(server):
    return server.server_address[1]


def asked(server, path, method="GET", host=None, body=None):
    """The status, headers and content that are answered to a request."""
    connection = http.client.HTTPConnection(LOOPBACK, port_of(server), timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"{LOOPBACK}:{port_of(server)}")
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def path_of(server, rest=""):
    return f"/{server.token}/{rest}"


@pytest.fixture
def stream(server):
    """The lines of a stream of news, as they come."""
    connection = http.client.HTTPConnection(LOOPBACK, port_of(server), timeout=10)
    connection.request("GET", path_of(server, "events"))
    answer = connection.getresponse()
    yield answer
    connection.close()


def news(stream):
    """The next event."""
    lines = []
    while line := stream.readline().rstrip(b"\n"):
        lines.append(line)
    return lines


def test_the_page_is_served_at_its_address(server):
    assert server.address == f"http://127.0.0.1:{port_of(server)}{path_of(server)}"
    assert asked(server, path_of(server))[::2] == (200, PAGE)


def test_the_page_is_kept_by_nobody_and_tells_nobody_where_it_was(server):
    _, headers, _ = asked(server, path_of(server))

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == f"{POLICY}; frame-ancestors 'none'"


def test_two_servers_have_other_tokens_of_at_least_256_bits(board):
    with WatchServer(board, POLICY) as first, WatchServer(board, POLICY) as second:
        assert first.token != second.token
        assert len(first.token) == len(second.token) >= 43


@pytest.mark.parametrize(
    "path",
    ["/", "//", "/events", "/{wrong}/", "/{token}", "/{token}x/", "/{half}/", "/{token}/x", "/{token}//", "/{token}/?a",
     "/{token}/../", "/x/../{token}/", "/{token}/events/", "/é/", "*", "http://127.0.0.1/{token}/"],
)  # fmt: skip
def test_whatever_is_not_the_address_is_answered_alike_and_with_nothing(server, path):
    token = server.token
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    asked_for = path.format(token=token, half=token[:20], wrong=wrong).encode().decode("latin-1")
    with socket.create_connection((LOOPBACK, port_of(server)), 10) as client:
        client.sendall(f"GET {asked_for} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode("latin-1"))
        answer = client.makefile("rb").read()

    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 404 ")
    assert content == b""
    assert b"Python" not in head
    assert token.encode() not in head


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1:80", "localhost:8000"])
def test_this_machine_s_own_names_are_answered_at_whatever_port_they_were_forwarded(server, host):
    assert asked(server, path_of(server), host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:80", "127.0.0.1.example.org", "localhost.example.org:80", "0.0.0.0", "[::1]:1"]
)
def test_a_stranger_s_name_that_leads_here_gets_nothing(server, host):
    assert asked(server, path_of(server), host=host)[::2] == (404, b"")
    assert asked(server, path_of(server, "events"), host=host)[::2] == (404, b"")


@pytest.mark.parametrize("lines", ["", "Host: localhost\r\nHost: example.org\r\n"], ids=["no name", "two names"])
def test_a_request_names_one_machine(server, lines):
    with socket.create_connection((LOOPBACK, port_of(server)), 10) as client:
        client.sendall(f"GET {path_of(server)} HTTP/1.1\r\n{lines}\r\n".encode())
        assert client.makefile("rb").read().startswith(b"HTTP/1.0 404 ")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "NONSENSE"])
def test_nothing_but_reading_is_possible(server, method):
    status, headers, content = asked(server, path_of(server), method)

    assert (status, content) == (405, b"")
    assert "Access-Control-Allow-Origin" not in headers


def test_a_request_s_head_can_be_asked_for_alone(server):
    status, headers, content = asked(server, path_of(server), "HEAD")

    assert (status, headers["Content-Length"], content) == (200, str(len(PAGE)), b"")
    assert asked(server, path_of(server, "events"), "HEAD")[::2] == (200, b"")
    assert asked(server, "/", "HEAD")[0] == 404


@pytest.mark.parametrize("line", [b"\xff\xfe\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9.9\r\n\r\n", b"G" * 70_000])
def test_what_is_no_request_is_refused_without_a_word(server, line):
    with socket.create_connection((LOOPBACK, port_of(server)), 10) as client:
        client.sendall(line)
        client.shutdown(socket.SHUT_WR)
        try:
            answer = client.makefile("rb").read()
        except ConnectionResetError:  # it did not read all of it
            answer = b""

    assert not answer.partition(b"\r\n\r\n")[2]
    assert asked(server, path_of(server))[0] == 200


def test_only_this_machine_can_connect(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_the_address_for_the_browser_s_command_line_leads_to_the_page_once(server):
    once = "/" + server.address_once.split("/", 3)[3]

    status, headers, content = asked(server, once)

    assert (status, headers["Location"], content) == (303, path_of(server), b"")
    assert server.token not in once
    assert asked(server, once)[::2] == (404, b"")


def test_a_stranger_does_not_use_up_the_address_that_is_good_for_once(server):
    once = "/" + server.address_once.split("/", 3)[3]

    assert asked(server, once, host="example.org")[0] == 404
    assert asked(server, once)[0] == 303


def test_an_open_page_is_told_how_things_stand_and_what_changes(board, stream):
    assert news(stream) == [b'data: {"said": "graded"}']
    board.put(b'{"said": "grading"}')
    assert news(stream) == [b'data: {"said": "grading"}']


def test_a_page_opened_now_is_the_last_that_was_put_up(board, server):
    board.put(b"{}", b"new")
    board.put(b"{}")

    assert asked(server, path_of(server))[2] == b"new"


def test_an_open_page_is_told_when_the_watching_ends(board, server, stream):
    news(stream)
    closing = threading.Thread(target=board.close)
    closing.start()
    assert news(stream) == [b"event: end", b"data:"]
    assert stream.read() == b""
    closing.join()


def test_a_client_too_many_is_sent_away_and_others_are_served_again_when_some_have_gone(server):
    clients = [socket.create_connection((LOOPBACK, port_of(server)), 10) for _ in range(LIMIT_CONNECTIONS)]
    with pytest.raises(ConnectionError):
        asked(server, path_of(server))
    for client in clients:
        client.close()

    def is_served():
        try:
            return asked(server, path_of(server))[0] == 200
        except ConnectionError:  # not all threads have seen yet that their client has gone
            return False

    assert any(is_served() for _ in range(1000))


def test_a_port_that_is_taken_is_said(board, server):
    with pytest.raises(UserError, match=f"Port {port_of(server)} of this machine can't be had .*another --port"):
        WatchServer(board, POLICY, port_of(server))

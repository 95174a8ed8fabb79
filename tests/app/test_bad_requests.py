"""http.py, websocket.py: bytes that no browser sends. Each connection ends by itself and disturbs no other."""

import asyncio
import contextlib
import random
import re
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.frames import Opcode

from app.protocol import State, Step
from app.serving.http import HttpProtocol, http_protocol
from app.serving.websocket import LiveProtocol
from app.terminal.load.process import sample
from tests.page import Page, greeting, page
from tests.servers import Server, fetch, free_port, hyperplane, serving

PATIENCE = 20.0
SILENCE = 0.1  # seconds, after which a server that may wait for more is told that no more comes
MEBIBYTE = 2**20
HOST = b"Host: localhost\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of its own, so that its log and its memory are those of these tests."""
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_else_happens(server: Server) -> Iterator[None]:
    """Whatever came, the server answers, and has nothing to complain of."""
    before = len(server.log.read_text())
    yield
    assert b"alive" in fetch(f"{server.address}/healthz")
    said = server.log.read_text()[before:]
    assert "Traceback" not in said
    assert "ERROR" not in said


@pytest.fixture(scope="module")
def other(server: Server) -> Iterator[Page]:
    """A page that goes on meanwhile."""
    with page(server) as (opened, _):
        opened.answer(State)
        yield opened


def goes_on(opened: Page) -> None:
    """The session trains an epoch when it is told to."""
    assert opened.frame(opened.send(Step())).epoch > 0


def exchange(server: Server, data: bytes, silence: float = PATIENCE) -> bytes:
    """What comes back until the server closes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        with contextlib.suppress(OSError):  # it has heard enough
            connection.sendall(data)
        connection.settimeout(silence)
        with contextlib.suppress(ConnectionResetError):
            while True:
                try:
                    part = connection.recv(MEBIBYTE)
                except TimeoutError:
                    connection.settimeout(PATIENCE)
                    connection.shutdown(socket.SHUT_WR)
                    continue
                if not part:
                    break
                answer += part
    return answer


def memory(server: Server) -> int:
    """Bytes that the server has in main memory."""
    return sample(server.process.pid).memory


linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the memory of a process")


# -- HTTP --------------------------------------------------------------------------------------------------------------

SECRETS = [b"[build-system]", b"def create_app", b"root:", b"[extensions]", b"SQLite format"]
LIBRARIES = [b"Invalid HTTP request received.", b"Failed to open a WebSocket connection", b"Content-Length: 0"]


def check_answers(answer: bytes) -> None:
    """Never our fault, nothing of ours that is not meant to be seen, and never without the headers for browsers."""
    heads = re.findall(rb"HTTP/1\.1 (\d+) [^\r]*\r\n(.*?)\r\n\r\n", answer, re.DOTALL)
    for status, head in heads:
        assert int(status) < 500, answer[:300]
        from_below = any(words in answer for words in LIBRARIES)  # of uvicorn and websockets: fixed words, no content
        assert b"nosniff" in head.lower() or int(status) == 101 or from_below, answer[:300]
    assert not any(secret in answer for secret in SECRETS), answer[:300]


METHODS = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH", b"get", b"G\0T",
           b"", b"GET GET", b"X" * 5000, b"\xff\xfe", b"PRI"]  # fmt: skip
UP = [b"..", b"%2e%2e", b"%2E.", b"..%00", b"%252e%252e", b"..%c0%af", b"\\..", b"%5c..", b"..;", b"\xc0\xae\xc0\xae"]
DOWN = [b"/", b"%2f", b"%5c", b"\\", b"//", b"%252f", b"/./"]
FILES = [
    b"pyproject.toml",
    b"app/client.py",
    b"server.py",
    b"etc/passwd",
    b"C:/Windows/win.ini",
    b"sessions.sqlite3",
]
TARGETS = [b"/", b"*", b"", b"static", b"/%00", b"/static/%00", b"/static/main.js%00.css", b"/static/main.js/",
           b"/static//etc/passwd", b"/static/" + b"a" * 300, b"/static/" + b"a/" * 3000, b"/static/%ff%fe", b"/%zz",
           b"/static/C:/Windows/win.ini", b"/static/file:///etc/passwd", b"//etc/passwd", b"//localhost/static/main.js",
           b"http://evil.com/", b"http://localhost/static/../../pyproject.toml", b"http://[::1", b"file:///etc/passwd",
           b"/?" + b"a=b&" * 5000, b"/static/%ED%A0%80", b"/static/main.js?v=\x01", b"/\xf0\x9f\x99\x82", b"/live",
           b"/metrics", b"/readyz", b"localhost:80", b"/static", b"/static/", b"/static/."]  # fmt: skip
VERSIONS = [b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"HTTP/1", b"", b"ICY"]
HEADERS = [
    b"X: " + b"a" * 30_000 + b"\r\n", b"X" * 30_000 + b": a\r\n", b"X: a\r\n" * 3_000, b"X: a\r\n y\r\n\tz\r\n",
    b": a\r\n", b"X a\r\n", b"X : a\r\n", b"X: \0\r\n", b"X: \xff\xfe\r\n", b"\xff: x\r\n", b"X: a\n", b"X: a\r",
    b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 5, 6\r\n", b"Content-Length: 1e3\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Transfer-Encoding: chunked, chunked\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"Expect: 100-continue\r\n", b"Expect: tea\r\n", HOST,
    b"Range: bytes=" + b"0-0," * 2_000 + b"1-1\r\n", b"Range: bytes=9-1\r\n", b"Range: bytes=-\r\n", b"Range: x\r\n",
    b"Range: bytes=" + b"9" * 5_000 + b"-\r\n", b"If-Range: x\r\nRange: bytes=0-5\r\n", b"If-None-Match: " + b'"' * 99,
    b"If-Modified-Since: Mon, 99 Foo 99999999 99:99:99 GMT\r\n", b"Accept-Encoding: " + b"gzip;q=9," * 99 + b"\r\n",
    b"Cookie: " + b"a=b;" * 2_000 + b"\r\n", b"X-Forwarded-Proto: x\0\r\n", b"X-Forwarded-For: " + b"a," * 99 + b"\r\n",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n", b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    UPGRADE, UPGRADE + UPGRADE, UPGRADE.replace(b"13", b"12"), UPGRADE.replace(b"dGhl", b"\xff"), UPGRADE + HOST,
    UPGRADE + b"Content-Length: 5\r\n", UPGRADE + b"X: " + b"a" * 9_000 + b"\r\n", UPGRADE + b"X: a\r\n" * 200,
    UPGRADE + b"Sec-WebSocket-Extensions: permessage-deflate; x=" + b"y" * 5_000 + b"\r\n",
    UPGRADE + b"Sec-WebSocket-Extensions: ;;,,=\r\n", UPGRADE + b"Sec-WebSocket-Protocol: \x01,,\r\n",
]  # fmt: skip
BODIES = [b"", b"", b"", b"hello", b"zz\r\n", b"5\r\nhel", b"fffffffffffffffff\r\n", b"-5\r\nhello\r\n", b"0\r\n\r\n",
          b"5;x=" + b"y" * 5_000 + b"\r\nhello\r\n0\r\n\r\n", b"5\r\nhelloXX", b"\x00" * 1_000, b"\x16\x03\x01\x02\x00",
          b"0\r\nX: a\r\n\r\n", b"\r\n" * 500, b"GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n"]  # fmt: skip


def bad_request(rng: random.Random) -> bytes:
    """Most of it in order, so that what is not meets the code behind."""
    climb = b"/static/" + b"".join(rng.choice(UP) + rng.choice(DOWN) for _ in range(rng.randint(1, 8)))
    target = rng.choice([climb + rng.choice(FILES), rng.choice(TARGETS), rng.choice(TARGETS), b"/live", b"/"])
    method = rng.choice(METHODS) if rng.random() < 0.3 else b"GET"
    version = rng.choice(VERSIONS) if rng.random() < 0.3 else b"HTTP/1.1"
    headers = b"".join(rng.sample(HEADERS, rng.choice([0, 1, 1, 2])))
    host = HOST if rng.random() < 0.9 else b""
    end = b"Connection: close\r\n" if b"Upgrade" not in headers else b""
    request = b"%b %b %b\r\n" % (method, target, version) + host + headers + end + b"\r\n" + rng.choice(BODIES)
    if rng.random() < 0.1:
        return request[: rng.randrange(len(request))]
    if rng.random() < 0.1:
        at = rng.randrange(len(request))
        return request[:at] + rng.randbytes(rng.randint(1, 20)) + request[at:]
    return request


@pytest.mark.parametrize("seed", range(10))
def test_any_request_gets_an_answer_that_is_not_our_fault(server: Server, other: Page, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        check_answers(exchange(server, bad_request(rng), SILENCE))
    goes_on(other)


NO_REQUESTS = {
    "a long header with an upgrade": (
        b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"X: " + b"a" * 9_000 + b"\r\n\r\n",
        431,
    ),
    "many headers with an upgrade": (b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"X: a\r\n" * 200 + b"\r\n", 431),
    "a body with an upgrade": (b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"Content-Length: 5\r\n\r\nhello", 400),
    "a long address with an upgrade": (b"GET /?" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n", 414),
    "an upgrade of POST": (b"POST /live HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n", 405),
    "an old version": (b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE.replace(b"13", b"12") + b"\r\n", 400),
    "two upgrades": (b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE * 2 + b"\r\n", 426),
    "a bad chunk": (b"POST /none HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "a header that does not end": (b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000, 400),
}


@pytest.mark.parametrize(("data", "status"), NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_is_told_so(server: Server, data: bytes, status: int) -> None:
    assert exchange(server, data).startswith(b"HTTP/1.1 %d " % status)


def test_a_body_that_turns_bad_after_the_answer_only_ends_its_connection(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n")
        assert connection.recv(MEBIBYTE).startswith(b"HTTP/1.1 405")
        connection.sendall(b"zz\r\n")
        while connection.recv(MEBIBYTE):
            pass


@linux
def test_a_header_that_never_ends_takes_no_memory(server: Server) -> None:
    before = memory(server)
    for _ in range(3):
        exchange(server, b"GET / HTTP/1.1\r\nX: " + b"a" * 10 * MEBIBYTE)
    assert memory(server) < before + 4 * MEBIBYTE


UNFINISHED = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nX: a",
    "half a body": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nhello",
}


@pytest.mark.parametrize("data", UNFINISHED.values(), ids=UNFINISHED)
def test_whoever_never_finishes_a_request_is_sent_away(data: bytes) -> None:
    assert asyncio.run(unanswered(data, http=http_protocol(0.2, 1_000, is_worker=False))) == b""


def test_frames_before_the_answer_to_the_handshake_end_the_connection() -> None:
    """While the engine compiles, pages wait for the answer; who sends pings and text meanwhile is no page."""
    request = b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n"
    for data in (frame(9), frame(1, HELLO), frame(8), b"\xff" * 20):
        assert asyncio.run(unanswered(request, data)) == b""


async def unanswered(*parts: bytes, http: type[HttpProtocol] = HttpProtocol) -> bytes:
    """What comes back until our protocols close, where the application never answers; nothing may fail in the loop."""
    asked, faults = asyncio.Event(), list[object]()

    async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
        asked.set()
        await asyncio.Event().wait()

    config = uvicorn.Config(silent, http=http, ws=LiveProtocol, log_level="critical")
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    listening = await loop.create_server(lambda: http(config, ServerState(), {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    for number, part in enumerate(parts):
        if number:
            await asyncio.wait_for(asked.wait(), PATIENCE)
        writer.write(part)
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    with contextlib.suppress(ConnectionResetError):
        await writer.wait_closed()
    listening.close()
    assert not faults
    return answer


# -- websocket frames --------------------------------------------------------------------------------------------------

HELLO = greeting("#v=1&hidden=2").encode()
CLOSE_CODES = {1002, 1007, 1009, 4008, 4010, 4400}  # docs/protocol.md
END = b"the end"


def frame(
    opcode: int, data: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True, length: int = -1
) -> bytes:
    """Also one that no library would write."""
    size = len(data) if length < 0 else length
    mask = b"\x12\x34\x56\x78" if masked else b""
    short = size if size < 126 else 126 if size < 65536 else 127
    head = bytes([fin << 7 | rsv << 4 | opcode, masked << 7 | short])
    if short > 125:
        head += struct.pack("!H" if short == 126 else "!Q", size)
    body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)) if masked else data
    return head + mask + body


def talk(server: Server, data: bytes, silence: float = PATIENCE, *, greeted: bool = True) -> list[tuple[int, bytes]]:
    """Opcodes and data of all frames that come, until the ping behind the data is answered or the server closes."""
    hello = frame(1, HELLO) if greeted else b""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(MEBIBYTE)
        assert answer.startswith(b"HTTP/1.1 101")
        answer = answer.partition(b"\r\n\r\n")[2]
        with contextlib.suppress(OSError):
            connection.sendall(hello + data + frame(9, END))
        connection.settimeout(silence)
        with contextlib.suppress(ConnectionResetError):
            while END not in answer:
                try:
                    part = connection.recv(MEBIBYTE)
                except TimeoutError:
                    connection.settimeout(PATIENCE)
                    connection.shutdown(socket.SHUT_WR)
                    continue
                if not part:
                    break
                answer += part
    return list(frames(answer))


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 2:
        size, at = data[1] & 127, 2
        if size > 125:
            at = 4 if size == 126 else 10
            size = int.from_bytes(data[2:at], "big")
        yield data[0] & 15, data[at : at + size]
        data = data[at + size :]


def close_code(came: list[tuple[int, bytes]]) -> int | None:
    """None where there was no close frame, or one without a code: the echo of such a one."""
    return next((int.from_bytes(data[:2], "big") for opcode, data in came if opcode == Opcode.CLOSE and data), None)


AGAINST_THE_RULES = {
    "as if compressed": (frame(1, b"{", rsv=4), 1002),
    "a reserved bit": (frame(1, b"{", rsv=1), 1002),
    "not masked": (frame(1, b"{", masked=False), 1002),
    "a reserved opcode": (frame(3, b"{"), 1002),
    "a continuation of nothing": (frame(0, b"{"), 1002),
    "a message within a message": (frame(1, b"{", fin=False) + frame(1, b"{"), 1002),
    "a long ping": (frame(9, b"a" * 126), 1002),
    "a ping in parts": (frame(9, b"a", fin=False), 1002),
    "half a close code": (frame(8, b"\x03"), 1002),
    "a close code that is for nobody": (frame(8, struct.pack("!H", 1005)), 1002),
    "a reason that is no text": (frame(8, struct.pack("!H", 1000) + b"\xff"), 1007),
    "a message that is no text": (frame(1, b"\xff\xfe"), 1007),
    "half of a surrogate pair": (frame(1, b'{"type": "\xed\xa0\x80"}'), 1007),
    "a character cut in two": (frame(1, b"\xf0\x9f", fin=False) + frame(0, b"{"), 1007),
    "one byte too many": (frame(1, b"x" * (256 * 1024 + 1)), 1009),
    "four exbibytes, it says": (frame(1, b"", length=2**62), 1009),
    "too many bytes in parts": (frame(1, b"x" * 150_000, fin=False) + frame(0, b"x" * 150_000), 1009),
    "too many empty parts": (frame(1, b"{", fin=False) + frame(0, fin=False) * 100, 1009),
    "no text, and then a good end": (frame(1, b"\xff") + frame(8, struct.pack("!H", 1000)), 1000),
    "an end without a code": (frame(8), None),
}


@pytest.mark.parametrize(("data", "code"), AGAINST_THE_RULES.values(), ids=AGAINST_THE_RULES)
def test_frames_against_the_rules_close_with_the_code_that_says_so(
    server: Server, other: Page, data: bytes, code: int | None
) -> None:
    came = talk(server, data)
    assert any(opcode == Opcode.CLOSE for opcode, _ in came)
    assert close_code(came) == code
    goes_on(other)


def bad_frames(rng: random.Random) -> bytes:
    texts = [HELLO, b"", b"{", b'{"type": "step", "seq": 1}', b"\xff", rng.randbytes(20), b"[" * 10_000, b"x" * 70_000]
    return b"".join(
        frame(
            rng.choice([0, 1, 1, 1, 2, 9, 10, rng.randrange(16)]),
            rng.choice(texts),
            fin=rng.random() < 0.8,
            rsv=rng.choice([0] * 12 + [1, 2, 4, 7]),
            masked=rng.random() < 0.95,
            length=rng.choice([-1] * 19 + [rng.randrange(2**20)]),
        )
        for _ in range(rng.randint(1, 6))
    )


@pytest.mark.parametrize("seed", range(6))
def test_any_frames_are_answered_or_close_with_a_documented_code(server: Server, other: Page, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        came = talk(server, bad_frames(rng), SILENCE, greeted=rng.random() < 0.7)
        code = close_code(came)
        assert code is None or code in CLOSE_CODES, came[-1]
    goes_on(other)


def test_bytes_that_are_no_frames_at_all(server: Server, other: Page) -> None:
    rng = random.Random(1)
    for _ in range(30):
        code = close_code(talk(server, rng.randbytes(rng.randint(1, 200)), SILENCE, greeted=rng.random() < 0.5))
        assert code is None or code in CLOSE_CODES | {1000}
    goes_on(other)


@linux
def test_pings_of_a_peer_that_reads_nothing_take_little_memory(server: Server, other: Page) -> None:
    before = memory(server)
    pings = b"".join(frame(9, b"x" * 125) for _ in range(1_000))
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n")
        connection.recv(MEBIBYTE)
        connection.sendall(frame(1, HELLO))
        with contextlib.suppress(OSError):
            for _ in range(300):
                connection.sendall(pings)
    assert memory(server) < before + 24 * MEBIBYTE
    goes_on(other)


@linux
def test_commands_of_a_peer_that_reads_no_answer_take_little_memory(server: Server, other: Page) -> None:
    before = memory(server)
    commands = frame(1, b'{"type": "pause"}') * 1_000
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /live HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n")
        connection.recv(1000)
        connection.sendall(frame(1, HELLO))
        connection.settimeout(2)  # by then the server reads no more
        with contextlib.suppress(OSError):
            for _ in range(100):
                connection.sendall(commands)
        assert memory(server) < before + 16 * MEBIBYTE
    goes_on(other)

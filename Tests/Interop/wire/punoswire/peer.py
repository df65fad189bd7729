"""A raw HTTP/2 peer over TLS that says whatever a test wants said, legal or not.

It reads and writes through memory BIOs on a non-blocking socket, so that a flood never deadlocks with the answers
to it, and so that a test can stop reading at will.
"""

import gzip
import os
import select
import socket
import ssl
import struct
import time
from dataclasses import dataclass, field

import hpack

from . import protos

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY_FLAG = 0x1, 0x1, 0x4, 0x8, 0x20

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, \
    REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = range(12)

MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE = 3, 4, 6

# A server that has not answered after this many seconds does not answer; generous, because the machine is shared.
ANSWER_LIMIT = float(os.environ.get("PUNOS_WIRE_ANSWER_LIMIT", "15"))
READ_SIZE = 65_536
# Written but not yet taken by the server before `flush` looks at answers again, bytes.
OUTGOING_CHUNK = 262_144
WINDOW = 1 << 20
# What RFC 9113 gives a connection and each stream before anybody says otherwise.
DEFAULT_WINDOW = 65_535


@dataclass
class Frame:
    type: int
    flags: int
    stream: int
    payload: bytes


@dataclass
class Answer:
    """What came back on one stream."""

    headers: dict = field(default_factory=dict)
    trailers: dict = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)
    ended: bool = False
    reset: int | None = None

    @property
    def http_status(self) -> str | None:
        return self.headers.get(":status")

    @property
    def grpc_status(self) -> int | None:
        value = self.trailers.get("grpc-status", self.headers.get("grpc-status"))
        return None if value is None else int(value)

    @property
    def grpc_message(self) -> str:
        return self.trailers.get("grpc-message", self.headers.get("grpc-message", ""))

    def messages(self) -> list[tuple[bool, bytes]]:
        """The whole messages so far: was it compressed, and its bytes as they came."""
        found, rest = [], bytes(self.data)
        while len(rest) >= 5:
            flag, length = struct.unpack(">BI", rest[:5])
            if len(rest) < 5 + length:
                break
            found.append((flag == 1, rest[5:5 + length]))
            rest = rest[5 + length:]
        return found


def frame(kind: int, flags: int, stream: int, payload: bytes = b"", length: int | None = None) -> bytes:
    """One frame; `length` lies about the payload's size."""
    size = len(payload) if length is None else length
    return struct.pack(">BHBBL", size >> 16, size & 0xFFFF, kind, flags, stream) + payload


def settings_frame(*pairs: tuple[int, int]) -> bytes:
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HL", *pair) for pair in pairs))


def message(body: bytes, compressed: bool = False) -> bytes:
    """A gRPC message: the five-byte prefix and the body, gzipped where asked."""
    if compressed:
        body = gzip.compress(body)
    return struct.pack(">BI", int(compressed), len(body)) + body


def call_headers(method: str = "UnaryCall", *extra: tuple[str, str], service: str = protos.SERVICE) -> list:
    return [(":method", "POST"), (":scheme", "https"), (":path", f"/{service}/{method}"),
            (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"), *extra]


def context(certs, client: str | None = None, version=ssl.TLSVersion.TLSv1_3, alpn=("h2",)) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = made.maximum_version = version
    made.load_verify_locations(certs / "ca.crt")
    if alpn:
        made.set_alpn_protocols(list(alpn))
    if client is not None:
        made.load_cert_chain(certs / f"{client}.crt", certs / f"{client}.key")
    return made


class Peer:
    """One connection. `closed` tells that the server ended it; `goaway` holds its GOAWAYs as (last id, code)."""

    def __init__(self, address: tuple[str, int], tls: ssl.SSLContext, settings=((INITIAL_WINDOW_SIZE, WINDOW),),
                 start: bool = True, receive_buffer: int | None = None):
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(ANSWER_LIMIT)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = tls.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.closed = False
        self.reading = True
        self.cipher = bytearray()          # Encrypted, not yet taken by the socket.
        self.plain = bytearray()           # Decrypted, not yet a whole frame.
        self.goaway: list[tuple[int, int]] = []
        self.goaway_text = b""
        self.server_settings: dict[int, int] = {}
        self.frames: list[Frame] = []      # All but DATA and HEADERS, for tests that look closer.
        self.answers: dict[int, Answer] = {}
        self.credit: dict[int, int] = {}   # From WINDOW_UPDATE, by stream; 0 is the connection.
        self.data_sent = 0                 # By `send_with_credit`, on all streams.
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.acknowledge_settings = True
        self.answer_pings = True
        self.update_windows = True
        self._block: tuple[int, bool, bytearray] | None = None
        self._next_stream = 1
        self._handshake()
        if start:
            self.send(PREFACE + settings_frame(*settings))
            if settings and dict(settings).get(INITIAL_WINDOW_SIZE, 0) >= WINDOW:
                self.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 16 * WINDOW)))

    # ── bytes ──────────────────────────────────────────────────────────────

    def _handshake(self):
        end = time.monotonic() + ANSWER_LIMIT
        while True:
            try:
                self.tls.do_handshake()
                self._move(0)
                return
            except ssl.SSLWantReadError:
                if not self._move(end - time.monotonic()) and time.monotonic() >= end:
                    raise TimeoutError("no TLS handshake") from None
                if self.closed:
                    raise ConnectionError("closed during the TLS handshake") from None

    def _move(self, seconds: float) -> bool:
        """Moves what can be moved between the socket and the BIOs, waiting up to `seconds` for anything."""
        self.cipher += self.outgoing.read()
        if self.closed:
            return False
        readers = [self.socket] if self.reading else []
        writers = [self.socket] if self.cipher else []
        if not readers and not writers:
            return False
        ready = select.select(readers, writers, [], max(0.0, seconds))
        try:
            if ready[1]:
                sent = self.socket.send(self.cipher[:OUTGOING_CHUNK])
                del self.cipher[:sent]
            if ready[0]:
                received = self.socket.recv(READ_SIZE)
                if received:
                    self.incoming.write(received)
                else:
                    self._ended()
        except BlockingIOError:
            return False
        except OSError:
            self._drain_and_end()
        return bool(ready[0] or ready[1])

    def _drain_and_end(self):
        """After a reset by the server: what had arrived before it is still to be read."""
        try:
            while received := self.socket.recv(READ_SIZE):
                self.incoming.write(received)
        except OSError:
            pass
        self._ended()

    def _ended(self):
        self.closed = True
        self.incoming.write_eof()

    def send(self, data: bytes):
        """Queues bytes and writes what the server takes at once; `flush` waits for the rest."""
        if self.closed:
            return
        view = memoryview(data)
        for start in range(0, len(view), OUTGOING_CHUNK):
            try:
                self.tls.write(view[start:start + OUTGOING_CHUNK])
            except ssl.SSLError:
                self._drain_and_end()
                return
        self._move(0)

    def flush(self, seconds: float = ANSWER_LIMIT) -> bool:
        """Writes all that is queued, reading meanwhile; false when the server did not take it in time."""
        end = time.monotonic() + seconds
        while (self.cipher or self.outgoing.pending) and not self.closed:
            if time.monotonic() >= end:
                return False
            self._move(end - time.monotonic())
            self._read_frames()
        return True

    def until(self, condition, seconds: float = ANSWER_LIMIT):
        """Serves the connection until `condition()` holds, the server closed it, or the time is over."""
        end = time.monotonic() + seconds
        while True:
            self._read_frames()
            result = condition()
            if result or self.closed or time.monotonic() >= end:
                return result
            self._move(end - time.monotonic())

    def until_closed(self, seconds: float = ANSWER_LIMIT) -> bool:
        self.until(lambda: self.closed, seconds)
        self._read_frames()
        return self.closed

    def abort(self):
        """Cuts the connection with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        self.closed = True

    def close(self):
        self.socket.close()
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ── frames that came ───────────────────────────────────────────────────

    def _read_frames(self):
        while True:
            self._read_once()
            # Answering a frame may have moved more in; the socket would not tell of that again.
            if not self.incoming.pending or self.closed:
                return

    def _read_once(self):
        while True:
            try:
                part = self.tls.read(READ_SIZE)
            except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                break
            except ssl.SSLError as error:
                self.tls_error = error
                self.closed = True
                break
            if not part:
                break
            self.plain += part
        while len(self.plain) >= 9:
            high, low, kind, flags, stream = struct.unpack(">BHBBL", self.plain[:9])
            length = high << 16 | low
            if len(self.plain) < 9 + length:
                return
            payload = bytes(self.plain[9:9 + length])
            del self.plain[:9 + length]
            self._take(Frame(kind, flags, stream & 0x7FFF_FFFF, payload))

    def _take(self, came: Frame):
        if came.type == DATA:
            self._take_data(came)
            return
        if came.type == HEADERS:
            self._block = (came.stream, bool(came.flags & END_STREAM), bytearray(came.payload))
        elif came.type == CONTINUATION:
            self._block[2].extend(came.payload)
        if came.type in (HEADERS, CONTINUATION):
            if came.flags & END_HEADERS:
                self._take_headers()
            return
        self.frames.append(came)
        if came.type == SETTINGS and not came.flags & ACK:
            for at in range(0, len(came.payload), 6):
                name, value = struct.unpack(">HL", came.payload[at:at + 6])
                self.server_settings[name] = value
            if self.acknowledge_settings:
                self.send(frame(SETTINGS, ACK, 0))
        elif came.type == PING and not came.flags & ACK:
            if not self.answer_pings:
                return
            self.send(frame(PING, ACK, 0, came.payload))
        elif came.type == WINDOW_UPDATE:
            self.credit[came.stream] = self.credit.get(came.stream, 0) + struct.unpack(">L", came.payload)[0]
        elif came.type == RST_STREAM:
            self.answer(came.stream).reset = struct.unpack(">L", came.payload)[0]
        elif came.type == GOAWAY:
            last, code = struct.unpack(">LL", came.payload[:8])
            self.goaway.append((last & 0x7FFF_FFFF, code))
            self.goaway_text = came.payload[8:]

    def _take_data(self, came: Frame):
        answer = self.answer(came.stream)
        answer.data += came.payload
        answer.ended = answer.ended or bool(came.flags & END_STREAM)
        if self.update_windows and came.payload:
            update = struct.pack(">L", len(came.payload))
            self.send(frame(WINDOW_UPDATE, 0, 0, update))
            if not answer.ended:
                self.send(frame(WINDOW_UPDATE, 0, came.stream, update))

    def _take_headers(self):
        stream, ended, block = self._block
        self._block = None
        fields = dict(self.decoder.decode(bytes(block)))
        answer = self.answer(stream)
        if answer.headers:
            answer.trailers = fields
        else:
            answer.headers = fields
        answer.ended = answer.ended or ended

    def answer(self, stream: int) -> Answer:
        return self.answers.setdefault(stream, Answer())

    # ── saying things ──────────────────────────────────────────────────────

    def next_stream(self) -> int:
        stream = self._next_stream
        self._next_stream += 2
        return stream

    def headers(self, fields: list, stream: int | None = None, flags: int = END_HEADERS) -> int:
        """Sends one HEADERS frame and returns its stream."""
        stream = self.next_stream() if stream is None else stream
        self.send(frame(HEADERS, flags, stream, self.encoder.encode(fields, huffman=False)))
        return stream

    def data(self, stream: int, payload: bytes, end: bool = False):
        """Sends DATA in frames of at most 16 KiB, without a look at the server's windows."""
        parts = [payload[at:at + 16_384] for at in range(0, len(payload), 16_384)] or [b""]
        for index, part in enumerate(parts):
            last = end and index == len(parts) - 1
            self.send(frame(DATA, END_STREAM if last else 0, stream, part))

    def reset(self, stream: int, code: int = CANCEL):
        self.send(frame(RST_STREAM, 0, stream, struct.pack(">L", code)))

    def call(self, method: str, body: bytes, *extra: tuple[str, str], end: bool = True) -> int:
        """Begins a call with one message and returns its stream."""
        stream = self.headers(call_headers(method, *extra))
        self.data(stream, message(body), end=end)
        return stream

    def finished(self, stream: int, seconds: float = ANSWER_LIMIT) -> Answer:
        """Waits until the stream ended, was reset, or the connection closed; returns what had come."""
        answer = self.answer(stream)
        self.until(lambda: answer.ended or answer.reset is not None, seconds)
        return answer

    def good_call(self, size: int = 10):
        """Proves that this connection still serves."""
        answer = self.finished(self.call("UnaryCall", protos.SimpleRequest(response_size=size).SerializeToString()))
        assert answer.grpc_status == 0, f"a good call got {answer}; GOAWAY {self.goaway}, closed {self.closed}"
        assert len(answer.messages()) == 1
        body = protos.SimpleResponse.FromString(answer.messages()[0][1]).payload.body
        assert body == bytes(size)

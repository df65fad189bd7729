"""wire-faults rows 3 to 7: a peer that makes work out of nothing is told to calm down and loses its connection."""

import pathlib
import struct
import subprocess

import pytest

from faults import MIB, fault_process, fresh_target, target  # noqa: F401
from punoswire import peer, protos
from punoswire.peer import (
    CONTINUATION, DATA, ENHANCE_YOUR_CALM, END_HEADERS, END_STREAM, HEADERS, PING, PRIORITY, RST_STREAM, SETTINGS,
    WINDOW_UPDATE, call_headers, frame, message)
from punoswire.processes import eventually

# Frames of one kind that a flood may send before the server must have ended it. Generous: limits are on rates,
# and a burst below them is not an attack.
FLOOD = 20_000
BATCH = 100


def flood(connection, make_batch, total=FLOOD):
    """Sends batch after batch until the server has had enough; returns how many it took."""
    sent = 0
    while sent < total and not connection.closed:
        connection.send(make_batch(sent))
        connection.flush()
        sent += BATCH
        if connection.goaway:
            break
    connection.until_closed()
    return sent


def calmed(connection):
    assert connection.closed, "the connection is still open"
    assert connection.goaway, "no GOAWAY came before the end"
    assert connection.goaway[-1][1] == ENHANCE_YOUR_CALM, connection.goaway


def test_row_3_a_rapid_reset_flood_is_told_to_calm_down(target):
    connection = target.peer()
    body = message(protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=100_000, interval_us=1_000_000)]).SerializeToString())
    cancel = struct.pack(">L", peer.CANCEL)

    def batch(_):
        out = b""
        for _ in range(BATCH):
            stream = connection.next_stream()
            block = connection.encoder.encode(call_headers("StreamingOutputCall"))
            out += frame(HEADERS, END_HEADERS, stream, block) + frame(DATA, END_STREAM, stream, body)
            out += frame(RST_STREAM, 0, stream, cancel)
        return out

    flood(connection, batch)
    calmed(connection)


def overflow_window(connection, stream):
    """A window past 2^31-1 is an error of its stream."""
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">L", 0x7FFF_FFFF))


def data_beyond_content_length(connection, stream):
    return frame(DATA, END_STREAM, stream, b"more than was announced")


@pytest.mark.parametrize("provoke, extra", [
    (overflow_window, ()), (data_beyond_content_length, (("content-length", "1"),))],
    ids=["window_overflow", "content_length_mismatch"])
def test_row_4_making_the_server_reset_its_own_streams_counts_as_resetting(target, provoke, extra):
    connection = target.peer()

    def batch(_):
        out = b""
        for _ in range(BATCH):
            stream = connection.next_stream()
            block = connection.encoder.encode(call_headers("FullDuplexCall", *extra))
            out += frame(HEADERS, END_HEADERS, stream, block) + provoke(connection, stream)
        return out

    flood(connection, batch)
    calmed(connection)


def test_row_4_data_after_the_end_of_a_stream_never_runs_for_ever(target):
    """RFC 9113 lets a server treat this as an error of the stream or of the connection: both must end."""
    connection = target.peer()

    def batch(_):
        out = b""
        for _ in range(BATCH):
            stream = connection.next_stream()
            block = connection.encoder.encode(call_headers("FullDuplexCall"))
            out += frame(HEADERS, END_HEADERS | END_STREAM, stream, block) + frame(DATA, 0, stream, b"late")
        return out

    flood(connection, batch)
    assert connection.closed and connection.goaway
    assert connection.goaway[-1][1] in (ENHANCE_YOUR_CALM, peer.STREAM_CLOSED, peer.PROTOCOL_ERROR)


def cancelled(connection, stream):
    return frame(RST_STREAM, 0, stream, struct.pack(">L", peer.CANCEL))


def left_open(connection, stream):
    """The first hundred are served; all others are past the limit, and refused."""
    return b""


@pytest.mark.parametrize("provoke", [cancelled, overflow_window, left_open], ids=["row_3", "row_4", "row_10"])
def test_rows_3_4_and_10_hold_bounded_memory_also_when_the_peer_never_reads(fresh_target, provoke):
    """What the server would say can never leave: it must neither pile up nor keep the flood uncounted."""
    fresh_target.memory_limit = 8 * MIB
    connection = fresh_target.peer(receive_buffer=4_096)
    connection.until(lambda: connection.server_settings)
    connection.reading = False
    sent = 0
    while sent < 10 * FLOOD and not connection.closed:
        out = b""
        for _ in range(BATCH):
            stream = connection.next_stream()
            block = connection.encoder.encode(call_headers("FullDuplexCall"))
            out += frame(HEADERS, END_HEADERS, stream, block) + provoke(connection, stream)
        connection.send(out)
        if not connection.flush(2.0):
            break  # The server takes no more: that too is a bound.
        sent += BATCH
    connection.reading = True
    assert connection.until_closed()
    # What came after the end was thrown away; the reason is in the log.
    assert eventually(lambda: "a connection broke HTTP/2" in fresh_target.process.log()), fresh_target.process.log()


def test_row_5_the_ninth_continuation_closes_the_connection(target):
    connection = target.peer()
    connection.until(lambda: connection.server_settings)
    stream = connection.next_stream()
    block = connection.encoder.encode(call_headers("EmptyCall"), huffman=False)
    connection.send(frame(HEADERS, 0, stream, block) + frame(CONTINUATION, 0, stream, b"") * 8)
    # Eight are taken: the connection still answers what needs no header block to be whole.
    assert not connection.until(lambda: connection.goaway or connection.closed, 0.3)
    connection.send(frame(CONTINUATION, END_HEADERS, stream, b""))
    assert connection.until_closed(), "nine CONTINUATION frames and still open"
    assert connection.answer(stream).headers == {}


def test_row_5_eight_continuations_are_served(target):
    connection = target.peer()
    stream = connection.next_stream()
    block = connection.encoder.encode(call_headers("EmptyCall"), huffman=False)
    step = len(block) // 9 + 1
    parts = [block[at:at + step] for at in range(0, len(block), step)]
    out = frame(HEADERS, 0, stream, parts[0])
    for index, part in enumerate(parts[1:]):
        out += frame(CONTINUATION, END_HEADERS if index == len(parts) - 2 else 0, stream, part)
    assert len(parts) == 9, "one HEADERS and eight CONTINUATIONs"
    connection.send(out + frame(DATA, END_STREAM, stream, message(b"")))
    assert connection.finished(stream).grpc_status == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01a\x01b"], ids=["empty", "filled"])
def test_row_5_continuations_without_end_close_the_connection_after_eight(target, content):
    connection = target.peer()
    connection.until(lambda: connection.server_settings)
    stream = connection.next_stream()
    block = connection.encoder.encode(call_headers("EmptyCall"), huffman=False)
    connection.send(frame(HEADERS, 0, stream, block) + frame(CONTINUATION, 0, stream, content) * 10)
    assert connection.until_closed(), "ten CONTINUATION frames and still open"
    assert connection.answer(stream).headers == {}


def flood_of(kind, stream_of=lambda connection: 0, flags=0, payload=b""):
    def make(connection):
        one = frame(kind, flags, stream_of(connection), payload)
        return lambda _: one * BATCH
    return make


def open_stream(connection):
    return connection.headers(call_headers("FullDuplexCall"))


FLOODS = {
    "ping": flood_of(PING, payload=b"12345678"),
    "settings": flood_of(SETTINGS),
    "empty_data": flood_of(DATA, open_stream),
    "padded_empty_data": flood_of(DATA, open_stream, peer.PADDED, b"\x00"),
    "priority": flood_of(PRIORITY, lambda _: 1, payload=struct.pack(">LB", 0, 15)),
    "priority_of_idle_streams": flood_of(PRIORITY, lambda _: 4_001, payload=struct.pack(">LB", 0, 15)),
    "window_update_of_the_connection": flood_of(WINDOW_UPDATE, payload=struct.pack(">L", 1)),
    "window_update_of_a_stream": flood_of(WINDOW_UPDATE, open_stream, payload=struct.pack(">L", 1)),
    "unknown_frames": flood_of(0xFA),
}


@pytest.mark.parametrize("name", FLOODS)
def test_row_6_a_flood_of_frames_that_cost_nothing_is_told_to_calm_down(target, name):
    connection = target.peer()
    flood(connection, FLOODS[name](connection))
    calmed(connection)


@pytest.mark.parametrize("name", ["ping", "settings"])
def test_row_6_answers_to_a_peer_that_never_reads_do_not_queue_without_bound(target, name):
    connection = target.peer(receive_buffer=4_096)
    connection.until(lambda: connection.server_settings)
    connection.reading = False
    batch = FLOODS[name](connection)
    sent = 0
    while sent < 10 * FLOOD and not connection.closed:
        connection.send(batch(sent))
        if not connection.flush(2.0):
            break  # The server takes no more: that too is a bound.
        sent += BATCH
    connection.reading = True
    assert connection.until_closed()


def test_row_6_a_flood_of_key_updates_never_piles_up_answers(target, tmp_path):
    """Each asks the server for a record in return, which this peer never reads."""
    # Answers wait until the socket is full; measured, that stays under 50 MiB however many more are sent.
    target.memory_limit = 64 * 1024
    program = tmp_path / "keyupdates"
    source = pathlib.Path(__file__).with_name("keyupdates.c")
    subprocess.run(["cc", "-O2", "-o", str(program), str(source), "-lssl", "-lcrypto"], check=True)
    result = subprocess.run(
        [str(program), target.process.host, str(target.process.port), "2000000"], capture_output=True, text=True,
        timeout=60)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 2_000_000, "the server answered all of them"


def test_row_7_a_settings_frame_of_a_thousand_entries_closes_the_connection(target):
    connection = target.peer()
    connection.until(lambda: connection.server_settings)
    connection.send(peer.settings_frame(*[(peer.INITIAL_WINDOW_SIZE, 65_535 + i) for i in range(1_000)]))
    assert connection.until_closed()
    assert connection.goaway, "no GOAWAY before the end"

"""wire-faults rows 8 to 11: metadata, header compression, stream limits, and frames where none may be."""

import struct

import pytest

from faults import fault_process, target  # noqa: F401
from punoswire import peer, protos
from punoswire.peer import (
    CONTINUATION, DATA, END_HEADERS, END_STREAM, FRAME_SIZE_ERROR, HEADERS, PING, PRIORITY, PROTOCOL_ERROR,
    PUSH_PROMISE, REFUSED_STREAM, RST_STREAM, SETTINGS, STREAM_CLOSED, WINDOW_UPDATE, call_headers, frame, message)

RESOURCE_EXHAUSTED = 8
CONCURRENT_STREAMS = 100
FLOW_CONTROL_ERROR = peer.FLOW_CONTROL_ERROR


def send_block(connection, stream, block, flags=END_STREAM):
    """A header block of any size, in one HEADERS and as few CONTINUATIONs as it takes."""
    parts = [block[at:at + 16_384] for at in range(0, len(block), 16_384)]
    out = frame(HEADERS, flags | (END_HEADERS if len(parts) == 1 else 0), stream, parts[0])
    for index, part in enumerate(parts[1:]):
        out += frame(CONTINUATION, END_HEADERS if index == len(parts) - 2 else 0, stream, part)
    connection.send(out)


@pytest.mark.parametrize("size", [17_000, 60_000, 130_000])
def test_row_8_metadata_over_the_limit_is_refused_and_the_connection_lives(target, size):
    connection = target.peer()
    stream = connection.next_stream()
    fields = call_headers("EmptyCall", *[(f"x-filler-{i}", "v" * 1_000) for i in range(size // 1_000)])
    send_block(connection, stream, connection.encoder.encode(fields, huffman=False))
    answer = connection.finished(stream)
    assert answer.grpc_status == RESOURCE_EXHAUSTED, answer
    assert "metadata" in answer.grpc_message
    connection.good_call()


@pytest.mark.parametrize("kilobytes", [7, 14])
def test_row_8_metadata_below_the_hard_limit_is_served(target, kilobytes):
    """8 KiB are announced; up to 16 are taken, since a client may not have read the announcement yet."""
    connection = target.peer()
    stream = connection.call("EmptyCall", b"", *[(f"x-filler-{i}", "v" * 1_000) for i in range(kilobytes)])
    assert connection.finished(stream).grpc_status == 0
    assert connection.server_settings[peer.MAX_HEADER_LIST_SIZE] == 8 << 10


def hpack_bomb(connection, references: int) -> bytes:
    """One field of 4,000 bytes into the dynamic table, then one byte per use of it."""
    block = connection.encoder.encode(call_headers("EmptyCall"), huffman=False)
    insert = connection.encoder.encode([("x-bomb", "b" * 3_900)], huffman=False)
    return block + insert + bytes([0x80 | 62]) * references


def test_row_9_an_hpack_bomb_counts_by_its_decoded_size(target):
    connection = target.peer()
    stream = connection.next_stream()
    send_block(connection, stream, hpack_bomb(connection, 40_000))  # 160 MB decoded.
    answer = connection.finished(stream)
    refused = answer.grpc_status == RESOURCE_EXHAUSTED or answer.reset is not None or connection.goaway
    assert refused, answer


def test_row_9_an_hpack_bomb_with_the_window_held_at_zero_leaves_memory_flat(target):
    connection = target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 0),))
    first = connection.next_stream()
    send_block(connection, first, hpack_bomb(connection, 40))
    for _ in range(CONCURRENT_STREAMS - 1):
        stream = connection.next_stream()
        block = connection.encoder.encode(call_headers("EmptyCall"), huffman=False)
        send_block(connection, stream, block + bytes([0x80 | 62]) * 3_000)
        connection.flush()
        if connection.closed:
            break
    connection.until(lambda: connection.goaway or all(
        answer.ended or answer.reset is not None for answer in connection.answers.values()), 5)
    assert connection.goaway or all(
        answer.reset is not None or answer.grpc_status == RESOURCE_EXHAUSTED
        for answer in connection.answers.values()), connection.answers


def test_row_10_streams_past_the_limit_are_refused_and_the_others_go_on(target):
    connection = target.peer()
    connection.until(lambda: connection.server_settings)
    assert connection.server_settings[peer.MAX_CONCURRENT_STREAMS] == CONCURRENT_STREAMS
    held = [connection.headers(call_headers("FullDuplexCall")) for _ in range(CONCURRENT_STREAMS)]
    surplus = [connection.headers(call_headers("FullDuplexCall")) for _ in range(50)]
    for stream in surplus:
        assert connection.finished(stream).reset == REFUSED_STREAM, connection.goaway
    body = message(protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=7)]).SerializeToString())
    for stream in held:
        connection.data(stream, body, end=True)
    for stream in held:
        answer = connection.finished(stream)
        assert answer.grpc_status == 0 and len(answer.messages()) == 1
    connection.good_call()


# ── row 11: as RFC 9113 says ───────────────────────────────────────────────


def ends_connection(connection, *codes):
    connection.until(lambda: connection.goaway)
    assert connection.goaway, "no GOAWAY"
    assert connection.goaway[-1][1] in codes, (connection.goaway, connection.goaway_text)
    assert connection.until_closed()


def well_formed(connection, method="FullDuplexCall"):
    return connection.encoder.encode(call_headers(method), huffman=False)


def even_stream_id(c):
    c.send(frame(HEADERS, END_HEADERS, 2, well_formed(c)))


def headers_on_stream_zero(c):
    c.send(frame(HEADERS, END_HEADERS, 0, well_formed(c)))


def data_on_stream_zero(c):
    c.send(frame(DATA, 0, 0, b"x"))


def data_on_an_idle_stream(c):
    c.send(frame(DATA, 0, 9, b"x"))


def reset_of_an_idle_stream(c):
    c.send(frame(RST_STREAM, 0, 9, struct.pack(">L", 8)))


def window_update_of_an_idle_stream(c):
    c.send(frame(WINDOW_UPDATE, 0, 9, struct.pack(">L", 8)))


def a_stream_id_below_an_earlier_one(c):
    c.send(frame(HEADERS, END_HEADERS, 7, well_formed(c)) + frame(HEADERS, END_HEADERS, 5, well_formed(c)))


def ping_inside_a_header_block(c):
    c.send(frame(HEADERS, 0, 1, well_formed(c)) + frame(PING, 0, 0, b"12345678"))


def continuation_of_another_stream(c):
    c.send(frame(HEADERS, 0, 1, well_formed(c)) + frame(CONTINUATION, END_HEADERS, 3, b""))


def continuation_without_headers(c):
    c.send(frame(CONTINUATION, END_HEADERS, 1, b""))


def push_promise_from_a_client(c):
    c.headers(call_headers("FullDuplexCall"))
    c.send(frame(PUSH_PROMISE, END_HEADERS, 1, struct.pack(">L", 2)))


def settings_on_a_stream(c):
    c.send(frame(SETTINGS, 0, 1))


def ping_on_a_stream(c):
    c.send(frame(PING, 0, 1, b"12345678"))


def window_update_by_zero(c):
    c.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0)))


def padding_longer_than_the_frame(c):
    stream = c.headers(call_headers("FullDuplexCall"))
    c.send(frame(DATA, peer.PADDED, stream, b"\xffxx"))


def settings_enable_push_two(c):
    c.send(peer.settings_frame((2, 2)))


def settings_frame_size_too_small(c):
    c.send(peer.settings_frame((5, 16)))


def ping_of_seven_bytes(c):
    c.send(frame(PING, 0, 0, b"1234567"))


def settings_of_five_bytes(c):
    c.send(frame(SETTINGS, 0, 0, b"12345"))


def settings_acknowledgement_with_content(c):
    c.send(frame(SETTINGS, peer.ACK, 0, b"123456"))


def window_update_of_three_bytes(c):
    c.send(frame(WINDOW_UPDATE, 0, 0, b"123"))


def reset_of_three_bytes(c):
    stream = c.headers(call_headers("FullDuplexCall"))
    c.send(frame(RST_STREAM, 0, stream, b"123"))


def a_frame_larger_than_allowed(c):
    stream = c.headers(call_headers("FullDuplexCall"))
    c.send(frame(DATA, 0, stream, bytes(20_000)))


def window_of_the_connection_overflows(c):
    c.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0x7FFF_FFFF)))


def initial_window_too_large(c):
    c.send(peer.settings_frame((peer.INITIAL_WINDOW_SIZE, 0x8000_0000)))


def a_header_block_that_does_not_decode(c):
    c.send(frame(HEADERS, END_HEADERS, 1, b"\xff\xff\xff\xff\xff\xff\xff"))


@pytest.mark.parametrize("say, codes", [
    (even_stream_id, (PROTOCOL_ERROR,)),
    (headers_on_stream_zero, (PROTOCOL_ERROR,)),
    (data_on_stream_zero, (PROTOCOL_ERROR,)),
    (data_on_an_idle_stream, (PROTOCOL_ERROR,)),
    (reset_of_an_idle_stream, (PROTOCOL_ERROR,)),
    (window_update_of_an_idle_stream, (PROTOCOL_ERROR,)),
    (a_stream_id_below_an_earlier_one, (PROTOCOL_ERROR, STREAM_CLOSED)),
    (ping_inside_a_header_block, (PROTOCOL_ERROR,)),
    (continuation_of_another_stream, (PROTOCOL_ERROR,)),
    (continuation_without_headers, (PROTOCOL_ERROR,)),
    (push_promise_from_a_client, (PROTOCOL_ERROR,)),
    (settings_on_a_stream, (PROTOCOL_ERROR,)),
    (ping_on_a_stream, (PROTOCOL_ERROR,)),
    (window_update_by_zero, (PROTOCOL_ERROR,)),
    (padding_longer_than_the_frame, (PROTOCOL_ERROR,)),
    (settings_enable_push_two, (PROTOCOL_ERROR,)),
    (settings_frame_size_too_small, (PROTOCOL_ERROR,)),
    (ping_of_seven_bytes, (FRAME_SIZE_ERROR,)),
    (settings_of_five_bytes, (FRAME_SIZE_ERROR,)),
    (settings_acknowledgement_with_content, (FRAME_SIZE_ERROR,)),
    (window_update_of_three_bytes, (FRAME_SIZE_ERROR,)),
    (reset_of_three_bytes, (FRAME_SIZE_ERROR,)),
    (a_frame_larger_than_allowed, (FRAME_SIZE_ERROR,)),
    (window_of_the_connection_overflows, (FLOW_CONTROL_ERROR,)),
    (initial_window_too_large, (FLOW_CONTROL_ERROR,)),
    (a_header_block_that_does_not_decode, (peer.COMPRESSION_ERROR,)),
], ids=lambda value: value.__name__ if callable(value) else "")
def test_row_11_what_breaks_the_connection_ends_it(target, say, codes):
    connection = target.peer()
    connection.until(lambda: connection.server_settings)
    say(connection)
    ends_connection(connection, *codes)


def test_row_11_something_else_than_the_preface_ends_the_connection(target):
    connection = target.peer(start=False)
    connection.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.until_closed()


def test_row_11_a_closed_stream_cannot_be_used_again(target):
    connection = target.peer()
    stream = connection.call("EmptyCall", b"")
    assert connection.finished(stream).grpc_status == 0
    connection.answers.clear()
    connection.headers(call_headers("EmptyCall"), stream=stream)
    ends_connection(connection, PROTOCOL_ERROR, STREAM_CLOSED)


BASE = call_headers("EmptyCall")
MALFORMED = {
    "an upper-case name": BASE + [("X-Upper", "v")],
    "no method": BASE[1:],
    "no path": BASE[:2] + BASE[3:],
    "no scheme": BASE[:1] + BASE[2:],
    "an empty path": BASE[:2] + [(":path", "")] + BASE[3:],
    "a doubled path": BASE[:3] + [BASE[2]] + BASE[3:],
    "a doubled method": BASE[:1] + BASE,
    "an unknown pseudo-header": BASE[:4] + [(":status", "200")] + BASE[4:],
    "a pseudo-header after a field": BASE[:2] + [("x-early", "v")] + BASE[2:],
    "a connection field": BASE + [("connection", "keep-alive")],
    "transfer-encoding": BASE + [("transfer-encoding", "chunked")],
    "te other than trailers": BASE[:-1] + [("te", "gzip")],
    "a name with a space": BASE + [("x bad", "v")],
    "a value with a line break": BASE + [("x-bad", "a\r\nb")],
    "a value with a NUL": BASE + [("x-bad", "a\0b")],
}


@pytest.mark.parametrize("what", MALFORMED)
def test_row_11_a_malformed_request_is_an_error_of_its_stream_only(target, what):
    connection = target.peer()
    stream = connection.headers(MALFORMED[what], flags=END_HEADERS | END_STREAM)
    answer = connection.finished(stream)
    assert answer.reset == PROTOCOL_ERROR or answer.http_status == "400", (answer, connection.goaway)
    assert answer.grpc_status != 0
    connection.good_call()


def test_row_11_trailers_without_the_end_of_the_stream_are_an_error_of_the_stream(target):
    connection = target.peer()
    stream = connection.headers(call_headers("FullDuplexCall"))
    connection.headers([("x-trailer", "v")], stream=stream)
    assert connection.finished(stream).reset == PROTOCOL_ERROR
    connection.good_call()


def test_row_11_trailers_of_a_client_end_its_request(target):
    connection = target.peer()
    stream = connection.headers(call_headers("EmptyCall"))
    connection.data(stream, message(b""))
    connection.headers([("x-trailer", "v")], stream=stream, flags=END_HEADERS | END_STREAM)
    assert connection.finished(stream).grpc_status == 0


def test_row_11_frames_of_unknown_types_and_a_priority_are_ignored(target):
    connection = target.peer()
    connection.send(frame(0xFA, 0xFF, 0, b"from the future"))
    connection.send(frame(PRIORITY, 0, 1, struct.pack(">LB", 0, 15)))
    connection.good_call()

"""wire-faults rows 12 to 17: lengths, compression, content types, deadlines, slow readers and broken protobuf."""

import gzip
import struct
import time
import zlib

import pytest

from conftest import REFERENCE
from faults import MIB, fault_process, fresh_target, send_with_credit, target  # noqa: F401
from punoswire import peer, protos
from punoswire.peer import WINDOW_UPDATE, Peer, call_headers, frame, message
from punoswire.processes import ServerProcess, eventually

OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 3, 4, 8, 12, 13
MESSAGE_LIMIT = 4 << 20


@pytest.mark.parametrize("length", [0xFFFF_FFFF, 0x8000_0000, MESSAGE_LIMIT + 1])
def test_row_12_a_message_length_beyond_the_limit_is_refused_before_anything_is_allocated(target, length):
    target.memory_limit = 2 * MIB
    connection = target.peer()
    stream = connection.headers(call_headers())
    connection.data(stream, struct.pack(">BI", 0, length) + b"x")
    answer = connection.finished(stream)
    assert answer.grpc_status == RESOURCE_EXHAUSTED, answer
    connection.good_call()


def test_row_12_a_length_that_never_arrives_costs_no_memory_and_ends_with_the_deadline(fresh_target):
    fresh_target.memory_limit = 8 * MIB
    connection = fresh_target.peer()
    streams = []
    for _ in range(50):
        stream = connection.headers(call_headers("UnaryCall", ("grpc-timeout", "700m")))
        connection.data(stream, struct.pack(">BI", 0, MESSAGE_LIMIT) + b"x" * 10)
        streams.append(stream)
    for stream in streams:
        assert connection.finished(stream).grpc_status == DEADLINE_EXCEEDED
    connection.good_call()


def test_row_12_a_message_cut_short_by_the_end_of_the_stream_is_an_error(target):
    connection = target.peer()
    stream = connection.headers(call_headers())
    connection.data(stream, struct.pack(">BI", 0, 100) + b"x" * 10, end=True)
    assert connection.finished(stream).grpc_status in (INVALID_ARGUMENT, INTERNAL)
    connection.good_call()


@pytest.mark.skipif(REFERENCE, reason="grpcio answers differently")
def test_row_12_a_unary_call_without_or_with_two_messages_is_an_error(target):
    connection = target.peer()
    none = connection.headers(call_headers(), flags=peer.END_HEADERS | peer.END_STREAM)
    assert connection.finished(none).grpc_status not in (None, OK)
    two = connection.headers(call_headers())
    connection.data(two, message(b"") * 2, end=True)
    assert connection.finished(two).grpc_status not in (None, OK)
    connection.good_call()


def test_row_12_a_compression_flag_that_is_neither_0_nor_1_is_an_error(target):
    connection = target.peer()
    stream = connection.headers(call_headers())
    connection.data(stream, b"\x02" + struct.pack(">I", 0), end=True)
    assert connection.finished(stream).grpc_status not in (None, OK)
    connection.good_call()


def gzip_of_zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def test_row_13_a_gzip_bomb_ends_at_the_message_limit(fresh_target):
    connection = fresh_target.peer()
    bomb = gzip_of_zeros(128 << 20)
    stream = connection.headers(call_headers("UnaryCall", ("grpc-encoding", "gzip")))
    send_with_credit(connection, stream, struct.pack(">BI", 1, len(bomb)) + bomb)
    answer = connection.finished(stream)
    assert answer.grpc_status == RESOURCE_EXHAUSTED, answer
    connection.good_call()


@pytest.mark.skipif(REFERENCE, reason="grpcio has no such ceiling")
def test_row_13_unpacked_messages_of_one_connection_have_a_ceiling(fresh_target):
    """A hundred requests of 4 KB that unpack to 4 MB each, held by handlers that wait: 400 MB, if nobody counted."""
    fresh_target.memory_limit = 128 * MIB
    connection = fresh_target.peer()
    request = message(protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=1, interval_us=20_000_000)],
        payload=protos.payload(4_000_000)).SerializeToString(), compressed=True)
    streams = []
    for _ in range(100):
        streams.append(connection.headers(call_headers("StreamingOutputCall", ("grpc-encoding", "gzip"))))
        connection.data(streams[-1], request, end=True)
    connection.until(lambda: any(answer.ended for answer in connection.answers.values()))
    refused = [answer for answer in connection.answers.values() if answer.ended]
    assert refused and all(answer.grpc_status == RESOURCE_EXHAUSTED for answer in refused), refused
    fresh_target.peer().good_call()


@pytest.mark.parametrize("body", [b"", b"not gzip", gzip.compress(b"x" * 100)[:-9], gzip.compress(b"") + b"rest"],
                         ids=["nothing", "garbage", "cut_short", "something_behind"])
def test_row_13_a_broken_gzip_stream_is_an_error_of_its_call(target, body):
    connection = target.peer()
    stream = connection.headers(call_headers("UnaryCall", ("grpc-encoding", "gzip")))
    connection.data(stream, struct.pack(">BI", 1, len(body)) + body, end=True)
    assert connection.finished(stream).grpc_status in (INVALID_ARGUMENT, INTERNAL)
    connection.good_call()


def test_row_13_a_compressed_message_without_an_announced_encoding_is_an_error(target):
    connection = target.peer()
    stream = connection.headers(call_headers())
    connection.data(stream, message(b"", compressed=True), end=True)
    assert connection.finished(stream).grpc_status in (INVALID_ARGUMENT, INTERNAL)
    connection.good_call()


def test_row_13_an_unknown_encoding_is_unimplemented_and_names_what_is_accepted(target):
    connection = target.peer()
    stream = connection.headers(call_headers("UnaryCall", ("grpc-encoding", "snappy")))
    connection.data(stream, b"\x01" + struct.pack(">I", 3) + b"abc", end=True)
    answer = connection.finished(stream)
    assert answer.grpc_status == UNIMPLEMENTED, answer
    accepted = answer.headers.get("grpc-accept-encoding", answer.trailers.get("grpc-accept-encoding", ""))
    assert "gzip" in accepted and "identity" in accepted
    connection.good_call()


@pytest.mark.skipif(REFERENCE, reason="the specification asks it of us; grpcio compresses whole streams")
def test_compressed_answers_are_marked_and_mixed_with_plain_ones(target):
    connection = target.peer()
    request = protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=5_000, compressed=protos.BoolValue(value=index % 2 == 0))
        for index in range(4)])
    stream = connection.call(
        "StreamingOutputCall", request.SerializeToString(), ("grpc-accept-encoding", "identity,gzip"))
    answer = connection.finished(stream)
    assert answer.headers.get("grpc-encoding") == "gzip"
    assert [flag for flag, _ in answer.messages()] == [True, False, True, False]
    for flag, body in answer.messages():
        read = protos.StreamingOutputCallResponse.FromString(gzip.decompress(body) if flag else body)
        assert len(read.payload.body) == 5_000


@pytest.mark.skipif(REFERENCE, reason="grpcio answers differently")
def test_an_answer_is_never_compressed_for_a_client_that_does_not_accept_it(target):
    connection = target.peer()
    request = protos.SimpleRequest(response_size=5_000, response_compressed=protos.BoolValue(value=True))
    answer = connection.finished(connection.call("UnaryCall", request.SerializeToString()))
    assert answer.grpc_status == OK
    assert [flag for flag, _ in answer.messages()] == [False]


BROWSER = [(":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", "localhost"),
           ("user-agent", "Mozilla/5.0"), ("accept", "text/html")]


@pytest.mark.skipif(REFERENCE, reason="grpcio answers differently")
@pytest.mark.parametrize("fields", [
    BROWSER,
    [*call_headers()[:4], ("content-type", "application/json"), ("te", "trailers")],
    [*call_headers()[:4], ("te", "trailers")],
    [*call_headers()[:4], ("content-type", "application/grpcx"), ("te", "trailers")],
], ids=["a_browser", "json", "no_content_type", "almost_grpc"])
def test_row_14_what_is_not_grpc_gets_415_and_a_plain_sentence(target, fields):
    connection = target.peer()
    stream = connection.headers(fields, flags=peer.END_HEADERS | peer.END_STREAM)
    answer = connection.finished(stream)
    assert answer.http_status == "415", answer
    assert answer.headers.get("content-type", "").startswith("text/plain")
    sentence = bytes(answer.data).decode().strip()
    assert "gRPC" in sentence and sentence.endswith(".")
    connection.good_call()


@pytest.mark.parametrize("content_type", ["application/grpc+proto", "application/grpc;charset=utf-8"])
def test_row_14_the_variants_of_the_content_type_are_grpc(target, content_type):
    connection = target.peer()
    fields = [*call_headers("EmptyCall")[:4], ("content-type", content_type), ("te", "trailers")]
    stream = connection.headers(fields)
    connection.data(stream, message(b""), end=True)
    assert connection.finished(stream).grpc_status == OK


def test_row_15_a_body_trickled_past_the_deadline_ends_with_it(target):
    connection = target.peer()
    began = time.monotonic()
    stream = connection.headers(call_headers("UnaryCall", ("grpc-timeout", "600m")))
    body = message(protos.SimpleRequest(payload=protos.payload(4_000)).SerializeToString())
    answer = connection.answer(stream)
    for byte in body:
        connection.send(frame(peer.DATA, 0, stream, bytes([byte])))
        connection.until(lambda: answer.ended or answer.reset is not None, 0.01)
        if answer.ended:
            break
    took = time.monotonic() - began
    assert answer.grpc_status == DEADLINE_EXCEEDED, answer
    assert 0.5 <= took <= 3, took
    connection.good_call()


def test_row_15_a_streaming_handler_is_stopped_by_its_deadline(target):
    connection = target.peer()
    request = protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=10, interval_us=100_000) for _ in range(1_000)])
    stream = connection.call("StreamingOutputCall", request.SerializeToString(), ("grpc-timeout", "500m"))
    answer = connection.finished(stream)
    assert answer.grpc_status == DEADLINE_EXCEEDED
    assert 1 <= len(answer.messages()) <= 6
    cpu = target.process.cpu_seconds()
    connection.good_call()
    assert target.process.cpu_seconds() - cpu < 0.5, "something goes on behind the deadline"


@pytest.mark.parametrize("value", ["", "1", "m", "-1S", "123456789S", "1s", "1 S", "0x1S"])
def test_row_15_a_timeout_that_is_none_never_harms_the_connection(target, value):
    connection = target.peer()
    stream = connection.call("EmptyCall", b"", ("grpc-timeout", value))
    answer = connection.finished(stream)
    assert answer.grpc_status is not None or answer.reset is not None, answer
    connection.good_call()


@pytest.mark.parametrize("value", ["99999999H", "99999999M", "99999999S", "99999999m", "99999999u", "99999999n"])
def test_row_15_the_longest_timeouts_of_each_unit_are_understood(target, value):
    connection = target.peer()
    assert connection.finished(connection.call("EmptyCall", b"", ("grpc-timeout", value))).grpc_status == OK


def much(count: int, size: int) -> bytes:
    return protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=size) for _ in range(count)]).SerializeToString()


def test_row_16_a_stream_that_is_never_read_is_held_back_while_others_go_on(target):
    connection = target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 65_535),))
    connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 16 << 20)))
    connection.update_windows = False
    stalled = connection.call("StreamingOutputCall", much(300, 1 << 20))
    connection.until(lambda: len(connection.answer(stalled).data) >= 65_535)
    for _ in range(20):
        connection.good_call(1_000)
    assert not connection.answer(stalled).ended
    connection.reset(stalled)
    connection.good_call()


def test_row_16_a_peer_that_never_reads_its_socket_holds_bounded_memory(fresh_target):
    connection = fresh_target.peer(receive_buffer=4_096, settings=((peer.INITIAL_WINDOW_SIZE, 0x7FFF_FFFF),))
    connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0x7FFF_0000)))
    connection.until(lambda: connection.server_settings)
    connection.reading = False
    for _ in range(50):
        connection.call("StreamingOutputCall", much(100, 1 << 20))
        if not connection.flush(1.0):
            break  # The server does not even take more requests: that too is a bound.
    # Another connection is served as if nothing were; by the end of it the memory would have been taken.
    other = fresh_target.peer()
    for _ in range(50):
        other.good_call(100_000)


def test_row_16_a_hundred_streams_of_unread_requests_hold_bounded_memory(fresh_target):
    """Handlers that cannot write do not read on; what their peers send meanwhile is what the windows allow."""
    fresh_target.memory_limit = 64 * MIB
    connection = fresh_target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 0),))
    connection.until(lambda: connection.server_settings)
    window = connection.server_settings[peer.INITIAL_WINDOW_SIZE]
    request = message(much(1, 200_000) + protos.StreamingOutputCallRequest(
        payload=protos.payload(8_000)).SerializeToString())
    for _ in range(100):
        stream = connection.headers(call_headers("FullDuplexCall"))
        connection.data(stream, request * (window // len(request)))
        assert connection.flush(), "the server no longer reads"
    other = fresh_target.peer()
    for _ in range(20):
        other.good_call(1_000)


def test_row_16_messages_that_are_never_whole_hold_bounded_memory(fresh_target):
    """A peer gets its window back for a message that is on its way, but all such messages together have a ceiling."""
    fresh_target.memory_limit = 96 * MIB
    connection = fresh_target.peer()
    part = struct.pack(">BI", 0, MESSAGE_LIMIT) + bytes(MESSAGE_LIMIT - 1_000)
    for _ in range(60):  # 240 MB, if the server took it all.
        stream = connection.headers(call_headers())
        send_with_credit(connection, stream, part, end=False)
        if connection.closed:
            break
    refused = [answer for answer in connection.answers.values() if answer.grpc_status == RESOURCE_EXHAUSTED]
    assert refused or connection.closed, "nothing was refused"
    fresh_target.peer().good_call()


def test_row_16_answers_that_are_never_read_hold_bounded_memory(fresh_target):
    """A hundred answers of 4 MB to a peer with no window: 400 MB, if they all were made."""
    fresh_target.memory_limit = 64 * MIB
    connection = fresh_target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 0),))
    connection.until(lambda: connection.server_settings)
    request = protos.SimpleRequest(response_size=4_000_000).SerializeToString()
    streams = [connection.call("UnaryCall", request) for _ in range(100)]
    assert connection.flush()
    other = fresh_target.peer()
    for _ in range(20):
        other.good_call(1_000)
    # Calls that wait for the first answers to be read are no lost ones: as they are read, all get theirs.
    connection.update_windows = False
    credit = struct.pack(">L", 4_000_100)
    connection.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0x7000_0000)))
    for stream in streams:
        connection.send(frame(WINDOW_UPDATE, 0, stream, credit))
    for stream in streams:
        answer = connection.finished(stream)
        assert answer.grpc_status == OK and len(answer.data) > 4_000_000, (
            answer.grpc_status, answer.reset, connection.goaway, connection.closed, fresh_target.process.log()[-500:])
        answer.data.clear()


def test_row_16_a_million_tiny_messages_that_are_never_read_hold_bounded_memory(fresh_target):
    """Each costs the server more than its byte: that is what counts."""
    fresh_target.memory_limit = 96 * MIB
    connection = fresh_target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 0),))
    connection.until(lambda: connection.server_settings)
    window = connection.server_settings[peer.INITIAL_WINDOW_SIZE]
    first = message(much(1, 200_000))
    tiny = message(b"")
    for _ in range(100):
        stream = connection.headers(call_headers("FullDuplexCall"))
        connection.data(stream, first + tiny * ((window - len(first)) // len(tiny)))
        assert connection.flush(), "the server no longer reads"
    connection.until(lambda: any(answer.ended for answer in connection.answers.values()))
    refused = [answer for answer in connection.answers.values() if answer.ended]
    assert refused and all(answer.grpc_status == RESOURCE_EXHAUSTED for answer in refused), refused[:3]
    fresh_target.peer().good_call()


@pytest.mark.skipif(REFERENCE, reason="grpcio waits for ever")
def test_row_16_a_reader_that_takes_a_byte_now_and_then_is_let_go(certs):
    with ServerProcess(certs, extra=["--stalled-writer-timeout", "1"]) as process, \
            Peer((process.host, process.port), peer.context(certs), settings=((peer.INITIAL_WINDOW_SIZE, 0),)) as drip:
        drip.until(lambda: drip.server_settings)
        drip.update_windows = False
        stream = drip.call("UnaryCall", protos.SimpleRequest(response_size=100_000).SerializeToString())
        answer = drip.answer(stream)
        for _ in range(200):
            drip.send(frame(WINDOW_UPDATE, 0, stream, struct.pack(">L", 1)))
            if drip.until(lambda: answer.reset is not None, 0.05):
                break
        assert answer.reset is not None, "a reader of twenty bytes a second is still served"
        assert 1 <= len(answer.data) < 200
        drip.send(peer.settings_frame((peer.INITIAL_WINDOW_SIZE, 65_535)))
        drip.good_call()  # The others of its connection go on.


# What the server waits for a reader that takes nothing, and what a busy machine may add, seconds.
STALL_LIMIT, STALL_SLACK = 30, 15


@pytest.mark.skipif(REFERENCE, reason="grpcio waits for ever")
def test_rows_9_and_16_readers_that_stall_are_let_go_in_time(target):
    """One holds its stream's window at zero: that stream ends. One never reads its socket: that connection ends."""
    waits = target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 0),))
    waits.until(lambda: waits.server_settings)
    held = waits.call("StreamingOutputCall", much(10, 100_000))
    deaf = target.peer(receive_buffer=4_096, settings=((peer.INITIAL_WINDOW_SIZE, 0x7FFF_FFFF),))
    deaf.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0x7FFF_0000)))
    deaf.until(lambda: deaf.server_settings)
    deaf.reading = False
    deaf.call("StreamingOutputCall", much(100, 1 << 20))
    deaf.flush()
    patient = target.peer(settings=((peer.INITIAL_WINDOW_SIZE, 65_535),))
    patient.update_windows = False
    patient.until(lambda: patient.server_settings)  # Acknowledged now, so that nothing is said later.
    late = patient.call("StreamingOutputCall", protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=200_000, interval_us=(STALL_LIMIT + 2) * 1_000_000)]).SerializeToString())
    began = time.monotonic()
    with_both = target.process.descriptors()
    answer = waits.finished(held, STALL_LIMIT + STALL_SLACK)
    assert answer.reset is not None, "the stream that nobody reads is still open"
    assert time.monotonic() - began > STALL_LIMIT / 3, "a slow reader would never have had a chance"
    # A call of this connection still gets its status; its message would need a window.
    other = waits.call("UnaryCall", protos.SimpleRequest(
        response_status=protos.EchoStatus(code=5, message="alive")).SerializeToString())
    assert waits.finished(other).grpc_status == 5
    rest = began + STALL_LIMIT + STALL_SLACK - time.monotonic()
    assert eventually(lambda: target.process.descriptors() < with_both, rest), "the deaf connection is still open"
    # A reader that has been silent because nothing came is no reader that stalls: it has its time from now on.
    answer = patient.answer(late)
    assert patient.until(lambda: len(answer.data) >= 65_535, STALL_LIMIT)
    patient.until(lambda: answer.reset is not None, 2.5)
    assert answer.reset is None, "a reader was given up before it could read"
    credit = struct.pack(">L", 1 << 20)
    patient.send(frame(WINDOW_UPDATE, 0, 0, credit) + frame(WINDOW_UPDATE, 0, late, credit))
    assert patient.finished(late).grpc_status == OK


# ── row 17: protobuf ───────────────────────────────────────────────────────

BROKEN = {
    "a length past the end": b"\x1a\x7f\x12\x05ab",
    "a nested length past its message": b"\x1a\x04\x12\x7fab",
    "a length beyond 2 GiB": b"\x1a\xff\xff\xff\xff\x0f",
    "a length of 2^64-1": b"\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    "a varint of eleven bytes": b"\x10" + b"\xff" * 10 + b"\x01",
    "a varint cut short": b"\x10\xff",
    "a tag cut short": b"\x80",
    "field number zero": b"\x00\x01",
    "bad UTF-8": b"\x3a\x06\x08\x02\x12\x02\xc3\x28",
    "a surrogate in UTF-8": b"\x3a\x07\x08\x02\x12\x03\xed\xa0\x80",
    "UTF-8 longer than needed": b"\x3a\x06\x08\x02\x12\x02\xc0\xaf",
    "a group": b"\x23\x10\x01\x24",
    "a group that never ends": b"\x23" * 40,
    "the end of no group": b"\x24",
    "wire type 6": b"\x16\x00",
    "wire type 7": b"\x17\x00",
    "a number where a message belongs": b"\x18\x01",
    "a message where a number belongs": b"\x12\x01\x00",
    "groups nested deep": b"\x9b\x06" * 20_000,
    "a fixed32 cut short": b"\xa5\x06\x01",
    "a fixed64 cut short": b"\xa1\x06\x01\x02\x03",
}


@pytest.mark.skipif(REFERENCE, reason="grpcio says INTERNAL")
@pytest.mark.parametrize("what", BROKEN)
def test_row_17_broken_protobuf_is_an_invalid_argument(target, what):
    connection = target.peer()
    answer = connection.finished(connection.call("UnaryCall", BROKEN[what]))
    assert answer.grpc_status == INVALID_ARGUMENT, answer
    assert answer.grpc_message
    connection.good_call()


@pytest.mark.skipif(REFERENCE, reason="grpcio says INTERNAL")
def test_row_17_the_error_names_the_field_where_it_is_known(target):
    connection = target.peer()
    answer = connection.finished(connection.call("UnaryCall", BROKEN["bad UTF-8"]))
    assert "response_status.message" in answer.grpc_message, answer.grpc_message


@pytest.mark.skipif(REFERENCE, reason="grpcio says INTERNAL")
def test_row_17_a_broken_message_in_a_stream_ends_that_stream_only(target):
    connection = target.peer()
    good = message(protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=5)]).SerializeToString())
    stream = connection.headers(call_headers("FullDuplexCall"))
    connection.data(stream, good + message(b"\x1a\x7f"))
    answer = connection.finished(stream)
    assert len(answer.messages()) == 1
    assert answer.grpc_status == INVALID_ARGUMENT
    connection.good_call()


def test_row_17_fields_from_a_newer_client_are_no_error(target):
    connection = target.peer()
    newer = protos.SimpleRequest(response_size=9).SerializeToString() + b"\xa2\x06\x03abc\xa8\x06\x2a\xad\x06\x01\x02\x03\x04"
    answer = connection.finished(connection.call("UnaryCall", newer))
    assert answer.grpc_status == OK
    assert len(protos.SimpleResponse.FromString(answer.messages()[0][1]).payload.body) == 9


def test_row_17_a_nul_survives_in_a_string(target):
    connection = target.peer()
    request = protos.SimpleRequest(response_status=protos.EchoStatus(code=2, message="before\0after"))
    answer = connection.finished(connection.call("UnaryCall", request.SerializeToString()))
    assert answer.grpc_status == 2
    assert answer.grpc_message == "before%00after"

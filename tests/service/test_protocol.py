from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.messages import BadMessage, Parser, encode
from bnviz.service.protocol import message_to_snapshot, snapshot_to_bytes
from bnviz.snapshot import Snapshot

SNAPSHOT = Snapshot(7, 0.25, {"plain": {"loss": np.array([1.0, np.nan], np.float32), "map": np.eye(2, dtype=np.uint8)}})


def read(data: bytes) -> list:
    return list(Parser().feed(data))


def test_a_snapshot_comes_back_bit_for_bit():
    [message] = read(snapshot_to_bytes(SNAPSHOT))
    back = message_to_snapshot(message)
    assert (back.step, back.epoch) == (7, 0.25)
    for name in ("loss", "map"):
        assert back["plain"][name].tobytes() == SNAPSHOT["plain"][name].tobytes()
        assert back["plain"][name].dtype == SNAPSHOT["plain"][name].dtype
        assert back["plain"][name].shape == SNAPSHOT["plain"][name].shape


@given(st.lists(st.integers(1, 50), max_size=30))
def test_messages_do_not_depend_on_how_the_bytes_were_cut(cuts: list[int]):
    data, parser, kinds = encode("play") + snapshot_to_bytes(SNAPSHOT) + encode("stop"), Parser(), []
    for cut in [*cuts, len(data)]:
        kinds += [message.kind for message in parser.feed(data[:cut])]
        data = data[cut:]
    assert kinds == ["play", "snapshot", "stop"]


@given(st.binary(min_size=0, max_size=60))
def test_noise_is_one_clear_error_or_waits_for_more(noise: bytes):
    lengths = len(noise).to_bytes(4, "little") + (0).to_bytes(4, "little")
    with pytest.raises(BadMessage):
        read(lengths + noise)


@pytest.mark.parametrize("layout", [
    b'[["a","|O",[1]]]', b'[["a","<f4",[-1]]]', b'[["a","<f4",[1000000]]]', b'[["a","<f4",[1.5]]]', b"7", b"[[]]",
])
def test_an_array_that_cannot_be_is_refused(layout: bytes):
    header = b'{"kind":"x","words":{},"arrays":' + layout + b"}"
    with pytest.raises(BadMessage):
        read(len(header).to_bytes(4, "little") + (4).to_bytes(4, "little") + header + bytes(4))


def test_a_message_over_the_cap_is_refused_before_it_is_read():
    with pytest.raises(BadMessage, match="allowed are 100"):
        list(Parser(most_bytes=100).feed((101).to_bytes(4, "little") + bytes(4)))


def test_a_body_over_the_cap_is_refused_too():
    with pytest.raises(BadMessage, match="a message of 104 bytes came; allowed are 100"):
        list(Parser(most_bytes=100).feed((4).to_bytes(4, "little") + (100).to_bytes(4, "little")))


def test_a_message_at_the_cap_is_read():
    data = encode("play")
    assert [message.kind for message in Parser(most_bytes=len(data) - 8).feed(data)] == ["play"]


@pytest.mark.parametrize("words", [{"step": "3", "epoch": 0.0}, {"step": 3, "epoch": "0"}, {"step": 3.0, "epoch": 0}])
def test_a_snapshot_without_a_number_for_its_step_or_epoch_is_refused(words):
    [message] = read(encode("snapshot", **words))
    with pytest.raises(BadMessage, match="where a snapshot was expected"):
        message_to_snapshot(message)


def test_bytes_that_no_array_claims_are_refused():
    data = encode("x")
    with pytest.raises(BadMessage, match="spoke of 0 bytes; 4 came"):
        read(data[:4] + (4).to_bytes(4, "little") + data[8:] + bytes(4))


def test_another_message_is_no_snapshot():
    [message] = read(encode("state"))
    with pytest.raises(BadMessage):
        message_to_snapshot(message)

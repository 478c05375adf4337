"""Frames are told apart by their heads, however they were cut on their way."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from bnviz.live.limits.frames import FrameHeads

WHOLE = [Frame(Opcode.TEXT, b"{}"), Frame(Opcode.BINARY, b"")]
PARTS = [
    Frame(Opcode.PING, b""), Frame(Opcode.PONG, b"x"), Frame(Opcode.CLOSE, b""), Frame(Opcode.TEXT, b"x", fin=False),
    Frame(Opcode.CONT, b"x" * 200, fin=False), Frame(Opcode.CONT, b"x" * 70_000),
]  # fmt: skip


@given(st.lists(st.sampled_from(WHOLE + PARTS), max_size=12), st.lists(st.integers(1, 300), min_size=1), st.booleans())
def test_every_frame_is_seen_once_and_told_whether_it_is_a_whole_message(frames, cuts, mask):
    data, heads, seen = b"".join(frame.serialize(mask=mask) for frame in frames), FrameHeads(), []
    for at in range(len(data)):
        size = cuts[at % len(cuts)]
        seen += heads.read(data[:size])
        data = data[size:]
    assert seen == [frame in WHOLE for frame in frames]


def test_a_frame_as_long_as_can_be_said_is_one():
    assert list(FrameHeads().read(b"\x82\xff" + b"\xff" * 8 + b"mask" + b"x" * 1000)) == [True]

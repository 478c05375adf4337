from __future__ import annotations

import contextlib

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.experiment import Experiment
from bnviz.lessons.presets import PRESETS
from bnviz.live.protocol import (
    Ack,
    BadCommand,
    PackedRow,
    Press,
    Speed,
    frame,
    parse,
    setup_message,
    state_message,
)
from bnviz.service import State
from bnviz.snapshot import Event

TWINS = PRESETS["figure_1"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('{"do":"ack","run":2,"step":40}', Ack(do="ack", run=2, step=40)),
        ('{"do":"play"}', Press(do="play")),
        ('{"do":"speed","value":0}', Speed(do="speed", value=0)),
        ('{"do":"speed","value":10000}', Speed(do="speed", value=10_000)),
    ],
)
def test_a_command_is_read(text: str, command: object):
    assert parse(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "", "play", "{}", "[]", "null", '{"do":"fly"}', '{"do":"play","now":1}', '{"do":"speed"}',
        '{"do":"speed","value":-1}', '{"do":"speed","value":10001}', '{"do":"speed","value":"5"}',
        '{"do":"ack","run":1}', '{"do":"ack","run":1,"step":true}', '{"do":"play"' + " " * 5000 + "}", "[" * 4000,
        '{"do":"ack","run":1,"step":1' + "0" * 400 + "}",
    ],
)  # fmt: skip
def test_anything_else_is_no_command_and_no_reason_is_given(text: str):
    with pytest.raises(BadCommand) as caught:
        parse(text)
    assert str(caught.value) == ""


@given(st.text())
def test_no_text_does_more_than_be_refused(text: str):
    with contextlib.suppress(BadCommand):
        parse(text)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_the_rows_of_a_frame_begin_at_a_multiple_of_eight(captions: list[str]):
    rows = [PackedRow(step, step / 4, caption, b"abcd") for step, caption in enumerate(captions)]
    data = frame(3, rows)
    length = int.from_bytes(data[:4], "little")
    assert (4 + length) % 8 == 0
    assert orjson.loads(data[4 : 4 + length])["captions"] == captions
    assert data[4 + length :] == b"abcd" * len(rows)


def test_a_setup_message_says_what_a_row_holds():
    setup = orjson.loads(setup_message(4, "live", TWINS))
    assert (setup["kind"], setup["run"], setup["label"]) == ("setup", 4, "live")
    assert Experiment.from_json(orjson.dumps(setup["experiment"])) == TWINS
    assert {column["dtype"] for column in setup["columns"]} <= {"f4", "u1"}
    assert setup["picks"]["layer"] == [1, 2, 3]
    assert [arm["label"] for arm in setup["arms"]] == ["plain", "BN"]
    assert [arm["about"] for arm in setup["arms"]] == [run.describe() for run in TWINS.arms.values()]


@pytest.mark.parametrize(("width", "units"), [(8, 8), (100, 32)])
def test_a_unit_may_be_picked_where_it_is_there_and_watched(width: int, units: int):
    setup = orjson.loads(setup_message(1, "live", TWINS.replace(width=width)))
    assert setup["picks"]["unit"] == list(range(1, units + 1))


def test_a_state_message_is_plain_json():
    state = State("queued", position=2, estimate_seconds=7.5, rates={"plain": 0.5}, steps_per_second=3.0)
    message = orjson.loads(state_message(1, "queued", state, speed=10))
    assert (message["position"], message["rates"], message["speed"]) == (2, {"plain": 0.5}, 10)
    assert (message["estimate_seconds"], message["steps_per_second"]) == (7.5, 3.0)


def test_a_state_message_says_why_networks_could_not_be_trained_in_the_words_of_the_page():
    state = State("failed", message="batch_size was 60, but digits has only 40 training examples here.")
    assert orjson.loads(state_message(1, "failed", state, 0))["message"].startswith("Batch size was 60, but digits has")


def test_a_state_message_tells_what_was_done_in_few_words_and_the_newest_only():
    events = [Event(step, f"learning rate set to {step}") for step in range(60)]
    told = orjson.loads(state_message(1, "running", State("running"), 0, events))["events"]
    assert told == [[step, f"rate {step}"] for step in range(10, 60)]


def test_numbers_that_json_cannot_carry_do_not_occur():
    assert b"NaN" not in frame(1, [PackedRow(0, float(np.float32(0.5)), "", b"")])


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 4000, '{"a":' * 600, '{"do":' * 600, '{"do":"ack","run":' + "9" * 4000 + ',"step":0}', '"\\u0000"',
        '{"do":"speed","value":1e400}', '{"do":"speed","value":-1}', '{"do":"speed","value":true}', "NaN", "1e999999",
        '{"do":"ack","run":1,"step":9007199254740993}', '{"do":"play","do":"rm"}', '{"do":["play"]}',
        '{"do":"play","__proto__":{}}', '{"do":"ack","run":"1","step":0}', '\ufeff{"do":"play"}',
        '{"do":"play"}{"do":"play"}',
    ],
    ids=range(17),
)  # fmt: skip
def test_a_json_bomb_is_no_command(bomb: str):
    with pytest.raises(BadCommand):
        parse(bomb)

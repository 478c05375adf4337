"""A saved history comes back bit for bit; whatever else lies in a file is refused in one sentence."""

import hashlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz import Experiment, History, Run, record
from bnviz import history_file as files
from bnviz.messages import encode
from bnviz.run_file import MAGIC, sealed

NETWORKS = {
    "fully connected": Run(depth=2, width=40, samples=80),
    "in the plane": Run(dataset="moons", depth=1, width=4, samples=80),
    "convolutional": Run(network="cnn", depth=2, width=4, samples=80, batch_size=8),
    "recurrent": Run(network="rnn", depth=1, width=4, samples=80, batch_size=8),
}


@pytest.fixture(scope="module")
def trained():
    plain = NETWORKS["in the plane"]
    twins = Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=[0, 3])
    return record(twins.replace(changes=[(3, 0.1)]), steps=4, every=2, inside=[(1, 2)])


def alike(one, other):
    arrays, about = one.parts()
    others, also = other.parts()
    assert about == also and list(arrays) == list(others)
    return all(np.array_equal(arrays[name], others[name], equal_nan=True) for name in arrays)


def test_a_saved_history_comes_back_bit_for_bit_with_what_is_needed_to_go_on(trained, tmp_path):
    trained.save(tmp_path / "run.bnviz")
    back = History.load(tmp_path / "run.bnviz")
    assert alike(trained, back) and back.experiment == trained.experiment and back.made_by["torch"]
    assert trained.checkpoint and back.checkpoint.keys() == trained.checkpoint.keys()
    assert (tmp_path / "run.bnviz").read_bytes() == trained.to_file()


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_reading_of_every_kind_of_network_is_let_in(kind):
    run = NETWORKS[kind]
    instruments = ["landscape", "modes", "geometry", "memory"]
    seen = record(Experiment(arms={"own": run}, seeds=[0, 1], instruments=instruments), steps=1, every=1)
    assert alike(seen, History.from_file(seen.to_file()))


def test_who_only_shows_a_history_need_not_take_its_checkpoint(trained):
    whole, bare = trained.to_file(), History.from_parts(*trained.parts())
    first = whole[: whole.index(MAGIC, 1)]
    assert alike(trained, History.from_file(first, whole=False)) and len(first) == len(bare.to_file())
    with pytest.raises(files.NotAHistory, match="its end is another one's, or missing"):
        History.from_file(first)
    with pytest.raises(files.NotAHistory, match="its end is another one's, or missing"):
        History.from_file(first + whole[len(first) : -1], whole=False)


def test_there_is_nothing_to_save_of_an_empty_history(tmp_path):
    with pytest.raises(ValueError, match="nothing to save"):
        History(Experiment(arms={"plain": Run()})).save(tmp_path / "run.bnviz")
    assert list(tmp_path.iterdir()) == []


@given(data=st.data())
def test_a_file_that_lost_or_changed_a_byte_is_refused(trained, data):
    whole = trained.to_file()
    at, much = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    changed = bytearray(whole)
    changed[at] = (changed[at] + much) % 256
    for wrong in (whole[:at], bytes(changed)):
        with pytest.raises(files.NotAHistory):
            History.from_file(wrong)


@pytest.mark.parametrize(("body", "words"), [
    (b"\x80\x04N.", "it does not begin as one"),
    (b"bnviz run 9\n" + bytes(40), "another version of bnviz wrote it"),
    (MAGIC + bytes(40), "its checksum is that of other bytes"),
    (sealed(b"PK\x03\x04" + bytes(99)), "its contents are something else"),
    (sealed(encode("stored")), "but 'stored'"),
    (MAGIC, "its checksum is that of other bytes"),
])  # fmt: skip
def test_another_file_is_refused_in_a_sentence_that_says_what_it_is_not(body, words):
    with pytest.raises(files.NotAHistory, match=words):
        History.from_file(body)


def test_what_is_too_large_is_not_even_read(trained, tmp_path):
    with pytest.raises(files.NotAHistory, match=r"has 0.\d MiB; allowed are 0"):
        History.from_file(trained.to_file(), most_bytes=9)
    with open(tmp_path / "long.bnviz", "wb") as file:
        file.truncate(80 * 2**20)
    with pytest.raises(files.NotAHistory, match=r"80\.0 MiB; allowed are 64"):
        History.load(tmp_path / "long.bnviz")


def forged(trained, arrays=(), about=()):
    """A file with a right checksum and wrong contents."""
    own, words = trained.parts()
    nothing_behind = hashlib.blake2b(b"", digest_size=16).hexdigest()
    return sealed(encode("history", {**own, **dict(arrays)}, **{**words, "rest": nothing_behind, **dict(about)}))


FORGED = {
    "more seeds": ({"bn/train_loss": np.zeros((3, 9), np.float32)}, {}),
    "fewer snapshots": ({"bn/train_loss": np.zeros((2, 2), np.float32)}, {}),
    "an arm of no experiment": ({"other/train_loss": np.zeros((3, 2), np.float32)}, {}),
    "a quantity of no network": ({"bn/secret": np.zeros((3, 2), np.float32)}, {}),
    "no pictures in the plane": ({"bn/network_pictures": np.zeros((3, 640), np.uint8)}, {}),
    "numbers for bytes": ({"bn/decision": np.zeros((3, 40, 40), np.float32)}, {}),
    "half a unit": ({"bn/inside": np.zeros((3, 1, 9), np.float32)}, {}),
    "steps that fall": ({"steps": np.array([0, 4, 2])}, {}),
    "steps before the first": ({"steps": np.array([-2, 0, 2])}, {}),
    "steps that are no numbers": ({"steps": np.zeros((3, 1))}, {}),
    "an epoch too few": ({}, {"epochs": [0.0, 1.0]}),
    "an epoch that is text": ({}, {"epochs": [0.0, 1.0, "2"]}),
    "no room": ({}, {"capacity": 0}),
    "too much room": ({}, {"capacity": 10**9}),
    "a link in an event": ({}, {"events": [[1, "<a href='//evil'>look</a>"]]}),
    "an event without a step": ({}, {"events": [["1", "look"]]}),
    "a page of makers": ({}, {"made_by": {"bnviz": "<script>"}}),
    "no experiment": ({}, {"experiment": None}),
    "an experiment that cannot be": ({}, {"experiment": {"arms": {"plain": {"depth": 10**6}}}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_a_right_checksum_does_not_make_it_believed(trained, kind):
    with pytest.raises(files.NotAHistory):
        History.from_file(forged(trained, *FORGED[kind]))


def test_the_forger_s_tools_forge_nothing_by_themselves(trained):
    assert alike(trained, History.from_file(forged(trained)))


def test_a_word_that_json_has_and_no_history_is_refused(trained):
    _, words = trained.parts()
    assert all(map(math.isfinite, json.loads(json.dumps(words))["epochs"]))
    with pytest.raises(files.NotAHistory, match="epochs"):
        History.from_file(forged(trained, {}, {"epochs": [0, 1, True]}))

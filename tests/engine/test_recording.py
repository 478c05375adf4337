"""Recording collects what training yields, goes on where a history ended, and says what it went on from."""

import numpy as np
import pytest

from bnviz import Experiment, History, InvalidChoice, Run, record, sweep, train
from bnviz.snapshot import Event

PLAIN = Run(dataset="moons", depth=2, width=6, samples=120, batch_size=20, dropout=0.2, sgd_momentum=0.9)
TWINS = Experiment(arms={"plain": PLAIN, "bn": PLAIN.replace(normalization="batch")}, seeds=[0, 1])


def seen(history):
    return {name: values for name, values in history.parts()[0].items()}


def assert_same(one, other):
    assert seen(one).keys() == seen(other).keys()
    for name, values in seen(one).items():
        np.testing.assert_array_equal(values, seen(other)[name], name)


@pytest.fixture(scope="module")
def first():
    return record(TWINS, steps=30, every=10)


@pytest.fixture(scope="module")
def whole():
    return record(TWINS, steps=60, every=10)


def test_recording_keeps_what_training_yields(first):
    for snapshot, kept in zip(train(TWINS, every=10), first, strict=False):
        np.testing.assert_array_equal(snapshot["bn"]["train_loss"], kept["bn"]["train_loss"])


def test_going_on_gives_what_one_longer_recording_gives(first, whole):
    longer = record(TWINS, steps=60, every=10, start=first)
    assert_same(longer, whole)
    assert longer.events == [Event(30, "went on from a saved history")]


def test_without_a_checkpoint_the_beginning_is_trained_again_and_an_event_says_so(first, whole):
    bare = History.from_parts(*first.parts())
    longer = record(TWINS, steps=60, every=10, start=bare)
    assert_same(longer, whole)
    assert longer.events == [Event(30, "trained again up to here, to the same losses")]


def test_where_training_again_gives_other_losses_the_event_says_how_far(first):
    bare = History.from_parts(*first.parts())
    bare.latest["bn"]["train_loss"][:] *= 2
    assert record(TWINS, steps=40, start=bare).events == [
        Event(30, "trained again up to here, to losses that differ by up to 50.0%")
    ]


def test_a_file_is_gone_on_from_like_the_history_itself(first, whole, tmp_path):
    first.save(tmp_path / "run.bnviz")
    assert_same(record(TWINS, steps=60, every=10, start=History.load(tmp_path / "run.bnviz")), whole)


def test_a_rate_may_change_behind_where_the_history_ends(first):
    turned = TWINS.replace(changes=[(45, 0.01)])
    assert_same(record(turned, steps=60, every=10, start=first), record(turned, steps=60, every=10))


@pytest.mark.parametrize(("experiment", "steps", "sentence"), [
    (TWINS.replace(width=7), 60, "start is of another experiment"),
    (TWINS, 30, "steps was 30; allowed is more than 30"),
    (TWINS.replace(changes=[(20, 0.01)]), 60, "changes otherwise than in start up to step 30"),
])  # fmt: skip
def test_what_does_not_follow_from_the_history_is_refused(first, experiment, steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        record(experiment, steps=steps, start=first)


@pytest.mark.parametrize(("wanted", "shown"), [(True, True), (False, False), (None, False)])
def test_a_bar_is_drawn_where_it_is_wanted_and_by_default_not_into_a_file(capfd, wanted, shown):
    record(TWINS, steps=2, every=1, progress=wanted)
    out, err = capfd.readouterr()
    assert out == "" and ("2/2" in err) == shown


def test_by_default_a_bar_is_drawn_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    record(TWINS, steps=2, every=1)
    assert "2/2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given", [3, "ab", [(1,)], [(1.0, 1)], [("a", 1)], [(True, 1)], [1], [(0, 1)], [(1, 7)]], ids=str
)
def test_a_unit_that_is_none_is_refused_in_our_own_words(given):
    with pytest.raises(ValueError, match=r"; allowed (is|are) "):
        record(TWINS, steps=1, inside=given)


@pytest.mark.parametrize("call", [record, lambda given: next(train(given)), lambda given: sweep(given, depth=[1])])
@pytest.mark.parametrize("given", [PLAIN, {"plain": PLAIN}, None])
def test_what_is_no_experiment_is_refused_with_how_one_is_made(call, given):
    with pytest.raises(ValueError, match=r"allowed is an Experiment: try Experiment\(arms="):
        call(given)


def test_a_start_that_is_no_history_is_refused_in_a_sentence():
    with pytest.raises(InvalidChoice, match=r"start was 'run.bnviz'; allowed is a History: try History\.load"):
        record(TWINS, steps=60, start="run.bnviz")

"""Runs on disk: found again bit for bit, bounded, and never believed when they are damaged."""

import os
import shutil
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.service import metrics, store
from bnviz.service.store import Store, StoredRun, key_of, what_computes
from bnviz.snapshot import Event, History
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()


def stored(steps=5, experiment=EXAMPLE, goal=None, **words):
    trainer, history = Scripted(experiment), History(experiment)
    for _ in range(steps):
        history.append(trainer.snapshot())
        trainer.advance()
    history.events = [Event(2, "something was done")]
    return StoredRun(history, goal, checkpoint=trainer.checkpoint(), **words)


@pytest.fixture
def cache(tmp_path):
    return Store(tmp_path / "runs", 1)


def file_of(cache):
    (path,) = cache._folder.iterdir()
    return path


def test_what_was_kept_is_found_again_bit_for_bit(cache):
    run = stored(goal=9, complete=True)
    cache.keep(run)
    found = cache.find(EXAMPLE, 9)
    assert (found.goal, found.complete, found.history.events) == (9, True, run.history.events)
    assert found.history.steps.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(found.history.series("bn", "train_loss"), run.history.series("bn", "train_loss"))
    np.testing.assert_array_equal(found.checkpoint["rates"], run.checkpoint["rates"])


def test_another_goal_or_experiment_is_another_run(cache):
    cache.keep(stored(goal=9))
    assert cache.find(EXAMPLE, 10) is None
    assert cache.find(EXAMPLE.replace(learning_rate=0.1), 9) is None


def test_a_file_under_the_name_of_another_run_is_not_taken_for_it(cache):
    cache.keep(stored(goal=9))
    file_of(cache).rename(cache._path(EXAMPLE, 10))
    assert cache.find(EXAMPLE, 10) is None and not list(cache._folder.iterdir())


def test_a_file_that_no_message_could_fill_is_removed_unread(cache, monkeypatch):
    cache.keep(stored())
    monkeypatch.setattr(store, "MOST_BYTES", file_of(cache).stat().st_size - 1)
    monkeypatch.setattr(Path, "read_bytes", None)
    assert cache.find(EXAMPLE) is None and not list(cache._folder.iterdir())


@pytest.mark.parametrize("complete", [False, True])
def test_whether_a_run_is_complete_is_kept(cache, complete):
    cache.keep(stored(complete=complete))
    assert cache.find(EXAMPLE).complete is complete


def test_what_could_not_be_written_whole_leaves_nothing(cache, monkeypatch):
    monkeypatch.setattr(Path, "replace", Mock(side_effect=OSError("no room")))
    cache.keep(stored())
    assert not list(cache._folder.iterdir())


def test_what_is_found_and_what_is_missed_is_counted(cache):
    def counted():
        return [metrics.CACHE.labels(answer)._value.get() for answer in ("hit", "miss")]

    hits, misses = counted()
    cache.keep(stored(goal=9))
    assert [cache.find(EXAMPLE, goal) is not None for goal in (9, 9, 10)] == [True, True, False]
    assert counted() == [hits + 2, misses + 1]


def test_the_name_is_that_of_the_content():
    assert key_of(EXAMPLE, 3) == key_of(Scripted.example(), 3)
    assert len({key_of(EXAMPLE, None), key_of(EXAMPLE, 3), key_of(EXAMPLE.replace(width=7), 3)}) == 3


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the code, in place of ours."""
    ours = Path(store.__file__).parents[1]
    copy = shutil.copytree(ours, tmp_path / "bnviz", ignore=shutil.ignore_patterns("recorded", "__pycache__", "board"))
    monkeypatch.setattr(store, "_PACKAGE", copy)
    return copy


def test_whatever_is_changed_in_the_engine_or_in_what_it_reads_its_choices_from_gives_other_names(package):
    reads = ("run", "fields", "experiment", "quantities", "snapshot", "datasets", "device", "axes", "sweeps")
    files = [*(package / "engine").rglob("*.py"), *(package / f"{name}.py" for name in reads)]
    names = {what_computes.__wrapped__()}
    for path in files:
        path.write_text(f"{path.read_text()}\n")
        names.add(what_computes.__wrapped__())
    assert len(files) > 50 and len(names) == len(files) + 1


def test_what_is_changed_in_a_page_keeps_the_names(package):
    before = what_computes.__wrapped__()
    (package / "ui/lab.py").write_text("")
    assert what_computes.__wrapped__() == before


@pytest.mark.parametrize("library", ["torch", "numpy", "scikit-learn"])
def test_another_version_of_a_library_that_computes_gives_other_names(library, monkeypatch):
    before, installed = what_computes.__wrapped__(), store.version
    monkeypatch.setattr(store, "version", lambda name: "0.1" if name == library else installed(name))
    assert what_computes.__wrapped__() != before


def test_the_name_of_a_run_holds_what_computes_it(monkeypatch):
    before = key_of(EXAMPLE, 3)
    monkeypatch.setattr(store, "what_computes", lambda: "another engine")
    assert key_of(EXAMPLE, 3) != before


@pytest.mark.parametrize("harm", ["cut", "flipped", "foreign", "empty"])
def test_a_damaged_file_was_never_there(cache, harm):
    cache.keep(stored())
    path = file_of(cache)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    harmed = {"cut": data[:-1], "flipped": data, "foreign": b"\x80\x04K\x01.", "empty": b""}
    path.write_bytes(harmed[harm])
    assert cache.find(EXAMPLE) is None and not path.exists()


@given(st.data())
def test_any_single_flipped_bit_is_noticed(tmp_path_factory, data):
    cache = Store(tmp_path_factory.mktemp("runs"), 1)
    cache.keep(stored(steps=1))
    path = file_of(cache)
    whole = bytearray(path.read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(whole)
    assert cache.find(EXAMPLE) is None


def test_what_was_used_longest_ago_makes_room(tmp_path):
    runs = [stored(experiment=EXAMPLE.replace(width=width)) for width in (8, 9, 10)]
    cache = Store(tmp_path, 1)
    for age, run in enumerate(runs):
        cache.keep(run)
        os.utime(cache._path(run.history.experiment, None), (age, age))
    cache._most = 2 * file_of_size(cache)
    assert cache.find(runs[0].history.experiment)
    cache.keep(runs[2])
    assert [cache.find(run.history.experiment) is not None for run in runs] == [True, False, True]


def file_of_size(cache):
    return max(path.stat().st_size for path in cache._folder.iterdir())


def test_a_folder_that_cannot_be_written_to_keeps_nothing_and_is_spoken_of_once(tmp_path, caplog):
    (tmp_path / "file").touch()
    cache = Store(tmp_path / "file" / "runs", 1)
    cache.keep(stored())
    cache.keep(stored())
    assert cache.find(EXAMPLE) is None and len(caplog.records) == 1


def test_without_room_nothing_is_kept(tmp_path):
    cache = Store(tmp_path / "runs", 0)
    cache.keep(stored())
    assert not (tmp_path / "runs").exists()


def test_what_would_not_be_read_again_is_not_kept(cache, monkeypatch):
    monkeypatch.setattr("bnviz.service.store.MOST_BYTES", 1000)
    cache.keep(stored())
    assert cache.find(EXAMPLE) is None and not cache._folder.exists()


def test_a_header_that_promises_more_than_came_costs_no_memory(cache):
    promised = b'{"kind":"stored","words":{},"arrays":[["seen/bn/train_loss","<f8",[4000000000]]]}'
    with pytest.raises(ValueError, match="no stored run"):
        StoredRun.from_bytes(len(promised).to_bytes(4, "little") + bytes(4) + promised)


@pytest.mark.parametrize(("age", "stays"), [(1e6, False), (0, True)])
def test_what_a_server_left_half_written_when_it_died_is_swept_away(cache, age, stays):
    cache.keep(stored())
    half = cache._folder / "dead.1.2.part"
    half.touch()
    os.utime(half, (half.stat().st_mtime - age,) * 2)
    cache.keep(stored())
    assert half.exists() is stays


def test_two_servers_may_share_a_folder(tmp_path):
    Store(tmp_path, 1).keep(stored(steps=3))
    assert len(Store(tmp_path, 1).find(EXAMPLE).history) == 3

"""Data of readers' own on disk: found by their hash alone, for a bounded time and in bounded space, and by workers."""

import os
import socket
import threading
from pathlib import Path

import numpy as np
import pytest

from bnviz import own_data
from bnviz.experiment import Experiment
from bnviz.messages import Parser, encode
from bnviz.own_data import MadeSet, arrays_of, body_at_hand, prepared
from bnviz.own_words import own_set
from bnviz.run import Run
from bnviz.service.own_sets import DAY, OwnSets
from bnviz.service.protocol import Start
from bnviz.service.training_job import TrainingJob
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import serve
from bnviz.sweeps import Sweep
from bnviz.testing import Scripted

Y = np.arange(30) % 2


def made(seed=0, rows=30):
    x = np.random.default_rng(seed).normal(size=(rows, 3))
    return prepared(x, np.arange(rows) % 2, "mine", {"columns": ["a", "b", "c"]})


class Hours:
    """The folder's clock, which goes on when it is told to."""

    def __init__(self):
        self.now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hours()


@pytest.fixture
def sets(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(own_data, "_made", {})
    monkeypatch.setattr(own_data, "_taken", type(own_data._taken)())
    return OwnSets(tmp_path / "own", 1, 7, clock)


def another(sets):
    """A server that shares the folder, or the same after a restart."""
    return OwnSets(sets._folder, 1, 7, sets._clock)


def set_age(sets, seconds):
    """Files were used last so long before the clock's time."""
    for path in sets._folder.iterdir():
        os.utime(path, (sets._clock() - seconds,) * 2)


def test_what_was_kept_is_found_after_a_restart_by_its_word(sets):
    sets.keep(made())
    set_age(sets, 0)
    assert another(sets).find(made().word) == made().body
    assert another(sets).about(made().word)["columns"] == ["a", "b", "c"]


def test_without_its_hash_nothing_is_found(sets):
    sets.keep(made())
    word, last = made().word[:-1], made().word[-1]
    assert sets.find(word + "01"[last == "0"]) is None and sets.find(word + last) == made().body


def test_no_name_on_disk_tells_the_hash(sets):
    sets.keep(made())
    (path,) = sets._folder.iterdir()
    assert own_set(made().word).content not in path.name


def test_what_nobody_used_for_a_week_is_gone_and_what_was_used_stays(sets, clock):
    sets.keep(made())
    set_age(sets, 0)
    clock.now += 6 * DAY
    assert not sets.is_gone(made().word)
    clock.now += 6 * DAY
    assert not sets.is_gone(made().word)
    clock.now += 8 * DAY
    set_age(sets, 8 * DAY)
    assert sets.is_gone(made().word) and another(sets).is_gone(made().word)


def test_the_ones_used_longest_ago_make_room(sets):
    wide = [prepared(np.random.default_rng(seed).normal(size=(900, 100)), np.arange(900) % 2, "wide", {})
            for seed in range(4)]  # fmt: skip
    for age, each in enumerate(wide):
        sets.keep(each)
        for path in sets._folder.iterdir():
            os.utime(path, (sets._clock() - 100 + age,) * 2) if path == sets._path(each.word) else None
    fresh = another(sets)
    assert fresh.is_gone(wide[0].word) and not fresh.is_gone(wide[3].word)


def test_a_damaged_file_is_not_there(sets):
    sets.keep(made())
    (path,) = sets._folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    set_age(sets, 0)
    assert another(sets).is_gone(made().word)


def test_what_another_user_owns_is_in_nobodys_way(sets, monkeypatch, caplog):
    sets.keep(made())
    set_age(sets, 8 * DAY)
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: os.rmdir(path))
    sets.keep(made(1))
    assert another(sets).find(made(1).word) and not caplog.records


def test_what_cannot_be_written_is_kept_in_memory(sets):
    sets._folder.write_text("a file where the folder should be")
    sets.keep(made())
    assert sets.find(made().word) == made().body


def test_points_that_ride_in_their_word_are_never_gone_and_need_no_message(sets):
    points = prepared(np.random.default_rng(0).normal(size=(30, 2)), Y, "mine", {})
    sets.keep(points)
    assert isinstance(points, MadeSet) and not sets.is_gone(points.word)
    assert sets.messages([points.word, "digits"]) == b"" and not sets._folder.exists()


def test_a_set_travels_once_ahead_of_what_a_worker_is_told(sets):
    sets.keep(made())
    (message,) = Parser().feed(sets.messages([made().word, "digits", made().word]))
    assert (message.kind, message.words["word"]) == ("own", made().word)
    assert message.arrays["body"].tobytes() == made().body


def test_a_worker_has_what_it_was_sent_at_hand_and_serves_what_comes_behind(sets):
    sets.keep(made())
    ours, theirs = socket.socketpair()
    worker = threading.Thread(target=serve, args=(Pipe(theirs), Engine(Scripted), lambda mebibytes: None))
    worker.start()
    start = encode("start", experiment=Scripted.example().to_json(), **Start(memory_mib=64).words())
    with ours:
        ours.sendall(sets.messages([made().word]) + start + encode("stop"))
        worker.join(30)
    theirs.close()
    assert not worker.is_alive() and body_at_hand(made().word) == made().body
    assert arrays_of(made().word).x.shape == (30, 3)


def test_jobs_name_what_they_learn_from():
    runs = {"plain": Run(dataset="moons"), "other": Run(dataset="xor")}
    experiment = Experiment(arms=runs, seeds=[0])
    assert TrainingJob.datasets.fget(type("Job", (), {"experiment": experiment})) == ("moons", "xor")
    assert Sweep(experiment, {"dataset": ("circles",)}).datasets == ("moons", "xor", "circles")

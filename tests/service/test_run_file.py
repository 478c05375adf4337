"""A run's file: only a plain one of ours is opened, only a damaged one is removed, and no writer harms another's."""

import contextlib
import hashlib
import os
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from bnviz.messages import encode
from bnviz.run_file import MAGIC
from bnviz.service.store import Store, StoredRun, key_of
from bnviz.snapshot import History
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()
RUN = StoredRun(History(EXAMPLE), checkpoint={"rates": np.ones(100)})
ELSE = StoredRun(History(EXAMPLE), goal=9)


@pytest.fixture
def cache(tmp_path):
    return Store(tmp_path / "runs", 1)


@pytest.fixture
def path(cache):
    cache.keep(RUN)
    return cache._path(EXAMPLE, None)


def link(target):
    return lambda path: path.symlink_to(target(path) if callable(target) else target)


def bind(path):
    """A socket's address is short: it is bound by the name alone."""
    with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(path.parent):
        server.bind(path.name)


STRANGE = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": bind,
    "a link to a device": link("/dev/zero"),
    "a link to nothing": link("nothing"),
    "a link to itself": link(lambda path: path),
    "a link to a good run": link(lambda path: path.with_suffix(".good")),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_plain_file_is_neither_opened_nor_removed(cache, path, kind):
    path.rename(path.with_suffix(".good"))
    STRANGE[kind](path)
    seen = path.lstat()
    assert cache.find(EXAMPLE) is None and path.lstat() == seen


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_plain_file_is_in_nobody_elses_way(cache, path, kind):
    path.rename(path.with_suffix(".good"))
    STRANGE[kind](path)
    cache.keep(RUN)
    cache.keep(ELSE)
    assert cache.find(EXAMPLE, 9)
    assert (cache.find(EXAMPLE) is None) is (kind == "a folder")
    assert path.with_suffix(".good").read_bytes().startswith(MAGIC)


def test_a_pipe_that_takes_a_files_place_between_the_look_and_the_opening_is_not_waited_for(cache, path, monkeypatch):
    look, seen = Path.lstat, path.lstat()

    def before(_):
        monkeypatch.setattr(Path, "lstat", look)
        return seen

    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "lstat", before)
    assert cache.find(EXAMPLE) is None and path.is_fifo()


@pytest.fixture
def when_checked(monkeypatch):
    """Has something happen while a file that was read is checked, once."""

    def happens(what):
        def checked(*args, **words):
            monkeypatch.undo()
            what()
            return hashlib.blake2b(*args, **words)

        monkeypatch.setattr(hashlib, "blake2b", checked)

    return happens


def test_a_good_file_that_took_a_damaged_ones_place_stays(cache, path, when_checked):
    path.write_bytes(path.read_bytes()[:-1])
    when_checked(lambda: Store(path.parent, 1).keep(RUN))
    assert cache.find(EXAMPLE) is None
    assert cache.find(EXAMPLE)


@pytest.mark.parametrize("change", [b"more", b""])
def test_what_changes_while_it_is_read_is_not_proved_damaged(cache, path, when_checked, change):
    path.write_bytes(path.read_bytes()[:-1])
    when_checked(lambda: path.write_bytes(change))
    assert cache.find(EXAMPLE) is None and path.read_bytes() == change


@pytest.mark.parametrize("magic", [b"bnviz run 2\n", b"bnviz run 10\n"])
def test_a_file_of_another_format_stays(cache, path, magic):
    path.write_bytes(magic + bytes(1000))
    assert cache.find(EXAMPLE) is None and path.exists()


def test_another_format_gives_other_names(monkeypatch):
    before = key_of(EXAMPLE, None)
    monkeypatch.setattr("bnviz.service.store.MAGIC", b"bnviz run 2\n")
    assert key_of(EXAMPLE, None) != before


def test_a_whole_file_that_says_nothing_we_understand_stays_until_the_run_is_kept_again(cache, path):
    body = encode("stored", about="told otherwise")
    path.write_bytes(MAGIC + hashlib.blake2b(body, digest_size=32).digest() + body)
    assert cache.find(EXAMPLE) is None and path.exists()
    cache.keep(RUN)
    assert cache.find(EXAMPLE)


@pytest.mark.parametrize("size", [0, 5, len(MAGIC), 40, 44, 100])
def test_a_file_that_is_cut_short_anywhere_is_damaged(cache, path, size):
    os.truncate(path, size)
    assert cache.find(EXAMPLE) is None and not path.exists()


@pytest.fixture
def before_renaming(monkeypatch):
    """Has something happen to the part of a file that is written, before it gets its name."""
    rename = Path.replace

    def happens(what):
        def replaced(part, path):
            monkeypatch.setattr(Path, "replace", rename)
            what(part)
            return rename(part, path)

        monkeypatch.setattr(Path, "replace", replaced)

    return happens


def test_another_server_sweeps_away_no_part_that_is_being_written_whatever_its_age(cache, before_renaming):
    def other_server(part):
        os.utime(part, (0, 0))
        Store(cache._folder, 1).keep(ELSE)

    before_renaming(other_server)
    cache.keep(RUN)
    assert cache.find(EXAMPLE) and cache.find(EXAMPLE, 9)


def test_a_clock_that_is_ahead_sweeps_away_no_part(cache, path, monkeypatch):
    part = path.with_suffix(".1.2.part")
    part.touch()
    ahead = time.time() + 660
    monkeypatch.setattr(time, "time", lambda: ahead)
    cache.keep(ELSE)
    assert part.exists()


def test_two_servers_whose_process_and_thread_have_one_number_write_one_run_at_once(
    cache, before_renaming, monkeypatch
):
    monkeypatch.setattr(os, "getpid", lambda: 1)
    monkeypatch.setattr(threading, "get_ident", lambda: 1)
    before_renaming(lambda part: Store(cache._folder, 1).keep(RUN))
    cache.keep(RUN)
    cache.keep(ELSE)
    assert cache.find(EXAMPLE) and cache.find(EXAMPLE, 9)


def test_a_part_of_somebody_elses_stays(cache, path):
    for other in (path.with_name("film.mp4.part"), path.with_suffix(".part")):
        other.touch()
        os.utime(other, (0, 0))
    cache.keep(ELSE)
    assert len(list(path.parent.glob("*.part"))) == 2


def test_whoever_may_read_the_folder_may_read_what_was_kept(cache):
    before = os.umask(0o022)
    try:
        cache.keep(RUN)
    finally:
        os.umask(before)
    assert cache._path(EXAMPLE, None).stat().st_mode & 0o777 == 0o644

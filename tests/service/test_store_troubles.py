"""What cannot be read or kept now costs no file and no later hit: the store goes on when the trouble has passed."""

import builtins
import contextlib
import errno
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bnviz.run_file import RunFile
from bnviz.service import metrics, store
from bnviz.service.store import Store, StoredRun
from bnviz.snapshot import History
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()
PASSING = ["EACCES", "EPERM", "EIO", "EROFS", "ENOSPC", "EDQUOT", "ENFILE", "EMFILE", "ENOMEM", "ESTALE", "EINTR"]
LOOKING = [(Path, "lstat"), (Path, "stat")]
OPENING = [(os, "open"), (io, "open"), (builtins, "open")]
REMOVING = [(Path, "unlink"), (os, "unlink")]


def run(width=8, size=100):
    return StoredRun(History(EXAMPLE.replace(width=width)), checkpoint={"rates": np.ones(size)})


def has(cache, width):
    return cache.find(EXAMPLE.replace(width=width)) is not None


def path_of(cache, width):
    return cache._path(EXAMPLE.replace(width=width), None)


@pytest.fixture
def cache(tmp_path):
    cache = Store(tmp_path / "runs", 1)
    cache.keep(run(8))
    return cache


@contextlib.contextmanager
def failing(error, *places):
    def fail(*args, **words):
        raise error

    with pytest.MonkeyPatch.context() as patch:
        for place, name in places:
            patch.setattr(place, name, fail)
        yield


def trouble(name):
    return OSError(getattr(errno, name), os.strerror(getattr(errno, name)))


@pytest.mark.parametrize("places", [LOOKING, OPENING], ids=["looking", "opening"])
@pytest.mark.parametrize("name", PASSING)
def test_what_cannot_be_read_now_is_found_when_it_can(cache, name, places):
    with failing(trouble(name), *places):
        assert not has(cache, 8)
    assert has(cache, 8)


@pytest.mark.parametrize("error", [trouble("EIO"), MemoryError()], ids=["EIO", "memory"])
@pytest.mark.parametrize("step", [(RunFile, "body"), (store, "key_of"), (StoredRun, "from_bytes")])
def test_what_breaks_off_while_it_is_read_is_found_later(cache, step, error):
    with failing(error, step):
        assert not has(cache, 8)
    assert has(cache, 8)


@pytest.mark.parametrize("places", [OPENING, [(Path, "replace")], [(os, "scandir")]], ids=["open", "name", "list"])
@pytest.mark.parametrize("name", PASSING)
def test_what_cannot_be_kept_now_keeps_nobody_from_hits_nor_from_being_kept_later(cache, name, places):
    with failing(trouble(name), *places):
        cache.keep(run(9))
    assert has(cache, 8)
    cache.keep(run(10))
    assert has(cache, 10) and not list(cache._folder.glob("*.part"))


LIMITED = """
import os, resource, sys
from pathlib import Path
from bnviz.service.store import Store, StoredRun
from bnviz.snapshot import History
from bnviz.testing import Scripted

cache, limit = Store(Path(sys.argv[1]), 1), getattr(resource, sys.argv[2])
runs = [StoredRun(History(Scripted.example().replace(width=width))) for width in (8, 9)]
found = lambda: [cache.find(run.history.experiment) is not None for run in runs]
soft, hard = resource.getrlimit(limit)
for step in "before", "then":
    resource.setrlimit(limit, (10 if limit == resource.RLIMIT_FSIZE else len(os.listdir("/dev/fd")) - 1, hard))
    print(step, found())
    cache.keep(runs[1])
    resource.setrlimit(limit, (soft, hard))
    print(found())
    cache.keep(runs[0])
cache.keep(runs[1])
print(found())
"""


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("RLIMIT_NOFILE", ["before [False, False]", "[False, False]", "then [False, False]", "[True, False]"]),
        ("RLIMIT_FSIZE", ["before [False, False]", "[False, False]", "then [True, False]", "[True, False]"]),
    ],
)
def test_a_server_without_descriptors_or_disk_goes_on_when_it_has_some(tmp_path, limit, said):
    done = subprocess.run([sys.executable, "-c", LIMITED, tmp_path, limit], capture_output=True, text=True)
    assert done.stdout.splitlines() == [*said, "[True, True]"], done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("name", ["EROFS", "EACCES", "EPERM"])
def test_a_server_that_may_only_read_has_hits(cache, name):
    with failing(trouble(name), (os, "utime"), (Path, "mkdir"), (Path, "replace"), *REMOVING):
        assert has(cache, 8)
        cache.keep(run(9))
        assert has(cache, 8)


def test_a_damaged_file_that_may_not_be_removed_is_missed(cache):
    os.truncate(path_of(cache, 8), 50)
    with failing(trouble("EPERM"), *REMOVING):
        assert not has(cache, 8) and path_of(cache, 8).exists()


def test_each_kind_of_trouble_is_one_line_until_it_has_passed(cache, caplog):
    for name in ("ENOSPC", "ENOSPC", "EDQUOT", "ENOSPC", "", "ENOSPC"):
        with failing(trouble(name), (Path, "replace")) if name else contextlib.nullcontext():
            cache.keep(run(9))
    assert [record.args[1].split("]")[0] for record in caplog.records] == ["[Errno 28", "[Errno 122", "[Errno 28"]
    assert not any(record.exc_info for record in caplog.records)


def test_hits_of_a_server_that_may_only_read_bring_no_new_line(cache, caplog):
    for _ in range(3):
        with failing(trouble("EROFS"), (Path, "replace")):
            cache.keep(run(9))
        assert has(cache, 8)
    assert len(caplog.records) == 1


def test_one_trouble_of_reading_and_of_keeping_is_one_line(cache, caplog):
    with failing(trouble("EMFILE"), *OPENING):
        cache.keep(run(9))
        assert not has(cache, 8)
    assert len(caplog.records) == 1


def test_troubles_are_counted(cache):
    def counted():
        return [metrics.CACHE_TROUBLES.labels(kind)._value.get() for kind in ("read", "kept", "damaged")]

    before = counted()
    with failing(trouble("EMFILE"), *OPENING):
        assert not has(cache, 8)
        cache.keep(run(9))
    os.truncate(path_of(cache, 8), 50)
    assert not has(cache, 8)
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [1, 1, 1]


def test_a_folder_that_is_removed_is_made_again(cache):
    shutil.rmtree(cache._folder)
    assert not has(cache, 8)
    cache.keep(run(8))
    assert has(cache, 8)


def test_a_folder_that_was_a_file_is_made_when_it_is_none(tmp_path):
    cache = Store(tmp_path / "runs", 1)
    (tmp_path / "runs").touch()
    cache.keep(run(8))
    assert not has(cache, 8)
    (tmp_path / "runs").unlink()
    cache.keep(run(8))
    assert has(cache, 8)


LARGE = 50_000
"""So many numbers are 400 kB: two such runs fill a MiB, a third is too much."""


@pytest.fixture
def full(tmp_path):
    """A folder with two large runs, the one of width 8 used longest ago."""
    full = Store(tmp_path / "full", 1)
    for width in (8, 9):
        full.keep(run(width, LARGE))
        os.utime(path_of(full, width), (width, width))
    return full


def those(cache):
    return [width for width in (8, 9, 10) if path_of(cache, width).exists()]


def test_what_another_user_owns_makes_no_room_and_is_in_nobodys_way(full, monkeypatch):
    remove, theirs = Path.unlink, path_of(full, 8)
    monkeypatch.setattr(
        Path, "unlink", lambda path, **words: remove(path, **words) if path != theirs else os.rmdir(path)
    )
    full.keep(run(10, LARGE))
    assert those(full) == [8, 10]


def test_what_another_server_removed_meanwhile_made_room(full, monkeypatch):
    remove = Path.unlink

    def twice(path, **words):
        remove(path)
        remove(path, **words)

    monkeypatch.setattr(Path, "unlink", twice)
    full.keep(run(10, LARGE))
    assert those(full) == [9, 10]


def test_what_is_no_run_of_ours_takes_no_room_and_stays(full, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(bytes(2**20))
    (full._folder / f"{'a' * 64}.run").symlink_to(large)
    (full._folder / f"{'b' * 64}.run").mkdir()
    shutil.copy(large, full._folder / "morning.run")
    before = set(full._folder.iterdir())
    full.keep(run(8, LARGE))
    assert set(full._folder.iterdir()) == before and large.exists()


def test_what_was_just_kept_stays_among_files_from_a_clock_that_is_ahead(full):
    ahead = path_of(full, 9).stat().st_ctime + 660
    for width in (8, 9):
        os.utime(path_of(full, width), (ahead, ahead))
    full.keep(run(10, LARGE))
    assert has(full, 10)


def test_what_is_larger_than_the_room_costs_nobody_theirs(full):
    full.keep(run(10, 3 * LARGE))
    assert those(full) == [8, 9]

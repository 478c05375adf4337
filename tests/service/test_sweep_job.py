"""Maps and sweeps in real processes, trained by the scripted function: what a job promises."""

from __future__ import annotations

import os
import signal

import pytest

from bnviz.axes import Axis
from bnviz.experiment import Experiment
from bnviz.service import Service, State, SweepJob
from bnviz.service.sweep_job import LOST, SweepPart
from bnviz.settings import Settings
from bnviz.sweeps import Map, Sweep
from bnviz.table import Table
from bnviz.testing import DIES, RAISES, REFUSES, STUCK, TOO_LARGE, Scripted

SCRIPTED = "bnviz.testing:Scripted"
AXES = Axis("learning_rate", 0.01, 10.0, log=True), Axis("init_scale", 0.1, 3.0)


def map_of(cells: int = 16, batch_size: int = 60) -> Map:
    return Map(Scripted.example(batch_size), *AXES, cells=cells, steps=10)


def sweep_of(*batch_sizes: int) -> Sweep:
    return Sweep(Scripted.example(), {"batch_size": batch_sizes}, steps=10)


def rows(least: int = 1):
    return lambda change: isinstance(change, Table) and len(change) >= least


def test_a_map_grows_to_a_row_for_every_network(service: Service, follow):
    job = service.sweep(map_of())
    follow(job).until_state("finished")
    table = job.table()
    places = set(zip(*(table.columns[name] for name in ("column", "row", "arm")), strict=True))
    assert (len(table), len(places), table.share, job.progress.done) == (512, 512, 1.0, 512)


def test_a_network_that_fills_several_pixels_is_trained_once_and_has_a_row_in_each(service, follow, monkeypatch):
    given, again, send = [], [], SweepPart.send

    def spy(part: SweepPart, /, do: str, **words):
        numbers, known = words.get("numbers", ()), part._sweep._row_of
        given.extend(numbers)
        again.extend(number for number in numbers if part._sweep.grid.twin(number) in known)
        send(part, do, **words)

    monkeypatch.setattr(SweepPart, "send", spy)
    map_ = Map(Scripted.example(), Axis("depth", 1, 4), Axis("width", 2, 5), cells=32, steps=10)
    job = service.sweep(map_)
    follow(job).until_state("finished")
    table = job.table().columns
    places = list(zip(table["column"], table["row"], table["arm"], strict=True))
    assert len({*places}) == len(places) == map_.total == 2048
    assert len({map_.twin(number) for number in given}) == 4 * 4 * 2 and again == [] and len(given) < map_.total
    assert table["depth"] == [map_.x.values(32)[column] for column, _, _ in places]


def test_a_row_holds_what_its_network_found(service: Service, follow):
    sweep = Sweep(Scripted.example(), {"learning_rate": (0.5, 20.0)}, steps=10)
    job = service.sweep(sweep)
    follow(job).until_state("finished")
    lost = job.table().where(arm="bn", seed=1, learning_rate=20.0)
    assert lost.columns["train_loss"] == [1 / 201] and lost.columns["diverged_at"] == [1.0]


def test_who_subscribes_late_hears_everything_so_far(service: Service, follow):
    job = service.sweep(map_of(8))
    follow(job).until_state("finished")
    late = follow(job)
    assert [len(change) for change in late.seen if isinstance(change, Table)] == [128]


def test_an_impossible_network_is_a_row_that_says_why(service: Service, follow):
    job = service.sweep(sweep_of(1, 60))
    follow(job).until_state("finished")
    refused = job.table().where(batch_size=1, arm="bn")
    assert len(refused) == 2 and str(refused.columns["impossible"][0]).startswith("batch_size was 1;")
    assert refused.columns["train_loss"] == [None, None]


def test_progress_counts_networks_and_ends_with_nothing_left(service: Service, follow):
    job = service.sweep(map_of(8))
    follow(job).until_state("finished")
    assert (job.progress.done, job.progress.total, job.progress.seconds_left) == (128, 128, 0.0)


def assert_a_cancel_ends_all(service: Service, job: SweepJob):
    job.cancel(grace=0.05)
    assert service.scheduler.empty.wait(30)
    assert (job.state.name, service.scheduler.running) == ("cancelled", 0)


@pytest.mark.parametrize("batch_size", [60, STUCK])
def test_a_cancelled_sweep_ends_with_its_processes(follow, batch_size: int):
    service = Service(Settings(workers=2), SCRIPTED)
    job = service.sweep(map_of(64, batch_size))
    follow(job).until_state("running")
    assert_a_cancel_ends_all(service, job)
    service.close()


def test_what_was_found_before_a_cancel_stays(service: Service, follow):
    job = service.sweep(map_of(64))
    follow(job).until(rows())
    job.cancel()
    assert 0 < len(job.table()) < 8192


def paused_at_its_first_rows(service: Service) -> SweepJob:
    """By the owner, whom no row overtakes."""

    def begin() -> SweepJob:
        job = service.sweep(map_of(16))

        def pause(change: Table | State) -> None:
            if isinstance(change, Table):
                job.unsubscribe(pause)
                job.pause()

        job.subscribe(pause)
        return job

    return service.owner.ask(begin)


def test_a_paused_sweep_goes_on_where_it_rested(service: Service, follow):
    job = paused_at_its_first_rows(service)
    follower = follow(job)
    follower.until_state("paused")
    assert 0 < len(job.table()) < 512
    job.resume()
    follower.until_state("finished")
    assert len(job.table()) == 512


def test_a_sweep_paused_before_it_began_trains_nothing(service: Service, follow):
    def begin_and_pause() -> SweepJob:
        job = service.sweep(map_of(16))
        job.pause()
        return job

    job = service.owner.ask(begin_and_pause)
    assert job.state.name == "paused" and not len(job.table())
    job.resume()
    follow(job).until_state("finished")


def test_a_paused_sweep_gives_its_processes_back(service: Service, follow):
    job = service.sweep(map_of(64))
    follower = follow(job)
    follower.until(rows())
    job.pause()
    run = service.submit(Scripted.example())
    follow(run).until_state("paused")
    run.cancel()
    assert service.scheduler.empty.wait(30) and not job._parts
    job.cancel()


def test_a_sweep_that_takes_too_long_ends_with_what_it_has(follow):
    service = Service(Settings(workers=1, sweep_seconds=1), SCRIPTED)
    job = service.sweep(map_of(128))
    state = follow(job).until_state("finished")
    assert state.message.startswith("Ended after 1 seconds") and 0 < job.table().share < 1
    service.close()


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (REFUSES, "batch_size was 251; allowed is any other."),
        (RAISES, "Something went wrong while training these networks. The server's log says what."),
        (TOO_LARGE, "One of these networks needs more memory than it may have. Try fewer layers, units or examples."),
        (DIES, LOST),
    ],
    ids=["refuses", "raises", "too large", "dies"],
)
def test_a_sweep_that_fails_says_why_in_one_sentence(service: Service, follow, trouble: int, sentence: str):
    assert follow(service.sweep(sweep_of(60, trouble))).until_state("failed").message == sentence


def test_a_process_that_dies_once_costs_no_network(service: Service, follow):
    job = service.sweep(map_of(32))
    follower = follow(job)
    follower.until(rows())
    pid = next(part._pid for part in job._parts if part._pid)
    os.kill(pid, signal.SIGKILL)
    follower.until_state("finished")
    table = job.table()
    assert len(set(zip(*(table.columns[name] for name in ("column", "row", "arm")), strict=True))) == len(table) == 2048


def test_sweeps_and_runs_stand_in_one_line(narrow: Service, follow):
    run, waiting = narrow.submit(Scripted.example()), narrow.sweep(map_of(8))
    assert (waiting.state.name, waiting.state.position) == ("queued", 1)
    run.cancel()
    follow(waiting).until_state("finished")


def test_a_sweep_that_finds_the_line_full_is_refused(narrow: Service):
    jobs = [narrow.submit(Scripted.example()) for _ in range(3)]
    assert narrow.sweep(map_of(8)).state.message == "2 runs are waiting already. Try again in a minute."
    for job in jobs:
        job.cancel()


def test_more_steps_than_the_budget_are_refused(narrow: Service):
    job = narrow.sweep(Map(Scripted.example(), *AXES, cells=8, steps=41))
    assert job.state == State("failed", message="steps was 41; allowed here are 1 to 40.")


def test_a_closed_service_trains_no_sweep():
    service = Service(Settings(), SCRIPTED)
    service.close()
    assert service.sweep(map_of()).state.message == "The server is shutting down."


def test_closing_ends_a_sweep(follow):
    service = Service(Settings(), SCRIPTED)
    job = service.sweep(map_of(64))
    follow(job).until(rows())
    service.close()
    assert (job.state.name, service.scheduler.running) == ("cancelled", 0)


def test_closing_ends_a_sweep_that_waits_in_line(follow):
    service = Service(Settings(workers=1), SCRIPTED)
    follow(service.submit(Scripted.example())).until_state("paused")
    waiting = service.sweep(map_of())
    service.close()
    assert waiting.state.name == "cancelled"


def test_a_sweep_cancelled_at_once_leaves_no_process():
    service = Service(Settings(workers=2), SCRIPTED)
    assert_a_cancel_ends_all(service, service.sweep(map_of()))
    service.close()


@pytest.mark.slow
def test_the_real_engine_trains_a_real_map(follow):
    service = Service(Settings())
    small = Scripted.example().replace(dataset="moons", width=4, depth=1, batch_size=16)
    job = service.sweep(Map(Experiment(arms=small.arms, seeds=(0,)), *AXES, cells=8, steps=10))
    follow(job).until_state("finished")
    service.close()
    assert all(loss is not None and loss > 0 for loss in job.table().columns["test_loss"])


def test_a_sweep_asks_for_no_more_processes_than_may_be_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bnviz.service.service.cores", lambda: 8)
    service = Service(Settings(workers=3), SCRIPTED)
    job = service.sweep(map_of(16))
    assert len(job._parts) == 3
    service.close()

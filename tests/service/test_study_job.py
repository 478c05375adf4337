"""Studies in real processes, measured by the scripted function: what a measurement promises, and who shares it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from unittest.mock import Mock

import pytest

from bnviz.messages import Parser
from bnviz.service import Service, State
from bnviz.service.study_job import Studies, StudyJob
from bnviz.service.worker.measuring import measure_over
from bnviz.service.worker.pipe import Pipe
from bnviz.settings import Settings
from bnviz.study import Study
from bnviz.table import Table
from bnviz.testing import DIES, RAISES, REFUSES, STUCK, TALKS, TOO_LARGE, Scripted, measure
from tests.by_hand.owner import ByHand


def study(width: int = 60, **numbers: int) -> Study:
    return Study("residual_variance", width=width, **{"depth": 8, **numbers})


def table_of(rows: int):
    return lambda change: isinstance(change, Table) and len(change) >= rows


def test_a_study_grows_to_its_final_table(service: Service, follow):
    measurement = service.measure(study(depth=20))
    follow(measurement).until_state("finished")
    table = measurement.latest()
    assert table is not None and (len(table), table.share) == (20, 1.0)
    assert table.columns["variance"] == [float(layer) for layer in range(1, 21)]


def test_who_asks_again_shares_what_was_found(service: Service, follow):
    first = service.measure(study(depth=9))
    follow(first).until_state("finished")
    assert service.measure(study(depth=9)) is first
    assert service.measure(study(depth=10)) is not first


def test_one_reader_s_cancel_does_not_end_what_another_waits_for(service: Service, follow):
    both = study(STUCK)
    first, second = service.measure(both), service.measure(both)
    follow(first).until(table_of(2))
    first.cancel()
    still = second.state.name
    second.cancel(grace=0.05)
    assert (first is second, still, second.state.name) == (True, "running", "cancelled")


def test_a_cancelled_study_is_measured_anew(service: Service, follow):
    stuck = service.measure(study(STUCK, depth=7))
    follow(stuck).until(table_of(1))
    stuck.cancel(grace=0.05)
    again = service.measure(study(STUCK, depth=7))
    follow(again).until(table_of(1))
    assert again is not stuck
    again.cancel(grace=0.05)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (REFUSES, "width was 251; allowed is any other."),
        (RAISES, "Something went wrong while measuring. The server's log says what."),
        (TOO_LARGE, "This measurement needs more memory than it may have. Try smaller numbers."),
        (DIES, "The process that measured this ended unexpectedly; nothing else is touched. Measure starts it again."),
    ],
    ids=["refuses", "raises", "too large", "dies"],
)
def test_a_study_that_fails_says_why_in_one_sentence(service: Service, follow, trouble: int, sentence: str):
    assert follow(service.measure(study(trouble))).until_state("failed").message == sentence


def test_a_failed_study_is_not_shared(service: Service, follow):
    first = service.measure(study(REFUSES, seeds=2))
    follow(first).until_state("failed")
    assert service.measure(study(REFUSES, seeds=2)) is not first


def test_a_killed_measurement_leaves_the_runs_alone(service: Service, follow):
    run, stuck = service.submit(Scripted.example(), play=True), service.measure(study(STUCK, seeds=3))
    follow(stuck).until(table_of(1))
    assert stuck._pid
    os.kill(stuck._pid, signal.SIGKILL)
    follow(stuck).until_state("failed")
    follow(run).until_step(run.state.step + 20)
    run.cancel()


def test_studies_and_runs_stand_in_one_line(narrow: Service, follow):
    run, waiting = narrow.submit(Scripted.example()), narrow.measure(study())
    assert (waiting.state.name, waiting.state.position) == ("queued", 1)
    run.cancel()
    follow(waiting).until_state("finished")


def test_a_closed_service_measures_nothing():
    service = Service(Settings(), "bnviz.testing:Scripted")
    service.close()
    assert service.measure(study()).state == State("failed", message="The server is shutting down.")


def test_closing_ends_a_measurement_that_several_wait_for(follow):
    service = Service(Settings(), "bnviz.testing:Scripted")
    measurement = service.measure(study(STUCK))
    service.measure(study(STUCK))
    follow(measurement).until(table_of(1))
    service.close()
    assert (measurement.state.name, service.scheduler.running) == ("cancelled", 0)


def test_a_web_process_that_does_not_read_costs_tables_not_memory_and_still_gets_the_last():
    ours, theirs = socket.socketpair()
    stored: list[Table] = []
    owner = ByHand()
    other = StudyJob(study(TALKS), "", Settings(), Mock(owner=owner, backend=Mock(request=lambda then: then(ours))))
    other.subscribe(lambda change: stored.append(change) if isinstance(change, Table) else None)
    with ours, theirs:
        tables = measure(study(TALKS))
        thread = threading.Thread(target=lambda: (list(measure_over(Pipe(theirs), tables, 60)), theirs.close()))
        thread.start()
        other.begin()
        while owner.wires:
            owner.hear()
        thread.join(30)
    assert (other.state.name, len(stored[-1])) == ("finished", 16000)


def test_a_study_that_takes_too_long_ends_with_what_it_has():
    ours, theirs = socket.socketpair()
    owner = ByHand()
    other = StudyJob(study(), "", Settings(), Mock(owner=owner, backend=Mock(request=lambda then: then(ours))))
    with theirs:
        list(measure_over(Pipe(theirs), measure(study()), 0))
    with ours:
        other.begin()
        while owner.wires:
            owner.hear()
    assert other.state.message == "Ended after 0 seconds, at 12%: smaller numbers are measured whole."
    assert other.state.name == "finished" and len(other.latest() or ()) == 1


def test_the_last_table_is_said_even_where_nobody_made_room_for_the_others():
    pipe = Mock(pending=1, listen=lambda seconds: [])
    tables = list(measure(study()))
    list(measure_over(pipe, tables, 60))
    said = [message for (data,), _ in pipe.say.call_args_list for message in Parser().feed(data)]
    assert [message.words.get("share") for message in said if message.kind == "table"][-1] == 1.0


def test_a_study_that_is_done_when_its_time_is_over_says_nothing_of_it():
    pipe = Mock(pending=0, listen=lambda seconds: [])
    list(measure_over(pipe, [Table.of(("depth",), [[1]])], 0))
    (message,) = Parser().feed(pipe.say_last.call_args.args[0])
    assert (message.words["name"], message.words["message"]) == ("finished", "")


def test_a_worker_is_told_how_long_a_study_may_be_measured():
    job = StudyJob(study(), "", Settings(study_seconds=7, sweep_seconds=8, memory_mib=65), Mock(owner=ByHand()))
    (message,) = Parser().feed(job._opening())
    assert (message.kind, message.words["seconds"], message.words["memory_mib"]) == ("measure", 7, 65)


def test_what_was_asked_for_longest_ago_is_forgotten():
    known, asked = Studies(most=2), [study(depth=depth) for depth in (1, 2, 3)]
    for each in asked[:2]:
        known.keep(StudyJob(each, "", Settings(), Mock(owner=ByHand())))
    known.find(asked[0])
    known.keep(StudyJob(asked[2], "", Settings(), Mock(owner=ByHand())))
    assert [known.find(each) is not None for each in asked] == [True, False, True]


@pytest.mark.slow
def test_the_real_engine_measures_a_real_study(follow):
    service = Service(Settings())
    measurement = service.measure(Study("backward_terms"))
    follow(measurement).until_state("finished")
    service.close()
    table = measurement.latest()
    assert table is not None and max(table.numbers("difference")) < 1e-15

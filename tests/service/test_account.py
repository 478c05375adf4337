"""Every run, study and sweep is counted once, and is one line in the log that names nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable

import pytest

from bnviz.axes import Axis
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.service import account, metrics
from bnviz.service.account import Account, facts_of
from bnviz.service.account import follow as account_for
from bnviz.service.subject import State, Subject
from bnviz.study import Study
from bnviz.sweeps import Map
from bnviz.testing import DIES, RAISES, Scripted
from tests.by_hand.owner import ByHand

SECRET = "mrs_example"
BN = Run(dataset="moons", normalization="batch")
EXPERIMENT = Experiment(arms={SECRET: Run(depth=2, width=8), "bn": BN}, seeds=[7])


class Told(Subject[str]):
    """Something whose states the test tells."""

    def __init__(self) -> None:
        super().__init__(ByHand(), "a-token-of-a-session", State("starting"))

    def _so_far(self) -> Iterable[str]:
        return ()

    def becomes(self, name: str, **more: object) -> None:
        self._change(name=name, **more)

    def seen(self) -> None:
        self._tell("a snapshot")


@pytest.fixture
def lines(caplog):
    """The facts of every line logged."""
    logger = logging.getLogger("bnviz.runs")
    logger.disabled, logger.propagate = False, True
    caplog.set_level(logging.INFO, "bnviz.runs")
    return lambda: [record.facts for record in caplog.records if record.name == "bnviz.runs"]


def value(metric, *labels: str) -> float:
    return (metric.labels(*labels) if labels else metric)._value.get()


def accounted(told: Told) -> Account:
    """An account by a clock that goes on by a second with every look."""
    seconds = iter(range(100))
    account = Account("run", facts_of(EXPERIMENT), clock=lambda: float(next(seconds)))
    told.subscribe(account.hear)
    account.open = True
    return account


def test_a_run_waits_then_runs_then_is_over():
    def standing() -> tuple[float, float]:
        return value(metrics.WAITING, "run"), value(metrics.RUNNING, "run")

    told, (waiting, running) = Told(), standing()
    account_for(told, EXPERIMENT)
    assert standing() == (waiting + 1, running)
    told.becomes("queued", position=1)
    assert standing() == (waiting + 1, running)
    told.becomes("running")
    assert standing() == (waiting, running + 1)
    told.becomes("finished")
    assert standing() == (waiting, running)


@pytest.mark.parametrize("outcome", ["finished", "cancelled", "failed"])
def test_its_outcome_is_counted_once(outcome: str):
    before, told = value(metrics.ENDED, "run", outcome), Told()
    account_for(told, EXPERIMENT)
    for name in ("running", outcome, "cancelled"):
        told.becomes(name)
    assert value(metrics.ENDED, "run", outcome) == before + 1


def test_one_that_failed_before_it_began_was_refused(lines):
    told = Told()
    account_for(told, EXPERIMENT)
    told.becomes("failed", message="64 runs are waiting already.")
    assert (lines()[0]["outcome"], lines()[0]["message"]) == ("refused", "64 runs are waiting already.")


def test_only_the_first_snapshot_has_a_latency():
    told, before = Told(), metrics.FIRST_SEEN.labels("run")._sum.get()
    accounted(told)
    told.becomes("running")
    told.seen()
    told.seen()
    assert metrics.FIRST_SEEN.labels("run")._sum.get() == before + 2


def test_the_line_tells_what_ran_and_for_how_long(lines):
    told = Told()
    accounted(told)
    told.becomes("running")
    told.becomes("finished", step=500, message="This run reached its 500 steps.")
    line = lines()[0]
    assert len(line["id"]) == 16 and line["time"].endswith("+00:00")
    assert {**line, "time": "", "id": ""} == {
        "time": "", "id": "", "kind": "run", "datasets": ["digits", "moons"], "layers": ["2x8", "3x100"], "arms": 2,
        "seeds": 1, "steps": 500, "queued_seconds": 1.0, "running_seconds": 1.0, "outcome": "finished", "message": "",
    }


def test_neither_the_session_nor_a_readers_own_word_is_in_it(lines):
    told = Told()
    account_for(told, EXPERIMENT)
    told.becomes("cancelled")
    text = json.dumps(lines())
    assert SECRET not in text and "a-token-of-a-session" not in text


def test_studies_and_maps_are_named_by_words_of_ours():
    assert facts_of(Study("deep_linear")) == {"study": "deep_linear"}
    map_ = Map(EXPERIMENT, Axis("learning_rate", 0.1, 1.0), Axis("init_scale", 0.1, 1.0), cells=32)
    assert facts_of(map_)["networks"] == map_.total and SECRET not in str(facts_of(map_))


def test_every_word_of_a_label_is_ours():
    for family in metrics.REGISTRY.collect():
        for sample in family.samples:
            words = {word for name, word in sample.labels.items() if name != "le"}
            ours = {*metrics.KINDS, *metrics.OUTCOMES, *metrics.REASONS, "hit", "miss", "read", "kept", "damaged"}
            assert words <= ours, sample


def test_the_log_is_json_a_line_or_text_or_nothing(capsys):
    logger = logging.getLogger("bnviz.runs")
    before = logger.handlers[:], logger.propagate, logger.disabled
    for form in ("json", "text", "off"):
        account.write_log(form)
        assert not logger.propagate
        account._write({"kind": "run", "steps": 5, "message": ""})
    logger.handlers[:], logger.propagate, logger.disabled = before
    assert capsys.readouterr().err == '{"kind":"run","steps":5,"message":""}\nkind=run steps=5\n'


def test_a_worker_that_dies_is_counted_and_its_run_is_a_failed_line(service, follow, lines):
    before = value(metrics.DEATHS)
    follow(service.submit(Scripted.example(DIES), play=True)).until_state("failed")
    assert value(metrics.DEATHS) == before + 1
    assert [(line["outcome"], "ended unexpectedly" in line["message"]) for line in lines()] == [("failed", True)]


@pytest.mark.parametrize(("kind", "begin"), [
    ("study", lambda service: service.measure(Study("residual_variance", width=61, depth=2))),
    ("sweep", lambda service: service.sweep(Map(Scripted.example(), Axis("learning_rate", 0.1, 1.0),
                                                Axis("init_scale", 0.1, 1.0), cells=8))),
])  # fmt: skip
def test_studies_and_sweeps_are_lines_of_their_own(service, follow, lines, kind, begin):
    follow(begin(service)).until_state("finished")
    assert [line["kind"] for line in lines()] == [kind]


def test_an_error_of_ours_is_one_sentence_in_the_line_without_its_path(service, follow, lines):
    follow(service.submit(Scripted.example(RAISES), play=True)).until_state("failed")
    assert "Something went wrong" in lines()[0]["message"] and "/a/path" not in json.dumps(lines())

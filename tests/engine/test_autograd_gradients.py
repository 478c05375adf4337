"""Gradients by autograd lead where written-out ones lead, and where the usual loop of PyTorch leads."""

from itertools import product

import numpy as np
import pytest
import torch

from bnviz.engine import Lockstep, dataset, record, stack
from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.streams import is_written_out
from tests.engine.usual import usual_loop

SEED, STEPS = 1, 15
SMALL = Run(depth=2, width=12, groups=2, init="xavier", learning_rate=0.1, samples=400)
NEW = [
    {"normalization": "group"}, {"normalization": "l1"}, {"normalization": "linf"}, {"normalization": "detached"},
    {"normalization": "batch", "ghost_size": 15}, {"normalization": "l1", "ghost_size": 20},
]  # fmt: skip
every_new_one = pytest.mark.parametrize("choices", NEW, ids=str)
OPTIMIZERS = [{}, {"sgd_momentum": 0.9, "weight_decay": 0.02}, {"optimizer": "adam", "learning_rate": 0.01}]


def losses(run, seeds=(0, SEED, 2)):
    history = record(Experiment(arms={"only": run}, seeds=seeds), STEPS, every=1, probes=False)
    return history.series("only", "train_loss")[1:]


@pytest.mark.parametrize(("placement", "affine"), [*product(("before", "after"), (True, False)), ("around", True)])
@every_new_one
def test_every_new_normalization_learns_as_the_usual_loop_teaches_it(choices, placement, affine):
    run = SMALL.replace(placement=placement, affine=affine, **choices)
    assert losses(run)[:, 1] == pytest.approx(usual_loop(run, SEED, STEPS)[0], abs=2e-5)


@every_new_one
def test_eval_mode_is_that_of_the_module(choices):
    run, x = SMALL.replace(**choices), dataset(SMALL, SEED).test_x
    trained = Stack([run], [SEED], [load(run, SEED)])
    trained.advance(STEPS)
    seen = trained.at_rest()
    logits = forward(run, seen.layers, x.T[None], seen.running).logits[0].T
    torch.testing.assert_close(logits, usual_loop(run, SEED, STEPS)[1].eval()(x), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize(
    ("normalization", "placement"), [("none", "before"), *product(("batch", "layer"), ("before", "around"))]
)
def test_written_out_and_by_autograd_gradients_lead_to_the_same_losses(
    monkeypatch, normalization, placement, optimizer
):
    run = SMALL.replace(normalization=normalization, placement=placement, **optimizer)
    written_out = losses(run)
    monkeypatch.setattr(stack, "is_written_out", lambda run: False)
    assert losses(run) == pytest.approx(written_out, abs=2e-5)


WHOLE = {
    "usual": {"eps": 1e-5}, "without eps": {"eps": 0.0},
    "lost at other steps": {
        "eps": 0.0, "activation": "silu", "placement": "after", "optimizer": "adam", "learning_rate": 0.5, "width": 19,
    },
}  # fmt: skip


@pytest.mark.parametrize("word", ["batch", "noisy", "l1", "linf", "detached"])
@pytest.mark.parametrize("choices", WHOLE.values(), ids=WHOLE)
def test_a_ghost_batch_as_large_as_the_mini_batch_trains_to_the_same_bits(choices, word):
    run = SMALL.replace(normalization=word, **choices)
    assert np.array_equal(losses(run.replace(ghost_size=60)), losses(run), equal_nan=True)


def test_only_what_the_operations_know_is_written_out():
    known = [word for word in ("none", "batch", "layer", "group", "noisy", "l1", "linf", "detached")
             if is_written_out(SMALL.replace(normalization=word))]
    assert known == ["none", "batch", "layer"]
    assert not is_written_out(SMALL.replace(normalization="batch", ghost_size=15))
    assert is_written_out(SMALL.replace(normalization="batch", ghost_size=60))
    assert not is_written_out(Run(network="cnn"))
    assert is_written_out(SMALL.replace(normalization="layer", ghost_size=15))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("choices", [*NEW, {"normalization": "noisy"}], ids=str)
def test_a_run_trains_to_the_same_losses_alone_and_in_company(choices, dropout):
    run = SMALL.replace(dropout=dropout, **choices)
    assert np.array_equal(losses(run, seeds=(5, SEED, 3))[:, 1], losses(run, seeds=(SEED,))[:, 0])


@pytest.mark.parametrize("choices", [{"normalization": "noisy"}, {"normalization": "l1"}], ids=str)
def test_watching_changes_nothing(choices):
    experiment = Experiment(arms={"only": SMALL.replace(dropout=0.2, **choices)}, seeds=(0, 1))
    watched, unwatched = Lockstep(experiment), Lockstep(experiment, probes=False)
    for _ in range(6):
        watched.snapshot()
        watched.advance(4)
    unwatched.advance(24)
    assert np.array_equal(*(each.snapshot()["only"]["train_loss"] for each in (watched, unwatched)))


def test_dropout_drops_as_many_by_autograd_as_written_out(monkeypatch):
    run = SMALL.replace(dropout=0.5, width=200, depth=1)
    written_out = losses(run, seeds=range(16)).mean()
    monkeypatch.setattr(stack, "is_written_out", lambda run: False)
    assert losses(run, seeds=range(16)).mean() == pytest.approx(written_out, abs=0.02)
    assert losses(run.replace(dropout=0.0), seeds=range(16)).mean() < written_out - 0.03


def test_a_diverged_run_is_noted_at_its_step_and_leaves_the_others_alone():
    tame = SMALL.replace(normalization="l1", weight_decay=0.001)
    arms = {"tame": tame, "wild": tame.replace(weight_decay=1.0, learning_rate=100.0)}
    company = record(Experiment(arms=arms, seeds=(0,)), 60, every=1, probes=False)
    alone = record(Experiment(arms={"tame": tame}, seeds=(0,)), 60, every=1, probes=False)
    assert company.latest["wild"]["diverged_at"] > 0 and np.isnan(company.latest["tame"]["diverged_at"])
    assert np.array_equal(company.series("tame", "train_loss"), alone.series("tame", "train_loss"))

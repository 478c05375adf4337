"""The road by autograd leads where the wired road leads, and where the usual loop of PyTorch leads."""

from itertools import islice

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from bnviz.engine import Lockstep, dataset, mini_batches, record, stack, to_module
from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.engine.wiring import is_wired
from bnviz.experiment import Experiment
from bnviz.run import Run

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


def usual_loop(run):
    """The losses of a plain PyTorch training loop with SGD, and the module it leaves behind."""
    module, data, found = to_module(run, SEED), dataset(run, SEED), []
    optimizer = torch.optim.SGD(module.parameters(), lr=run.learning_rate)
    for indices in islice(mini_batches(run, SEED), STEPS):
        loss = F.cross_entropy(module(data.train_x[indices]), data.train_y[indices])
        found.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return found, module


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("placement", ["before", "after"])
@every_new_one
def test_every_new_normalization_learns_as_the_usual_loop_teaches_it(choices, placement, affine):
    run = SMALL.replace(placement=placement, affine=affine, **choices)
    assert losses(run)[:, 1] == pytest.approx(usual_loop(run)[0], abs=2e-5)


@every_new_one
def test_eval_mode_is_that_of_the_module(choices):
    run, x = SMALL.replace(**choices), dataset(SMALL, SEED).test_x
    trained = Stack([run], [SEED], [load(run, SEED)])
    trained.advance(STEPS)
    seen = trained.watched()
    logits = forward(run, seen.layers, x.T[None], seen.running).logits[0].T
    torch.testing.assert_close(logits, usual_loop(run)[1].eval()(x), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_both_roads_lead_to_the_same_losses(monkeypatch, normalization, optimizer):
    run = SMALL.replace(normalization=normalization, **optimizer)
    wired = losses(run)
    monkeypatch.setattr(stack, "is_wired", lambda run: False)
    assert losses(run) == pytest.approx(wired, abs=2e-5)


def test_ghost_batches_as_large_as_the_mini_batch_are_batch_normalization():
    run = SMALL.replace(normalization="batch")
    assert losses(run.replace(ghost_size=60)) == pytest.approx(losses(run), abs=2e-5)


def test_only_what_the_operations_know_is_wired():
    wired = [word for word in ("none", "batch", "layer", "group", "noisy", "l1", "linf", "detached")
             if is_wired(SMALL.replace(normalization=word))]
    assert wired == ["none", "batch", "layer"]
    assert not is_wired(SMALL.replace(normalization="batch", ghost_size=15)) and not is_wired(Run(network="cnn"))
    assert is_wired(SMALL.replace(normalization="layer", ghost_size=15))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("choices", [*NEW, {"normalization": "noisy"}], ids=str)
def test_a_run_trains_to_the_same_losses_alone_and_in_company(choices, dropout):
    run = SMALL.replace(dropout=dropout, width=16, **choices)
    assert losses(run, seeds=(5, SEED, 3))[:, 1] == pytest.approx(losses(run, seeds=(SEED,))[:, 0], abs=1e-6)


@pytest.mark.parametrize("choices", [{"normalization": "noisy"}, {"normalization": "l1"}], ids=str)
def test_watching_changes_nothing(choices):
    experiment = Experiment(arms={"only": SMALL.replace(dropout=0.2, **choices)}, seeds=(0, 1))
    watched, unwatched = Lockstep(experiment), Lockstep(experiment, probes=False)
    for _ in range(6):
        watched.snapshot()
        watched.advance(4)
    unwatched.advance(24)
    assert np.array_equal(*(each.snapshot()["only"]["train_loss"] for each in (watched, unwatched)))


def test_dropout_drops_in_training_as_it_does_on_the_wired_road(monkeypatch):
    run = SMALL.replace(dropout=0.5, width=200, depth=1)
    wired = losses(run, seeds=range(16)).mean()
    monkeypatch.setattr(stack, "is_wired", lambda run: False)
    assert losses(run, seeds=range(16)).mean() == pytest.approx(wired, abs=0.02)
    assert losses(run.replace(dropout=0.0), seeds=range(16)).mean() < wired - 0.03


def test_a_diverged_run_is_noted_at_its_step_and_leaves_the_others_alone():
    tame = SMALL.replace(normalization="l1", weight_decay=0.001)
    arms = {"tame": tame, "wild": tame.replace(weight_decay=1.0, learning_rate=100.0)}
    company = record(Experiment(arms=arms, seeds=(0,)), 60, every=1, probes=False)
    alone = record(Experiment(arms={"tame": tame}, seeds=(0,)), 60, every=1, probes=False)
    assert company.latest["wild"]["diverged_at"] > 0 and np.isnan(company.latest["tame"]["diverged_at"])
    assert company.series("tame", "train_loss") == pytest.approx(alone.series("tame", "train_loss"), abs=1e-6)

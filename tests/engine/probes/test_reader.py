"""A reader gives every quantity, changes nothing, and puts up with networks that became infinite."""

import numpy as np
import pytest
import torch

from bnviz.engine.lockstep import Lockstep
from bnviz.engine.network import forward, losses
from bnviz.engine.probes import PROBE_SIZE, TEST_SIZE, Reader
from bnviz.engine.probes.reader import evenly
from bnviz.experiment import Experiment
from bnviz.quantities import (
    DEAR,
    DECISION_GRID,
    HISTOGRAM_EDGES,
    QUANTITIES,
    RARELY,
    SHOWN_POINTS,
    WATCHED,
    WATCHED_UNITS,
)
from bnviz.run import Run

TRAININGS_OWN = {"train_loss", "diverged_at"}


def reader_of(stack, data, mapped=(0,)):
    return Reader(stack.at_rest().run, data, mapped)


@pytest.mark.parametrize("choices", [{}, {"normalization": "batch"}, {"dataset": "moons"}, {"network": "cnn"}], ids=str)
def test_every_quantity_is_read_in_its_shape(trained, choices):
    stack, data = trained(width=40, **choices)
    inner = {
        "run": (2,), "layer": (2, 3), "unit": (2, 3, WATCHED_UNITS), "histogram": (2, 3, len(HISTOGRAM_EDGES) + 1),
        "grid": (1, DECISION_GRID, DECISION_GRID), "points": (1, data[0].classes, 2, SHOWN_POINTS),
        "tiles": (1, 8, 3, 3),
    }  # fmt: skip
    always = {quantity for quantity, words in QUANTITIES.items() if not (words.instrument or words.watch)}
    of_kind = {"decision", "points"} if data[0].plane else set()
    of_kind |= {"filters", "feature_maps"} if choices.get("network") == "cnn" else set()
    wanted = always - TRAININGS_OWN - ({"decision", "points", "filters", "feature_maps"} - of_kind)
    readings = reader_of(stack, data).read(stack.at_rest())
    if "feature_maps" in readings:
        assert readings.pop("feature_maps").shape == (1, 9, 8, 8)
        wanted.remove("feature_maps")
    assert {quantity: values.shape for quantity, values in readings.items()} == {
        quantity: inner[QUANTITIES[quantity].shape] for quantity in wanted
    }


def test_the_points_are_examples_that_the_first_seed_trains_on_class_by_class(trained):
    stack, data = trained(dataset="moons")
    (points,) = reader_of(stack, data).read(stack.at_rest())["points"]
    x, y = data[0].x(data[0].train).numpy(), data[0].pool_y[data[0].train].numpy()
    for word in range(2):
        assert np.array_equal(points[word].T, x[y == word][:SHOWN_POINTS])


def test_readings_are_small_floats_and_maps_are_bytes(trained):
    stack, data = trained(dataset="moons")
    readings = reader_of(stack, data).read(stack.at_rest())
    assert {values.dtype for quantity, values in readings.items() if quantity != "decision"} == {np.dtype("f4")}
    assert readings["decision"].dtype == np.uint8


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_a_watched_stack_trains_the_same_bits_as_one_that_nobody_watches(trained, normalization):
    (watched, data), (alone, _) = (trained(normalization=normalization, dropout=0.2) for _ in range(2))
    reader = reader_of(watched, data)
    reader.watched = frozenset(WATCHED)
    for _ in range(5):
        reader.read(watched.at_rest())
        reader.remember(watched.at_rest())
        watched.advance(2)
    alone.advance(10)
    state = [(p for layer in s.at_rest().layers for p in layer.tensors()) for s in (watched, alone)]
    assert all(torch.equal(*pair) for pair in zip(*state, strict=True))
    assert [r.mean.tolist() for r in watched.at_rest().running] == [r.mean.tolist() for r in alone.at_rest().running]


def test_watching_draws_nothing_from_the_global_generators(trained):
    stack, data = trained(normalization="batch")
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()
    reader_of(stack, data).read(stack.at_rest())
    assert torch.equal(torch.get_rng_state(), before[0]) and np.random.get_state()[1].tolist() == before[1]


def test_a_run_reads_the_same_whoever_stands_beside_it(trained):
    (pair, both), (single, one) = trained(seeds=(0, 1)), trained(seeds=(1,))
    beside, alone = (reader_of(s, d).read(s.at_rest()) for s, d in ((pair, both), (single, one)))
    for quantity in alone:
        assert beside[quantity][1:] == pytest.approx(alone[quantity], rel=1e-3, abs=1e-5, nan_ok=True), quantity


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), 1e38])
def test_an_infinite_run_reads_nan_and_its_neighbour_is_untouched(trained, normalization, poison):
    stack, data = trained(normalization=normalization, dataset="moons")
    healthy = reader_of(stack, data, [1]).read(stack.at_rest())
    stack.at_rest().layers[0].weight[0] = poison
    readings = reader_of(stack, data, [1]).read(stack.at_rest())
    assert all(not np.isinf(values).any() for values in readings.values())
    assert np.isnan(readings["gradient_norm"][0, 0]) or poison == 1e38
    for quantity, values in readings.items():
        assert values[-1] == pytest.approx(healthy[quantity][-1], nan_ok=True), quantity


def test_a_run_of_nans_reads_nan_wherever_it_depends_on_them(trained):
    stack, data = trained()
    for layer in stack.at_rest().layers:
        layer.weight[0] = torch.nan
    readings = reader_of(stack, data).read(stack.at_rest())
    assert all(np.isnan(values[0]).all() for values in readings.values())


def test_test_loss_and_accuracy_are_those_of_the_test_examples_in_eval_mode(trained):
    stack, data = trained(normalization="batch", steps=30)
    view, readings = stack.at_rest(), reader_of(stack, data).read(stack.at_rest())
    x, y = torch.stack([d.pool_x[d.test].T for d in data]), torch.stack([d.pool_y[d.test] for d in data])
    logits = forward(view.run, view.layers, x, view.running).logits
    assert readings["test_loss"].tolist() == pytest.approx(losses(logits, y).tolist(), rel=1e-4)
    assert readings["test_accuracy"].tolist() == pytest.approx((logits.argmax(1) == y).float().mean(1).tolist())


def test_a_large_test_set_is_looked_at_in_even_spaces_and_a_small_one_whole():
    chosen = evenly(torch.arange(10_000))
    assert len(chosen) == TEST_SIZE and (chosen[0], chosen[-1]) == (0, 9999)
    assert set(chosen.diff().tolist()) == {19, 20}
    assert torch.equal(evenly(torch.arange(360)), torch.arange(360))


def test_batch_statistics_are_those_of_the_first_training_examples(trained):
    stack, data = trained(normalization="batch")
    view = stack.at_rest()
    x = torch.stack([d.pool_x[d.train[:PROBE_SIZE]].T for d in data])
    first = forward(view.run, view.layers, x).layers[0].normalization_input
    means = reader_of(stack, data).read(view)["batch_mean"][:, 0]
    assert means.tolist() == pytest.approx(first.mean((1, 2)).tolist(), rel=1e-4)


def test_the_distribution_shift_is_empty_at_first_and_there_20_steps_later(trained):
    stack, data = trained(steps=0)
    reader = reader_of(stack, data)
    first = reader.read(stack.at_rest())["distribution_shift"]
    stack.advance(20)
    later = reader.read(stack.at_rest())["distribution_shift"]
    assert np.isnan(first).all() and (later > 0).all()


def test_a_quick_look_serves_as_well_as_a_whole_reading(trained):
    (stack, data), (other, _) = (trained(normalization="batch", width=40) for _ in range(2))
    whole, quick = reader_of(stack, data), reader_of(other, data)
    whole.read(stack.at_rest())
    quick.remember(other.at_rest())
    stack.advance(20)
    other.advance(20)
    expected = whole.read(stack.at_rest())["distribution_shift"]
    assert quick.read(other.at_rest())["distribution_shift"] == pytest.approx(expected, rel=1e-4)


def test_only_the_wanted_rows_have_a_decision_map(trained):
    stack, data = trained(dataset="circles", seeds=(0, 1, 2))
    reads = {rows: reader_of(stack, data, rows).read(stack.at_rest()) for rows in ((2, 0), (0,), ())}
    assert np.array_equal(reads[2, 0]["decision"][1], reads[0,]["decision"][0])
    assert "decision" not in reads[()]


def test_a_training_set_smaller_than_the_probe_is_the_probe(trained):
    stack, data = trained(samples=50, batch_size=8, normalization="batch")
    assert len(data[0].train) < PROBE_SIZE
    assert reader_of(stack, data).read(stack.at_rest())["batch_mean"].shape == (2, 3)


def test_the_gradient_shift_that_nobody_watches_is_read_at_every_tenth_picture():
    run = Run(dataset="moons", depth=2, width=8, normalization="batch")
    lockstep = Lockstep(Experiment(arms={"bn": run}, seeds=(0,)))
    lockstep.watch(())
    read = [bool(np.isfinite(lockstep.snapshot()["bn"]["gradient_shift"][0, 1])) for _ in range(2 * RARELY)]
    assert read == [True, *[False] * (RARELY - 1)] * 2


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_what_is_read_rarely_leaves_the_other_readings_as_they_are(activation: str):
    run = Run(dataset="moons", depth=3, width=8, normalization="batch", activation=activation)
    spared, whole = (Lockstep(Experiment(arms={"bn": run}, seeds=(0, 1))) for _ in range(2))
    spared.watch(())
    for lockstep in (spared, whole):
        lockstep.snapshot()
        lockstep.advance(3)
    found, wanted = spared.snapshot()["bn"], whole.snapshot()["bn"]
    assert np.isnan(found["gradient_shift"]).all() and np.isfinite(wanted["gradient_shift"][:, 1:]).all()
    for quantity in found.keys() - {*DEAR}:
        assert np.array_equal(found[quantity], wanted[quantity], equal_nan=True), quantity

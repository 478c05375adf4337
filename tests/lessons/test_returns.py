"""Units that stop and come back: counted from the share of dead ones, and where they cannot."""

import numpy as np
import pytest
import torch

from bnviz.engine import dataset
from bnviz.lessons.presets import twins
from bnviz.lessons.returns import came_back, most_dead
from bnviz.run import Run
from bnviz.snapshot import History, Snapshot
from tests.engine.usual import usual_loop

DYING = Run(depth=5, width=64, activation="relu", init="he", learning_rate=0.5, batch_size=64)


def history(*shares):
    """Two layers of one seed, so many dead at each step; the first layer has none."""
    made = History(twins(DYING, range(1)))
    for step, share in enumerate(shares):
        made.append(Snapshot(step, 0.0, {arm: {"dead_units": np.array([[0.0, share]])} for arm in ("plain", "bn")}))
    return made


@pytest.mark.parametrize(
    ("shares", "most", "back"),
    [((0, 0.5, 0.75, 0.25), 0.75, 0.5), ((0, 0.5, 0.2, 0.6, 0.5), 0.6, 0.3), ((0, 0.5, 0.5), 0.5, 0),
     ((0.5, np.nan, np.nan), 0.5, 0)],
)  # fmt: skip
def test_units_came_back_where_the_share_of_dead_ones_falls(shares, most, back):
    made = history(*shares)
    assert most_dead(made, "plain", -1) == pytest.approx([most])
    assert came_back(made, "plain", 2) == pytest.approx([back])
    assert not came_back(made, "plain", 1).any()


def linear(network):
    return [layer for layer in network if isinstance(layer, torch.nn.Linear)]


def test_a_unit_that_no_training_picture_reaches_stays_as_it_is_in_the_first_layer_alone():
    (_, earlier), (_, later) = (usual_loop(DYING, 0, steps) for steps in (50, 200))
    inputs, moved = dataset(DYING, 0).train_x, []
    for layer, after in list(zip(*map(linear, (earlier, later)), strict=True))[:5]:
        fed = layer(inputs)
        dead = (fed <= 0).all(0)
        assert 0 < dead.sum() < 64
        moved.append(bool((layer.weight != after.weight)[dead].any()))
        inputs = fed.relu()
    assert moved == [False, True, True, True, True]

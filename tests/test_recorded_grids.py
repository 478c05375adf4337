"""Recorded maps and sweeps are whole, are those that the pages open with, and come out again when they are trained."""

from dataclasses import replace

import numpy as np
import pytest

from bnviz.lessons.grids import MAP, PRESETS, SWEEP
from bnviz.recorded_grids import FOLDER, GRIDS, from_bytes, recorded_table, same_networks, to_bytes, train
from bnviz.sweeps import COARSE, RESULTS, did_train
from bnviz.ui.sweeps.page import refusals
from tests.charts.made_up_maps import made_up_map, made_up_sweep, table

every_grid = pytest.mark.parametrize("name", GRIDS)
IN_COMMON = 0.97


@every_grid
def test_a_recording_has_a_row_for_every_network(name):
    grid, rows = GRIDS[name], recorded_table(GRIDS[name])
    assert tuple(rows.columns) == grid.columns and len(rows) == grid.total
    cells = [grid.cell(number) for number in range(grid.total)]
    assert [[*row] for row in zip(rows.columns["arm"], rows.columns["seed"], strict=True)] == [
        [cell.arm, cell.seed] for cell in cells
    ]


@every_grid
def test_every_recorded_network_was_read_or_diverged_or_says_why_it_cannot_be(name):
    rows = recorded_table(GRIDS[name])
    read = zip(rows.columns["train_loss"], rows.columns["diverged_at"], strict=True)
    ended = [loss is not None or step is not None for loss, step in read]
    assert ended == [reason is None for reason in rows.columns["impossible"]]


def test_all_files_together_are_tiny():
    assert sum((FOLDER / f"{name}.npz").stat().st_size for name in GRIDS) < 50_000


@pytest.mark.parametrize("made", [made_up_map(cells=8), made_up_sweep()], ids=["map", "sweep"])
def test_what_is_kept_of_a_table_is_read_back(made):
    rows = table(made)
    back = from_bytes(made, to_bytes(made, rows))
    for name, column in rows.columns.items():
        if name in RESULTS:
            assert np.allclose(back.numbers(name), rows.numbers(name), rtol=1e-3, equal_nan=True)
        else:
            assert back.columns[name] == column


def test_a_file_of_another_map_is_refused():
    with pytest.raises(ValueError, match="another map or sweep"):
        from_bytes(replace(MAP, steps=100), (FOLDER / "map.npz").read_bytes())


OTHERS = [
    replace(MAP, steps=100), replace(MAP, x=MAP.y, y=MAP.x), replace(MAP, experiment=MAP.experiment.replace(depth=5)),
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=["steps", "axes", "depth"])
def test_a_map_that_differs_in_one_choice_has_no_recording(other):
    assert recorded_table(other) is None


@pytest.mark.parametrize("grid", [MAP, SWEEP], ids=["map", "sweep"])
def test_the_rate_that_an_axis_replaces_makes_no_other_map(grid):
    other = replace(grid, experiment=grid.experiment.replace(learning_rate=3.0))
    assert other != grid and same_networks(grid, other) and recorded_table(other) is recorded_table(grid)


def test_bn_trains_at_far_more_choices_than_plain_and_at_rates_several_times_higher():
    """What the page shows, and what lesson 4 says of it."""
    rows, fastest = recorded_table(MAP), {}
    trained = did_train(MAP, rows)
    for arm in ("plain", "bn"):
        own = zip(rows.columns["learning_rate"], rows.columns["arm"], trained, strict=True)
        fastest[arm] = sorted(rate for rate, name, it in own if it and name == arm)
    assert len(fastest["bn"]) > 5 * len(fastest["plain"]) and fastest["bn"][-1] > 5 * fastest["plain"][-1]


def test_the_smallest_batch_of_the_recorded_sweep_is_refused_to_bn():
    (sentence,) = refusals(recorded_table(PRESETS[2].sweep))
    assert sentence.startswith("Not trained for BN: batch_size was 1")


@pytest.mark.slow
def test_the_coarse_picture_of_the_map_trains_to_the_recorded_one_again():
    """Networks at the border are decided by rounding: nearly all others come out the same on every processor."""
    size = MAP.size_of(0)
    numbers = [number for row in range(COARSE) for column in range(COARSE)
               for number in MAP.numbers(size * column, size * row)]  # fmt: skip
    again, recorded = did_train(MAP, train(MAP, numbers)), did_train(MAP, recorded_table(MAP))
    same = [it == recorded[number] for number, it in zip(numbers, again, strict=True)]
    assert np.mean(same) >= IN_COMMON and 0 < sum(again) < len(again)


@pytest.mark.slow
def test_two_depths_of_the_sweep_over_depth_train_to_the_recorded_medians_again():
    sweep = PRESETS[1].sweep
    members = len(sweep.experiment.arms) * len(sweep.experiment.seeds)
    numbers = [number for place in (0, 5) for number in range(place * members, (place + 1) * members)]
    again, recorded = medians(train(sweep, numbers)), medians(recorded_table(sweep))
    assert [arm_and_depth for arm_and_depth, it in again.items() if abs(it - recorded[arm_and_depth]) > 0.05] == []


def medians(rows):
    """The median accuracy over the seeds, at every depth of every arm."""
    places = dict.fromkeys(zip(rows.columns["arm"], rows.columns["depth"], strict=True))
    return {(arm, depth): np.median(np.nan_to_num(rows.where(arm=arm, depth=depth).numbers("test_accuracy")))
            for arm, depth in places}  # fmt: skip

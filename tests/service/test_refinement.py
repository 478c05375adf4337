"""The order in which a map is trained: everything once, coarse before fine, and the border first."""

from __future__ import annotations

import pytest

from bnviz.axes import Axis
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.service.refinement import InOrder, Refinement, plan_for
from bnviz.sweeps import Map, Sweep

RUN = Run(dataset="moons", width=8)
TWO = Experiment(arms={"plain": RUN, "bn": RUN.replace(normalization="batch")}, seeds=(0, 1))
RATES, SCALES = Axis("learning_rate", 0.01, 10.0, log=True), Axis("init_scale", 0.1, 3.0)
WIDTHS = Axis("width", 2, 64, log=True)


def map_of(cells=32, seeds=1):
    return Map(TWO, RATES, SCALES, cells=cells, seeds=seeds)


def below(map_, number):
    """The made-up outcome: what lies left of a slanted line trains."""
    column, row, _ = map_.cell(number).place
    return 2 * column + row < map_.cells


def drawn(plan, outcome, count=40):
    """Every batch until none comes, each learned before the next."""
    while batch := plan.next(count):
        plan.learn({number: outcome(number) for number in batch})
        yield batch


@pytest.mark.parametrize("cells", [8, 16, 32, 64])
@pytest.mark.parametrize("seeds", [1, 2])
def test_a_map_is_covered_exactly_once(cells, seeds):
    map_ = map_of(cells, seeds)
    numbers = [number for batch in drawn(Refinement(map_), lambda n: below(map_, n)) for number in batch]
    assert sorted(numbers) == list(range(map_.total))


def test_the_whole_coarse_picture_comes_first():
    map_ = map_of()
    numbers = [number for batch in drawn(Refinement(map_), lambda n: below(map_, n)) for number in batch]
    assert all(map_.cell(number).place[2] == 0 for number in numbers[:128])


def test_the_border_is_drawn_to_its_end_before_the_rest_is_refined():
    map_ = map_of(64)
    places = [
        map_.cell(number).place
        for batch in drawn(Refinement(map_), lambda n: below(map_, n), 12) for number in batch
    ]  # fmt: skip
    near = [index for index, (x, y, level) in enumerate(places) if level == 3 and abs(2 * x + y - 64) <= 1]
    far = [index for index, (x, y, level) in enumerate(places) if level == 1 and abs(2 * x + y - 64) > 40]
    assert max(near) < min(far)


def test_a_picture_without_a_border_is_refined_level_by_level():
    map_ = map_of()
    levels = [map_.cell(batch[0]).place[2] for batch in drawn(Refinement(map_), lambda number: True)]
    assert levels == sorted(levels)


def test_the_border_lies_where_one_side_trained_and_the_other_did_not():
    map_ = map_of(8)
    plan = Refinement(map_)
    plan.learn({number: map_.cell(number).place[0] < 3 for number in range(map_.total)})
    assert plan.border().any(0).tolist() == [False, False, True, True, False, False, False, False]


def test_the_border_has_both_sides_upwards_too():
    map_ = map_of(8)
    plan = Refinement(map_)
    plan.learn({number: map_.cell(number).place[1] < 3 for number in range(map_.total)})
    assert plan.border().all(1).tolist() == [False, False, True, True, False, False, False, False]


def test_what_is_not_known_yet_is_no_border():
    map_ = map_of(8)
    plan = Refinement(map_)
    plan.learn({number: True for number in map_.numbers(3, 3)})
    assert not plan.border().any()


def test_nothing_more_comes_until_something_is_learned():
    map_ = map_of()
    plan = Refinement(map_)
    coarse = [number for _ in range(4) for number in plan.next(40)]
    assert (len(coarse), plan.next(40)) == (128, [])
    plan.learn(dict.fromkeys(coarse, True))
    assert plan.next(40)


def test_the_coarse_picture_is_cut_among_those_who_share_the_work():
    assert len(Refinement(map_of(), sharers=2).next(1000)) == 128 / 2


@pytest.mark.parametrize(("x", "y", "shaped"), [(RATES, WIDTHS, 1), (WIDTHS, RATES, 0)])
def test_networks_of_one_shape_stay_together(x, y, shaped):
    map_ = Map(TWO, x, y, cells=8)
    assert len({map_.cell(number).place[shaped] for number in Refinement(map_).next(16)}) == 1


@pytest.mark.parametrize("grid", [map_of(8), Sweep(TWO, {"depth": (1, 2, 3)})], ids=["map", "sweep"])
def test_what_a_lost_process_left_undone_comes_again_and_first(grid):
    plan = plan_for(grid)
    lost = plan.next(6)
    plan.back(lost[2:])
    assert plan.next(4) == lost[2:]


def test_a_sweep_is_trained_in_its_own_order():
    assert list(drawn(InOrder(5), bool, 2)) == [[0, 1], [2, 3], [4]]

"""A link is a map or a sweep: what is written is read back, what is wrong is named, and the rest is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.axes import RANGES, Axis, axis
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView, from_query, to_query
from bnviz.lessons.grids import MAP, SWEEP
from bnviz.run import FIELDS, Run
from bnviz.sweeps import RESULTS, SIZES, Map, Sweep
from tests.test_link import HOSTILE, field_values, runs

MAPS, SWEEPS = GridView(MAP), GridView(SWEEP)
SHOWN = [name for name in RESULTS if name != "diverged_at"]


@st.composite
def axes(draw, field):
    whole, (low, high, _) = FIELDS[field].whole, RANGES[field]
    ends = st.integers(int(low) or 1, int(high)) if whole else st.floats(low, high)
    low, high = sorted(draw(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1])))
    return Axis(field, float(low), float(high), draw(st.booleans()) and low > 0)


@st.composite
def experiments(draw):
    seeds = draw(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=3, unique=True))
    return Experiment(arms={"plain": Run(**draw(runs)), "other": Run(**draw(runs))}, seeds=seeds)


@st.composite
def maps(draw):
    experiment, (x, y) = draw(experiments()), draw(st.permutations(list(RANGES)))[:2]
    return GridView(
        Map(
            experiment, draw(axes(x)), draw(axes(y)), draw(st.sampled_from(SIZES[:3])), draw(st.integers(1, 10_000)),
            draw(st.integers(1, len(experiment.seeds))),
        ),
        draw(st.sampled_from(RESULTS)),
    )  # fmt: skip


def allowed(field, values):
    try:
        return bool(Sweep(SWEEP.experiment, {field: values}))
    except InvalidChoice:
        return False


@st.composite
def sweeps(draw):
    fields = draw(st.permutations(list(FIELDS)))[: draw(st.integers(1, 3))]
    along = {
        field: draw(st.lists(field_values(FIELDS[field]).filter(lambda value, field=field: allowed(field, [value])),
                             min_size=1, max_size=4)) for field in fields
    }  # fmt: skip
    return GridView(Sweep(draw(experiments()), along, draw(st.integers(1, 10_000))), draw(st.sampled_from(SHOWN)))


@given(maps())
def test_reading_a_written_link_gives_the_map_back(view):
    assert from_query(to_query(view), MAPS) == (view, [])


@given(sweeps())
def test_reading_a_written_link_gives_the_sweep_back(view):
    assert from_query(to_query(view), SWEEPS) == (view, [])


def test_a_map_s_link_is_short_and_can_be_read_by_a_person():
    assert to_query(GridView(MAP, "test_loss")) == {
        "x": "learning_rate:0.001:100:log", "y": "init_scale:0.01:100:log", "cells": "32", "steps": "200",
        "quantity": "test_loss", "arms": "plain,bn", "seeds": "0", "dataset": "spirals", "depth": "6", "width": "16",
        "activation": "relu", "bn.normalization": "batch", "init": "he", "batch_size": "64",
    }  # fmt: skip


def test_a_sweep_s_link_holds_the_field_with_its_values():
    sweep = Sweep(Experiment(arms={"plain": Run()}, seeds=(0, 1)), {"depth": (2, 4), "init_scale": (None, 0.5)}, 50)
    query = {"along": "depth:2,4;init_scale:,0.5", "steps": "50", "arms": "plain", "seeds": "0-1"}
    assert to_query(GridView(sweep)) == query and from_query(query, SWEEPS)[0].grid == sweep


def test_what_a_link_does_not_say_is_as_the_page_begins():
    view, wrong = from_query({"x": "depth:1:20"}, MAPS)
    assert view.grid == Map(MAP.experiment, axis("depth"), MAP.y) and wrong == []


WRONG = [
    ({"x": "depth"}, "an axis was 'depth'; allowed is a field with its range, like depth:1:20"),
    ({"x": "depth:1:many"}, "an axis was 'depth?1?many'"),
    ({"x": "activation:1:2"}, "an axis was 'activation'; allowed are learning_rate"),
    ({"x": "depth:9:2"}, "depth went from 9 to 2; allowed is a smaller and a larger number from 1 to 50"),
    ({"x": "eps:0:1:log"}, "eps began at 0; on a logarithmic axis it begins above 0."),
    ({"x": "init_scale:0.01:100:log"}, "both axes were init_scale"),
    ({"cells": "33"}, "cells was 33; allowed are 8, 16, 32, 64, 128."), ({"cells": "-"}, "cells was '-'"),
    ({"steps": "0"}, "steps was 0; allowed is a whole number from 1 to 10,000."),
    ({"trained_seeds": "2"}, "seeds was 2; allowed is a whole number from 1 to 1."),
    ({"quantity": "speed"}, "quantity was 'speed'; allowed are train_loss"), ({"depth": "99"}, "depth was '99'"),
]


@pytest.mark.parametrize(("wrong", "named"), WRONG, ids=str)
def test_a_wrong_value_of_a_map_is_named_and_the_rest_is_kept(wrong, named):
    right = {"cells": "16", "steps": "50", "quantity": "test_loss", "arms": "bn", "seeds": "3", "width": "8"}
    without = {name: text for name, text in right.items() if name not in wrong}
    view, sentences = from_query(right | wrong, MAPS)
    assert view == from_query(without, MAPS)[0] and len(sentences) == 1 and sentences[0].startswith(named)


@pytest.mark.parametrize(
    ("along", "named"),
    [
        ("depth", "along was 'depth'; allowed is a field with its values"), ("depth:2,many", "depth was 'many'"),
        ("speed:1,2", "'speed' is no choice of a Run"), ("depth:", "depth was None"), ("depth:" + "2," * 1000, "along"),
    ],
)  # fmt: skip
def test_wrong_values_of_a_sweep_are_named_and_the_rest_is_kept(along, named):
    view, (sentence,) = from_query({"along": along, "steps": "50"}, SWEEPS)
    assert view.grid == Sweep(SWEEP.experiment, SWEEP.axes, 50) and sentence.startswith(named)


def test_the_step_of_divergence_is_shown_of_a_map_alone():
    assert from_query({"quantity": "diverged_at"}, MAPS)[0].quantity == "diverged_at"
    view, (sentence,) = from_query({"quantity": "diverged_at"}, SWEEPS)
    assert view == SWEEPS and sentence.startswith("quantity was 'diverged_at'; allowed are")


def test_strangers_are_named_in_one_line_and_left_aside():
    query = {"steps": "50", "utm_source": "x", "changes": "9:1", "along": "depth:2"}
    view, (sentence,) = from_query(query, MAPS)
    assert view.grid.steps == 50 and view.grid.experiment == MAP.experiment
    assert sentence == "'utm_source', 'along', 'changes' mean nothing here."


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["x", "cells", "steps", "quantity", "along", None])
def test_what_is_wrong_with_a_hostile_link_is_short_and_without_markup(name, text):
    for default in (MAPS, SWEEPS):
        view, wrong = from_query({name or text: text}, default)
        sentence = " ".join(wrong)
        assert isinstance(view, GridView) and len(sentence) < 700 and sentence.isprintable()
        assert not set(sentence) & set("<>`$*!\\@~|#^&") and "](" not in sentence and "www." not in sentence
        assert not re.search(r"(?<![a-z0-9])_+[a-z]|--", sentence)

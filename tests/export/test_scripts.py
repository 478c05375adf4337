"""The script of an experiment's arm: which run it is of, and what it refuses in one sentence."""

import re

import numpy as np
import pytest

from bnviz.code import to_script
from bnviz.experiment import Experiment
from bnviz.export import notebook, script
from bnviz.fields import InvalidChoice
from bnviz.own_data import arrays_of, dataset_from
from bnviz.run import Run

TWINS = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}, seeds=[4, 7], changes=[(9, 1.0, "bn")])


def test_it_is_of_the_first_arm_and_the_first_seed():
    assert script(TWINS) == to_script(Run(), 4, 500)


def test_an_arm_and_a_seed_are_named_and_its_rates_come_when_they_do():
    assert script(TWINS, "bn", 7, 20) == to_script(TWINS.arms["bn"], 7, 20, {9: 1.0})


REFUSED = {
    "arm": ({"arm": "cn"}, "arm was 'cn'; allowed here are plain, bn."),
    "seed": ({"seed": 5}, "seed was 5; allowed here are 4, 7."),
    "steps": ({"steps": 0}, "steps was 0; allowed is 1 or more (whole numbers)."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_there_is_not_is_refused(what):
    given, sentence = REFUSED[what]
    with pytest.raises(ValueError, match=re.escape(sentence)):
        script(TWINS, **given)


def test_more_examples_a_step_than_there_are_is_refused():
    with pytest.raises(InvalidChoice, match="digits has only 40 training examples here; allowed is 1 to 40"):
        script(Experiment(arms={"plain": Run(samples=50, batch_size=41)}))


def own(examples):
    """An experiment with so many points of one's own, which ride in their word, or do not."""
    x = np.random.default_rng(0).normal(size=(examples, 2))
    return Experiment(arms={"plain": Run(dataset=dataset_from(x, x[:, 0] > 0, name="mine"), batch_size=8)})


def test_painted_points_stand_in_it():
    text = script(own(20))
    made = {}
    exec(text[text.index("# x, y and class") : text.index("order =")], {"np": np}, made)
    arrays = arrays_of(own(20).arms["plain"].dataset)
    assert np.array_equal(made["x"], arrays.x) and np.array_equal(made["y"], arrays.y)


@pytest.mark.parametrize("make", [script, notebook])
def test_a_data_set_that_rides_in_no_link_is_refused(make):
    with pytest.raises(InvalidChoice, match=r"dataset was mine, whose examples .* stand in no program; allowed are"):
        make(own(401))


def test_an_unknown_name_is_refused_with_those_there_are():
    import bnviz.export

    with pytest.raises(AttributeError, match=r"its public names are .*notebook"):
        _ = bnviz.export.nonsense

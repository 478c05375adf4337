"""Every study is measured by the function of its name, gives the columns it promises, and leaves torch as it was."""

import pytest
import torch

from bnviz.engine.studies import MEASURES, measure
from bnviz.study import STUDIES, Study

SMALL = {
    "deep_linear": {"steps": 20, "seeds": 2, "depth": 4, "layers": (2, 4), "examples": 50},
    "whitening": {"widths": (4, 8), "repeats": 1},
    "backward_terms": {},
    "residual_variance": {"depth": 12, "width": 16, "examples": 32, "seeds": 2},
    "ensemble": {"members": 2, "groups": 1, "steps": 120, "samples": 200},
    "placement": {"steps": 10, "seeds": 1},
    "scale_invariance": {"width": 4, "examples": 8},
    "one_unit": {"step": 20},
    "cost": {"depths": (1, 2), "width": 4, "batch": 8, "steps": 1, "repeats": 1},
    "gaussianity": {"steps": 2, "seeds": 2},
    "channels": {"depth": 3, "width": 8, "examples": 16, "seeds": 2},
}


def small(name):
    return Study(name, **SMALL[name])


def test_every_study_has_its_measure():
    assert list(MEASURES) == list(STUDIES)


@pytest.mark.parametrize("name", STUDIES)
def test_tables_grow_to_one_with_the_promised_columns(name):
    tables = list(measure(small(name)))
    assert [len(table) for table in tables] == sorted(len(table) for table in tables)
    assert list(tables[-1].columns) == list(STUDIES[name].columns)
    assert len(tables[-1]) > 0 and tables[-1].share == 1


@pytest.mark.parametrize("name", [name for name in STUDIES if name not in ("whitening", "cost")])
def test_a_study_again_is_the_same_again_whatever_the_global_seed(name):
    *_, first = measure(small(name))
    state = torch.get_rng_state()
    torch.rand(3)
    *_, second = measure(small(name))
    torch.set_rng_state(state)
    assert first == second


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_takes_nothing_from_the_global_generator(name):
    before = torch.get_rng_state()
    list(measure(small(name)))
    assert torch.equal(torch.get_rng_state(), before)


def test_between_two_tables_torch_computes_as_always():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    next(measure(small("deep_linear")))
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)
    assert float(torch.tensor(1e-40) * 1) > 0

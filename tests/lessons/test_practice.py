"""The code that the page of practice shows is the network that it names."""

import ast

import pytest
import torch
from torch import nn

from bnviz.engine import to_module
from bnviz.lessons.told.practice import KERAS, LESSON, PYTORCH
from bnviz.run import Run


@pytest.fixture
def written():
    names = {"nn": nn, "torch": torch}
    exec(PYTORCH, names)
    return names


def test_the_pytorch_code_is_the_run_of_the_first_figure_with_bn(written):
    ours = to_module(Run(normalization="batch"), 0)
    shapes = [tuple(tensor.shape) for tensor in written["network"].state_dict().values()]
    assert shapes == [tuple(tensor.shape) for tensor in ours.state_dict().values()]


def test_its_rate_epsilon_and_momentum_are_those_of_the_run(written):
    run, norms = Run(), [layer for layer in written["network"] if isinstance(layer, nn.BatchNorm1d)]
    assert written["optimizer"].defaults["lr"] == run.learning_rate and len(norms) == run.depth
    assert {(norm.eps, norm.momentum) for norm in norms} == {(run.eps, run.bn_momentum)}


def test_the_keras_code_has_the_same_numbers_and_the_other_momentum():
    calls = [call for call in ast.walk(ast.parse(KERAS)) if isinstance(call, ast.Call)]
    given = {word.arg: word.value.value for call in calls for word in call.keywords
             if isinstance(word.value, ast.Constant)}  # fmt: skip
    run = Run()
    assert given["epsilon"] == run.eps and given["learning_rate"] == run.learning_rate
    assert given["momentum"] == pytest.approx(1 - run.bn_momentum) and given["use_bias"] is False


def test_every_source_it_lists_is_named_in_the_text():
    text = " ".join([LESSON.claim, *(scene.words for scene in LESSON.scenes)])
    missing = [source.short for source in LESSON.sources if source.short not in text]
    assert missing == []

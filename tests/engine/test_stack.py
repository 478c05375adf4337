"""What a stack at rest shows."""

import torch

from bnviz.engine import dataset, mini_batches, to_module
from bnviz.engine.datasets import load
from bnviz.engine.stack import Stack
from bnviz.experiment import Run

RUN = Run(depth=1, width=6, normalization="batch", samples=200)


def test_running_statistics_are_those_of_pytorch():
    stack, module = Stack([RUN], [0], [load(RUN, 0)]), to_module(RUN, 0)
    stack.advance(1)
    module(dataset(RUN, 0).train_x[next(mini_batches(RUN, 0))])
    (running,) = stack.at_rest().running
    torch.testing.assert_close(running.mean[0, :, 0], module[1].running_mean)
    torch.testing.assert_close(running.var[0, :, 0], module[1].running_var)


def test_without_batch_normalization_there_are_no_running_statistics():
    plain = RUN.replace(normalization="none")
    assert Stack([plain], [0], [load(plain, 0)]).at_rest().running == ()

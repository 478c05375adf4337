"""Who is asked in company is asked as PyTorch asks a mini-batch in train mode; a company has nobody twice."""

import numpy as np
import torch

from bnviz.close_ups import CLOSE_UPS
from bnviz.engine import dataset, to_module
from bnviz.engine.close_ups.company import COMPANIES, among, companies
from bnviz.engine.datasets import load
from bnviz.engine.stack import Stack

RUN = CLOSE_UPS["company"]


def test_a_digit_among_mates_is_told_what_pytorch_tells_it_in_train_mode():
    view, x, mates = Stack([RUN], [0], [load(RUN, 0)]).at_rest(), dataset(RUN, 0).test_x, np.array([[1, 2], [7, 5]])
    told = among(view, x, 3, mates)
    for row, others in zip(told, mates, strict=True):
        asked = to_module(RUN, 0).train()(x[[3, *others]])
        torch.testing.assert_close(torch.from_numpy(row), asked.softmax(1)[0].detach())


def test_a_company_is_of_the_others_and_has_nobody_twice():
    found = companies(np.arange(10, 20), 8, np.random.default_rng(0))
    assert found.shape == (COMPANIES, 7) and found.min() >= 10 and found.max() < 20
    assert all(len(set(row)) == 7 for row in found)

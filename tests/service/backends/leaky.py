"""An engine whose runs leave something behind, as a library's caches may."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from bnviz.experiment import Experiment
from bnviz.testing import Scripted


class Leaky(Scripted):
    """Keeps 160 MiB of every run with two arms."""

    left: ClassVar[list[np.ndarray]] = []

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        if len(experiment.arms) == 2:
            self.left.append(np.ones(20 * 2**20))

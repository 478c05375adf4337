"""The first word to a worker may carry a checkpoint, which is more than a socket holds."""

from __future__ import annotations

import numpy as np

from bnviz.service import Service
from bnviz.service.store import StoredRun
from bnviz.snapshot import History
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()


def test_a_run_goes_on_from_a_checkpoint_of_eight_megabytes(service: Service, follow):
    checkpoint = {"step": np.array(40), "rates": np.array([0.5, 0.5]), "weights": np.zeros(2**20)}
    job = service.submit(EXAMPLE, stored=StoredRun(History(EXAMPLE), checkpoint=checkpoint))
    assert follow(job).until_step(0).step == 40
    job.cancel()

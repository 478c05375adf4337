"""Where experiments and studies run: each in an isolated process that owns torch, so many at once, the rest in line.

    service = Service(Limits())
    handle = service.submit(experiment, user="...", play=True)
    handle.state, handle.latest(), handle.history
    handle.send("learning_rate", rate=0.1, arm="plain")
    handle.cancel()

    measurement = service.measure(study)
    measurement.state, measurement.latest()
    measurement.cancel()

One warm process is started by ``subprocess`` and forks a worker for each; torch is imported there and never here.
"""

from __future__ import annotations

from bnviz.service.handle import Change, Handle
from bnviz.service.job import State
from bnviz.service.limits import Limits
from bnviz.service.measurement import Measurement
from bnviz.service.service import Service, shared

__all__ = ["Change", "Handle", "Limits", "Measurement", "Service", "State", "shared"]

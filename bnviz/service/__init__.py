"""Where experiments, studies and sweeps run: in isolated processes that own torch, so many at once, the rest in line.

    service = Service(Limits())
    handle = service.submit(experiment, user="...", play=True)
    handle.state, handle.latest(), handle.history
    handle = service.steer(handle, "...", "learning_rate", rate=0.1, arm="plain")
    handle.leave("...")

    measurement = service.measure(study)
    measurement.state, measurement.latest()
    measurement.cancel()

    sweep = service.sweep(map_or_sweep)
    sweep.state, sweep.table(), sweep.progress
    sweep.pause(); sweep.resume(); sweep.cancel()

From the reader to the process: ``service`` shares what is equal, ``desk`` and ``line`` say whose turn it is, a ``job``
(``handle``, ``measurement``, ``sweep_handle``) follows one process, ``places`` gives it, on this machine or on a
cluster, and ``worker`` is what runs there. ``keeper`` and ``cache`` keep runs beyond their processes. torch is
imported by workers and never here.
"""

from __future__ import annotations

from bnviz.service.followed import State
from bnviz.service.handle import Change, Handle
from bnviz.service.kept import Kept
from bnviz.service.limits import Limits
from bnviz.service.measurement import Measurement
from bnviz.service.service import Service, shared
from bnviz.service.sweep_handle import Progress, SweepHandle

__all__ = ["Change", "Handle", "Kept", "Limits", "Measurement", "Progress", "Service", "State", "SweepHandle", "shared"]

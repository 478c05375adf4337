"""Where experiments, studies and sweeps run: in isolated processes that own torch, so many at once, the rest in turn.

    service = Service(Settings())
    job = service.submit(experiment, user="...", play=True)
    job.state, job.latest(), job.history
    job = service.steer(job, "...", "learning_rate", rate=0.1, arm="plain")
    job.leave("...")

    study_job = service.measure(study)
    study_job.state, study_job.latest()
    study_job.cancel()

    inside_job = service.look_back(experiment, (layer, unit), steps)

    sweep_job = service.sweep(map_or_sweep)
    sweep_job.state, sweep_job.table(), sweep_job.progress
    sweep_job.pause(); sweep_job.resume(); sweep_job.cancel()

Everything is decided by one ``owner``, in one order. From the reader to the process: ``service`` shares what is
equal, ``scheduler`` and ``fair_queue`` say whose turn it is, a ``job`` (``training_job``, ``inside_job``,
``study_job``, ``sweep_job``) follows one process over its ``channel``, ``backends`` give it, on this machine or on a
cluster, and ``worker`` is what runs there. The ``store`` keeps runs beyond their processes. torch is imported by
workers and never here.
"""

from __future__ import annotations

from bnviz.service.inside_job import InsideJob
from bnviz.service.owner import Later, Owner, owned
from bnviz.service.service import Service, shared
from bnviz.service.store import StoredRun
from bnviz.service.study_job import StudyJob
from bnviz.service.subject import State
from bnviz.service.sweep_job import SweepJob, SweepProgress
from bnviz.service.training_job import Change, TrainingJob

__all__ = [
    "Change", "InsideJob", "Later", "Owner", "Service", "State", "StoredRun", "StudyJob", "SweepJob", "SweepProgress",
    "TrainingJob", "owned", "shared",
]  # fmt: skip

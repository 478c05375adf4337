"""Studies: measurements that are no training run of an experiment. One small file a study, one row here.

Every function takes the study's numbers by name and yields tables that grow;
the last one is final. Each draws from generators of its own, never the global
one, and is called under ``one_thread_without_denormals``. What a study asks
and what its columns mean stands in ``bnviz.study``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.studies.backward_terms import backward_terms
from bnviz.engine.studies.channels import channels
from bnviz.engine.studies.cost import cost
from bnviz.engine.studies.deep_linear import deep_linear
from bnviz.engine.studies.ensemble import ensemble
from bnviz.engine.studies.gaussianity import gaussianity
from bnviz.engine.studies.one_unit import one_unit
from bnviz.engine.studies.placement import placement
from bnviz.engine.studies.residual_variance import residual_variance
from bnviz.engine.studies.scale_invariance import scale_invariance
from bnviz.engine.studies.whitening import whitening
from bnviz.study import Study
from bnviz.table import Table

MEASURES: dict[str, Callable[..., Iterator[Table]]] = {
    "deep_linear": deep_linear,
    "whitening": whitening,
    "backward_terms": backward_terms,
    "residual_variance": residual_variance,
    "ensemble": ensemble,
    "placement": placement,
    "scale_invariance": scale_invariance,
    "one_unit": one_unit,
    "cost": cost,
    "gaussianity": gaussianity,
    "channels": channels,
}
"""Name of a study to what measures it."""


def measure(study: Study) -> Iterator[Table]:
    """Measure a study: tables that grow, the last one final. Between two of them nothing is held."""
    tables = MEASURES[study.name](**study.arguments)
    while True:
        with one_thread_without_denormals():
            table = next(tables, None)
        if table is None:
            return
        yield table

"""Where worker processes come from: forked, long-lived, or on a cluster. The host's settings choose."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bnviz.device import device_word
from bnviz.service.places.lasting import Lasting
from bnviz.service.places.nursery import Nursery
from bnviz.service.places.place import Place

__all__ = ["PLACES", "Lasting", "Nursery", "Place", "place_for", "place_word"]


def _local(engine: str, workers: int, environment: Mapping[str, str]) -> Place:
    """Forks of a warm process; not on systems that cannot fork, nor with CUDA, which a fork would break."""
    forks = hasattr(os, "fork") and device_word(environment) != "cuda"
    return Nursery(engine) if forks else Lasting(engine, workers)


def _ray(engine: str, workers: int, environment: Mapping[str, str]) -> Place:
    from bnviz.service.places.cluster import Cluster, ClusterSettings

    return Cluster(engine, ClusterSettings.from_environment(environment))


PLACES: Mapping[str, Callable[[str, int, Mapping[str, str]], Place]] = {"local": _local, "ray": _ray}
"""What ``BNVIZ_ENGINE`` may say: the engine's name, the most workers and the settings in, a place out."""


def place_word(environment: Mapping[str, str] = os.environ) -> str:
    """What ``BNVIZ_ENGINE`` says. Raises ValueError with one sentence for a word that is none of ``PLACES``."""
    word = environment.get("BNVIZ_ENGINE", "").strip().lower() or "local"
    if word not in PLACES:
        raise ValueError(
            f"BNVIZ_ENGINE was {word[:40]!r}; allowed is {' or '.join(PLACES)}. It says where runs are trained."
        )
    return word


def place_for(engine: str, workers: int, environment: Mapping[str, str] = os.environ) -> Place:
    """The place that the settings ask for, with so many workers at most. Raises ValueError as ``place_word`` does."""
    return PLACES[place_word(environment)](engine, workers, environment)

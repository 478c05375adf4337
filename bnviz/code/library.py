"""What stands behind a hidden layer's linear map, in the order of the run: the same for every library but its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bnviz.code.writing import call, sites
from bnviz.run import Run

Words = Callable[[Run], str]


@dataclass(frozen=True)
class Library:
    """The words of one library: its activations, its normalizations, and the name of its dropout."""

    activations: Mapping[str, str]
    batch: Words
    layer: Words
    group: Words
    dropout: str

    def normalization(self, run: Run) -> list[str]:
        """The layers of the normalization; none without one."""
        return [write(run) for write in self._normalizations[run.normalization]]

    def dropped(self, run: Run) -> list[str]:
        """The layer that drops units; none without."""
        return [call(self.dropout, run.dropout)] if run.dropout else []

    def behind(self, run: Run) -> list[str]:
        """The layers behind the linear map, in order."""
        layers: dict[str, Callable[[Run], list[str]]] = {
            "normalization": self.normalization,
            "nonlinearity": lambda run: [self.activations[run.activation]],
            "gamma_and_beta": lambda run: ["GammaAndBeta()"],
            "dropout": self.dropped,
        }
        return [layer for site in (*sites(run), "dropout") for layer in layers[site](run)]

    @property
    def _normalizations(self) -> dict[str, tuple[Words, ...]]:
        """Word to the layers that make it."""
        return {
            "none": (), "layer": (self.layer,), "group": (self.group,), "noisy": (self.batch, lambda run: "Noise()"),
            **dict.fromkeys(("batch", "l1", "linf", "detached"), (self.batch,)),
        }  # fmt: skip

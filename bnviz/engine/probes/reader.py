"""What a stack's training asks of the probes: one ``Reader`` a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from bnviz.engine.datasets import Data
from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.probes.evaluation import decision_map, eval_logits, judged, plane
from bnviz.engine.probes.feature_maps import feature_maps
from bnviz.engine.probes.hidden_layers import PROBES, sorted_units
from bnviz.engine.probes.instruments import INSTRUMENTS, Context, Examples, Instrument
from bnviz.engine.probes.network_picture import NetworkPicture
from bnviz.engine.probes.probe_pass import layers_and_gradients, unit_inputs
from bnviz.engine.probes.shift import ShiftMemory
from bnviz.engine.states import State
from bnviz.engine.trace import Running, StackView
from bnviz.quantities import DEAR, RARELY, SHOWN_POINTS
from bnviz.run import Run
from bnviz.shown_network import has_picture

PROBE_SIZE = 64
"""The probe batch: the first so many training examples of each seed, about as many as a mini-batch has."""

TEST_SIZE = 512
"""At most so many test examples are read in a snapshot: all of the digits, a share of MNIST's 10,000, which would cost
training its speed. Each seed has a share of its own, so that the spread over seeds knows of the choice."""

TRAIN_SIZE = 1024
"""At most so many training examples, evenly spaced, are shown to instruments."""


class Reader:
    """Reads one stack: the same probe batch, the same test examples every time.

    ``data`` has one entry a run of the stack, ``mapped`` are the rows whose
    decision map is wanted, ``instruments`` the words of what else is to be
    read, and ``watched`` those of what somebody watches now: what is ``DEAR`` is
    read rarely where nobody does. A reader may be asked at any step or none: it
    changes nothing that trains, only its own memory of the last steps.
    """

    def __init__(
        self, run: Run, data: Sequence[Data], mapped: Sequence[int] = (0,), instruments: Sequence[str] = ()
    ) -> None:
        self._probe, labels = gather(data, [each.train[:PROBE_SIZE] for each in data])
        self._truth = one_hot(labels, data[0].classes).transpose(1, 2).float().contiguous()
        self._test, self._test_labels = gather(data, [evenly(each.test) for each in data])
        self._plane = plane().expand(len(mapped), -1, -1).contiguous() if data[0].plane and mapped else None
        self._points = np.stack([points_by_class(data[row]) for row in mapped]) if self._plane is not None else None
        self._mapped, self.watched = list(mapped), frozenset(DEAR[:1])
        self._pictures = 0
        self._picture = NetworkPicture(run, self._mapped, self._test_labels) if mapped and has_picture(run) else None
        self._memory = ShiftMemory()
        self._instruments = [INSTRUMENTS[word] for word in instruments]
        if instruments:
            test, train = Examples(self._test, self._test_labels), [evenly(each.train, TRAIN_SIZE) for each in data]
            self._shown = (Examples(self._probe, labels), test, Examples(*gather(data, train)))
        keep_freed_memory()

    def read(self, view: StackView) -> dict[str, np.ndarray]:
        """Every quantity, ``(runs, ...)`` float32 as ``bnviz.quantities`` says, NaN where it is not finite.

        ``decision`` is uint8, ``(mapped rows, grid, grid)``, and only there for
        data in the plane, as are ``points``, one array a mapped row; ``filters`` and
        ``feature_maps`` only of convolutional networks, one array a mapped row. The
        network's picture is ``(mapped rows, bytes)``, and only there while it is watched.
        """
        run, layers = view.run, view.layers
        picture = self._picture if "network" in self.watched else None
        if picture:
            picture.begin()
        with one_thread_without_denormals(), torch.inference_mode(), np.errstate(all="ignore"):
            dear = DEAR[0] in self.watched or self._pictures % RARELY == 0
            self._pictures += 1
            hidden, gradients = layers_and_gradients(view, self._probe, self._truth, dear)
            layered = {quantity: probe(hidden) for quantity, probe in PROBES.items()}
            layered |= gradients
            layered["distribution_shift"] = self._memory.read(view.step, hidden.sorted_units)
            hear = picture.hear if picture and self._plane is None else None
            logits = eval_logits(run, layers, view.running, self._test, hear)
            judgement = _finite(judged(logits, self._test_labels))
            readings = dict(zip(("test_loss", "test_accuracy"), judgement, strict=True))
            readings |= _by_run(layered)
            if self._plane is not None and self._points is not None:
                logits = self._over_the_plane(view, self._plane, picture)
                readings |= {"decision": decision_map(logits).numpy(), "points": self._points}
            if run.network == "cnn" and self._mapped:
                readings |= feature_maps(view, self._probe, self._mapped)
            if picture:
                picture.hear_output(logits)
                readings |= picture.read(view)
            for instrument in self._instruments:
                readings |= self._consult(instrument, view)
        return readings

    def stops(self, begin: int, end: int) -> list[int]:
        """The steps from ``begin`` on and before ``end`` at which training should stop for ``remember``."""
        return self._memory.stops(begin, end)

    def remember(self, view: StackView) -> None:
        """Keep what the units receive, for the distribution shift read 20 steps later."""
        with one_thread_without_denormals(), torch.inference_mode():
            self._memory.remember(view.step, sorted_units(unit_inputs(view, self._probe)))

    def state(self) -> dict[str, Tensor]:
        """Its memory of the last steps (see ``states``)."""
        return self._memory.state()

    def load(self, state: State) -> None:
        """Remember this instead."""
        self._memory.load(state)

    def _consult(self, instrument: Instrument, view: StackView) -> dict[str, np.ndarray]:
        with torch.inference_mode(False), torch.enable_grad():
            found = instrument(Context(view, *self._shown, self._mapped))
        return {quantity: _finite([values])[0] for quantity, values in found.items()}

    def _over_the_plane(self, view: StackView, points: Tensor, picture: NetworkPicture | None) -> Tensor:
        """The logits of the mapped rows at these points."""
        rows = self._mapped
        layers = [layer.map(lambda p: p[rows]) for layer in view.layers]
        running = [Running(statistics.mean[rows], statistics.var[rows]) for statistics in view.running]
        return eval_logits(view.run, layers, running, points, picture.hear if picture else None)


def keep_freed_memory() -> None:
    """Have the C library keep what a reading frees for the next one.

    glibc maps large tensors one by one and returns them when they are freed,
    and their pages are filled with zeros anew at every reading: a fifth of its
    time. Once a larger block has been freed, it keeps smaller ones (mallopt(3),
    M_MMAP_THRESHOLD). Elsewhere this does nothing.
    """
    torch.empty(31 << 20, dtype=torch.uint8)


def gather(data: Sequence[Data], chosen: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """These examples of every run: ``(runs, features, examples)`` and labels ``(runs, examples)``."""
    x = torch.stack([each.x(indices).T for each, indices in zip(data, chosen, strict=True)])
    return x.contiguous(), torch.stack([each.pool_y[indices] for each, indices in zip(data, chosen, strict=True)])


def points_by_class(data: Data) -> np.ndarray:
    """Some training examples of every class, ``(classes, 2, points)``; NaN where a class has fewer."""
    x, y = data.x(data.train).numpy(), data.pool_y[data.train].numpy()
    found = np.full((data.classes, 2, SHOWN_POINTS), np.nan, np.float32)
    for word in range(data.classes):
        own = x[y == word][:SHOWN_POINTS].T
        found[word, :, : own.shape[1]] = own
    return found


def evenly(indices: Tensor, most: int = TEST_SIZE) -> Tensor:
    """At most ``most`` of these, evenly spaced."""
    return indices[torch.linspace(0, len(indices) - 1, min(most, len(indices))).round().long()]


def _by_run(layered: Mapping[str, Tensor | np.ndarray]) -> dict[str, np.ndarray]:
    """Readings ``(layers, runs, ...)`` as finite ones, ``(runs, layers, ...)``; equal shapes are put right together."""
    found: dict[str, np.ndarray] = {}
    by_shape: dict[tuple[int, ...], list[str]] = {}
    for quantity, values in layered.items():
        by_shape.setdefault(tuple(values.shape), []).append(quantity)
    for quantities in by_shape.values():
        finite = _finite([layered[quantity] for quantity in quantities]).swapaxes(1, 2)
        found |= dict(zip(quantities, finite, strict=True))
    return found


def _finite(values: Sequence[Tensor | np.ndarray]) -> np.ndarray:
    """Readings of one shape in one float32 array, with NaN for what is not finite."""
    found = np.stack([np.asarray(each) for each in values]).astype(np.float32)
    found += 0 * found
    return found

"""Which examples a step sees: every seed's own order, shuffled each epoch or only once, the remainder dropped.

The order depends on the seed, the number of training examples, the batch size
and ``shuffle`` only, so arms that share these see the same mini-batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import torch
from torch import Tensor

from bnviz.engine.datasets import Data, as_floats, load
from bnviz.engine.devices import CPU
from bnviz.engine.generators import torch_generator
from bnviz.engine.states import State
from bnviz.run import Run


def mini_batches(run: Run, seed: int) -> Iterator[Tensor]:
    """The same mini-batches, for ever: int64 indices ``(batch,)`` into the training tensors of ``dataset``."""
    examples = len(checked(run, load(run, seed)).train)
    steps = examples // run.batch_size
    return (
        indices
        for order in Orders(examples, seed, run.shuffle)
        for indices in order[: steps * run.batch_size].view(steps, run.batch_size)
    )


class Orders:
    """One order of all training examples an epoch: another one each time, or always the first.

    ``before`` is where the generator stood before the newest order was drawn.
    """

    def __init__(self, examples: int, seed: int, shuffle: bool) -> None:
        self.generator = torch_generator(seed, "batches")
        self._examples, self._shuffle = examples, shuffle
        self.before = self.generator.get_state()

    def __iter__(self) -> Iterator[Tensor]:
        return self

    def __next__(self) -> Tensor:
        if not self._shuffle:
            self.generator.set_state(self.before)
        self.before = self.generator.get_state()
        return torch.randperm(self._examples, generator=self.generator)

    def standing(self, again: bool) -> Tensor:
        """From where the newest order is drawn ``again``, or else the one after it."""
        return self.before if again or not self._shuffle else self.generator.get_state()

    def stand(self, where: Tensor) -> None:
        """Go on from there."""
        self.before = where.clone()
        self.generator.set_state(self.before)


def checked(run: Run, data: Data) -> Data:
    """``data``, if one mini-batch fits into its training split. Raises InvalidChoice where not."""
    run.fitting(len(data.train))
    return data


AHEAD = 2**18
"""Bytes of mini-batches that are gathered at once, some steps ahead: small ones cost little but the call."""


class MiniBatches:
    """The mini-batches of all runs of a stack, gathered from one pool in one index operation each.

    ``x`` is ``(runs, features, width)``, a view of rows that were copied whole;
    ``y`` is ``(runs, 1, batch)``. ``width`` is at least the batch: what stands
    beyond it are repeated examples that only fill up the last tile of a matrix
    product. Runs of one seed that share their ``Data`` share their orders, and
    where all of them do, one mini-batch. Orders are drawn on the CPU; all else
    is on the ``device``.
    """

    def __init__(
        self, batch: int, data: Sequence[Data], seeds: Sequence[int], width: int, shuffle: bool = True,
        device: torch.device = CPU,
    ) -> None:  # fmt: skip
        members = [(id(d.pool_x), id(d.pool_y), id(d.train), seed) for d, seed in zip(data, seeds, strict=True)]
        places = {member: place for place, member in enumerate(dict.fromkeys(members))}
        own = [members.index(member) for member in places]
        pool_x, starts_x = _joined([data[row].pool_x for row in own])
        pool_x = pool_x.to(torch.get_default_dtype()) if pool_x.is_floating_point() else pool_x
        pool_y, starts_y = _joined([data[row].pool_y for row in own])
        self._pool_x, self._pool_y, self._device = pool_x.to(device), pool_y.to(device), device
        self._train = torch.stack([data[row].train + start for row, start in zip(own, starts_x, strict=True)])
        behind = torch.tensor(starts_y)[:, None] - torch.tensor(starts_x)[:, None]
        self._labels_behind = behind if behind.any() else None
        self._orders = [Orders(len(data[row].train), seeds[row], shuffle) for row in own]
        self._batch, runs = batch, len(data)
        distinct = runs if len(own) > 1 else 1
        self._member = torch.tensor([places[member] for member in members]) if 1 < len(own) < runs else None
        self._place = self.per_epoch = len(data[0].train) // batch
        self._epoch = self._epoch_labels = torch.empty(0)
        features = self._pool_x.shape[1]
        self._ahead = max(1, min(self.per_epoch, AHEAD // (4 * distinct * width * features)))
        self._indices = torch.zeros(self._ahead, distinct, width, dtype=torch.int64, device=device)
        self._fetched = torch.empty(self._ahead, distinct, width, features, device=device)
        self._stored = self._fetched.to(self._pool_x.dtype).view(-1, features)  # the same, unless the pool holds bytes
        self._labels = torch.empty(self._ahead, distinct, 1, batch, dtype=torch.int64, device=device)
        self._rows, self._y = self._fetched[0], self._labels[0]
        if self._ahead > 1:
            self._rows, self._y = torch.empty_like(self._rows), torch.empty_like(self._y)
        self._first = -1  # of the mini-batches that were fetched
        self.x = self._rows.transpose(1, 2).expand(runs, -1, -1)
        self.y = self._y.expand(runs, -1, -1)

    def next(self) -> None:
        """Put the next mini-batch of every run into ``x`` and ``y``."""
        if self._place == self.per_epoch:
            self._begin_epoch()
        first = self._place - self._place % self._ahead
        if first != self._first:
            self._fetch(first)
        if self._ahead > 1:
            self._rows.copy_(self._fetched[self._place - first])
            self._y.copy_(self._labels[self._place - first])
        self._place += 1

    def _fetch(self, first: int) -> None:
        """Gather the mini-batches of some steps of this epoch at once."""
        steps = min(self._ahead, self.per_epoch - first)
        self._indices[:steps, :, : self._batch] = self._epoch[first : first + steps]
        torch.index_select(self._pool_x, 0, self._indices.view(-1), out=self._stored)
        as_floats(self._stored, out=self._fetched.view(self._stored.shape))
        torch.take(self._pool_y, self._epoch_labels[first : first + steps], out=self._labels[:steps])
        self._first = first

    def state(self, ready: bool) -> dict[str, Tensor]:
        """Where the orders stand, and how many mini-batches of this epoch are done, without one that is ``ready``."""
        done = self._place - ready
        orders = [order.standing(done < self.per_epoch) for order in self._orders]
        return {"orders": torch.stack(orders), "done": torch.tensor(done)}

    def load(self, state: State, ready: bool) -> None:
        """Stand there instead; if ``ready``, with the newest mini-batch in ``x`` and ``y`` again.

        Raises:
            ValueError: more mini-batches are done than an epoch has.
        """
        for order, where in zip(self._orders, state["orders"], strict=True):
            order.stand(where)
        done = int(state["done"])
        if not 0 <= done <= self.per_epoch:
            raise ValueError(f"{done} mini-batches of an epoch were done; allowed is 0 to {self.per_epoch}.")
        if done < self.per_epoch:
            self._begin_epoch()
        self._place = done
        if ready:
            self.next()

    def _begin_epoch(self) -> None:
        epoch = torch.gather(self._train, 1, torch.stack([next(order) for order in self._orders]))
        labels = epoch if self._labels_behind is None else epoch + self._labels_behind
        own = (epoch, labels) if self._member is None else (epoch[self._member], labels[self._member])
        self._epoch, self._epoch_labels = (self._by_step(each).to(self._device) for each in own)
        self._epoch_labels = self._epoch_labels[:, :, None]
        self._place, self._first = 0, -1

    def _by_step(self, epoch: Tensor) -> Tensor:
        """An epoch's examples, ``(runs, examples)``, mini-batch by mini-batch: ``(steps, runs, batch)``."""
        whole = epoch[:, : self.per_epoch * self._batch]
        return whole.reshape(len(epoch), self.per_epoch, self._batch).transpose(0, 1).contiguous()


def _joined(pools: Sequence[Tensor]) -> tuple[Tensor, list[int]]:
    """The different ones of these tensors in one, and where each of them begins there."""
    different = list({id(pool): pool for pool in pools}.values())
    starts = dict(zip(map(id, different), accumulate(map(len, different), initial=0), strict=False))
    return different[0] if len(different) == 1 else torch.cat(different), [starts[id(pool)] for pool in pools]

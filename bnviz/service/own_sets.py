"""Data of one's own, each set under its hash, on disk for so many days after it was last used, and for the workers.

Who does not have the hash finds nothing: no list of what is kept is ever shown. What cannot be written now is kept in
memory for a while.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from bnviz.folders import kept_in
from bnviz.messages import encode
from bnviz.own_data import MadeSet, OwnArrays, belongs, body_at_hand
from bnviz.own_words import is_own, own_set
from bnviz.run_file import SUFFIX, Damaged, make_room, opened, write
from bnviz.settings import Settings

_log = logging.getLogger(__name__)

MOST_BYTES, MOST_IN_MEMORY = 4 * 2**20, 32 * 2**20
"""Of one set, and of all that are at hand without a look at the disk."""
DAY = 86_400


class OwnSets:
    """At most so many MiB, for at most so many ``days`` after the last use; those used longest ago make room.

    Methods may be called from any thread, and never raise for what is wrong with the folder. ``clock`` is the folder's.
    """

    def __init__(
        self, folder: Path, most_mib: int, days: float, clock: Callable[[], float] = time.time
    ) -> None:  # fmt: skip
        self._folder, self._most, self._seconds, self._clock = folder, most_mib * 2**20, days * DAY, clock
        self._memory: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self.days = days

    def keep(self, made: MadeSet) -> None:
        """Keep a set that does not ride in its word."""
        if not made.body or len(made.body) > MOST_BYTES:
            return
        self._remember(made.word, made.body)
        if not self._most:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._path(made.word)
            make_room(self._folder, path, write(path, made.body), self._most, self._oldest_ns)
        except OSError as error:
            _log.warning("a data set could not be kept: %s", error.strerror or type(error).__name__)

    def find(self, word: str) -> bytes | None:
        """The bytes of a set; None where they are gone, or were never here."""
        with self._lock:
            since, body = self._memory.get(word, (0.0, b""))
        if body and self._clock() - since < self._seconds:
            self._remember(word, body)
            return body
        found = self._read(word) or body_at_hand(word)
        if found:
            self._remember(word, found)
        return found

    def about(self, word: str) -> dict[str, object]:
        """What is known of a set beside its examples; nothing where it rides in its word, or is gone."""
        body = None if own_set(word).rides else self.find(word)
        return OwnArrays.from_bytes(body).about if body else {}

    def is_gone(self, word: str) -> bool:
        """Whether nobody can train on this word, or any more."""
        return is_own(word) and not own_set(word).rides and self.find(word) is None

    def messages(self, words: Iterable[str]) -> bytes:
        """What a worker is told before it is told what to do: each of these sets that does not ride in its word."""
        own = [word for word in dict.fromkeys(words) if is_own(word) and not own_set(word).rides]
        found = {word: body for word in own if (body := self.find(word))}
        bodies = {word: np.frombuffer(body, np.uint8) for word, body in found.items()}
        return b"".join(encode("own", {"body": body}, word=word) for word, body in bodies.items())

    def _remember(self, word: str, body: bytes) -> None:
        with self._lock:
            self._memory[word] = self._clock(), body
            self._memory.move_to_end(word)
            while sum(len(each) for _, each in self._memory.values()) > MOST_IN_MEMORY:
                self._memory.popitem(last=False)

    def _path(self, word: str) -> Path:
        return self._folder / (hashlib.sha256(own_set(word).content.encode()).hexdigest() + SUFFIX)

    def _read(self, word: str) -> bytes | None:
        if not self._most:
            return None
        try:
            with opened(self._path(word)) as file:
                if file is None or file.used_ns < self._oldest_ns:
                    return None
                body = file.body(MOST_BYTES + 2**16)
                if body is None or not belongs(word, body):
                    return None
                file.use()
                return body
        except (OSError, Damaged):
            return None

    @property
    def _oldest_ns(self) -> int:
        """What was used before then is gone."""
        return int((self._clock() - self._seconds) * 1e9)


@functools.cache
def own_sets() -> OwnSets:
    """The ones of this process, in a folder beside its runs, as the host's settings say."""
    settings = Settings()
    return OwnSets(kept_in("BNVIZ_CACHE", "runs") / "own", settings.own_mib, settings.own_days)

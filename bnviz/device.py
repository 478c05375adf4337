"""The host's word on which processor networks train. Whether there is one is the engine's business."""

from __future__ import annotations

import os
from collections.abc import Mapping

SETTING, WORDS = "BNVIZ_DEVICE", ("cpu", "auto", "cuda")


def device_word(environment: Mapping[str, str] = os.environ) -> str:
    """What BNVIZ_DEVICE says: cpu (the default), auto or cuda. Raises ValueError, with one sentence, for others."""
    word = environment.get(SETTING, "").strip().lower() or WORDS[0]
    if word not in WORDS:
        raise ValueError(f"{SETTING} was {word[:40]!r}; allowed are {', '.join(WORDS)}. It says where networks train.")
    return word

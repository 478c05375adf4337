"""Every setting of the host, read once before anything starts. Knows which there are, not what they mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bnviz.device import device_word
from bnviz.live.limits import SocketLimits, frame_ancestors, metrics_token, other_origins
from bnviz.service import Limits
from bnviz.service.places import place_word
from bnviz.service.run_log import form_from_environment

Read = Callable[[Mapping[str, str]], object]

SETTINGS: tuple[Read, ...] = (
    Limits.from_environment, SocketLimits.from_environment, metrics_token, other_origins, form_from_environment,
    frame_ancestors, place_word, device_word,
)  # fmt: skip
"""Each reads some of the settings, and raises ValueError with one sentence for a wrong one."""


def check_settings(environment: Mapping[str, str] = os.environ) -> None:
    """End the process with one sentence if a setting is wrong: better than a server that starts and then refuses."""
    try:
        for read in SETTINGS:
            read(environment)
    except ValueError as error:
        raise SystemExit(f"bnviz does not start: {error}") from None

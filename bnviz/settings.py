"""What a host may set: one table of every ``BNVIZ_...`` variable, its default, what is allowed, and what it means.

Read with pydantic-settings and checked at once; a wrong value is refused in
one sentence. Knows no server and no engine: who is limited reads its row.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from annotated_types import Ge, Le
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bnviz.device import SETTING, device_word

PREFIX = "BNVIZ_"
LEAST_TOKEN = 16
SELF, NONE = "'self'", "'none'"


def _number(default: float, low: float, high: float, meaning: str) -> Any:
    return Field(default, ge=low, le=high, description=meaning)


def is_origin(text: str) -> bool:
    """Whether this is the origin of a page: a scheme and a host, perhaps a port, and nothing else."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False


def _origins(given: object) -> object:
    if not isinstance(given, str):
        return given
    origins = tuple(one.strip().rstrip("/").lower() for one in given.split(",") if one.strip())
    for origin in origins:
        if not is_origin(origin):
            raise ValueError(
                f"{PREFIX}ORIGINS named {origin[:60]!r}; allowed are origins like https://example.org, with commas "
                "between them. Pages of these may open the board's socket."
            )
    return origins


def _token(token: str) -> str:
    if token and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise ValueError(
            f"{PREFIX}METRICS_TOKEN had {len(token)} characters; allowed are at least {LEAST_TOKEN} letters, digits "
            "and signs without spaces, or none, which keeps the metrics private."
        )
    return token


def _frame_ancestors(given: str) -> str:
    """Who may show the pages in a frame, as a policy says it; empty where the host does not say."""
    words = [word.strip("'\"").lower() for word in given.split()]
    for word in words:
        site = re.fullmatch(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", word)
        if not (site or word == "self" or words == ["none"]):
            raise ValueError(
                f"{PREFIX}FRAME_ANCESTORS named {word[:60]!r}; allowed are self, none alone, and sites like "
                "https://example.org or https://*.example.org, with spaces between them. They may show the pages in "
                "a frame."
            )
    return " ".join({"self": SELF, "none": NONE}.get(word, word) for word in words)


def _ray_address(address: str) -> str:
    if "://" in address:
        raise ValueError(
            f"{PREFIX}RAY_ADDRESS was {address[:40]!r}; allowed is auto, or host:port of the head. Runs do not "
            "stream over ray://: let this machine join by `ray start --address=... --num-cpus=0`, then say auto."
        )
    return address


def _word(default: str, meaning: str) -> Any:
    return Field(default, description=meaning)


_LOWER = BeforeValidator(lambda given: given.strip().lower() if isinstance(given, str) else given)


class Settings(BaseSettings):
    """Every setting. ``Settings()`` reads the environment of this process; what is given by name wins.

    Raises:
        ValueError: a value that its row does not allow, in one sentence: given, allowed, what it means.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, str_strip_whitespace=True,
        validate_default=False,
    )  # fmt: skip

    data: Path | None = _word(None, "Where MNIST and Fashion-MNIST lie.")  # type: ignore[arg-type]
    engine: Annotated[Literal["local", "ray"], _LOWER] = _word(
        "local", "Where runs are trained: local, on this machine, or ray, on a cluster."
    )
    device: Annotated[str, BeforeValidator(lambda given: device_word({SETTING: str(given)}))] = _word(
        "cpu", "Where networks train: cpu, cuda, or auto, which gives the large ones to a GPU where there is one; "
        "neither of these two was ever tried on one."
    )
    workers: int = _number(8 * (os.cpu_count() or 1), 1, 256, "How many runs are held at once, one process each.")
    per_user: int = _number(
        1, 1, 64, "How many runs, studies and sweeps each one user may have at a time, and in the queue."
    )
    queue: int = _number(64, 0, 10_000, "How many runs may wait for a process.")
    step_budget: int = _number(60_000, 1, 10**9, "After how many steps a run ends.")
    run_seconds: int = _number(1800, 1, 86_400, "How long a run may train; pauses do not count.")
    memory_mib: int = _number(512, 64, 2**20, "How many MiB one run may take.")
    history_mib: int = _number(32, 1, 4096, "How many MiB the server keeps of one run's readings.")
    cache: Path | None = _word(None, "Where runs are kept on disk.")  # type: ignore[arg-type]
    cache_mib: int = _number(256, 0, 2**20, "How many MiB of runs are kept on disk.")
    own_mib: int = _number(256, 0, 2**20, "How many MiB of readers' own data sets are kept on disk.")
    own_days: int = _number(7, 1, 3650, "For how many days after its last use a reader's own data set is kept.")
    rest_seconds: int = _number(
        20, 1, 86_400, "After how long a paused run gives its process back until it is played."
    )
    checkpoint_seconds: int = _number(
        10, 1, 3600, "How often a run on a cluster sends what another node needs to go on."
    )
    idle_seconds: int = _number(900, 1, 86_400, "After how long a paused run ends.")
    study_seconds: int = _number(300, 1, 86_400, "How long one study may be measured.")
    sweep_seconds: int = _number(1800, 1, 86_400, "How long the networks of one map or sweep may train.")
    grace_seconds: int = _number(45, 0, 3600, "How long a run outlives the last page showing it.")
    ray_address: Annotated[str, AfterValidator(_ray_address)] = _word(
        "", "The cluster to join: auto on a machine that has joined, or host:port of the head; else one of its own."
    )
    ray_cpus: float = _number(0.25, 0.01, 64, "The share of a core that one run takes on the cluster.")
    ray_gpus: float = _number(0.0, 0, 1, "The share of a GPU that one run takes on the cluster.")
    ray_spares: int = _number(2, 0, 64, "How many workers on the cluster wait for the next run.")
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = _word(
        (), "Other origins whose pages may open the board's socket."  # type: ignore[arg-type]
    )
    frame_ancestors: Annotated[str, AfterValidator(_frame_ancestors)] = _word(
        "", "Who may show the pages in a frame: self, none, or sites; unset: embedded ones anybody, others this host."
    )
    sockets: int = _number(4000, 2, 1_000_000, "How many sockets are open at once.")
    sockets_per_client: int = _number(
        600, 2, 1_000_000, "How many of them one address may hold: a class shares one."
    )
    stalled_seconds: int = _number(
        120, 1, 3600, "After how long a connection is closed whose reader takes nothing."
    )
    metrics_token: Annotated[str, AfterValidator(_token)] = _word(
        "", "What brings the metrics at /bnviz/metrics: Authorization: Bearer and this, 16 characters or more."
    )
    log: Annotated[Literal["json", "text", "off"], _LOWER] = _word(
        "json", "How the line for each ended run is written: json, text or off."
    )
    language: Annotated[Literal["en", "pseudo"], _LOWER] = _word(
        "en", "What the pages speak: en, or pseudo, long words with accents to try layouts with."
    )

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise ValueError(_sentence(error)) from None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """What these variables say, such as those of a compose file; an empty one says nothing."""
        said = {name.removeprefix(PREFIX).lower(): text for name, text in environment.items() if text.strip()}
        return cls(**{name: text for name, text in said.items() if name in cls.model_fields})


def variable(name: str) -> str:
    """The environment variable of a row: ``step_budget`` is ``BNVIZ_STEP_BUDGET``."""
    return PREFIX + name.upper()


def _sentence(error: ValidationError) -> str:
    """Pydantic's first finding for a host: given, allowed, what it means."""
    finding = error.errors()[0]
    if finding["type"] == "value_error":
        return str(finding["ctx"]["error"])
    name = str(finding["loc"][0])
    row = Settings.model_fields[name]
    low, high = (next((getattr(m, end) for m in row.metadata if isinstance(m, kind)), None)
                 for kind, end in ((Ge, "ge"), (Le, "le")))  # fmt: skip
    if low is None:
        allowed = f"are {', '.join(map(str, get_args(row.annotation)))}"
    else:
        allowed = f"is a {'whole ' if row.annotation is int else ''}number from {low:.10g} to {high:.10g}"
    return f"{variable(name)} was {str(finding['input'])[:40]!r}; allowed {allowed}. {row.description}"

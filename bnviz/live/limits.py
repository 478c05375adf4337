"""What one server grants to those who connect: how many sockets, how long they may stall, who may read the metrics."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bnviz.service.settings import Settings, number

LEAST_TOKEN = 16
SELF, NONE = "'self'", "'none'"


@dataclass(frozen=True)
class SocketLimits(Settings):
    """How many sockets at once, and how long one may read nothing. An open page holds two: Streamlit's and its board's.

    Who a client is, is what uvicorn says: behind a proxy, name its address in FORWARDED_ALLOW_IPS.
    """

    in_all: int = number(4000, "BNVIZ_SOCKETS", 2, 1_000_000, "How many sockets are open at once; a page has two.")
    per_client: int = number(
        600, "BNVIZ_SOCKETS_PER_CLIENT", 2, 1_000_000, "How many of them one address may hold: a class shares one."
    )
    stalled_seconds: int = number(
        120, "BNVIZ_STALLED_SECONDS", 1, 3600, "After how long a connection is closed whose reader takes nothing."
    )


def metrics_token(environment: Mapping[str, str] = os.environ) -> str:
    """What a request for the metrics has to bring; empty means that nobody gets them. Raises ValueError."""
    token = environment.get("BNVIZ_METRICS_TOKEN", "").strip()
    if token and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise ValueError(
            f"BNVIZ_METRICS_TOKEN had {len(token)} characters; allowed are at least {LEAST_TOKEN} letters, digits and "
            "signs without spaces, or none, which keeps the metrics private."
        )
    return token


def other_origins(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The origins, besides this host, whose pages may open the board's socket. Raises ValueError."""
    origins = [one.strip().rstrip("/").lower() for one in environment.get("BNVIZ_ORIGINS", "").split(",")]
    for origin in filter(None, origins):
        if not is_origin(origin):
            raise ValueError(
                f"BNVIZ_ORIGINS named {origin[:60]!r}; allowed are origins like https://example.org, with commas "
                "between them. Pages of these may open the board's socket."
            )
    return [origin for origin in origins if origin]


def frame_ancestors(environment: Mapping[str, str] = os.environ) -> str:
    """Who may show the pages in a frame, as a policy says it. Raises ValueError."""
    words = [word.strip("'\"").lower() for word in environment.get("BNVIZ_FRAME_ANCESTORS", "").split()] or ["self"]
    for word in words:
        site = re.fullmatch(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", word)
        if not (site or word == "self" or words == ["none"]):
            raise ValueError(
                f"BNVIZ_FRAME_ANCESTORS named {word[:60]!r}; allowed are self, none alone, and sites like "
                "https://example.org or https://*.example.org, with spaces between them. They may show the pages in "
                "a frame."
            )
    return " ".join({"self": SELF, "none": NONE}.get(word, word) for word in words)


def is_origin(text: str) -> bool:
    """Whether this is the origin of a page: a scheme and a host, perhaps a port, and nothing else."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False

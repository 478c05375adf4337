"""What a host may want to watch: counters, gauges and histograms for Prometheus, in one registry.

Labels hold words of ours alone: nothing that a reader typed, no token, no
address. Whoever is counted imports what counts it; who may read it is the
business of ``live``.
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

KINDS = ("run", "study", "sweep", "inside")
OUTCOMES = ("finished", "cancelled", "failed", "refused")
REASONS = ("full", "client", "hurry", "origin", "token", "malformed", "rate", "stalled", "flood", "slow",
           "crowd", "silent")  # fmt: skip
"""Why a connection is refused or hung up on: as many are open as may be, or by this client, or it opens them too fast;
the page of another host; nobody has its token; no command of ours; too many a second; nothing was read or drawn; more
bytes or frames than anybody needs; no complete request in time; too many without one; not a word on Streamlit's."""

ANSWERS, TROUBLES = ("hit", "miss"), ("read", "kept", "damaged")
"""Of the cache: whether a run was found; whether one could not be read or kept for now, or was damaged."""

_WAITS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
_LATENCIES = (0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 3, 10)

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

ENDED = Counter("bnviz_runs", "Runs, studies and sweeps that ended.", ["kind", "outcome"], registry=REGISTRY)
RUNNING = Gauge("bnviz_running", "Runs, studies and sweeps that began and did not end.", ["kind"], registry=REGISTRY)
WAITING = Gauge("bnviz_waiting", "Runs, studies and sweeps that wait for a process.", ["kind"], registry=REGISTRY)
QUEUED = Histogram("bnviz_queued_seconds", "Time waited for a process.", registry=REGISTRY, buckets=_WAITS)
FIRST_SEEN = Histogram(
    "bnviz_first_seen_seconds", "Time from submit to the first snapshot or table.", ["kind"], registry=REGISTRY,
    buckets=_LATENCIES,
)  # fmt: skip
SEEN = Counter("bnviz_snapshots", "Snapshots and tables that came from workers.", ["kind"], registry=REGISTRY)
DEATHS = Counter("bnviz_worker_deaths", "Worker processes that ended unexpectedly.", registry=REGISTRY)
CACHE = Counter("bnviz_cache_lookups", "Histories looked for in the cache.", ["answer"], registry=REGISTRY)
CACHE_TROUBLES = Counter(
    "bnviz_cache_troubles", "Runs that could not be read or kept for now, or were damaged.", ["kind"], registry=REGISTRY
)

SOCKETS = Gauge("bnviz_sockets", "WebSockets that are open, Streamlit's and the board's.", registry=REGISTRY)
REFUSED = Counter("bnviz_sockets_refused", "Connections refused or hung up on.", ["reason"], registry=REGISTRY)
FRAMES = Counter("bnviz_frames", "Frames sent to boards.", registry=REGISTRY)
FRAME_BYTES = Counter("bnviz_frame_bytes", "Bytes of frames sent to boards.", registry=REGISTRY)
DRAWN = Histogram(
    "bnviz_drawn_seconds", "Time from a frame's sending to its acknowledgement.", registry=REGISTRY, buckets=_LATENCIES
)

for _kind in KINDS:
    RUNNING.labels(_kind), WAITING.labels(_kind), SEEN.labels(_kind), FIRST_SEEN.labels(_kind)
    for _outcome in OUTCOMES:
        ENDED.labels(_kind, _outcome)
for _reason in REASONS:
    REFUSED.labels(_reason)
for _answer in ANSWERS:
    CACHE.labels(_answer)
for _trouble in TROUBLES:
    CACHE_TROUBLES.labels(_trouble)


def exposition() -> bytes:
    """Everything counted so far, in Prometheus' text format."""
    return generate_latest(REGISTRY)

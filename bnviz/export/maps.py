"""A trainability map as one page that needs no server: the canvas of the site, with every network that was trained."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import orjson

from bnviz.export.around import SITE, Said, filled, link_to, title
from bnviz.grid_link import GridView
from bnviz.grid_link import to_query as to_map_query
from bnviz.link import to_query
from bnviz.live.protocol import packed
from bnviz.live.stream import Sight
from bnviz.run import FIELDS
from bnviz.sweeps import Map


def map_page(drawn: Map, sight: Sight, quantity: str = "test_accuracy", site: str = SITE) -> str:
    """A map as a web page in one text: every network that ``sight`` has, in the colours of whatever was read of it.

    A click opens the network on the ``site``, a rectangle the map of it.
    """
    query = to_map_query(GridView(drawn, quantity))
    varied = {axis.field for axis in (drawn.x, drawn.y)}
    shared = {name: text for name, text in to_query(drawn.experiment).items() if name.rpartition(".")[2] not in varied}
    frames = [*_frames(sight)]
    told = {**orjson.loads(sight.state), "state": "recorded", "stage": "recorded"}
    map_link = link_to(site, "map", query)
    words = {
        "setup": orjson.Fragment(sight.setup), "state": told, "sizes": [len(frame) for frame in frames],
        "lab": link_to(site, "lab", {**shared, "seeds": str(drawn.experiment.seeds[0])}),
        "map": map_link, "shown": quantity,
        "axes": [[axis.field, ":log" * axis.log] for axis in (drawn.x, drawn.y)],
    }  # fmt: skip
    x, y = (FIELDS[axis.field].label.lower() for axis in (drawn.x, drawn.y))
    said = (
        f"Every pixel is a network that was really trained, {drawn.steps:,} steps. This page is a recording: it holds "
        "what was read of each of them, and works without a connection."
    )
    said_of_it = Said(f"Map of {x} by {y}: {title(drawn.experiment)}", said, map_link, {})
    return filled("map_page.js", said_of_it, gzip.compress(packed(0, words, *frames), 6, mtime=0), with_plotly=False)


def _frames(sight: Sight) -> Iterator[bytes]:
    step = -1
    while found := sight.frame_since(step):
        message, step = found
        yield message

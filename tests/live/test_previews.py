"""The pictures for links to pages: each page has one, drawn from what was recorded."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageColor

from bnviz.charts.preview import preview
from bnviz.charts.theme import colour
from bnviz.live import preview_route
from bnviz.live.page.previews import SHOWN
from bnviz.recordings import recording_of
from bnviz.ui import site

PAGES = site.words()


def answer(name):
    """Status and body of the picture of a page."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"/bnviz/preview/{name}.png", "headers": []}
    route = preview_route(PAGES)
    found, more = route.matches(scope)
    assert found
    with ThreadPoolExecutor(1) as elsewhere:  # a browser of other tests may have a loop of its own in this thread
        elsewhere.submit(asyncio.run, route.handle(scope | more, None, send)).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("name", ["home", "depth"])
def test_the_picture_of_a_page_has_the_size_that_is_asked_for_and_is_small_to_send(name):
    status, body = answer(name)
    assert status == 200 and len(body) < 60_000
    assert Image.open(io.BytesIO(body)).size == (1200, 630)


def test_there_is_no_picture_of_what_is_no_page():
    assert answer("nowhere") == (404, b"")


def test_the_river_of_the_plain_network_widens_in_it_and_that_of_the_other_does_not():
    """Rows of the last panel that are not the surface's colour, at its beginning and at its end."""
    history = recording_of(SHOWN, ("inputs_over_time",))
    pixels = np.asarray(Image.open(io.BytesIO(preview(history, "A question?"))).convert("RGB")).astype(int)
    far = np.abs(pixels - ImageColor.getrgb(colour("card"))).sum(axis=2) > 60
    plain, bn = ([int(far[top : top + 150, at].sum()) for at in (850, 1130)] for top in (208, 380))
    assert plain[1] > 2 * plain[0] and 0.8 < bn[1] / bn[0] < 1.25


def test_words_that_are_long_stand_smaller_and_inside():
    history = recording_of(SHOWN, ("inputs_over_time",))
    longest = max((page.description for page in PAGES.values()), key=len)
    pixels = np.asarray(Image.open(io.BytesIO(preview(history, longest))).convert("L"))
    assert (pixels[:208, 1160:] > 200).all() and (pixels[190:207] > 200).all() and (pixels[:190] < 100).any()

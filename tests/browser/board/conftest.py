"""One page for all tests of the board: plotly.js is loaded once, the board is new for each test."""

import pytest

from tests.browser.board.reader import opened
from tests.browser.board.stream import PATIENCE, streaming
from tests.charts.made_up import twins


@pytest.fixture(scope="module")
def tab(chromium):
    with streaming() as (stream, url):
        page = chromium.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(url)
        page.wait_for_function("typeof afresh === 'function'")
        yield page, stream
        page.close()


@pytest.fixture
def page(tab):
    page, _ = tab
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors, errors


@pytest.fixture
def reader(page, tab):
    reader = opened(tab, twins())
    reader.send(0, 10, 20)
    page.wait_for_function("document.querySelectorAll('.bnviz-card .js-line[d]').length > 20")
    reader.send(30)
    return reader

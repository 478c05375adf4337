"""oEmbed: a pasted link becomes the experiment, as the specification (https://oembed.com) has it."""

import html
import re
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from bnviz.live.page.head import About
from bnviz.live.page.oembed import HEIGHT, URL, WIDTH, discovery, oembed_route
from tests.live import asking

PAGES = {"": About("Start", "…"), "lab": About("Lab", "…")}
HOST = "https://bn.example.org"
LINK = f"{HOST}/lab?arms=plain,bn&depth=8"


APP = Starlette(routes=[oembed_route(PAGES)])


def ask(**words):
    return asking.ask(APP, f"{HOST}{URL}?{urlencode(words)}")


def test_the_answer_has_what_the_specification_asks_of_rich_content():
    answer = ask(url=LINK).json()
    assert (answer["version"], answer["type"], answer["width"], answer["height"]) == ("1.0", "rich", WIDTH, HEIGHT)
    assert answer["thumbnail_url"] == f"{HOST}/bnviz/preview/lab.png"


def test_its_frame_shows_the_same_experiment_embedded():
    source = html.unescape(re.search('src="(.*?)"', ask(url=LINK).json()["html"])[1])
    assert source == f"{HOST}/lab?embed=true&arms=plain,bn&depth=8"
    assert ask(url=source).json()["html"].count("embed=true") == 1


@pytest.mark.parametrize(("room", "taken"), [("500", 500), ("5000", HEIGHT), ("20", 320), ("x", HEIGHT)])
def test_it_takes_no_more_room_than_there_is_and_no_less_than_it_needs(room, taken):
    assert ask(url=LINK, maxheight=room).json()["height"] == taken


@pytest.mark.parametrize("url", ["", "https://evil.example/lab", f"{HOST}/nothing", "javascript:alert(1)", "http://["])
def test_what_is_no_page_of_this_host_is_not_found(url):
    assert ask(url=url).status == 404


def test_no_quote_of_a_link_ends_an_attribute():
    assert '"><b>' not in ask(url=f'{LINK}&x="><b>').json()["html"]


def test_another_format_is_not_spoken():
    assert ask(url=LINK, format="xml").status == 501


def test_a_page_says_in_its_head_where_to_ask_and_that_answers():
    host = [(b"host", b"bn.example.org")]
    tag = discovery({"scheme": "https", "path": "/lab", "query_string": b"arms=plain,bn&depth=8", "headers": host})
    assert 'rel="alternate" type="application/json+oembed"' in tag
    where = html.unescape(re.search('href="(.*?)"', tag)[1])
    assert asking.ask(APP, where).json()["title"] == "Lab · bnviz"


def test_a_host_whose_name_cannot_be_written_has_none():
    scope = {"scheme": "https", "path": "/", "query_string": b"", "headers": [(b"host", b'a"><b>')]}
    assert discovery(scope) == ""

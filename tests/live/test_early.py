"""The page asks for the board's files itself; nothing else that passes is touched."""

import gzip
import hashlib
import re
from pathlib import Path

import plotly
import pytest

from bnviz.charts import css_variables
from bnviz.live.page import assets
from bnviz.live.page.assets import PLOTLY, PLOTLY_URL, PLOTLY_VERSION
from bnviz.live.page.early import EarlyTags, early_tags
from bnviz.live.page.head import About

PUBLISHED = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
"""The SHA-256 of package/plotly-cartesian.min.js in plotly.js-cartesian-dist-min-4.1.1.tgz, as npm has it."""


def answer(status, headers, *parts, method="GET", path="/", pages=None, scheme="http", host=b"", styles=""):
    """What a browser gets when the app below answers with these headers and body parts."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for index, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": index < len(parts) - 1})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "scheme": scheme, "headers": [(b"host", host)]}
    with pytest.raises(StopIteration):  # nothing here waits, so one push ends it
        EarlyTags(app, pages, styles)(scope, None, send).send(None)
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


PAGE = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"26")]


def test_a_page_gets_the_tags_at_the_end_of_its_head_and_its_new_length():
    headers, body = answer(200, PAGE, b"<html><head>", b"</head></html>")
    assert body == b"<html><head>" + early_tags() + b"</head></html>"
    assert headers[b"content-length"] == str(len(body)).encode()


def test_the_styles_of_a_page_come_with_it_behind_those_that_its_scripts_will_add_to_the_head():
    _, body = answer(200, PAGE, b"<head></head><body><p></p>", b"</body>", styles="h1 { color: red }")
    assert body.endswith(b"</head><body><p></p><style>h1 { color: red }</style></body>")


def test_a_page_that_was_squeezed_on_its_way_gets_them_too():
    squeezed = gzip.compress(b"<html><head></head></html>")
    headers, body = answer(200, [*PAGE, (b"content-encoding", b"gzip")], squeezed[:9], squeezed[9:])
    assert gzip.decompress(body) == b"<html><head>" + early_tags() + b"</head></html>"
    assert headers[b"content-length"] == str(len(body)).encode()


PAGES = {"": About("Home", "Where it begins."), "depth": About("Depth", "How <deep> & why?")}


@pytest.mark.parametrize(
    ("path", "title", "description"),
    [("/", "Home", "Where it begins."), ("/depth", "Depth", "How &lt;deep&gt; &amp; why?"),
     ("/under/a/prefix/depth/", "Depth", "How &lt;deep&gt; &amp; why?"), ("/nowhere", "Home", "Where it begins.")],
)  # fmt: skip
def test_a_page_has_a_title_and_a_preview_of_its_own(path, title, description):
    _, body = answer(200, PAGE, b"<head><title>Streamlit</title></head>", path=path, pages=PAGES)
    page = body.decode()
    assert f"<title>{title} · bnviz</title>" in page and "Streamlit" not in page
    assert f'<meta property="og:title" content="{title} · bnviz">' in page
    assert f'<meta property="og:description" content="{description}">' in page
    assert f'<meta name="description" content="{description}">' in page


@pytest.mark.parametrize(
    ("scheme", "host", "path", "picture"),
    [("https", b"bnviz.org", "/depth", "https://bnviz.org/bnviz/preview/depth.png"),
     ("http", b"127.0.0.1:8501", "/", "http://127.0.0.1:8501/bnviz/preview/home.png"),
     ("http", b"[::1]:8501", "/nowhere", "http://[::1]:8501/bnviz/preview/home.png"),
     ("https", b'"><script>', "/", ""), ("https", b"", "/", "")],
)  # fmt: skip
def test_a_preview_has_a_picture_whose_address_is_whole_as_its_visitor_sees_the_host(scheme, host, path, picture):
    _, body = answer(200, PAGE, b"<title></title>", path=path, pages=PAGES, scheme=scheme, host=host)
    assert re.findall(r'og:image" content="([^"]*)"', body.decode()) == ([picture] if picture else [])
    assert ('content="summary_large_image"' in body.decode()) == bool(picture)


def test_plotly_is_asked_for_without_holding_the_page_up():
    assert f'<script async src="{PLOTLY_URL}"></script>'.encode() in early_tags()


def test_plotly_is_of_the_version_of_plotlys_own_package_and_as_its_makers_published_it():
    begins = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()[:200].decode()
    assert f"plotly.js v{PLOTLY_VERSION}" in begins
    assert f"plotly.js (cartesian - minified) v{PLOTLY_VERSION}" in PLOTLY.read_bytes()[:200].decode()
    assert hashlib.sha256(PLOTLY.read_bytes()).hexdigest() == PUBLISHED


def test_the_licence_lies_beside_plotly():
    assert "MIT License" in PLOTLY.with_name("LICENSE").read_text()


def test_the_board_has_another_address_when_one_file_has_another_content(monkeypatch):
    addresses = set()
    for files in ({"a.js": b"1"}, {"a.js": b"2"}, {"b.js": b"2"}):
        monkeypatch.setattr(assets, "_files", lambda files=files: files)
        addresses.add(assets.board_url.__wrapped__())
    assert len(addresses) == 3


def test_a_stylesheet_begins_with_the_colours_of_the_charts():
    assert assets.stylesheet("board").startswith(css_variables())


def test_the_length_of_a_page_that_is_only_asked_about_stays_as_it_was():
    assert answer(200, PAGE, b"", method="HEAD")[0] == dict(PAGE)


def test_what_is_no_whole_page_passes_untouched():
    for status, headers in ((200, [(b"content-type", b"text/css")]), (304, PAGE),
                            (200, [*PAGE, (b"content-encoding", b"br")])):
        assert answer(status, headers, b"<head></head>")[1] == b"<head></head>"


def test_no_style_of_the_board_asks_what_stands_beside_something_within():
    """A browser asks again at every element that a chart draws: with one such rule it drew half as many pictures."""
    rules = [rule for sheet in assets.FOLDER.glob("*.css") for rule in re.findall(r":has\([^)]*\)", sheet.read_text())]
    assert rules and not [rule for rule in rules if re.search(r"[+~]", rule)]

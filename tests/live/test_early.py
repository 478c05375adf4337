"""The page asks for the board's files itself; nothing else that passes is touched."""

import pytest

from bnviz.charts import css_variables
from bnviz.live import assets
from bnviz.live.assets import PLOTLY_URL, EarlyTags, early_tags
from bnviz.live.head import About


def answer(status, headers, *parts, method="GET", path="/", pages=None):
    """What a browser gets when the app below answers with these headers and body parts."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for index, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": index < len(parts) - 1})

    sent = []

    async def send(message):
        sent.append(message)

    with pytest.raises(StopIteration):  # nothing here waits, so one push ends it
        EarlyTags(app, pages)({"type": "http", "method": method, "path": path}, None, send).send(None)
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


PAGE = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"26")]


def test_a_page_gets_the_tags_at_the_end_of_its_head_and_its_new_length():
    headers, body = answer(200, PAGE, b"<html><head>", b"</head></html>")
    assert body == b"<html><head>" + early_tags() + b"</head></html>"
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


def test_plotly_is_asked_for_without_holding_the_page_up():
    assert f'<script async src="{PLOTLY_URL}"></script>'.encode() in early_tags()


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
                            (200, [*PAGE, (b"content-encoding", b"gzip")])):
        assert answer(status, headers, b"<head></head>")[1] == b"<head></head>"

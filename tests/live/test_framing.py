"""Who may show a page in a frame, asked of the middleware alone, and what a refused frame shows."""

import pytest

from bnviz.live import SecurityHeaders
from bnviz.live.page.framing import Framing, is_embedded
from tests.live.asking import ask


async def page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


def asked(address, who="", site="cross-site", dest="iframe", referer="https://course.example.org/week5"):
    said = {"sec_fetch_dest": dest, "sec_fetch_site": site, "referer": referer}
    return ask(SecurityHeaders(page, who), f"https://bn.example.org{address}", **said)


def rule(answer):
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    return rules.get("frame-ancestors")


@pytest.mark.parametrize("address", ["/lab?embed=true", "/lab?depth=8&EMBED=True"])
def test_anybody_may_frame_an_embedded_page_slides_on_a_disk_too_which_no_rule_could_name(address):
    answer = asked(address)
    assert answer.text == "the page" and rule(answer) is None and "x-frame-options" not in answer.headers


@pytest.mark.parametrize("query", ["", "embed=false", "embedded=true", "x=embed%3Dtrue"])
def test_no_other_page_is_an_embedded_one(query):
    assert not is_embedded(query)


def test_another_page_may_be_framed_by_this_host_alone():
    answer = asked("/lab", site="same-origin")
    assert answer.text == "the page" and rule(answer) == "'self'"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_frame_that_may_not_show_a_page_says_what_to_do_and_leads_to_it(site):
    answer = asked("/lab?depth=8&x=\"><script>", site=site)
    assert "not shown inside other sites" in answer.text and "snippet behind its button Embed" in answer.text
    assert 'target="_blank"' in answer.text and "<script>" not in answer.text and rule(answer) is None
    assert 'href="/lab?depth=8&amp;x=' in answer.text


def test_the_way_out_leads_to_no_other_host():
    scope = {"type": "http", "path": "//evil.example/lab", "query_string": b"", "headers": []}
    assert b'href="/evil.example/lab"' in Framing("'none'").refusal(scope).body


def test_who_asks_from_what_is_no_address_gets_the_rule():
    assert rule(asked("/lab", "https://a.org", referer="http://[")) == "https://a.org"


def test_a_page_that_is_opened_in_a_tab_is_there_whoever_links_to_it():
    assert asked("/lab", dest="document").text == "the page"


def test_a_browser_that_does_not_say_who_asks_gets_the_rule_and_keeps_it():
    answer = asked("/lab", site="", dest="")
    assert answer.text == "the page" and rule(answer) == "'self'"


@pytest.mark.parametrize("address", ["/lab", "/lab?embed=true"])
@pytest.mark.parametrize(
    ("who", "site", "shown"),
    [
        ("https://course.example.org", "https://course.example.org/a", True),
        ("'self' https://*.example.org", "https://course.example.org/", True),
        ("https://*.example.org", "https://example.org.evil.com/", False),
        ("https://course.example.org", "http://course.example.org/", False),
        ("https://course.example.org:8443", "https://course.example.org/", False),
        ("https://course.example.org", "", True),
        ("'self'", "https://course.example.org/", False), ("'none'", "", False),
    ],
)  # fmt: skip
def test_a_host_that_names_who_may_names_it_for_all_pages(address, who, site, shown):
    answer = asked(address, who, referer=site)
    assert (answer.text == "the page") is shown
    assert rule(answer) == (who if shown else None)

"""The pages work under their own security headers: nothing that they do is forbidden, and no stranger frames them."""

import functools
import http.server
import re

import pytest
from playwright.sync_api import expect

from bnviz.ui import site
from tests.sites import served_by

pytestmark = pytest.mark.browser

LISTEN = (
    "document.addEventListener('securitypolicyviolation', refused => "
    "console.error('refused', refused.effectiveDirective, refused.blockedURI, refused.sourceFile))"
)


def watch(page):
    """All that goes wrong on a page, as it comes, what its policy refuses too."""
    wrong = []
    page.add_init_script(LISTEN)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    return wrong


@pytest.fixture
def watched(chromium, request):
    """A page in the theme that is asked for, and all that went wrong on it."""
    context = chromium.new_context(color_scheme=getattr(request, "param", "light"))
    page = context.new_page()
    yield page, watch(page)
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("watched", ["dark"], indirect=True)
def test_no_dark_page_does_anything_that_is_forbidden(watched, app_url):
    page, wrong = watched
    for name in ("lab", "map", "sweeps"):
        page.goto(f"{app_url}/{name}")
        expect(page.locator("h1, .bnviz-board").first).to_be_visible()
        expect(page).to_have_title(f"{site.words()[name].title} · bnviz")
        page.wait_for_load_state("networkidle")
        assert not wrong, f"/{name}: {wrong}"


@pytest.mark.slow
def test_a_map_is_drawn_and_rows_are_saved_under_the_policy(watched, app_url):
    page, wrong = watched
    page.goto(f"{app_url}/map")
    page.get_by_role("button", name="Draw the map", exact=True).click()
    expect(page.locator(".bnviz-said")).to_contain_text(re.compile(r"of [\d,]+ networks"))  # those recorded are none
    expect(page.locator(".bnviz-square[data-arm=bn]")).to_have_attribute("data-filled", "1024", timeout=90_000)
    page.goto(f"{app_url}/sweeps")
    page.get_by_role("button", name="Run the sweep", exact=True).click()
    expect(page.get_by_text("Measured on this server")).to_be_visible()  # the rows are no longer the recorded ones
    with page.expect_download(timeout=90_000) as saved:
        page.get_by_role("button", name="Download the rows").click(timeout=90_000)
    assert saved.value.path().read_text().startswith("arm,") and not wrong, wrong


@pytest.fixture
def stranger(tmp_path, app_url):
    """Another site that shows the app in a frame."""
    (tmp_path / "index.html").write_text(f"<iframe src='{app_url}/glossary'></iframe>")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    handler.log_message = lambda *_: None
    with served_by(handler) as url:
        yield url


def test_another_site_cannot_show_the_app_in_a_frame_and_the_frame_says_how_it_is_opened(chromium, stranger):
    page = chromium.new_page()
    page.goto(stranger)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("This page of bnviz is not shown inside other sites.")).to_be_visible()
    assert page.frames[1].evaluate("document.querySelector('#root')") is None
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Open it in a tab of its own").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("What does each word")
    page.context.close()

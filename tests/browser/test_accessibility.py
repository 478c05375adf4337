"""Every page as axe-core reads it, wide and narrow, light and dark, and the rules of our own: headings, tables, names.

What comes from Streamlit itself and cannot be mended here is in docs/accessibility.md; each is left out by its element.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from bnviz.ui.site import HOME, SITE
from tests.browser.lab import come_to_rest, lasting

PAGES = {title: Path(page.file).stem for pages in SITE.values() for title, page in pages.items()}
NOT_OURS = (
    '[data-testid="stSidebarNavItems"]',  # Streamlit's list of pages on a phone: its sections are no lists of their own
    ".katex-html",  # a formula as a picture, hidden from who hears the page: the MathML beside it is read
    ".js-plotly-plot",  # a chart's text is SVG, which axe does not judge: test_theme.py measures its colours
)
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What may be another in the dark: names, roles and order are those of the light."""
OUR_RULES = """() => {
  const wrong = [], shown = (selector) => [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  const levels = shown('h1, h2, h3, h4, h5, h6').map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) wrong.push(`headings: ${levels}`);
  levels.forEach((level, index) => index && level > levels[index - 1] + 1 && wrong.push(`headings: ${levels}`));
  for (const table of shown('table'))
    if (!table.tHead || [...table.tHead.querySelectorAll('th')].some((name) => !name.textContent.trim()))
      wrong.push(`a column without a name: ${table.textContent.slice(0, 60)}`);
  for (const named of shown('[aria-label]'))
    if (/[:*_]\\w+\\[|\\*\\*/.test(named.ariaLabel)) wrong.push(`a name with marks: ${named.ariaLabel}`);
  if (document.documentElement.lang !== 'en') wrong.push('no language');
  return wrong;
}"""

SHAPES = (
    ".bnviz-play", '[data-variant][data-selected="true"]', '.stSlider [data-rac][style*="absolute"]',
    '.stCheckbox label[data-selected="true"] > :nth-child(2)',
)  # fmt: skip
"""What is chosen and what is pulled: they are nothing but colour."""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def visitor(chromium):
    """One page for all of these tests: it goes from address to address."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.set_default_navigation_timeout(120_000)
    yield page
    context.close()


def opened(page, address):
    """A page that is drawn."""
    page.goto(address)
    come_to_rest(page)


def wrong(page, options=OPTIONS):
    """What axe and we find wrong with a page at rest: what is so on the way there, as charts take their width, is not.
    """
    come_to_rest(page)
    return lasting(page, lambda: wrong_now(page, options))


def wrong_now(page, options):
    """What is wrong with a page as it stands, with no colour on its way to another."""
    page.evaluate("document.getAnimations().forEach((each) => each instanceof CSSTransition && each.finish())")
    found = Axe().run(page, {"exclude": [[place] for place in NOT_OURS]}, options).response["violations"]
    return page.evaluate(OUR_RULES) + [
        f"{rule['id']}: {node['failureSummary']} {node['html'][:160]}" for rule in found for node in rule["nodes"]
    ]


@pytest.mark.parametrize("title", PAGES)
def test_a_page_has_nothing_wrong_wide_and_narrow_light_and_dark(visitor, app_url, title):
    seen = {}
    for width, height in ((1440, 900), (360, 740)):
        visitor.set_viewport_size({"width": width, "height": height})
        for look in ("light", "dark"):
            visitor.emulate_media(color_scheme=look)
            if not seen:
                opened(visitor, f"{app_url}/{'' if title == HOME else PAGES[title]}")
            expect(visitor.locator(".stApp")).to_have_css("color-scheme", look)
            expect(visitor.locator(f".bnviz-board[data-look]:not([data-look={look}])")).to_have_count(0)
            seen[width, look] = wrong(visitor, OPTIONS if look == "light" else COLOURS)
    assert seen == {page: [] for page in seen}
    expect(visitor).to_have_title(f"{title} · bnviz")


def test_a_verdict_has_nothing_wrong(visitor, app_url):
    lesson = next(iter(LESSONS.values()))
    visitor.goto(f"{app_url}/{lesson.slug}")
    visitor.get_by_role("button", name="Run it without a guess", exact=True).first.click()
    expect(visitor.locator(".st-key-lesson-verdict td").first).to_be_visible(timeout=90_000)
    assert wrong(visitor) == []


def test_an_answer_of_the_quiz_has_nothing_wrong(visitor, app_url):
    question = next(iter(LESSONS.values())).quiz[0]
    visitor.goto(f"{app_url}/quiz")
    visitor.get_by_role("button", name=question.answers[question.right], exact=True).click()
    expect(visitor.get_by_text("1 right, 1 of")).to_be_visible()
    assert wrong(visitor) == []


def test_the_whole_setup_has_nothing_wrong(visitor, app_url):
    visitor.set_viewport_size({"width": 1440, "height": 900})
    opened(visitor, f"{app_url}/lab")
    visitor.get_by_text("More", exact=True).click()
    expect(visitor.get_by_text("Ghost batch", exact=True)).to_be_visible()
    assert wrong(visitor) == []


def test_the_list_of_pages_says_where_the_reader_is(visitor, app_url):
    visitor.goto(f"{app_url}/{next(iter(LESSONS))}")
    expect(visitor.locator("[data-testid=stSidebar] [aria-current=page]")).to_have_text(re.compile("^1\\. "))
    visitor.goto(f"{app_url}/map")
    expect(visitor.locator("nav [aria-current=page]")).to_have_text("Map")


def test_a_system_that_says_every_colour_leaves_no_shape_invisible(visitor, app_url):
    visitor.emulate_media(color_scheme="dark", forced_colors="active")
    opened(visitor, f"{app_url}/lab")
    colour = "it => getComputedStyle(it).backgroundColor"
    surface = visitor.locator("body").evaluate(colour)
    seen = {shape: visitor.locator(shape).first.evaluate(colour) for shape in SHAPES}
    assert not {shape for shape, its in seen.items() if its in (surface, "rgba(0, 0, 0, 0)")}
    visitor.emulate_media(forced_colors="none")


def test_a_dark_page_is_light_on_paper(visitor, app_url):
    visitor.emulate_media(color_scheme="dark")
    opened(visitor, f"{app_url}/lab")
    visitor.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visitor.emulate_media(media="print", color_scheme="dark")
    expect(visitor.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(visitor.locator("h1:visible")).to_have_css("color", "rgb(31, 35, 40)")
    expect(visitor.locator(".bnviz-caption")).to_have_css("color", "rgb(31, 35, 40)")
    visitor.emulate_media(media="screen")

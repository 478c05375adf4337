"""The site in a language that nobody speaks, longer and with accents: every word was found, and none is cut.

Only what stands in the catalog is put into another language, so a word that is still English is one that the catalog
lacks, and a translation never could reach.
"""

import re

import pytest

from bnviz.datasets import DATASETS
from bnviz.lessons.sources import SOURCES
from bnviz.run import FIELDS
from bnviz.ui.site import HOME, name_of, words
from tests.browser.conftest import STREAMLIT, served
from tests.browser.lab import lasting
from tests.browser.test_accessibility import opened

NAMES = {
    "bnviz", "BN", "MNIST", "ReLU", "mlp",
    "Baseline", "Sigmoid", "x2", "x3", "x4", "x5", "x10", "x30",  # in names of networks
    *re.findall(r"\w+", " ".join(source.line for source in SOURCES.values())),
    *DATASETS,
}
"""Names that are the same in every language: of networks, of people, papers and proceedings, of data sets."""

CODE = {choice for field in FIELDS.values() for choice in field.choices}
"""What a link or a program says of a choice; the glossary has it in a column of its own."""

STREAMLIT_SAYS = {
    "App pages", "Choose an option", "Copy to clipboard", "Decrement", "Increment", "Link to heading",
    "Main menu", "Collapse sidebar", "Navigate to home page", "Open", "Sidebar", "Skip to main content", "progress",
}
"""What Streamlit says by itself, in English whatever is set (docs/translation.md); "Sidebar" until ``drawer.js`` has
named what is in it. Where the bar of pages has no room for all of them it counts the others: ``5 more``."""
MORE_PAGES = re.compile(r"\d+ more")

ENGLISH = r"""() => {
  const found = [], aside = 'script, style, code, pre, .katex, [data-testid="stIconMaterial"]';
  const read = (text, where) => {
    for (const [word] of text.matchAll(/\p{L}[\p{L}\p{N}_]*/gu))
      if (/^[A-Za-z]\w+$/.test(word)) found.push([word, text.trim(), String(where)]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest(aside) && element.checkVisibility()) read(walker.currentNode.data, element.tagName);
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'data-meaning'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (!element.closest(aside) && element.checkVisibility()) read(element.getAttribute(name), name);
  return found;
}"""

CUT = r"""() => {
  const aside = '.js-plotly-plot, .katex, .bnviz-hidden';
  const cut = (element) => {
    const { overflowX, clipPath } = getComputedStyle(element);
    const hasWords = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return hasWords && ['hidden', 'clip'].includes(overflowX) && clipPath === 'none' && element.checkVisibility()
      && !element.closest(aside) && element.getBoundingClientRect().right > 0 // a drawer that is closed is left of it
      && element.scrollWidth > element.clientWidth + 1;
  };
  return [...document.querySelectorAll('body *')].filter(cut).map((element) => element.textContent);
}"""
"""The words that are wider than what they stand in, where that hides the rest."""

SIDEWAYS = """() => ['stMain', 'stHeader'].map((part) => document.querySelector(`[data-testid=${part}]`))
  .filter((part) => part.scrollWidth > innerWidth).map((part) => `${part.dataset.testid}: ${part.scrollWidth}`)"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def elsewhere():
    """The app in that language."""
    with served(STREAMLIT, "/_stcore/health", BNVIZ_GRACE_SECONDS="1", BNVIZ_LANGUAGE="pseudo") as url:
        yield url


@pytest.fixture(scope="module")
def visitor(chromium):
    context = chromium.new_context(bypass_csp=True, has_touch=True)
    yield context.new_page()
    context.close()


def in_english(page, code):
    """The words of a page that are not in its language, each with where it stands."""
    known = NAMES | code
    return [said for word, *said in page.evaluate(ENGLISH) if word not in known and not is_streamlits(said[0])]


def is_streamlits(said):
    return said in STREAMLIT_SAYS or MORE_PAGES.fullmatch(said)


def at_last(page, script):
    """What a script finds when the page has come to rest, Streamlit's own link for the keyboard left aside."""
    return lasting(page, lambda: [said for said in page.evaluate(script) if not is_streamlits(said)])


@pytest.mark.parametrize("name", sorted(words().keys() - {name_of(HOME)}))
def test_every_word_of_a_page_is_in_the_catalog_and_none_is_cut(visitor, elsewhere, name):
    visitor.set_viewport_size({"width": 1440, "height": 900})
    opened(visitor, f"{elsewhere}/{name}")
    assert lasting(visitor, lambda: in_english(visitor, CODE if name == "glossary" else set())) == []
    assert at_last(visitor, CUT) == []
    visitor.set_viewport_size({"width": 360, "height": 740})
    assert at_last(visitor, CUT) == at_last(visitor, SIDEWAYS) == []

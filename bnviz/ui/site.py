"""The pages of the site: section to title to file and one sentence, which previews of links show."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bnviz.lessons.catalog import LESSONS
from bnviz.live.page.head import About


class Page(NamedTuple):
    """Where a page stands, and what it is about."""

    file: str
    description: str


SITE: dict[str, dict[str, Page]] = {
    "": {
        "Start": Page("pages/start.py", "Batch normalization in three minutes and five pictures, each of them a real "
                                        "network that learns."),
        "Lab": Page("pages/lab.py", "See what happens inside a network while it learns, and what batch normalization "
                                    "does about it: twins train live, side by side."),
        "Map": Page("pages/map.py", "Every pixel is a network that was trained: for which learning rates and initial "
                                    "weights does it train at all, plain and with batch normalization?"),
        "Sweeps": Page("pages/sweeps.py", "Vary one choice, train a network for each value, compare with and without "
                                          "batch normalization."),
        "Glossary": Page("pages/glossary.py", "What each number and each choice means."),
    },
    "Lessons": {
        "All lessons": Page("pages/lessons.py", "Every claim about batch normalization as an experiment: guess first, "
                                                "then train real networks and see."),
        **{lesson.title: Page(f"pages/{lesson.slug}.py", lesson.question) for lesson in LESSONS.values()},
        "Test your knowledge": Page("pages/quiz.py", "What do you know about batch normalization?"),
    },
}  # fmt: skip
PART = "part"
"""The word in the address of a lesson's page that says which part of it, counted from 1."""

HOME, LAB = "Start", "Lab"
"""The page at the root of the site, and the one that a link to an experiment opens."""


def name_of(title: str) -> str:
    """The last part of the address of a page; the one at the root is found under it, too."""
    return Path(SITE[""][title].file).stem


def words() -> dict[str, About]:
    """The last part of each page's address ("" for home) to what the page says of itself."""
    pages = [(title, page) for pages in SITE.values() for title, page in pages.items()]
    named = {Path(page.file).stem: About(title, page.description) for title, page in pages}
    return named | {"": named[name_of(HOME)]}

"""What a page says of itself before anything of it is drawn: its title, and what a link to it looks like elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import NamedTuple

TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)


class About(NamedTuple):
    """A page in a title and a sentence."""

    title: str
    description: str


def about(pages: Mapping[str, About], path: str) -> About | None:
    """The page at this path: by its last part, "" for home; home's where no page has that name."""
    return pages.get(path.rstrip("/").rpartition("/")[2]) or pages.get("")


def described(page: bytes, words: About) -> bytes:
    """The HTML with these words as its title and description, and for previews of links to it (Open Graph)."""
    title, description = (html.escape(text) for text in (f"{words.title} · bnviz", words.description))
    said = {"og:title": title, "og:description": description, "og:type": "website", "og:site_name": "bnviz"}
    tags = "".join(f'<meta property="{name}" content="{content}">' for name, content in said.items())
    tags += f'<meta name="description" content="{description}">'
    return TITLE.sub(lambda found: f"<title>{title}</title>{tags}".encode(), page, count=1)

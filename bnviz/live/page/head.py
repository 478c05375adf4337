"""What a page says of itself before anything of it is drawn: its title, and what a link to it looks like elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import NamedTuple

TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)


SERVER_IS_HERE = 'window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href }'
"""A script that tells Streamlit's where its server is: beside its own files.

Otherwise it asks below the address of the page first, in vain, and waits a tenth of a second before it asks again.
"""


PICTURED = "What the layers of two networks receive while they learn: one has batch normalization."


class About(NamedTuple):
    """A page in a title and a sentence."""

    title: str
    description: str


def name_in(pages: Mapping[str, About], path: str) -> str:
    """The name of the page at this path: its last part, "" for home, which is shown where no page has that name."""
    name = path.rstrip("/").rpartition("/")[2]
    return name if name in pages else ""


def described(page: bytes, words: About, picture: str = "", more: str = "") -> bytes:
    """The HTML with these words as its title and description, and for previews of links to it (Open Graph).

    ``picture`` is the whole address of one; a host whose name cannot be said has none. ``more`` tags stand behind.
    """
    title, description = (html.escape(text) for text in (f"{words.title} · bnviz", words.description))
    said = {"og:title": title, "og:description": description, "og:type": "website", "og:site_name": "bnviz"}
    if picture:
        said |= {"og:image": html.escape(picture), "og:image:alt": PICTURED, "og:image:type": "image/png",
                 "og:image:width": "1200", "og:image:height": "630"}  # fmt: skip
    tags = "".join(f'<meta property="{name}" content="{content}">' for name, content in said.items())
    named = {"description": description, "twitter:card": "summary_large_image" if picture else "summary"}
    tags += "".join(f'<meta name="{name}" content="{content}">' for name, content in named.items())
    return TITLE.sub(lambda found: f"<title>{title}</title>{tags}{more}".encode(), page, count=1)

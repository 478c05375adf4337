"""The parts of Streamlit's page that ours will need: it fetches each kind of element when the first one comes.

On a page that waits for its first picture that is twice a round of forty files; asked for in the head they are there
and compiled by then.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

_spec = importlib.util.find_spec("streamlit")
assert _spec and _spec.origin
PAGE = Path(_spec.origin).parent / "static" / "index.html"
SCRIPTS = PAGE.parent / "static" / "js"
"""Streamlit's page, and where the scripts are that it fetches."""

ELEMENTS = (
    "BidiComponent", "Html", "PageLink", "ButtonGroup", "Checkbox", "Slider", "NumberInput", "Selectbox", "Button",
)  # fmt: skip
"""What the Lab and the lessons begin with. The board is mounted in the first."""

_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_NAMED = re.compile(r"\./(static/[\w./-]+)")


def named() -> list[str]:
    """What Streamlit's page itself asks for, as paths beside it."""
    return list(dict.fromkeys(_NAMED.findall(PAGE.read_text())))


def chunks() -> list[str]:
    """Their file names, with all that they import; not those that Streamlit's page names itself."""
    known = {path.rpartition("/")[2] for path in named()}
    found: dict[str, None] = dict.fromkeys(known)
    waiting = list(_entries())
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += _IMPORTED.findall((SCRIPTS / name).read_text())
    return [name for name in found if name not in known]


def _entries() -> Iterator[str]:
    for element in ELEMENTS:
        yield from (path.name for path in SCRIPTS.glob(f"{element}.*.js"))

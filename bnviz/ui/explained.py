"""Words of the field, explained where they stand first on a page: by pointing, tapping, or with the keyboard."""

from __future__ import annotations

import html
import re

import streamlit as st

from bnviz.lessons.terms import TERMS, terms_in

_LEFT_ALONE = re.compile(r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\[[^]]*\]\([^)]*\))", re.DOTALL)
"""Code, formulas and links."""


def write(words: str, seen: set[str]) -> None:
    """Show markdown of ours, with the terms that were not ``seen`` explained; ``seen`` grows by them."""
    st.markdown(marked(words, seen), unsafe_allow_html=True)


def marked(words: str, seen: set[str]) -> str:
    """The markdown with an ``abbr`` around each term that was not ``seen``, where it stands first."""
    parts = _LEFT_ALONE.split(words)
    return "".join(part if place % 2 else _marked(part, seen) for place, part in enumerate(parts))


def _marked(words: str, seen: set[str]) -> str:
    pieces, end = [], 0
    for term, first, last in terms_in(words):
        if term in seen:
            continue
        seen.add(term)
        meaning = html.escape(TERMS[term])
        pieces += [words[end:first], f'<abbr class="bnviz-term" tabindex="0" aria-description="{meaning}" '
                                     f'data-meaning="{meaning}">{words[first:last]}</abbr>']  # fmt: skip
        end = last
    return "".join([*pieces, words[end:]])

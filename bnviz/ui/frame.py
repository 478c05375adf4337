"""What every page stands in: the bar of pages, a question, a closing line, and the few styles the theme cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partialmethod
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.pages_manager import PagesManager

from bnviz.lessons.reading import sentence_start
from bnviz.ui.site import Page

FOLDER = Path(__file__).parent


def run_pages(sections: Mapping[str, Mapping[str, Page]], home: str) -> None:
    """Show the bar of pages (section to title to page, and the title of the one at the root) and run the chosen one."""
    st.set_page_config(page_icon=str(FOLDER / "logo.svg"), layout="wide")
    st.logo(FOLDER / "logo.svg", size="large")
    st.html(FOLDER / "frame.css")
    entries = {
        section: [st.Page(page.file, title=title, default=title == home) for title, page in pages.items()]
        for section, pages in sections.items()
    }
    chosen = st.navigation(entries, position="top")
    st.set_page_config(page_title=f"{chosen.title} · bnviz")
    chosen.run()


def pages_are_listed_here() -> None:
    """Say before the first visit that ``run_pages`` lists the pages.

    Until then Streamlit would take the files in ``pages/`` for the list, and show the first visitor who follows a
    link to one of them a page without the bar.
    """
    PagesManager.uses_pages_directory = False


def keep_departed(most: int) -> None:
    """Let Streamlit keep so many sessions for pages that come back: each holds open files.

    Streamlit has no option for it.
    """
    MemorySessionStorage.__init__ = partialmethod(MemorySessionStorage.__init__, maxsize=most)  # type: ignore[assignment]


def open_page(question: str) -> None:
    """Open a page with the question it answers."""
    st.markdown(f"# {question}")


def column() -> DeltaGenerator:
    """The column of a page that is read from top to bottom: no wider than two charts side by side."""
    return st.container(key="column")


def table(names: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = False) -> None:
    """A quiet table; ``numbers`` stand to the right in all columns but the first."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (names, *rows)]
    lines.insert(1, "|:--|" + ("--:|" if numbers else ":--|") * (len(names) - 1))
    st.markdown("\n".join(lines))


def glossary(title: str, rows: Mapping[str, tuple[str, str]]) -> None:
    """A table of words: name, unit or range, meaning."""
    table((title, "", ""), [(f"**{sentence_start(name)}**", *words) for name, words in rows.items()])


def glossaries(rows: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """A table of words each: name and meaning."""
    for title, words in rows.items():
        glossary(title, {name: ("", meaning) for name, meaning in words})


def close_page(line: str) -> None:
    """Close a page with one quiet line about where its numbers come from."""
    st.caption(line)

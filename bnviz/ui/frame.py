"""What every page stands in: the bar of pages, a question, a closing line, and the few styles the theme cannot say."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from functools import partialmethod
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from bnviz.fields import NOW, RESTARTS
from bnviz.language.loading import program
from bnviz.language.tongues import ENGLISH, spoken
from bnviz.lessons.reading import sentence_start
from bnviz.ui import address, embed, voice
from bnviz.ui.site import Page
from bnviz.wording import word

FOLDER = Path(__file__).parent
OPENED, ARRIVED, BESIDE = "frame.opened", "frame.arrived", "frame.beside"
STYLES = ("frame", "readers", "touch")
WHEN = {NOW: "applies now", RESTARTS: word("restarts")}
"""What stands beside the name of a choice."""


def run_pages(sections: Mapping[str, Mapping[str, Page]], home: str) -> None:
    """Show the bar of pages (section to title to page, and the title of the one at the root) and run the chosen one."""
    st.set_page_config(page_icon=str(FOLDER / "logo.svg"), layout="wide")
    if is_embedded():
        st.html(FOLDER / "embedded.css")
    else:
        st.logo(FOLDER / "logo.svg", size="large")
    entries = {
        section: [st.Page(page.file, title=title, default=title == home) for title, page in pages.items()]
        for section, pages in sections.items()
    }
    chosen = st.navigation(entries, position="hidden" if is_embedded() else "top")
    address.leave_others(chosen.url_path)
    st.set_page_config(page_title=f"{chosen.title} · bnviz")
    voice.begin()
    chosen.run()
    voice.speak()


def is_embedded() -> bool:
    """Whether the page stands in another one: its address has ``embed=true``."""
    return bool(st.context.is_embedded)


def styles() -> str:
    """How every page looks, and the words that its styles write: they come with the page, before anything is drawn."""
    words = "".join(f'--bnviz-{name}: "{said}";' for name, said in WHEN.items())
    return "".join((FOLDER / f"{name}.css").read_text() for name in STYLES) + f":root {{{words}}}\n"


def pages_are_listed_here() -> None:
    """Say before the first visit that ``run_pages`` lists the pages.

    Until then Streamlit would take the files in ``pages/`` for the list, and show the first visitor who follows a
    link to one of them a page without the bar.
    """
    PagesManager.uses_pages_directory = False


def pages_speak() -> None:
    """Have the files of pages compiled in the language of this process, as modules are: Streamlit reads them itself."""
    if spoken() is not ENGLISH:
        ScriptCache.get_bytecode = _in_language  # type: ignore[assignment, method-assign]


def _in_language(cache: ScriptCache, script_path: str) -> Any:
    return compile(program(Path(script_path).read_text(encoding="utf-8")), script_path, "exec", dont_inherit=True)


def keep_departed(most: int) -> None:
    """Let Streamlit keep so many sessions for pages that come back: each holds open files.

    Streamlit has no option for it.
    """
    MemorySessionStorage.__init__ = partialmethod(MemorySessionStorage.__init__, maxsize=most)  # type: ignore[assignment]


def root() -> str:
    """Where the site begins on its host: "/", unless ``server.baseUrlPath`` says another folder."""
    folder = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{folder}/" if folder else "/"


def open_page(question: str) -> None:
    """Open a page with the question it answers."""
    st.session_state[ARRIVED] = st.session_state.get(OPENED) != question
    st.session_state[OPENED] = question
    with st.container(horizontal=True, horizontal_alignment="distribute", key="title"):
        st.markdown(f"# {question}")
        st.session_state[BESIDE] = st.container(horizontal=True, width="content", key="beside-title")


def beside_title() -> DeltaGenerator:
    """The place beside the question of the page that was opened last, for what can be done with all of it."""
    place: DeltaGenerator = st.session_state[BESIDE]
    return place


def has_arrived() -> bool:
    """Whether the reader comes from another page, or sees the first one."""
    return bool(st.session_state[ARRIVED])


def part(title: str) -> None:
    """The title of a part of the sidebar: no heading, since the sidebar comes before the page's own."""
    st.html(f'<p class="bnviz-part">{html.escape(title)}</p>')


def here(title: str) -> None:
    """The entry of a list of pages that stands for this page: no link, and it says that it is where the reader is."""
    st.html(f'<p class="bnviz-here" aria-current="page">{html.escape(title)}</p>')


def column() -> DeltaGenerator:
    """The column of a page that is read from top to bottom: no wider than two charts side by side."""
    return st.container(key="column")


def table(names: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = False) -> None:
    """A quiet table, each column with a name; ``numbers`` stand to the right in all but the first."""
    if not all(names):
        raise ValueError(f"a column of {tuple(names)} has no name: who hears the table would not know what is in it.")
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (names, *rows)]
    lines.insert(1, "|:--|" + ("--:|" if numbers else ":--|") * (len(names) - 1))
    st.markdown("\n".join(lines))


def glossary(heading: str, names: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
    """A table of words below its heading: each with what the columns behind it say, such as unit and meaning."""
    st.markdown(heading)
    with st.container(key=f"glossary.{heading.lstrip('# ')}"):
        table(names, [(f"**{sentence_start(name)}**", *words) for name, words in rows.items()])


def glossaries(rows: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """A table of words each, below a smaller heading: word and meaning."""
    for title, words in rows.items():
        glossary(f"### {title}", ("word", "meaning"), {word: (meaning,) for word, meaning in words})


def close_page(line: str) -> None:
    """Close a page with one quiet line about where its numbers come from; it may go into another page, or back."""
    st.caption(line)
    if is_embedded():
        embed.lead_back(st.query_params.to_dict())
    else:
        with beside_title():
            embed.offer()

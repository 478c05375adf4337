"""What every page stands in: the bar of pages, a question, a closing line, and the few styles the theme cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent


def run_pages(pages: Mapping[str, str]) -> None:
    """Show the bar of pages (title to file, the first one is home) and run the chosen one."""
    st.set_page_config(page_title="bnviz", page_icon=str(FOLDER / "logo.svg"), layout="wide")
    st.logo(FOLDER / "logo.svg", size="large")
    st.html(FOLDER / "frame.css")
    first, *_ = pages
    entries = [st.Page(path, title=title, default=title == first) for title, path in pages.items()]
    st.navigation(entries, position="top").run()


def open_page(question: str) -> None:
    """Open a page with the question it answers."""
    st.markdown(f"# {question}")


def table(title: str, rows: Mapping[str, tuple[str, str]]) -> None:
    """A quiet table of words: name, unit or range, meaning."""
    lines = [f"| {title} | | |", "|:--|:--|:--|"]
    for name, (detail, meaning) in rows.items():
        lines.append(f"| **{name[:1].upper()}{name[1:]}** | {detail} | {meaning} |")
    st.markdown("\n".join(lines))


def close_page(line: str) -> None:
    """Close a page with one quiet line about where its numbers come from."""
    st.caption(line)

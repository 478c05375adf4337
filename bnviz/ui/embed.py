"""A page of ours in somebody else's: the snippet that puts it there, and the way back from it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from bnviz.link import to_text
from bnviz.live.page.framing import EMBED
from bnviz.live.page.oembed import HEIGHT, frame_of


def offer() -> None:
    """The button that gives the snippet of what is on the page now."""
    with st.popover("Embed", icon=":material/code:", type="tertiary", width="content"):
        st.markdown("What is on this page now, in a course page, a slide or a blog. Paste this there:")
        st.code(snippet(st.query_params.to_dict()), language="html", wrap_lines=True)
        st.markdown(
            f"Where scripts are taken out, it keeps its {HEIGHT} pixels and scrolls. Some sites make it from the "
            "address alone."
        )


def snippet(query: Mapping[str, str]) -> str:
    """HTML that shows the page with these parameters, as tall as it says it is."""
    title = st.session_state.get("frame.opened", "bnviz")
    return f"{frame_of(whole_address({EMBED: 'true', **query}), title)}\n{GROWS}"


GROWS = (
    '<script>addEventListener("message", ({ data, source }) => {\n'
    '  if (data?.type === "bnviz:height") for (const frame of document.querySelectorAll("iframe"))\n'
    "    if (frame.contentWindow === source) frame.height = data.height;\n"
    "});</script>"
)
"""What makes a frame as tall as the page in it says; it may stand on a page once or several times."""


def lead_back(query: Mapping[str, str]) -> None:
    """A link to the page itself, with all that is around it, in a tab of its own."""
    with st.container(key="lead-back"):
        st.markdown(f"bnviz · [Open this in a page of its own]({whole_address(query)})")


def whole_address(query: Mapping[str, str]) -> str:
    """The address of this page as its reader's browser has it, with these parameters."""
    return (st.context.url or "") + (f"?{to_text(query)}" if query else "")

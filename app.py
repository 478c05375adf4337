"""The app: its pages, its own routes, and what starts and ends with it."""

import streamlit as st
from starlette.middleware import Middleware

from bnviz import live, machine
from bnviz.ui import forged, frame, site

if __name__ == "__main__":
    frame.run_pages(site.SITE, site.HOME)
else:
    settings = live.check_settings()
    frame.keep_departed(machine.departed(settings))
    frame.pages_are_listed_here()
    frame.pages_speak()
    forged.choices_stay_choices()
    pages = site.words()
    app = st.App(
        __file__, routes=[*live.routes(), live.preview_route(pages), live.oembed_route(pages)], lifespan=live.lifespan,
        middleware=[
            Middleware(live.SecurityHeaders), Middleware(live.Limiter),
            Middleware(live.Door, home=site.name_of(site.HOME), lab=site.name_of(site.LAB), root=frame.root()),
            Middleware(live.EarlyTags, pages=pages, styles=frame.styles()),
            Middleware(live.KeptFiles, root=frame.root()),
        ],
    )  # fmt: skip

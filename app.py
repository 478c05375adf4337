"""The app: its pages, its own routes, and what starts and ends with it."""

import streamlit as st
from starlette.middleware import Middleware

from bnviz import live, machine
from bnviz.ui import frame, site

if __name__ == "__main__":
    frame.run_pages(site.SITE, site.HOME)
else:
    settings = live.check_settings()
    frame.keep_departed(machine.departed(settings))
    frame.pages_are_listed_here()
    app = st.App(
        __file__, routes=live.routes(), lifespan=live.lifespan,
        middleware=[
            Middleware(live.SecurityHeaders), Middleware(live.Limiter), Middleware(live.EarlyTags, pages=site.words()),
        ],
    )  # fmt: skip

"""The app: its pages, its own routes, and what starts and ends with it."""

import streamlit as st
from starlette.middleware import Middleware

from bnviz import live, machine
from bnviz.lessons.catalog import LESSONS
from bnviz.ui import frame

if __name__ == "__main__":
    frame.run_pages(
        {
            "": {
                "Lab": "pages/lab.py", "Map": "pages/map.py", "Sweeps": "pages/sweeps.py",
                "Glossary": "pages/glossary.py",
            },
            "Lessons": {"All lessons": "pages/lessons.py"}
            | {lesson.title: f"pages/{lesson.slug}.py" for lesson in LESSONS.values()}
            | {"Test your knowledge": "pages/quiz.py"},
        }
    )
else:
    settings = live.check_settings()
    frame.keep_departed(machine.departed(settings))
    frame.pages_are_listed_here()
    app = st.App(
        __file__, routes=live.routes(), lifespan=live.lifespan,
        middleware=[Middleware(live.SecurityHeaders), Middleware(live.Limiter), Middleware(live.EarlyTags)],
    )  # fmt: skip

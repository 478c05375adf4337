"""The app's own routes and lifespan, and two more that start work: for tests that need a server and no browser."""

from __future__ import annotations

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bnviz import live
from bnviz.experiment import Experiment
from bnviz.live.sessions import open_session, shared_sessions
from bnviz.run import Run
from bnviz.sweeps import Sweep

NETWORK = Experiment(arms={"plain": Run(width=8)}, seeds=(0, 1))


async def session(request: Request) -> PlainTextResponse:
    """The token of a new session: who opens its socket sees a run in training."""
    taken = open_session()
    taken.load(NETWORK.replace(learning_rate=float(request.query_params["rate"])))
    return PlainTextResponse(taken.token)


async def sweep(request: Request) -> PlainTextResponse:
    """Start a sweep of many networks."""
    rates = tuple(rate / 1000 for rate in range(1, 401))
    shared_sessions().service.sweep(Sweep(NETWORK, {"learning_rate": rates}, steps=2000))
    return PlainTextResponse("started")


async def working(request: Request) -> PlainTextResponse:
    """How many processes have work."""
    return PlainTextResponse(str(shared_sessions().service.scheduler.running))


if __name__ == "__main__":
    st.write("Nothing to see.")
else:
    own = [Route("/session", session), Route("/sweep", sweep), Route("/working", working)]
    app = st.App(__file__, routes=[*live.routes(), *own], lifespan=live.lifespan)

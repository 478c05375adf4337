"""Close-ups: what single pictures of the lessons show of a really trained network. One small file each, one row here.

Every function takes the network's choices, trains or makes it anew, and
returns named arrays, as small as what is drawn of them needs.
``bnviz.close_ups`` keeps them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bnviz.engine.close_ups.company import company
from bnviz.engine.close_ups.ghosts import ghosts
from bnviz.engine.close_ups.loop import loop
from bnviz.run import Run

LOOKED_AT: dict[str, Callable[[Run], dict[str, np.ndarray]]] = {"company": company, "ghosts": ghosts, "loop": loop}
"""Name of a close-up to what looks."""

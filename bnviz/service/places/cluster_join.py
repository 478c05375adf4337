"""How the bridge becomes part of a cluster, or starts one on this machine where there is none."""

from __future__ import annotations

import ray
from ray.exceptions import RayError


def join(address: str) -> None:
    """Belong to the cluster at ``address``: auto, or host:port of its head; nothing starts one that ends with us.

    The machine itself must have joined (``ray start --address=... --num-cpus=0``). Raises ConnectionError.
    """
    try:
        if address:
            ray.init(address=address, configure_logging=False)
        else:
            ray.init(address="local", include_dashboard=False, configure_logging=False, object_store_memory=2**27)
    except (RayError, OSError, RuntimeError, ValueError) as error:
        if not address:
            raise ConnectionError(f"A Ray of our own could not be started: {error}") from error
        raise ConnectionError(
            f"The Ray cluster at {address} could not be joined: {error}. It takes its address, a node of it on this "
            "machine (`ray start --address=... --num-cpus=0`), and the same token everywhere (RAY_AUTH_TOKEN)."
        ) from error

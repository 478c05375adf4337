"""Arms that belong together: one run in all its placements of batch normalization."""

from __future__ import annotations

from bnviz.run import Run


def five_arms(run: Run) -> dict[str, Run]:
    """The run plain, and with BN before and after the nonlinearity, without and with gamma and beta."""
    return {"plain": run} | {
        f"bn_{place}{'_affine' if affine else ''}": run.replace(normalization="batch", placement=place, affine=affine)
        for place in ("before", "after")
        for affine in (False, True)
    }

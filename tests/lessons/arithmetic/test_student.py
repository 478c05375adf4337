"""Student's t against the reference, and against the table that everybody knows."""

import pytest
from scipy import stats

from bnviz.lessons.arithmetic.student import quantile


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.99375, 0.9999])
@pytest.mark.parametrize("freedom", [*range(1, 32), 100])
def test_it_is_the_reference_s(freedom, confidence):
    assert quantile(freedom, confidence) == pytest.approx(stats.t.ppf((1 + confidence) / 2, freedom), rel=1e-9)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042)])
def test_it_is_the_printed_table_s(freedom, t):
    assert quantile(freedom, 0.95) == pytest.approx(t, abs=5e-4)

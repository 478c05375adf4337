"""The scheduler: how many pictures a busy machine affords."""

import pytest

from bnviz.service.scheduler import snapshots_for


@pytest.mark.parametrize(("jobs", "pictures"), [(0, 12.5), (8, 12.5), (9, 8.0), (16, 8.0), (17, 5.0), (200, 5.0)])
def test_two_cores_afford_so_many_pictures_a_second_of_each_of_so_many_runs(jobs, pictures):
    assert snapshots_for(jobs, cores=2) == pictures

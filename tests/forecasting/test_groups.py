"""Every feature there is has the group that an analyst would put it in."""

import pytest

from ewarn.core import specs
from ewarn.explain.drivers import _phrases
from ewarn.forecasting import features
from ewarn.forecasting.features import groups


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("fatalities_one_sided.decay_6", "own_history"),
        ("late_events.lag_0", "own_history"),
        ("neighbours.fatalities.months_since_1", "neighbours"),
        ("country.events.decay_6", "country"),
        ("presence.IS Sahel, e.g. ISGS.decay_6", "actors"),
        ("groups_fatalities.lag_0", "actors"),
        ("neighbours.active_groups.lag_0", "actors"),
        ("country.troops.change_12", "withdrawals"),
        ("neighbours.bases.lag_0", "deployments"),
        ("milestones_announced.sum_6", "withdrawals"),
        ("neighbours.milestones_effective.sum_6", "withdrawals"),
        ("ahead.country_milestones.mandate_ends", "withdrawals"),
        ("ahead.calendar.sin", "calendar"),
        ("rainfall.mean_12", "other"),
    ],
)
def test_a_feature_has_the_group_of_its_column_else_of_its_scope(name, group):
    assert groups.of(name) == group


def test_every_shipped_feature_has_a_group(known):
    names = features.build(known, specs.names("features")).names
    assert {groups.of(name) for name in names} <= set(groups.GROUPS)


def test_what_is_said_of_groups_has_them_all_in_their_order():
    assert tuple(_phrases.table().groups) == groups.GROUPS

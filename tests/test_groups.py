"""Every feature there is has the group that an analyst would put it in."""

import pytest

from ewarn import features, specs
from ewarn.drivers import _phrases
from ewarn.features import _ahead, _behind, groups


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
        ("neighbours.bases.lost_6", "withdrawals"),
        ("neighbours.troops.lag_0", "deployments"),
        ("milestones_announced.sum_6", "withdrawals"),
        ("neighbours.milestones_effective.sum_6", "withdrawals"),
        ("ahead.country_milestones.mandate_ends", "withdrawals"),
        ("ahead.calendar.sin", "calendar"),
    ],
)
def test_a_feature_has_the_group_of_its_column_else_of_its_scope(name, group):
    assert groups.of(name) == group


def test_every_shipped_feature_has_a_group(known):
    names = features.build(known, specs.names("features")).names
    assert {groups.of(name) for name in names} == set(groups.GROUPS) - {"deployments"}


def test_cards_and_drivers_speak_of_the_same_groups():
    """The tiny world has no deployments, so names are taken from the feature sets as they stand."""
    panel_columns = ["presence.Army", "active_groups"]
    for one in map(specs.feature_set, specs.names("features")):
        behind = [feature.name for feature in _behind.plan([one], panel_columns)]
        for name in [*behind, *(name for name, _ in _ahead.plan([one]))]:
            assert groups.of(name) == _phrases.table().group(name), name

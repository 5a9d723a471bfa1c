"""The group of each feature, as analysts speak of it, in drivers and in model cards."""

GROUPS = (
    *("own_history", "neighbours", "country", "actors"),
    *("withdrawals", "deployments", "calendar", "other"),
)
_VIOLENCE = ("fatalities", "events", "late_", "active_days")
_BY_COLUMN = {
    "active_groups": "actors",
    "groups_events": "actors",
    "groups_fatalities": "actors",
    "presence": "actors",
    "bases": "deployments",
    "bases_change": "deployments",
    "troops": "deployments",
    "troops_change": "deployments",
    "calendar": "calendar",
    "milestones": "withdrawals",
    "milestones_announced": "withdrawals",
    "milestones_effective": "withdrawals",
    "neighbours_milestones": "withdrawals",
    "country_milestones": "withdrawals",
}
_GOING = ("change_", "lost_")  # of troops and bases: what a mission takes away, not what it has
_BY_SCOPE = {"neighbours": "neighbours", "country": "country"}
_SCOPES = (*_BY_SCOPE, "ahead")


def of(name: str) -> str:
    """Return the group of a feature by its generated name, one of GROUPS: what it is about,
    wherever that is looked at; where it is about violence itself, whose.

    >>> [of(name) for name in ("fatalities.mean_12", "neighbours.fatalities.lag_0")]
    ['own_history', 'neighbours']
    >>> [of(name) for name in ("country.troops.lag_0", "country.troops.change_6")]
    ['deployments', 'withdrawals']
    """
    first, _, rest = name.partition(".")
    scope = first if first in _SCOPES else ""
    column, _, transform = (rest if scope else name).partition(".")
    if column.startswith(_VIOLENCE):
        return _BY_SCOPE.get(scope, "own_history")
    group = _BY_COLUMN.get(column, "other")
    return "withdrawals" if group == "deployments" and transform.startswith(_GOING) else group

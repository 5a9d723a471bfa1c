"""A feature's name into the group that analysts speak of, by column first and then by scope."""

GROUPS = (
    *("own_history", "neighbours", "country"),
    *("actors", "deployments", "withdrawals", "calendar"),
)
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
_BY_SCOPE = {"neighbours": "neighbours", "country": "country"}
_SCOPES = (*_BY_SCOPE, "ahead")
_LEAVING = ("lost_", "change_")  # of a deployment: how missions thin out before they go


def of(name: str) -> str:
    """The group of a feature by its generated name, one of GROUPS: what it is about, wherever that
    is looked at; where it is about violence itself, whose.

    >>> [of(name) for name in ("fatalities.mean_12", "neighbours.fatalities.lag_0")]
    ['own_history', 'neighbours']
    >>> [of(name) for name in ("country.troops.lag_0", "country.troops.change_6")]
    ['deployments', 'withdrawals']
    """
    first, _, rest = name.partition(".")
    column, _, transform = (rest if first in _SCOPES else name).partition(".")
    if _BY_COLUMN.get(column) == "deployments" and transform.startswith(_LEAVING):
        return "withdrawals"
    return _BY_COLUMN.get(column) or _BY_SCOPE.get(first, "own_history")

"""Issues of the small made-up world months apart, each with a history of its own."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from ewarn.core import columns, months
from ewarn.publishing import issue
from support import small_issue

LEADS = [1, 2, 3]
CODES = list(small_issue.units()["code"])
SHIFTED = ("forecasts", "risks", "draws", "drivers", "changes")


def issued(issues, reference, told=(), units=CODES, after=timedelta(0), **changed):
    """The small issue of that month, of these units, at leads 1 to 3. Unit u had 10 u deaths in
    each month of three years, but for what is `told` of others, by unit and month. It is
    written so long `after` its day.
    """
    made = small_issue.tables(is_first=not changed.get("last_issue"))
    target = {lead: months.label(months.parse(reference) + lead) for lead in LEADS}
    for name in SHIFTED:
        some = made[name][made[name]["lead"].isin(LEADS) & made[name]["unit"].isin(units)]
        made[name] = some.assign(target_month=some["lead"].map(target))
    made["forecasts"] = made["forecasts"].assign(reference_month=reference)
    made["units"] = made["units"][made["units"]["code"].isin(units)]
    made["history"] = history(reference, dict(told), units)
    day = months.last_day(months.parse(reference))
    about = {"reference_month": reference, "as_of": day, "leads": LEADS} | changed
    now = datetime(day.year, day.month, day.day, 18, tzinfo=UTC) + after
    return issue.write(issues, made, small_issue.about(**about), small_issue.FILES, now)


def history(reference, told, units):
    """What an issue of that month tells of the past."""
    last = months.parse(reference)
    rows = [
        {"unit": code, "month": months.label(month), "deaths": 10.0 * CODES.index(code)}
        for code in units
        for month in range(last - 35, last + 1)
    ]
    table = pd.DataFrame(rows)
    for (unit, month), deaths in told.items():
        table.loc[(table["unit"] == unit) & (table["month"] == month), "deaths"] = deaths
    names = [name for name in columns.TABLES["history"] if name not in ("unit", "month")]
    deaths = table.pop("deaths")
    counts = {name: deaths if "fatal" in name else deaths / 10 for name in names}
    return table.assign(**counts | {"actors": None})

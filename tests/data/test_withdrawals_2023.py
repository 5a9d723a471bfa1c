"""The test of 2023: what the shipped milestones say of Kidal and Timbuktu, as known day by day.

Every number below was worked out from withdrawal_milestones.csv by reading it. Rows are named by
the end of their id: M-011 is MLI-MINUSMA-011, B Barkhane, T MLI-MINUSMA-TCC. Places lie in the old
regions: Menaka in Gao. Among the units of Mali, Kidal's neighbours are Gao and Timbuktu;
Timbuktu's are Gao, Kidal, Mopti and Ségou, about which no row is.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ewarn.core import months
from ewarn.data import ingest, panel, places, sources
from ewarn.forecasting import features

KIDAL, TIMBUKTU = "MLI-KD", "MLI-TB"
NONE = [36] * 6  # 36 months or more, or nothing at all
ZERO = [0] * 6
LEADS = range(1, 7)


def up(first):
    """Months since something, at six target months: each lead is a month later."""
    return [first + step for step in range(6)]


# The same for all units of Mali, at leads 1 to 6.
MALI = {
    # May is the last month that has ended; the target months are June to November 2023.
    ("2023-06-29", "2023-05"): {
        # The mandate, and all dates of resolution 2690, are unknown until 30 June; the only plan
        # with a date that is not a contingent's, France's six months (B-005), ended in 2022.
        "country_milestones.months_until": NONE,
        # The last end on record is Barkhane's exit of August 2022 (B-009), ten months before June.
        "country_milestones.months_since": up(10),
        "country_milestones.bases_to_close": ZERO,
        # June: Sweden (T-001, June), Benin's rest (T-003, November), Côte d'Ivoire (T-008, August),
        # Germany (T-009, May 2024), the United Kingdom (T-007, no date). Benin's first (T-002)
        # was due in November 2022; Denmark's (TAKUBA-002) had no date, and Takuba was gone.
        "country_milestones.contingents_to_leave": [5, 4, 4, 3, 3, 3],
        "country_milestones.mandate_ends": ZERO,
    },
    # The last day of June, so June has ended: July to December 2023.
    ("2023-06-30", "2023-06"): {
        # Resolution 2690: authority to protect until September (M-003), out by December (M-004).
        "country_milestones.months_until": [2, 1, 0, 2, 1, 0],
        "country_milestones.months_since": up(11),
        "country_milestones.bases_to_close": ZERO,
        # Without Sweden, whose June has passed; from December without Benin (November).
        "country_milestones.contingents_to_leave": [4, 4, 3, 3, 3, 2],
        # The authority of M-003 ends within the lead from September on; the mandate (M-002) ended
        # in June itself, which is no month ahead.
        "country_milestones.mandate_ends": [0, 0, 1, 1, 1, 1],
    },
    # July has ended: August 2023 to January 2024.
    ("2023-08-12", "2023-07"): {
        # Ber (M-011, told on 4 August) in August; September; December; liquidation in January.
        "country_milestones.months_until": [0, 0, 2, 1, 0, 0],
        "country_milestones.months_since": up(0),  # Ogossagou, 3 August (M-010)
        "country_milestones.bases_to_close": [1, 0, 0, 0, 0, 0],  # Ber
        "country_milestones.contingents_to_leave": [4, 3, 3, 3, 2, 2],
        "country_milestones.mandate_ends": [0, 1, 1, 1, 1, 1],
    },
    ("2023-08-13", "2023-07"): {
        "country_milestones.months_until": [1, 0, 2, 1, 0, 0],  # Ber's plan is over: it was left
        "country_milestones.months_since": up(0),
        "country_milestones.bases_to_close": ZERO,
        "country_milestones.contingents_to_leave": [4, 3, 3, 3, 2, 2],
        "country_milestones.mandate_ends": [0, 1, 1, 1, 1, 1],
    },
    # September is the last month that has ended: October 2023 to March 2024.
    ("2023-10-30", "2023-09"): {
        # December (M-004) and January (M-005, M-025); after that nothing is stated.
        "country_milestones.months_until": [2, 1, 0, 0, 36, 36],
        "country_milestones.months_since": up(0),  # Douentza, Tessalit, Aguelhok in October
        "country_milestones.bases_to_close": ZERO,
        "country_milestones.contingents_to_leave": [3, 3, 2, 2, 2, 2],
        "country_milestones.mandate_ends": ZERO,  # September has passed
    },
    # The last day of October, so October has ended: November 2023 to April 2024.
    ("2023-10-31", "2023-10"): {
        "country_milestones.months_until": [1, 0, 0, 36, 36, 36],
        "country_milestones.months_since": up(1),
        # Kidal's "second half of November" (M-018) has no day on which it was told: unusable
        # before 15 November, and by then the base was recorded as closed.
        "country_milestones.bases_to_close": ZERO,
        "country_milestones.contingents_to_leave": [3, 2, 2, 2, 2, 2],
        "country_milestones.mandate_ends": ZERO,
    },
}
MALI["2023-11-01", "2023-10"] = MALI["2023-10-31", "2023-10"]  # nothing became known that day

# By as_of; `milestones_...` are sums over the six months to the reference month, at every lead.
OWN_KIDAL = {
    "2023-06-29": {
        "milestones.months_until": NONE,  # no row about Kidal is a plan, but M-018
        "milestones.months_since": up(19),  # Tessalit, November 2021 (B-003)
        "neighbours_milestones.months_until": NONE,
        "neighbours_milestones.months_since": up(10),  # Gao, August 2022 (B-008)
        "milestones_announced": 0,  # December to May: nothing
        "milestones_effective": 1,  # the demand of 16 June (M-001) counts with May
    },
    "2023-06-30": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(20),
        "neighbours_milestones.months_until": [6, 5, 4, 3, 2, 1],  # Gao's liquidation (M-025)
        "neighbours_milestones.months_since": up(11),
        "milestones_announced": 4,  # M-002 to M-005, of all Mali
        "milestones_effective": 1,
    },
    "2023-08-12": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(21),
        "neighbours_milestones.months_until": [0, 4, 3, 2, 1, 0],  # Ber; then Gao's liquidation
        "neighbours_milestones.months_since": up(12),  # not Ber, and Goundam not before the 16th
        "neighbours_milestones.bases_to_close": [1, 0, 0, 0, 0, 0],  # Ber
        "milestones_announced": 4,
        "milestones_effective": 1,
    },
    "2023-08-13": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(21),
        "neighbours_milestones.months_until": [5, 4, 3, 2, 1, 0],
        "neighbours_milestones.months_since": up(0),  # Ber was left on the 13th, not on the 15th
        "milestones_announced": 4,
        "milestones_effective": 1,
    },
    "2023-10-30": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(0),  # Tessalit and Aguelhok, known on 22 and 23 October
        "neighbours_milestones.months_until": [3, 2, 1, 0, 36, 36],
        "neighbours_milestones.months_since": up(2),  # Ber, Goundam and Menaka in August
        "milestones_announced": 4,
        "milestones_effective": 3,  # M-001, Tessalit, Aguelhok: not Kidal
    },
    "2023-10-31": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(1),
        "neighbours_milestones.months_until": [2, 1, 0, 36, 36, 36],
        "neighbours_milestones.months_since": up(3),
        "milestones_announced": 4,
        "milestones_effective": 4,  # and Kidal (M-019), left early and told the same day
    },
}
OWN_TIMBUKTU = {
    "2023-06-29": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(14),  # Gossi, April 2022 (B-006)
        "neighbours_milestones.months_until": NONE,
        "neighbours_milestones.months_since": up(10),  # Gao, August 2022
        "milestones_announced": 0,
        "milestones_effective": 1,
    },
    "2023-06-30": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(15),
        "neighbours_milestones.months_until": [6, 5, 4, 3, 2, 1],
        "neighbours_milestones.months_since": up(11),
        "milestones_announced": 4,
        "milestones_effective": 1,
    },
    "2023-08-12": {
        "milestones.months_until": [0, 36, 36, 36, 36, 36],  # Ber, planned for 15 August
        "milestones.months_since": up(16),  # Goundam (M-013) is a record: from 16 August
        "milestones.bases_to_close": [1, 0, 0, 0, 0, 0],
        "neighbours_milestones.months_until": [5, 4, 3, 2, 1, 0],
        "neighbours_milestones.months_since": up(0),  # Ogossagou in Mopti
        "milestones_announced": 5,  # and Ber's plan, of 4 August
        "milestones_effective": 1,
    },
    "2023-08-13": {
        "milestones.months_until": NONE,  # brought forward: nothing is left of the plan
        "milestones.months_since": up(0),
        "neighbours_milestones.months_until": [5, 4, 3, 2, 1, 0],
        "neighbours_milestones.months_since": up(0),
        "milestones_announced": 5,
        "milestones_effective": 2,  # M-001 and Ber
    },
    "2023-10-30": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(2),
        "neighbours_milestones.months_until": [3, 2, 1, 0, 36, 36],
        "neighbours_milestones.months_since": up(0),  # Kidal's two, and Douentza in Mopti
        "milestones_announced": 5,
        "milestones_effective": 3,  # M-001, Ber, Goundam
    },
    "2023-10-31": {
        "milestones.months_until": NONE,
        "milestones.months_since": up(3),
        "neighbours_milestones.months_until": [2, 1, 0, 36, 36, 36],
        "neighbours_milestones.months_since": up(1),
        "milestones_announced": 5,
        "milestones_effective": 3,
    },
}
NOTHING = {  # where a table above has no line: no base of the unit or beside it is to close
    "milestones.bases_to_close": ZERO,
    "neighbours_milestones.bases_to_close": ZERO,
    "milestones.contingents_to_leave": ZERO,  # those of Gao, Mopti or all Mali are not theirs
}


def expected(unit, as_of, reference):
    own = (OWN_KIDAL if unit == KIDAL else OWN_TIMBUKTU)[as_of.replace("11-01", "10-31")]
    return NOTHING | MALI[as_of, reference] | own


@pytest.fixture(scope="module")
def mali():
    """Mali's real units with the shipped milestones, and one event, far from all of it."""
    units = places.of_countries(places.shipped(), ["MLI"])
    shipped = ingest.place(sources.read(ingest.MILESTONES, "milestones"), units, units)
    first, last = months.parse("2021-01"), months.parse("2024-06")
    counts = pd.DataFrame({"unit": [0], "month": [first], "events": [1], "fatalities": [1.0]})
    return panel.Inputs(
        units.table, units.neighbours, first, last, counts=counts, milestones=shipped.table
    )


@pytest.mark.slow
@pytest.mark.parametrize("unit", [KIDAL, TIMBUKTU])
@pytest.mark.parametrize(("as_of", "reference"), list(MALI))
def test_what_was_known(mali, as_of, reference, unit):
    known = panel.build(mali, date.fromisoformat(as_of))
    assert months.label(known.reference_month) == reference
    design = features.build(known, ["withdrawals"])
    row = list(known.units["code"]).index(unit)
    at = np.stack([design.at(lead, slice(-1, None))[row] for lead in LEADS], axis=1)
    found = dict(zip(design.names, at.tolist(), strict=True))
    for name, values in expected(unit, as_of, reference).items():
        if name in ("milestones_announced", "milestones_effective"):
            assert found[f"{name}.sum_6"] == [values] * 6, name
        else:
            assert found[f"ahead.{name}"] == values, name


def test_every_feature_ahead_is_in_the_table(mali):
    design = features.build(panel.build(mali, date(2023, 10, 31)), ["withdrawals"])
    named = expected(KIDAL, "2023-10-31", "2023-10")
    assert {name for name, _ in design.later} <= {f"ahead.{name}" for name in named}

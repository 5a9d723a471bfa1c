"""The small issue's numbers on the 860 real units: as wide as the page is in use."""

from pathlib import Path

import pandas as pd
from support import small_issue, small_watch
from support.small_issue import FILES, NOW, about

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import columns
from ewarn.core.settings import Settings
from ewarn.data import places
from ewarn.database import Database
from ewarn.evaluation import verification
from ewarn.publishing import issue
from ewarn.publishing.issue import Issue

NAME = '<script>document.title = "taken over"</script>'
NAMED = "NER-DF"  # the unit that has it
CODES = {"MLI-gao": "MLI-GA"}  # of the small issue's milestones, here


def units() -> pd.DataFrame:
    shipped = places.shipped()
    table = shipped.table.assign(geometry=places.geojson(shipped))
    assert NAMED in set(table["code"])
    return table.assign(name=table["name"].where(table["code"] != NAMED, NAME))


def tables() -> dict[str, pd.DataFrame]:
    chosen = units()
    stones = small_issue.milestones()
    return {
        "forecasts": small_issue.forecasts(chosen),
        "risks": small_issue.risks(chosen),
        "draws": small_issue.draws(chosen),
        "drivers": small_issue.drivers(chosen),
        "changes": small_issue.changes(chosen),
        "units": chosen[list(columns.TABLES["units"])],
        "history": small_issue.history(chosen),
        "milestones": stones.assign(unit=stones["unit"].replace(CODES)),
    }


def home(folder: Path) -> tuple[Issue, Issue]:
    """Two issues a month apart, verified, with a hindcast: the older one, and the newer."""
    settings = Settings(home=folder)
    made = tables()
    older = small_issue.earlier(settings.issues, made)
    newer = issue.write(settings.issues, made, about(last_issue=older.id), FILES, NOW)
    scored = verification_lines(made["units"]["code"])
    small_watch.hindcast(settings.mlruns, (1, 2, 3), 8.0, list(made["units"]["code"]), **scored)
    jobs.verify(settings.mlruns, Database(settings.database), track)
    return older, newer


def verification_lines(codes: "pd.Series[str]") -> dict[str, object]:
    """Scores of three leads for the hindcast's `scores`, better than conflictology by a tenth."""
    rows = pd.DataFrame({"unit": codes, "target_month": "2020-12", "reference_month": "2020-11"})
    numbers = dict.fromkeys(columns.TABLES["hindcasts"], 0.0) | {"crps_log1p": 0.9, "risk": 0.3}
    numbers |= {"conflictology_crps_log1p": 1.0, "p_ge_1": 0.5, "count": 1.0}
    names = [name for name in numbers if name not in rows and name != "lead"]
    rows = rows.assign(**{name: numbers[name] for name in names})
    rows = rows.assign(is_escalation=rows.index % 3 == 0, is_onset=False, stratum="active")
    wide = pd.concat([rows.assign(lead=lead) for lead in (1, 2, 3)], ignore_index=True)
    return {"scores": verification.lines(wide)}

"""The numbers of a backtest into one HTML page that needs nothing beside it."""

import pandas as pd

from ewarn import backtest
from ewarn.report import _grids, _pictures, _words
from ewarn.report._numbers import Numbers, Subject
from ewarn.report._templates import embedded, render


def page(rows: pd.DataFrame, found: Numbers, subject: Subject) -> str:
    """The report as HTML: words, then skill by lead, calibration, warnings, tables, settings.

    Pictures are within it, and it asks no other host for anything and runs no script.
    """
    models = [spec.name for spec in subject.specs]
    base = subject.baselines[0]
    palette = _pictures.colours(subject.baselines, subject.rivals)
    differences = found.against_on_average.items()
    return render(
        "page",
        subject=subject,
        found=found,
        base=base,
        leads=_words.leads(sorted(set(found.by_lead["lead"]))),
        units=rows["unit"].nunique(),
        headline=_words.headline(found, subject),
        sentences=list(_words.sentences(found, subject)),
        few=_words.origins(found),
        caveat=_words.caveat(found, subject),
        skill=embedded(_pictures.skill(found.against[base], base, palette)),
        fewest=_pictures.FEWEST,
        reliability=embedded(_pictures.reliability(rows, palette)),
        risks=embedded(_pictures.risk_reliability(rows, palette)),
        pit=embedded(_pictures.pit(rows, palette)),
        at_top=embedded(_pictures.at_top(found.at_top, palette)),
        base_rate=found.at_top["base_rate"].mean(),
        average=_grids.average(found, models),
        against=[_grids.against(table, name) for name, table in differences if len(table)],
        near=[
            _grids.against(table, name)
            for name, table in found.against_near_withdrawals.items()
            if len(table)
        ],
        months_around=backtest.MONTHS_AROUND,
        by_lead=_grids.by_lead(found, models),
        by_part=_grids.by_part(found, models),
        owners=_grids.owners(found, models),
    )

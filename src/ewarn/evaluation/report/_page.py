"""Render the numbers of a backtest as one HTML page that needs no other file."""

import pandas as pd

from ewarn.evaluation import backtest
from ewarn.evaluation.report import _figures, _grids, _sentences
from ewarn.evaluation.report._numbers import Numbers, Subject
from ewarn.evaluation.report._templates import embedded, render


def page(rows: pd.DataFrame, found: Numbers, subject: Subject) -> str:
    """Return the report as HTML: words, then skill by lead, calibration, warnings, tables,
    settings.

    Pictures are within it, and it loads nothing from other hosts and runs no script.
    """
    models = [spec.name for spec in subject.specs]
    base = subject.baselines[0]
    palette = _figures.colours(subject.baselines, subject.rivals)
    differences = found.against_on_average.items()
    return render(
        "page",
        subject=subject,
        found=found,
        base=base,
        leads=_sentences.leads(sorted(set(found.by_lead["lead"]))),
        units=rows["unit"].nunique(),
        headline=_sentences.headline(found, subject),
        sentences=list(_sentences.sentences(found, subject)),
        few=_sentences.origins(found),
        caveat=_sentences.caveat(found, subject),
        skill=embedded(_figures.skill(found.against[base], base, palette)),
        fewest=_figures.FEWEST,
        reliability=embedded(_figures.reliability(rows, palette)),
        risks=embedded(_figures.risk_reliability(rows, palette)),
        pit=embedded(_figures.pit(rows, palette)),
        at_top=embedded(_figures.at_top(found.at_top, palette)),
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

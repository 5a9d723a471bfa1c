"""The numbers of a backtest into one HTML page that needs nothing beside it."""

import base64
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ewarn.report import _grids, _pictures, _words
from ewarn.report._numbers import Numbers, Subject


def page(rows: pd.DataFrame, found: Numbers, subject: Subject) -> str:
    """The report as HTML: words, then skill by lead, calibration, warnings, tables, settings.

    Pictures are within it, and it asks no other host for anything and runs no script.
    """
    models = [spec.name for spec in subject.specs]
    base = subject.baselines[0]
    palette = _pictures.colours(subject.baselines, subject.rivals)
    template = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("page.html.jinja")
    differences = found.against_on_average.items()
    return template.render(
        subject=subject,
        found=found,
        base=base,
        leads=_words.leads(sorted(set(found.by_lead["lead"]))),
        units=rows["unit"].nunique(),
        headline=_words.headline(found, subject),
        sentences=list(_words.sentences(found, subject)),
        few=_words.origins(found),
        caveat=_words.caveat(found, subject),
        skill=_embedded(_pictures.skill(found.against[base], base, palette)),
        fewest=_pictures.FEWEST,
        reliability=_embedded(_pictures.reliability(rows, palette)),
        risks=_embedded(_pictures.risk_reliability(rows, palette)),
        pit=_embedded(_pictures.pit(rows, palette)),
        at_top=_embedded(_pictures.at_top(found.at_top, palette)),
        base_rate=found.at_top["base_rate"].mean(),
        average=_grids.average(found, models),
        against=[_grids.against(table, name) for name, table in differences if len(table)],
        by_lead=_grids.by_lead(found, models),
        by_part=_grids.by_part(found, models),
        owners=_grids.owners(found, models),
    )


def _embedded(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()

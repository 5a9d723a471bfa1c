"""Hand-made evidence for the gate: scored rows of a model that is better by a known amount."""

import numpy as np
import pandas as pd

from ewarn.core import specs
from ewarn.evaluation.gate import Evidence
from ewarn.evaluation.leakage import Checked

ORIGINS = ("2019-03", "2019-06", "2019-09", "2019-12")
LEADS = (1, 2)
CODES = ("MLI-A", "MLI-B", "MLI-C", "NER-A", "NER-B", "NER-C")
DIGESTS = {"events": "sha256:a", "milestones": "sha256:b"}
CLEAN = Checked(("2018-05",), len(CODES), 3, (), LEADS, "2018-05", 2)


def rows(name, better, origins=ORIGINS, leads=LEADS, codes=CODES):
    """Rows that score 1 less `better`, a little more or less by origin; PIT evenly spread."""
    keys = pd.MultiIndex.from_product([origins, leads, codes], names=["origin", "lead", "unit"])
    table = keys.to_frame(index=False).assign(model=name, outcome=2.0, is_covered=True)
    wave = 0.1 * np.cos(np.pi * table["origin"].map(list(origins).index))
    table["crps"] = 1 - better * (1 + wave)
    table["crps_log1p"] = table["crps"] / 10
    table["pit"] = (np.arange(len(table)) + 0.5) / len(table)
    return table


def made(spec="hurdle", better=0.2, digests=DIGESTS, leak=CLEAN, **more):
    """Evidence of a model that is better than conflictology by that much a row."""
    own, base = rows(spec, better, **more), rows("conflictology", 0, **more)
    leads = list(more.get("leads", LEADS))
    chosen = specs.model(spec).model_copy(update={"leads": leads})
    return Evidence(chosen, digests, pd.concat([base, own], ignore_index=True), leak)

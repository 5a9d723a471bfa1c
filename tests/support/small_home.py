"""A home with one issue of the tiny world and all it was made from, to suppose other things of."""

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import specs
from ewarn.data import ingest, panel
from ewarn.data.vintages import Store
from support import worlds

CLOSURE = {
    "location_code": "MLI", "mission": "M", "admin1": "A", "kind": "planned_base_closure",
    "announced_on": "2020-12-01", "effective_on": "2021-02-28",
}  # fmt: skip


def change(number, code="MLI-A", month="2020-12"):
    return {"admin1_code": code, "month": month, "change": number}


def made_issue(mlruns, folder):
    """An issue of the tiny world whose model reads deaths, and milestones at the target month."""
    files = worlds.files(folder)
    with files.milestones.open("a") as file:  # an older one, so that there is what to learn from
        file.write("M0,MLI,B,planned_base_closure,2018-01-10,2018-12-15,B,M,made up,high\n")
    loaded = ingest.load(files, Store(mlruns / "vintages"), worlds.AS_OF)
    loaded.keep(admit=True)
    small = {"leads": [1, 2], "feature_sets": ["events", "withdrawals"]}
    small["columns"] = ["fatalities.lag_0", "fatalities.mean_12", "ahead.milestones.months_until"]
    spec = specs.model("negbin").model_copy(update=small)
    known = panel.build(loaded.as_known, loaded.day)
    trained = jobs.train(spec, loaded, known, mlruns, track, origins=1)
    return jobs.publish(trained, loaded, known, mlruns)

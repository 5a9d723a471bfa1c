"""One event through all six hops, with the arithmetic: a file, a panel, features, a forecast,
an issue, an answer of the service.
"""

import numpy as np
import pytest
from fastapi.testclient import TestClient
from support import worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.core.settings import settings
from ewarn.data import ingest, panel
from ewarn.forecasting import features, model
from ewarn.publishing import issue
from ewarn_api.app import create


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.mark.slow
def test_one_event_from_file_to_answer(home):
    # 1. The file: MLI-B's last event is of 2020-10, 10 dead, at 1.5 east, 1.5 north.
    loaded = ingest.load(worlds.files(home))
    events = loaded.inputs.events
    event = events[(events["month"] == months.parse("2020-10")) & (events["unit"] == 1)]
    assert event["fatalities"].tolist() == [10]

    # 2. The panel: its cell is unit 1, month 57 of 60.
    known = panel.build(loaded.inputs, worlds.AS_OF)
    assert known.columns["fatalities"][1, 57] == 10

    # 3. Features at the reference month, 2020-12: it is two months back, and it is the only one
    #    of the last three months; over twelve months there were four of them, 40 / 12 a month.
    design = features.build(known, ["events"])
    at = design.at(1, slice(-1, None))[1]
    value = {name: at[design.names.index(name)] for name in design.names}
    assert value["fatalities.lag_2"] == 10
    assert value["fatalities.sum_3"] == 10
    np.testing.assert_allclose(value["fatalities.mean_12"], 40 / 12, rtol=1e-6)
    assert value["fatalities.months_since_1"] == 2

    # 4. The forecast of conflictology: the last twelve months are the draws, four of them 10.
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 2]})
    trained = jobs.train(spec, loaded, known, settings().mlruns, track)
    draws = model.forecast(trained.model, known).by_lead[2].draws[1]
    assert draws.tolist() == [0] * 8 + [10] * 4

    # 5. The issue: the base is 40 / 12; a rise of 10 - 3.33 is at least max(5, 3.33 / 4) and less
    #    than max(25, 3.33), so each draw of 10 is an increase: 4 of 12. A fall of 3.33 is less
    #    than max(5, 3.33 / 4), so each draw of 0 is stable.
    issued = jobs.publish(trained, loaded, known, settings().mlruns)
    risks = issue.read(issued.folder).table("risks")
    row = risks.query("unit == 'MLI-B' and lead == 2").iloc[0]
    assert row["risk"] == row["p_increase"] == pytest.approx(4 / 12)
    assert row["p_stable"] == pytest.approx(8 / 12)
    assert row["expected"] == pytest.approx(40 / 12)
    assert (row["q05"], row["q50"], row["q95"]) == (0, 0, 10)
    assert row["target_month"] == "2021-02"

    # 6. The answer: the same numbers, and not marked simulated.
    answer = TestClient(create()).get("/v1/risk-scores", params={"admin1_code": "MLI-B", "lead": 2})
    body = answer.json()
    assert body["totalCount"] == 1
    assert body["simulated"] is False
    assert body["data"][0]["risk"] == pytest.approx(4 / 12)
    assert body["data"][0]["target_month"] == "2021-02"

"""The report: what its page and its numbers hold, and that both need nothing beside them."""

import json
import re
from datetime import date

import numpy as np
import pytest
from support import worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.evaluation import backtest, report
from ewarn.evaluation.report import Subject, _sentences
from ewarn.tracking import Registry

pytestmark = pytest.mark.slow

AT = [months.parse(label) for label in ("2019-03", "2019-06", "2019-09")]
RULES = specs.Protocol(name="small", why="A test of <all>.", models=["negbin"], leads=[1, 3], top=2)
HEADINGS = ["Skill by lead", "All metrics, means over leads", "Are the probabilities calibrated?",
            "The 2 units of highest risk", "By lead", "By stratum, onset and continuation",
            "Whose months own the mean", "Settings"]  # fmt: skip


@pytest.fixture(scope="module")
def chosen():
    first, second = backtest.chosen(RULES)
    return [first, second.model_copy(update={"columns": ["fatalities.lag_0", "fatalities.mean_6"]})]


@pytest.fixture(scope="module")
def rows(loaded, chosen):
    return backtest.run(chosen, loaded.inputs, AT, track, worlds.AS_OF)


@pytest.fixture(scope="module")
def made(tmp_path_factory, loaded, chosen, rows):
    mlruns = tmp_path_factory.mktemp("mlruns")
    return mlruns, jobs.log_backtest(rows, RULES, chosen, loaded, worlds.AS_OF, mlruns)


@pytest.fixture(scope="module")
def page(made):
    return made[1].page.read_text(encoding="utf-8")


def test_the_page_holds_every_part(page):
    assert re.findall(r"<h2>(.*?)</h2>", page) == HEADINGS
    assert page.count('<img src="data:image/svg+xml;base64,') == 5
    assert "A test of &lt;all&gt;." in page
    assert "3 origins, 2019-03 to 2019-09" in page
    assert "Only 3 origins give intervals that are too narrow" in page
    assert "conflictology: its CRPS of log(1 + count) is" in page
    assert " beats " not in page
    for digest in re.findall(r"sha256:[0-9a-f]{64}", page):
        assert len(set(digest[7:])) > 1
    assert "Simulated events" not in page


def test_the_page_asks_no_other_host_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "http" not in re.sub(r'src="data:[^"]*"', "", page)


def test_the_numbers_are_those_of_the_rows(made, rows):
    told = json.loads(made[1].page.with_name("numbers.json").read_text(encoding="utf-8"))
    first = next(one for one in told["by_lead"] if (one["model"], one["lead"]) == ("negbin", 3))
    own = rows[(rows["model"] == "negbin") & (rows["lead"] == 3)]
    assert first["crps"] == pytest.approx(own["crps"].mean(), rel=1e-5)
    assert told["protocol"]["top"] == 2
    assert told["origins"] == ["2019-03", "2019-06", "2019-09"]
    assert {one["is_onset"] for one in told["by_onset"]} == {True, False}
    assert set(told["against"]) == {"conflictology"}
    assert [one["kind"] for one in told["sources"]] == ["milestones", "events", "places"]
    assert first["ap_large_increase"] is None  # none came, and JSON knows no NaN


def test_both_are_kept_with_the_run_and_beside_it(made):
    mlruns, one = made
    assert one.page.parent.parent == mlruns / "backtests"
    for name in ("report.html", "numbers.json"):
        beside = one.page.with_name(name).read_bytes()
        assert Registry(mlruns).file(one.run_id, name) == beside


def test_the_same_rows_give_the_same_page(made, loaded, chosen, rows, tmp_path):
    again = jobs.log_backtest(rows, RULES, chosen, loaded, worlds.AS_OF, tmp_path)
    assert again.page.parent.name == made[1].page.parent.name
    assert again.page.read_bytes() == made[1].page.read_bytes()


def subject(chosen, simulated=False):
    return Subject("k", RULES, chosen, [], simulated, date(2020, 12, 31), "0")


@pytest.mark.parametrize(
    ("factor", "verb", "shift"),
    [(0.8, "beats", "20.0% lower"), (1.25, "does worse than", "25.0% higher")],
)
def test_the_headline_says_who_beat_whom(rows, chosen, monkeypatch, factor, verb, shift):
    monkeypatch.setattr(_sentences, "ENOUGH", 3)
    base = rows[rows["model"] == "conflictology"].astype({"model": str})
    base = base.assign(crps=np.float32(1), crps_log1p=np.float32(1))
    rival = base.assign(model="negbin", crps=np.float32(factor), crps_log1p=np.float32(factor))
    both = type(rows)(np.vstack([base, rival]), columns=base.columns).infer_objects()
    text = report.page(both, report.numbers(both, RULES), subject(chosen))
    line = re.search(r'<p class="lead">(.*?)</p>', text)
    assert line is not None
    assert line[1].startswith(f"negbin {verb} conflictology: its CRPS of log(1 + count) is {shift}")


def test_a_simulated_world_is_marked_and_a_baseline_alone_is_said_to_be(rows, chosen):
    base = rows[rows["model"] == "conflictology"]
    found = report.numbers(base, RULES)
    text = report.page(base, found, subject(chosen[:1], simulated=True))
    assert "Simulated events. These numbers are not of the real world." in text
    assert "there is nothing to compare" in text

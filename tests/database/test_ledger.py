"""The ledger of issues, on both databases: recorded, scored by hand, revised, changed and void."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from support.issue_chain import CODES, history, issued

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import columns
from ewarn.core.errors import BadInput, Unknown
from ewarn.database import ledger, ledger_rows
from ewarn.evaluation import verification
from ewarn.jobs import VoidRequest

pytestmark = pytest.mark.slow

MOPTI = "MLI-mopti"  # the unit that has 10 deaths a month
FIRST, LATER = {(MOPTI, "2021-01"): 34}, {(MOPTI, "2021-01"): 41}
NAN = float("nan")


@pytest.fixture
def verify(tmp_path, records):
    """Verifies the issues there are."""

    def run(newest=None, **asked):
        return jobs.verify(tmp_path, records, track, VoidRequest(**asked), newest)

    return run


@pytest.fixture
def make(tmp_path):
    """Makes an issue."""
    return lambda *given, **changed: issued(tmp_path / "issues", *given, **changed)


def rows(found, **wanted):
    """The rows of the simulated world with those values."""
    every = ledger_rows.rows(found.simulated)
    return [row for row in every if all(row[name] == value for name, value in wanted.items())]


def one(found, was, lead=1, stratum="all", vintage="latest"):
    """The only row of an issue at a lead."""
    found = rows(found, issue=was.id, lead=lead, stratum=stratum, vintage=vintage, void=None)
    assert len(found) == 1
    return found[0]


# Scores


def test_scores_are_those_worked_out_by_hand(make, verify):
    """Six draws of unit u at lead 1 are 0, the seventh is m = 1, 1, 2, 3, 4, 5; what came is
    y = 0, 34, 20, 30, 40, 50. CRPS: (6 y + |m - y|) / 7 - 6 m / 49.

    Unit 0: 1/7 - 6/49 = 1/49. Unit 1: (204 + 33)/7 - 6/49 = 1653/49. Unit u from 2 on:
    (60 u + 9 u)/7 - 6 u/49 = 477 u/49, together 14 * 477/49 = 6678/49.
    """
    was = make("2020-12", {("TCD-lac", "2019-06"): 500})  # too long ago for the last twelve months
    later = make("2021-01", FIRST)
    line = one(verify(), was)
    assert line["n"] == 6
    assert line["crps"] == pytest.approx((1 + 1653 + 6678) / 49 / 6)
    # The last twelve months as draws are right but in unit 1, where they are 10 and 34 came.
    assert line["conflictology_crps"] == pytest.approx(24 / 6)
    assert line["conflictology_crps_log1p"] == pytest.approx(math.log(35 / 11) / 6)
    # A count of 1 has 1/7 in each; it came in five. One of 25 has none; it came in four.
    assert line["brier_ge_1"] == pytest.approx((5 * 36 + 1) / 49 / 6)
    assert line["brier_ge_25"] == pytest.approx(4 / 6)
    assert line["conflictology_brier_ge_1"] == 0
    assert line["conflictology_brier_ge_25"] == pytest.approx(1 / 6)
    # With a base of 0.1 all but unit 0 escalated; risks are 0.04, 0.04, 0.06, 0.08, 0.1, 0.12.
    squares = [0.04**2, 0.96**2, 0.94**2, 0.92**2, 0.9**2, 0.88**2]
    assert line["brier_escalation"] == pytest.approx(sum(squares) / 6)
    assert (line["escalations"], line["top_20_hits"], line["top_20_false_alarms"]) == (5, 5, 1)
    assert line["reliability"]["ge_1"][1] == [6, pytest.approx(6 / 7, abs=1e-6), 5]
    assert line["reliability"]["escalation"][0] == [4, pytest.approx(0.22), 3]
    assert (line["target_month"], line["told_as_of"]) == ("2021-01", "2021-01-31")
    assert (line["kind"], line["model"], line["is_ahead"]) == ("issued", "made-up", True)
    assert later.id not in {row["issue"] for row in rows(verify())}


def test_strata_are_parts_of_the_whole(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    found = verify()
    assert one(found, was, stratum="quiet")["n"] == 1
    assert one(found, was, stratum="quiet")["crps"] == pytest.approx(1 / 49)
    assert one(found, was, stratum="active")["n"] == 5
    assert one(found, was, stratum="active")["crps"] == pytest.approx((1653 + 6678) / 49 / 5)
    assert one(found, was, stratum="transition")["n"] == 0
    assert one(found, was, stratum="transition")["crps"] is None


def test_a_month_that_nobody_told_of_is_not_scored(make, verify):
    make("2020-12")
    make("2021-01")
    found = verify()
    assert {row["lead"] for row in rows(found)} == {1}
    assert (len(found.recorded), found.scored) == (2, 1)


# Vintages


def test_a_revision_is_a_second_vintage_and_leaves_the_first(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    before = one(verify(), was)
    make("2021-02", LATER)
    found = verify()
    first, latest = (one(found, was, vintage=name) for name in ("first", "latest"))
    assert (first["vintages"], latest["vintages"]) == (2, 2)
    assert {**first, "vintages": 1, "vintage": "latest"} == before
    # Unit 1: (6 * 41 + 40)/7 - 6/49 = 1996/49, and the last twelve months are 31 off.
    assert latest["crps"] == pytest.approx((1 + 1996 + 6678) / 49 / 6)
    assert latest["conflictology_crps"] == pytest.approx(31 / 6)
    assert latest["told_as_of"] == "2021-02-28"


def test_what_is_told_again_as_before_is_no_vintage(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    verify()
    make("2021-02", FIRST)
    found = verify()
    assert one(found, was)["vintages"] == 1
    assert one(found, was)["told_as_of"] == "2021-01-31"
    assert found.scored == 2  # lead 2 of the first, and lead 1 of the second


def test_verified_late_is_the_same_as_month_by_month(make, verify):
    made = [make("2020-12"), make("2021-01", FIRST), make("2021-02", LATER)]
    first = one(verify(), made[0], vintage="first")
    assert first["crps"] == pytest.approx((1 + 1653 + 6678) / 49 / 6)


def test_again_changes_nothing(make, verify):
    make("2020-12")
    make("2021-01", FIRST)
    make("2021-02", LATER)
    once, again = verify(), verify()
    assert (len(once.recorded), once.scored) == (3, 4)
    assert (again.recorded, again.scored) == ([], 0)
    assert rows(once) == rows(again)


def telling(day, told, simulated=True):
    """What a file fetched on that day tells, of all units and the months to 2021-02."""
    table = history("2021-02", told, CODES)
    return jobs.Report(
        id="sha256:0",
        as_of=day,
        at=datetime(2030, 1, 1, tzinfo=UTC),
        last_month="2021-02",
        simulated=simulated,
        units=frozenset(CODES),
        counts=lambda target: verification.counts(table, target),
    )


def test_a_newer_file_tells_what_happened_without_an_issue(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    found = verify(newest=telling(date(2021, 3, 20), LATER))
    first, latest = (one(found, was, vintage=name) for name in ("first", "latest"))
    assert first["crps"] == pytest.approx((1 + 1653 + 6678) / 49 / 6)
    assert latest["crps"] == pytest.approx((1 + 1996 + 6678) / 49 / 6)
    assert latest["told_as_of"] == "2021-03-20"
    assert one(found, was, lead=2)["n"] == 6


def test_an_older_telling_never_comes_after_a_newer_one(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    once = verify(newest=telling(date(2021, 3, 20), LATER))
    again = verify()  # the issue of 2021-01 is what is left, and it tells what was told before
    assert again.scored == 0
    assert rows(again) == rows(once)
    make("2021-03", FIRST)
    found = one(verify(), was)
    assert (found["vintages"], found["told_as_of"]) == (3, "2021-03-31")


def test_two_tellings_of_one_day_do_not_take_turns(make, verify):
    was = make("2020-12")
    make("2021-01", FIRST)
    for _ in range(2):
        verify(newest=telling(date(2021, 1, 31), LATER))
        found = verify()
    assert one(found, was)["vintages"] == 2


def test_two_at_once_score_once(make, tmp_path, records, verify):
    make("2020-12")
    make("2021-01", FIRST)
    make("2021-02", LATER)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(jobs.verify, tmp_path, records, track) for _ in range(3)]:
            done.result()
    found = verify()
    assert found.scored == 0
    assert len(rows(found)) == 2 * 4 * 3  # lead 1 and 2 of the first, lead 1 of the second


def test_worlds_never_mix(make, verify):
    was = make("2020-12")
    real = make("2021-02", FIRST, simulated=False)
    found = verify(newest=telling(date(2021, 3, 20), LATER, simulated=False))
    assert found.scored == 0
    assert [one.id for one in found.simulated.issues] == [was.id]
    assert [one.id for one in found.real.issues] == [real.id]


def test_an_issue_without_some_of_the_units_tells_nothing_of_them(make, verify):
    whole = make("2020-12")
    few = make("2021-01", FIRST, units=CODES[:2])
    assert verify().scored == 0
    make("2021-02", LATER)
    found = verify()
    assert one(found, few)["n"] == 2
    assert one(found, whole)["vintages"] == 1
    assert one(found, whole)["told_as_of"] == "2021-02-28"


# What is void


def test_an_outcome_that_is_not_known_leaves_its_country_out(make, verify):
    was = make("2020-12")
    make("2021-01", {**FIRST, ("NER-diffa", "2021-01"): NAN})
    found = verify()
    line = one(found, was)
    assert line["n"] == 5  # without unit 2, whose CRPS is 2 * 477/49
    assert line["crps"] == pytest.approx((1 + 1653 + 6678 - 2 * 477) / 49 / 5)
    void = [row for row in rows(found) if row["void"]]
    assert [(row["issue"], row["lead"], row["location_code"]) for row in void] == [
        (was.id, 1, "NER")
    ]
    assert void[0]["void"] == "no outcome of 2021-01 in 1 of its 2 units"
    make("2021-02", FIRST)
    found = verify()
    assert one(found, was)["n"] == 6
    assert one(found, was, vintage="first")["n"] == 5
    assert not [row for row in rows(found) if row["void"]]


def test_an_outcome_that_is_known_of_no_unit_is_still_to_come(make, verify):
    was = make("2020-12")
    make("2021-01", {(code, "2021-01"): NAN for code in CODES})
    found = verify()
    assert (found.scored, rows(found)) == (0, [])
    make("2021-02", FIRST)
    assert one(verify(), was)["vintages"] == 1


def test_void_by_hand_is_listed_and_in_no_average(make, verify):
    was = make("2020-12")
    told = make("2021-01", FIRST)
    later = make("2021-02", LATER)
    verify()
    found = verify(issues=[was.id], reason="the file was cut short")
    assert {row["void"] for row in rows(found, issue=was.id)} == {"the file was cut short"}
    assert [row["lead"] for row in rows(found, issue=was.id)] == [1, 2, 3]
    assert {row["n"] for row in rows(found, issue=was.id)} == {0}
    assert {row["crps"] for row in rows(found, issue=was.id)} == {None}
    assert one(found, told)["n"] == 6
    again = verify(issues=[was.id], reason="another reason")
    assert {row["void"] for row in rows(again, issue=was.id)} == {"the file was cut short"}
    assert later.id not in {row["issue"] for row in rows(again)}


def test_what_a_void_issue_told_does_not_count(make, verify):
    was = make("2020-12")
    told = make("2021-01", {(MOPTI, "2021-01"): 0})
    make("2021-02", FIRST)
    assert one(verify(), was, vintage="first")["told_as_of"] == "2021-01-31"
    found = verify(issues=[told.id], reason="its source had failed")
    first, latest = (one(found, was, vintage=name) for name in ("first", "latest"))
    assert first["vintages"] == 1
    assert first["told_as_of"] == latest["told_as_of"] == "2021-02-28"
    assert first["crps"] == pytest.approx((1 + 1653 + 6678) / 49 / 6)


def test_an_issue_from_data_that_stopped_is_void(make, verify):
    was = make("2020-12", months_behind=2)
    make("2020-11")
    make("2021-01", FIRST, months_behind=1)
    found = verify()
    void = {row["void"] for row in rows(found, issue=was.id)}
    assert void == {"the events did not cover 2 months that should have been known"}
    assert found.scored == 0  # what those two tell of others does not count either


def test_an_accepted_finding_that_proved_true_makes_its_issues_void(make, verify):
    accepted = [{"name": "silent-MLI", "evidence": "no event in MLI since 2020-10"}]
    was = make("2020-12", accepted=accepted)
    make("2021-01", FIRST)
    assert one(verify(), was)["n"] == 6
    found = verify(failed=["silent-MLI"])
    void = {row["void"] for row in rows(found, issue=was.id)}
    assert void == {"silent-MLI: no event in MLI since 2020-10"}
    with pytest.raises(Unknown, match="silent-MLI"):
        verify(failed=["silent-MLL"])


def test_what_cannot_be_void_is_refused_and_nothing_written(make, verify, records):
    make("2020-12")
    with pytest.raises(BadInput, match="--reason"):
        verify(issues=["2020-12-x"])
    with pytest.raises(Unknown, match="2020-12-x"):
        verify(issues=["2020-12-x"], reason="why")
    with records.reading() as session:
        assert ledger.read(session, simulated=True).issues == ()


# What was changed


def test_a_changed_table_is_refused_and_named(make, verify):
    was = make("2020-12")
    verify()
    path = was.folder / "risks.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    make("2021-01", FIRST)
    found = verify()
    assert "risks.parquet: found sha256:" in found.changed[was.id]
    assert found.scored == 0
    assert rows(found, issue=was.id) == []


def test_a_card_that_was_written_anew_is_refused_though_the_issue_is_whole(make, verify):
    was = make("2020-12")
    verify()
    path = was.folder / "issue.json"
    said = json.loads(path.read_text())
    path.chmod(0o644)
    path.write_text(json.dumps(said | {"created_at": "2020-11-01T00:00:00+00:00"}, indent=2))
    make("2021-01", FIRST)
    found = verify()
    assert "as recorded" in found.changed[was.id]
    assert found.scored == 0


def test_a_changed_issue_tells_nothing_either(make, verify):
    make("2020-12")
    told = make("2021-01", FIRST)
    path = told.folder / "history.parquet"
    path.chmod(0o644)
    path.write_bytes(b"")
    found = verify()
    assert found.scored == 0
    assert told.id in found.skipped  # it was never recorded, so it is damaged and not changed
    assert found.changed == {}


def test_an_issue_that_is_gone_keeps_its_scores(make, verify, tmp_path):
    was = make("2020-12")
    make("2021-01", FIRST)
    before = rows(verify())
    was.folder.rename(tmp_path / "elsewhere")
    found = verify()
    assert found.gone == [was.id]
    assert rows(found) == before


def test_rows_have_the_columns_that_are_declared(make, verify):
    make("2020-12", months_behind=1)
    make("2021-01", FIRST)
    make("2021-02", LATER)
    for row in rows(verify()):
        assert tuple(row) == columns.TABLES["verification"]
        for name, value in row.items():
            field = columns.of(name, "verification")
            assert isinstance(value, type(field.example)) or (value is None and field.is_optional)

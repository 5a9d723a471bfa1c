"""Issues: the same for the same inputs, whole or not there, and never changed."""

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from support import small_issue
from support.faults import Disk
from support.small_issue import FILES, NOW, about, tables, written

from ewarn.core import columns
from ewarn.core.errors import BadInput
from ewarn.publishing import issue


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def changed(name, edit):
    """The small tables, one of them edited."""
    made = tables()
    edited = edit(made[name])
    return made | {name: made[name] if edited is None else edited}


# What is written comes back


@pytest.mark.slow
@pytest.mark.parametrize("name", issue.NAMES)
def test_a_table_comes_back_as_it_was_given(tmp_path, name):
    given, keys = tables()[name], {"units": ["code"], "milestones": ["milestone_id"]}
    key = keys.get(name, [c for c in columns.TABLES[name] if c in ("unit", "lead", "month")])
    key += ["output_type", "output_type_id"] if name == "forecasts" else []
    found = written(tmp_path).table(name)
    text = dict.fromkeys(found.select_dtypes("category"), object)
    pd.testing.assert_frame_equal(
        found.astype(text).sort_values(key, ignore_index=True),
        given[list(columns.TABLES[name])].astype(text).sort_values(key, ignore_index=True),
        check_dtype=False,
    )


def test_risks_lie_by_lead_and_rank_and_forecasts_by_unit_and_lead(tmp_path):
    made = written(tmp_path)
    risks, forecasts = made.table("risks"), made.table("forecasts")
    assert risks["rank"].tolist() == list(range(1, 7)) * 12
    assert risks["lead"].is_monotonic_increasing
    assert forecasts["unit"].astype(str).is_monotonic_increasing


def test_a_missing_count_stays_missing(tmp_path):
    history = written(tmp_path).table("history")
    assert history["fatalities"].isna().sum() == 2 * 6
    assert history["fatalities"].sum() == 10 * (0 + 1 + 2 + 3 + 4 + 5) * 34  # 36 months, 2 unseen


def test_the_card_says_what_it_was_made_of(tmp_path):
    card = written(tmp_path).card
    assert (card.reference_month, card.units, card.simulated) == ("2020-12", 6, True)
    assert card.created_at == NOW
    assert card.model.version == "3"
    assert card.model.scores == {"crps": 0.5, "coverage_90": None}  # JSON has no NaN
    assert set(card.files) == {*FILES, *(f"{name}.parquet" for name in issue.NAMES)}


# The same inputs, the same issue


def test_neither_row_order_nor_dtypes_nor_the_time_change_an_issue(tmp_path):
    first = written(tmp_path / "a")
    mixed = {name: table.sample(frac=1, random_state=7) for name, table in tables().items()}
    mixed["forecasts"] = mixed["forecasts"].astype({"unit": "category", "lead": np.int8})
    mixed["risks"] = mixed["risks"][mixed["risks"].columns[::-1]]
    second = issue.write(tmp_path / "b", mixed, about(), FILES, NOW + timedelta(days=1))
    assert second.id == first.id
    assert second.card.files == first.card.files


def test_names_the_registry_gives_and_pictures_change_no_id(tmp_path):
    model = about()["model"] | {"run_id": "other", "version": None}
    other = written(tmp_path / "b", model=model, files={"map.png": b"drawn otherwise"})
    assert other.id == written(tmp_path / "a").id


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"scale": 2.0},
        {"as_of": "2021-01-01"},
        {"simulated": False},
        {"model": about()["model"] | {"spec": {"family": "other"}}},
        {"sources": [about()["sources"][0] | {"digest": "sha256:01"}]},
    ],
)
def test_whatever_determines_an_issue_changes_its_id(tmp_path, change):
    assert written(tmp_path, **change).id != written(tmp_path).id


def test_an_id_is_the_reference_month_and_ten_hex_digits(tmp_path):
    assert pd.Series([written(tmp_path).id]).str.fullmatch("2020-12-[0-9a-f]{10}").all()


# Never changed


def test_an_issue_is_written_once(tmp_path):
    first = written(tmp_path)
    before = contents(first.folder)
    again = written(tmp_path, now=NOW + timedelta(days=30), files={"map.png": b"another"})
    assert again == first
    assert contents(first.folder) == before
    assert issue.survey(tmp_path).cards == (first.card,)


def test_files_of_an_issue_cannot_be_written_to(tmp_path):
    modes = [path.stat().st_mode & 0o777 for path in written(tmp_path).folder.iterdir()]
    assert all(mode & 0o222 == 0 for mode in modes)


def test_two_writers_at_once_give_one_issue(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: written(tmp_path), range(4)))
    assert len({one.id for one in made}) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [made[0].id]


# Whole or not there


def _steps_of_a_write(issues):
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        written(issues, scale=2.0)
        return disk.count


@pytest.mark.slow
@pytest.mark.parametrize("is_dead_then", [False, True], ids=["fails once", "dies"])
def test_a_fault_at_any_step_leaves_the_last_good_issue(tmp_path, is_dead_then):
    steps = _steps_of_a_write(tmp_path / "counted")
    assert steps > 3 * 8  # each of the eight files is opened, written, synced
    newer, args = tables(2.0), (about(), FILES, NOW + timedelta(days=1))
    for step in range(1, steps + 1):
        issues = tmp_path / str(step)
        good = written(issues)
        with pytest.MonkeyPatch.context() as patch, suppress(OSError):
            disk = Disk(patch, step, is_dead_then)
            issue.write(issues, newer, *args)
        found = issue.survey(issues)
        assert not found.damaged
        assert len(found.cards) == (2 if "rename" in disk.done else 1)
        assert good.card == found.cards[-1]
        for card in found.cards:
            issue.read(issues / card.issue)
        made = issue.write(issues, newer, *args)
        assert issue.newest(issues) == made
        left = {path.name for path in issues.iterdir() if path.is_dir()}
        assert left == {good.id, made.id}


def test_a_full_disk_is_told_with_the_file(tmp_path):
    def full(_handle, _content):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match=r"No space left on device: '.+\.(parquet|csv|png)'"):
            written(tmp_path)


def test_what_a_dead_writer_left_is_not_listed_and_goes_with_the_next_write(tmp_path):
    left = tmp_path / ".2020-12-0123456789"
    left.mkdir()
    (left / "issue.json").write_text("{")
    assert issue.survey(tmp_path) == issue.Survey((), {})
    written(tmp_path)
    assert not left.exists()


# Damaged


@pytest.mark.parametrize("name", ["forecasts.parquet", "map.png", "set_aside.csv"])
@pytest.mark.parametrize("what", ["changed", "cut short", "missing"])
def test_a_damaged_file_is_refused_by_name(tmp_path, name, what):
    path = written(tmp_path).folder / name
    before = path.read_bytes()
    path.unlink()
    if what != "missing":
        path.write_bytes(before[:-1] + (b"" if what == "cut short" else b"?"))
    with pytest.raises(BadInput, match=name):
        issue.read(path.parent)


def test_an_issue_of_another_version_is_refused_by_what_it_lacks(tmp_path, monkeypatch):
    made = written(tmp_path)
    monkeypatch.setitem(columns.TABLES, "history", (*columns.TABLES["history"], "late_events"))
    assert len(made.table("risks")) > 0
    with pytest.raises(BadInput, match=r"issue table history: found no late_events; expected"):
        made.table("history")


@pytest.mark.parametrize(
    "edit",
    [
        lambda card: card | {"as_of": "2020-12-30"},
        lambda card: card | {"simulated": False},
        lambda card: {key: value for key, value in card.items() if key != "leads"},
        lambda card: card | {"files": {}},
        lambda card: card | {"issue": "2020-12-0123456789"},
    ],
)
def test_an_edited_card_is_refused(tmp_path, edit):
    path = written(tmp_path).folder / "issue.json"
    card = json.loads(path.read_text())
    path.unlink()
    path.write_text(json.dumps(edit(card)))
    with pytest.raises(BadInput, match=r"issue\.json"):
        issue.read(path.parent)


def test_a_card_that_is_no_json_and_a_folder_without_one_are_refused(tmp_path):
    (tmp_path / "2020-12-0123456789").mkdir()
    with pytest.raises(BadInput, match=r"issue\.json: found No such file"):
        issue.read(tmp_path / "2020-12-0123456789")
    (tmp_path / "2020-12-0123456789" / "issue.json").write_text("{")
    with pytest.raises(BadInput, match=r"issue\.json"):
        issue.read(tmp_path / "2020-12-0123456789")


def test_a_folder_under_another_name_is_refused(tmp_path):
    moved = written(tmp_path).folder.rename(tmp_path / "2020-12-0123456789")
    with pytest.raises(BadInput, match=r"issue\.json"):
        issue.read(moved)


# The newest


def test_a_replay_of_the_past_is_not_the_newest(tmp_path):
    present = written(tmp_path, as_of="2021-01-10")
    written(tmp_path, as_of="2020-12-31", now=NOW + timedelta(days=9))
    assert issue.newest(tmp_path) == present


def test_a_simulated_issue_is_never_newer_than_a_real_one(tmp_path):
    real = written(tmp_path, simulated=False)
    written(tmp_path, as_of="2023-10-31", now=NOW + timedelta(days=9))
    assert issue.newest(tmp_path) == real


def test_of_one_day_the_newest_is_the_last_written(tmp_path):
    later = written(tmp_path, scale=2.0, now=NOW + timedelta(seconds=1))
    earlier = written(tmp_path)
    assert issue.newest(tmp_path) == later
    assert issue.survey(tmp_path).cards == (later.card, earlier.card)


def test_a_damaged_newest_is_passed_over_aloud(tmp_path, caplog):
    good = written(tmp_path)
    later = written(tmp_path, scale=2.0, now=NOW + timedelta(days=1))
    (later.folder / "risks.parquet").unlink()
    assert issue.newest(tmp_path) == good
    assert "risks.parquet" in caplog.text


def test_no_issue_is_said_plainly(tmp_path):
    assert issue.survey(tmp_path / "none") == issue.Survey((), {})
    with pytest.raises(BadInput, match="found none; expected an issue"):
        issue.newest(tmp_path)


# Tables that cannot be right


def _set(column, value, row=0):
    def edit(table):
        table[column] = table[column].astype(object)
        table.loc[table.index[row], column] = value

    return edit


def _draws(counts):
    """Edits the draws of TCD-tibesti at lead 1, which are six times 0 and once 5."""

    def edit(table):
        row = (table["unit"] == "TCD-tibesti") & (table["lead"] == 1)
        table["draws"] = [
            counts if edited else was for was, edited in zip(table["draws"], row, strict=True)
        ]

    return edit


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("risks", lambda t: t.drop(columns="q95"), "columns"),
        ("risks", lambda t: t.assign(more=1), "more"),
        ("units", lambda t: t.head(0), "no row"),
        ("forecasts", _set("value", np.nan), "without a value"),
        ("forecasts", _set("value", -1.0), "-1.0"),
        ("forecasts", _set("value", np.inf), "inf"),
        ("forecasts", _set("value", "many"), "numbers"),
        ("risks", _set("risk", 1.01), "probability"),
        ("risks", _set("lead", 1.5), "whole numbers"),
        ("risks", lambda t: t.assign(target_month=24_252), "text"),
        ("risks", _set("target_month", "2021-13"), "2021-13"),
        ("risks", _set("target_month", "2021-09"), "a lead"),
        ("risks", _set("rank", 3), "two rows"),
        ("risks", lambda t: t.iloc[1:], "71 pairs"),
        ("risks", _set("unit", "XXX-nowhere"), "pairs"),
        ("forecasts", lambda t: t[t["lead"] < 12], "66 pairs"),
        ("forecasts", lambda t: pd.concat([t, t.head(1)]), "two rows"),
        ("units", lambda t: pd.concat([t, t.head(1)]), "two rows"),
        ("drivers", _set("contribution", 0.5), "add up to the risk"),
        ("drivers", _set("contribution", np.inf), "add up to the risk"),
        ("drivers", _set("reference_risk", 0.02), "add up to the risk"),
        ("drivers", lambda t: t[t["driver"] != "own_history"], "add up to the risk"),
        ("drivers", lambda t: t[t["lead"] < 12], "66 pairs"),
        ("drivers", _set("driver", "neighbours"), "two rows"),
        ("draws", _draws([0] * 5 + [1, 4]), "TCD-tibesti lead 1: found p_ge_1 0.28"),
        ("draws", _draws([0] * 6 + [6]), "found expected 0.857.*; expected 0.714"),
        ("draws", _draws([0] * 6), "6 to 7 draws; expected as many in each row"),
        ("draws", _draws([-1] + [0] * 5 + [6]), "expected counts from 0"),
        ("draws", _draws([0] * 6 + [None]), "without a value"),
        ("draws", _draws([0] * 6 + [5.5]), "lists of whole numbers"),
        ("draws", _draws("many"), "lists of whole numbers"),
        ("draws", lambda t: t[t["lead"] < 12], "66 pairs"),
        ("history", _set("fatalities", -3.0), "-3.0"),
        ("history", _set("month", "2021-01", row=-1), "up to 2020-12"),
        ("history", _set("unit", "XXX-nowhere"), "not among the units"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_and_nothing_is_written(tmp_path, name, edit, said):
    with pytest.raises(BadInput, match=said):
        issue.write(tmp_path / "issues", changed(name, edit), about(), FILES, NOW)
    assert not (tmp_path / "issues").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reference_month": "2020-1"}, "reference_month"),
        ({"leads": []}, "leads"),
        ({"sources": [{"kind": "events"}]}, r"sources\.0\.source"),
        ({"note": "more"}, "note"),
    ],
)
def test_what_is_said_of_an_issue_is_checked_by_key(tmp_path, change, said):
    with pytest.raises(BadInput, match=said):
        written(tmp_path, **change)


@pytest.mark.parametrize("name", ["issue.json", "risks.parquet", "../x", "a/b", ".hidden"])
def test_another_file_has_a_plain_name_of_its_own(tmp_path, name):
    with pytest.raises(BadInput, match="plain file name"):
        written(tmp_path, files={name: b""})


def test_all_tables_are_needed(tmp_path):
    some = {name: table for name, table in tables().items() if name != "history"}
    with pytest.raises(BadInput, match="history"):
        issue.write(tmp_path, some, about(), FILES)


def test_an_issue_made_before_there_was_a_table_says_so(tmp_path):
    with pytest.raises(BadInput, match=r"no drivels\.parquet; expected an issue of this version"):
        written(tmp_path).table("drivels")


def test_milestones_may_be_none(tmp_path):
    empty = changed("milestones", lambda t: t.head(0))
    made = issue.write(tmp_path, empty, about(), FILES)
    assert made.table("milestones").empty
    assert tuple(made.table("milestones").columns) == columns.TABLES["milestones"]


def test_the_small_issue_has_forecasts_for_all(tmp_path):
    assert len(written(tmp_path).table("forecasts")) == 6 * 12 * (1 + 99 + 5)
    assert small_issue.REFERENCE == "2020-12"

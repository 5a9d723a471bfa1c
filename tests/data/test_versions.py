"""Versions of UCDP GED: what they cover, which is newer, and the names of their files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.versions import Version


@pytest.mark.parametrize(
    ("text", "name", "kind", "first", "last"),
    [
        ("26.1", "26.1", "yearly", "1989-01", "2025-12"),
        ("v26_1", "26.1", "yearly", "1989-01", "2025-12"),
        ("21.1", "21.1", "yearly", "1989-01", "2020-12"),
        ("17.2", "17.2", "yearly", "1989-01", "2016-12"),
        ("26.0.1", "26.0.1", "candidate", "2026-01", "2026-01"),
        (" 26.0.10 ", "26.0.10", "candidate", "2026-10", "2026-10"),
        ("V25_0_12", "25.0.12", "candidate", "2025-12", "2025-12"),
        ("26.01.26.06", "26.01.26.06", "candidate", "2026-01", "2026-06"),
        ("v26_01_26_06", "26.01.26.06", "candidate", "2026-01", "2026-06"),
        ("25.11.26.2", "25.11.26.02", "candidate", "2025-11", "2026-02"),
    ],
)
def test_a_version_covers_these_months(text, name, kind, first, last):
    version = Version.parse(text)
    assert (str(version), version.kind) == (name, kind)
    assert (months.label(version.first_month), months.label(version.last_month)) == (first, last)
    assert version.is_final == (kind == "yearly")


@pytest.mark.parametrize(
    "text",
    ["", "26", "26.0", "26.10", "2026.1", "26.0.0", "26.0.13", "26.1.1", "26.01.26.13",
     "26.06.26.01", "26.06.25.12", "26.0.10.1", "26.1.2.3.4", "../26.1", "26-1", "now", "٢٦.1"],
)  # fmt: skip
def test_other_words_are_refused_with_what_is_expected(text):
    with pytest.raises(
        BadInput, match=r"version: found .*; expected a version such as 26\.1 \(yea"
    ):
        Version.parse(text)


def test_versions_are_ordered_from_the_older_to_the_newer():
    ordered = [
        "17.1", "17.2", "22.1", "22.0.11", "23.0.1", "25.0.11", "25.0.12", "25.10.25.12", "26.1",
        "26.0.1", "26.01.26.02", "26.0.3", "26.0.6", "26.04.26.06", "26.01.26.06", "26.0.7", "27.1",
    ]  # fmt: skip
    versions = [Version.parse(text) for text in ordered]
    assert sorted(versions, key=str) != versions == sorted(versions)
    assert max(versions).name == "27.1"


@given(st.integers(18, 98), st.integers(1, 12))
def test_a_candidate_is_older_than_the_yearly_release_that_replaces_it(year, month):
    candidate = Version.candidate(months.of(2000 + year, month))
    assert Version.parse(str(candidate)) == candidate == Version.of_file(candidate.file_name)
    yearly = Version.yearly(year + 1)
    assert Version.yearly(year) < candidate < yearly
    assert yearly.covers(candidate.last_month)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("GEDEvent_v26_0_10.csv.gz", "26.0.10"),
        ("GEDEvent_v26_0_1.csv", "26.0.1"),
        ("GEDEvent_v26_01_26_06.csv", "26.01.26.06"),
        ("GEDEvent_v26_1.csv", "26.1"),
        ("gedevent_v22_01_22_06.xlsx", "22.01.22.06"),
        ("CAR_GEDEvent_v23_1.geojson.gz", "23.1"),
        ("GEDEvent_v26_0_10 (1).csv", "26.0.10"),
        ("ged261-csv.zip", "26.1"),
        ("ged211_africa.csv.gz", "21.1"),
        ("data/ged/ged172.csv", "17.2"),
        ("ged2610.csv", None),  # could be 26.10 as well as 26.1 and a number
        ("ged26.csv", None),
        ("ged260-csv.zip", None),
        ("ged2024.csv", None),
        ("merged211.csv", None),
        ("GEDEvent_v26_0_13.csv", None),
        ("GEDEvent_v26_0_10_2.csv", None),
        ("GEDEvent_v260_1.csv", None),
        ("gedevents-2024.csv", None),
        ("acled.csv", None),
        ("", None),
    ],
)
def test_official_names_of_files_and_no_others(name, version):
    found = Version.of_file(name)
    assert (found and str(found)) == version


def test_the_official_names():
    names = [Version.parse(text).file_name for text in ("26.1", "26.0.1", "26.01.26.06")]
    assert names == ["GEDEvent_v26_1.csv", "GEDEvent_v26_0_1.csv", "GEDEvent_v26_01_26_06.csv"]


def test_a_version_covers_the_months_from_its_first_to_its_last():
    half = Version.parse("26.01.26.06")
    asked = map(months.parse, ("2025-12", "2026-01", "2026-06", "2026-07"))
    assert [half.covers(month) for month in asked] == [False, True, True, False]

"""The column dictionary: each name once, each column of each table declared."""

from collections import Counter

import numpy as np
import pytest
from support.small_issue import written

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.publishing import issue


def test_every_field_is_declared_once_with_a_unit_and_a_sentence():
    everything = list(columns.every())
    own = {"expected"}  # a mean among risks, a wish among set-aside rows
    repeated = [n for n, times in Counter(f.name for f in everything).items() if times > 1]
    assert set(repeated) == own
    for field in everything:
        assert field.unit
        assert field.sentence.endswith(".")
        assert field.sentence[0].isupper()


def test_every_column_of_every_table_is_declared_and_of_the_type_of_its_example(tmp_path):
    made = written(tmp_path)
    for name in issue.NAMES:
        table = made.table(name)
        assert tuple(table.columns) == columns.TABLES[name]
        for column in table:
            field = columns.of(column, name)
            kinds = {type(value) for value in table[column].dropna().tolist()}
            kind = np.ndarray if column == "draws" else type(field.example)
            assert kinds <= {kind}, column


def test_a_panel_column_is_declared_whoever_the_actor():
    assert columns.of("presence.Some Group: north").unit == "0 or 1"
    assert columns.of("troops_change").unit == "people"


def test_a_table_may_have_its_own_sense_of_a_name():
    assert columns.of("expected", "set_aside").unit == "text"
    assert columns.of("expected").unit == "count"


def test_an_undeclared_name_is_refused_with_the_nearest():
    with pytest.raises(Unknown, match="fatalities"):
        columns.of("fatalites")

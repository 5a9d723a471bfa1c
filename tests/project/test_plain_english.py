"""Test that docstrings, messages, names and docs use the words of the field, in plain English."""

import pytest

from project import plain_english


@pytest.mark.slow
def test_nothing_of_ours_uses_a_phrase_that_has_a_better_one():
    places = [plain_english.ROOT / place for place in plain_english.PLACES]
    found = [line for path in plain_english.files(places) for line in plain_english.of_file(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.py", '"""Counts into classes of change."""\n', 1),
        ("a.py", '"""Build classes."""\n\nx = 1  # what somebody supposes\n', 3),
        ("a.py", 'def told() -> None:\n    """Return the outcome."""\n', 1),
        ("a.py", 'raise_ = "the file says nothing"\n', 1),
        ("a.md", "Fine.\n\nHow good have we been?\n", 3),
        ("a.js", "const said = 1;\n// what was told\n", 2),
    ],
)
def test_a_phrase_is_found_on_its_line(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    found = list(plain_english.of_file(tmp_path / name))
    assert found
    assert all(f"{name}:{line}:" in one for one in found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", '"""Build the monthly panel as known on a day."""\n'),
        ("a.py", '"""Turn counts into classes of change."""\n\nsaid = 1\n'),
        ("a.md", "The column `told_as_of` is a date.\n"),
        ("a.js", "const said = tell(1);\n"),
    ],
)
def test_plain_sentences_and_code_pass(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert not list(plain_english.of_file(tmp_path / name))

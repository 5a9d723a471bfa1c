"""`ewarn` as an operator types it, in the process of the test."""

import sys

import pytest

from ewarn import cli


def runner(monkeypatch, capsys, command):
    """Runs `ewarn COMMAND ...`: status, standard output, standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ewarn", command, *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, *capsys.readouterr()

    return run

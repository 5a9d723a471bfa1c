"""The two kinds of user error, as exceptions with one clear sentence each."""

from collections.abc import Iterable
from difflib import get_close_matches


class EwarnError(Exception):
    """Something the user can mend; the command line prints it and exits with status 2."""


class BadInput(EwarnError):
    """Input that cannot be used: where it is, what was found, what was expected."""

    def __init__(self, where: object, what: object, expected: object) -> None:
        self.where, self.what, self.expected = str(where), str(what), str(expected)
        super().__init__(f"{self.where}: found {self.what}; expected {self.expected}")


class Unknown(EwarnError):
    """A name that is not known, with the known names nearest to it first."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, str(name), sorted(known)
        self.nearest = get_close_matches(self.name, self.known, n=5, cutoff=0.4)
        shown = self.nearest or self.known[:12]
        super().__init__(f"unknown {kind} {self.name!r}; known: {', '.join(shown) or 'none'}")

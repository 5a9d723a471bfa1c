"""The scored rows of a backtest into one page a person reads, and the same numbers as JSON."""

from ewarn.evaluation.report._numbers import Numbers, Subject, numbers
from ewarn.evaluation.report._page import page

__all__ = ["Numbers", "Subject", "numbers", "page"]

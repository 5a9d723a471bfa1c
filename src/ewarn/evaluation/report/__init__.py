"""Write the report of a backtest from its scored rows: one HTML page, and the same numbers
as JSON.
"""

from ewarn.evaluation.report._numbers import Numbers, Subject, numbers
from ewarn.evaluation.report._page import page

__all__ = ["Numbers", "Subject", "numbers", "page"]

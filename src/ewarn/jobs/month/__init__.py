"""The monthly cycle: from the releases a source has to an issue, its verification and alerts.

It may be run every day. Each step is whole or not at all, and done once: what a run that was cut
off had finished is not made again, and what it had not is.
"""

from ewarn.jobs.month._cycle import Busy, Cycle, run
from ewarn.jobs.month._step import STATUS, Step, status

__all__ = ["STATUS", "Busy", "Cycle", "Step", "run", "status"]

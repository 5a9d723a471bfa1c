"""Results as a person reads them in a terminal; each part loads when it is first used."""

from typing import TYPE_CHECKING

from ewarn.core import lazy

if TYPE_CHECKING:
    from ewarn.cli._output._console import PIPED_WIDTH, bar, err, frame, moment, out, place, track
    from ewarn.cli._output._data import findings, held, not_found, panel, sources
    from ewarn.cli._output._forecasts import issued, replayed, risks, scenario
    from ewarn.cli._output._models import backtest, reported, resumed, scores, trained, verdict
    from ewarn.cli._output._service import audit, keys, undelivered

__all__ = [
    "PIPED_WIDTH",
    "audit",
    "backtest",
    "bar",
    "err",
    "findings",
    "frame",
    "held",
    "issued",
    "keys",
    "moment",
    "not_found",
    "out",
    "panel",
    "place",
    "replayed",
    "reported",
    "resumed",
    "risks",
    "scenario",
    "scores",
    "sources",
    "track",
    "trained",
    "undelivered",
    "verdict",
]
_HOMES = {
    "_console": ["PIPED_WIDTH", "out", "err", "track", "bar", "frame", "place", "moment"],
    "_data": ["sources", "findings", "not_found", "held", "panel"],
    "_forecasts": ["risks", "issued", "replayed", "scenario"],
    "_models": ["scores", "resumed", "backtest", "reported", "trained", "verdict"],
    "_service": ["keys", "audit", "undelivered"],
}
__getattr__ = lazy.attributes(__name__, _HOMES)

"""The jobs a modeller runs, each from loaded inputs to what is kept under mlruns/."""

from ewarn.jobs._backtest import log_backtest
from ewarn.jobs._publish import publish
from ewarn.jobs._train import HELD_OUT, Trained, champion, promote, registered_name, train, versions

__all__ = [
    "HELD_OUT",
    "Trained",
    "champion",
    "log_backtest",
    "promote",
    "publish",
    "registered_name",
    "train",
    "versions",
]

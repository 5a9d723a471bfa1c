"""The jobs a user runs, each from loaded inputs to what is stored under mlruns/."""

from ewarn.jobs._backtest import BACKTESTS, Reported, log_backtest
from ewarn.jobs._digest import Digested, Recipients, digest, digest_texts
from ewarn.jobs._hindcast import hindcast
from ewarn.jobs._model_cards import card
from ewarn.jobs._outcomes import Report, of_files
from ewarn.jobs._promote import Judged, promote
from ewarn.jobs._publish import publish
from ewarn.jobs._replay import Replayed, replay
from ewarn.jobs._scenario import ScenarioRunner, scenario_runner
from ewarn.jobs._train import Trained, champion, registered_name, train, versions
from ewarn.jobs._verify import Verified, VoidRequest, verify

__all__ = [
    "BACKTESTS",
    "Digested",
    "Judged",
    "Recipients",
    "Replayed",
    "Report",
    "Reported",
    "ScenarioRunner",
    "Trained",
    "Verified",
    "VoidRequest",
    "card",
    "champion",
    "digest",
    "digest_texts",
    "hindcast",
    "log_backtest",
    "of_files",
    "promote",
    "publish",
    "registered_name",
    "replay",
    "scenario_runner",
    "train",
    "verify",
    "versions",
]

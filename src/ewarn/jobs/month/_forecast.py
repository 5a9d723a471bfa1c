"""The later steps of the monthly cycle: the issue, verification, and the hindcast."""

from pathlib import Path

from ewarn.core import specs
from ewarn.data import quality
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.database import Database
from ewarn.evaluation import hindcasts
from ewarn.forecasting.model import Track
from ewarn.jobs._hindcast import hindcast as hindcast_of
from ewarn.jobs._outcomes import of_files
from ewarn.jobs._publish import publish
from ewarn.jobs._train import Trained, champion, train
from ewarn.jobs._verify import verify
from ewarn.jobs.month._data import Ready
from ewarn.jobs.month._step import State


def issued(
    ready: Ready, model: str, mlruns: Path, accept: tuple[str, ...], track: Track
) -> tuple[State, str]:
    """Make an issue with the champion, or with that model trained now, where the data are new and
    nothing about them is held.
    """
    loaded, known = _read(ready)
    held, accepted = quality.split(ready.found, accept)
    if not ready.is_new:
        return "nothing new", "these data have their issue"
    loaded.keep(admit=not held)
    if held:
        findings = "; ".join(f"{one.name} ({one.evidence})" for one in held)
        again = " ".join(f"--accept {one.name}" for one in held)
        return "held", f"{findings}; if the data are right: {again}"
    trained = _trained(ready, model, mlruns, track)
    made = publish(trained, loaded, known, mlruns, accepted)
    return "done", f"{made.id}, by {trained.model.spec.name}"


def verified(ready: Ready, mlruns: Path, database: Database, track: Track) -> tuple[State, str]:
    """Record the issues there are, and score those whose months are known now."""
    is_held = ready.found and ready.is_new
    newest = None if ready.loaded is None or is_held else of_files(*_read(ready))
    found = verify(mlruns, database, track, newest=newest)
    changed = f"; CHANGED since recorded: {', '.join(found.changed)}" if found.changed else ""
    what = f"{len(found.recorded)} issues recorded, {found.scored} months scored{changed}"
    if found.changed:
        return "failed", what
    return "done" if found.recorded or found.scored else "nothing new", what


def hindcast(ready: Ready, model: str, mlruns: Path, track: Track) -> tuple[State, str]:
    """Make a hindcast of the champion's spec where there is none."""
    loaded, known = _read(ready)
    best = champion(specs.model(model), False, mlruns)
    if best is None:
        return "nothing new", "no champion yet: promote a model to have alert budgets"
    spec = best.model.spec
    countries = sorted(loaded.countries)
    stored = hindcasts.of_model(mlruns / hindcasts.FOLDER, spec.model_dump(), False, countries)
    if stored:
        return "nothing new", f"{stored.about.id} is of the champion"
    made, _ = hindcast_of(spec, loaded, known, mlruns, track)
    return "done", made.about.id


def _trained(ready: Ready, model: str, mlruns: Path, track: Track) -> Trained:
    spec = specs.model(model)
    loaded, known = _read(ready)
    best = champion(spec, loaded.simulated, mlruns)
    return best or train(spec, loaded, known, mlruns, track, origins=1)


def _read(ready: Ready) -> tuple[Loaded, Panel]:
    if ready.loaded is None or ready.known is None:
        raise ValueError("nothing was read")
    return ready.loaded, ready.known

"""Measure CPU seconds and peak memory of ewarn, bare LightGBM and mlforecast on a synthetic
panel.
"""
# ruff: noqa: PLC0415
# Heavy imports stand inside the functions: each contestant runs in a process of its own that
# loads only what it needs, and a child's peak memory would count what its parent holds.

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from ewarn.core.specs import ModelSpec
    from ewarn.data.panel import Panel

LEADS = range(1, 13)
WARM_UP = 24  # months without training rows, in all contestants
SETS = ("events", "actors")
A_COUNTRY = 20  # units
EXAMPLE = "example: python benchmarks/speed.py --units 500 2000 --repeats 1"
MEASURES = {"cpu": "CPU s", "memory": "peak MB", "above": "peak MB above imports"}
MLFORECAST = ("mlforecast==1.1.0", "scikit-learn")


def main() -> None:
    """Runs every contestant on every size, in turn, and prints what they took."""
    options = _options()
    if options.contestant:
        print(json.dumps(CONTESTANTS[options.contestant](options)))
        return
    with tempfile.TemporaryDirectory() as folder:
        runners = {"ewarn": sys.executable, "bare": sys.executable}
        if not options.without_mlforecast:
            runners |= _environment(Path(folder) / "environment")
        taken = {units: _compare(options, units, runners, folder) for units in options.units}
    _show(options, taken)


def ewarn(options: argparse.Namespace) -> dict[str, float]:
    """What ewarn takes to make the features, fit all leads and forecast them."""
    from ewarn.forecasting import model
    from ewarn.forecasting.families import lgbm  # noqa: F401  loaded before the clock starts

    imported = _peak()
    panel, spec = _panel(options, options.units[0]), _spec(options)
    start = _cpu()
    model.forecast(model.fit(spec, panel), panel)
    return _taken(_cpu() - start, imported)


def bare(options: argparse.Namespace) -> dict[str, float]:
    """What LightGBM takes on the same matrices, made beforehand: a Dataset, a booster and a
    prediction a lead, and nothing else.
    """
    import lightgbm as lgb
    import numpy as np

    imported = _peak()
    folder, units = Path(options.folder), options.units[0]
    matrix, target = np.load(folder / "matrix.npy"), np.load(folder / "target.npy")
    ahead = np.load(folder / "ahead.npy")
    parameters = json.loads((folder / "lightgbm.json").read_text(encoding="utf-8"))
    cpu = 0.0
    for lead in LEADS:
        matrix[:, -ahead.shape[2] :] = ahead[lead - 1]
        rows = slice(WARM_UP * units, (options.months - lead) * units)
        label = np.log1p(target[rows.start + lead * units : rows.stop + lead * units])
        start = _cpu()
        data = lgb.Dataset(matrix[rows], label, params=parameters)
        lgb.train(parameters, data, options.trees).predict(
            matrix[-units:], num_threads=options.threads
        )
        cpu += _cpu() - start
    return _taken(cpu, imported)


def mlforecast(options: argparse.Namespace) -> dict[str, float]:
    """What mlforecast takes with as many features of the one series: lags and rolling means."""
    import lightgbm as lgb
    import numpy as np
    import pandas as pd
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean

    imported = _peak()
    folder, units = Path(options.folder), options.units[0]
    target = np.load(folder / "target.npy").reshape(-1, units)
    months = pd.date_range("2000-01-01", periods=len(target), freq="MS")
    table = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(units), len(target)),
            "ds": np.tile(months, units),
            "y": np.log1p(target.T.ravel()),
        }
    )
    parameters = json.loads((folder / "lightgbm.json").read_text(encoding="utf-8"))
    lags = (options.columns - 2) // 2 + 1
    means = options.columns - 2 - lags
    start = _cpu()
    forecast = MLForecast(
        lgb.LGBMRegressor(n_estimators=options.trees, **parameters),
        freq="MS",
        lags=list(range(1, lags + 1)),
        lag_transforms={1: [RollingMean(WARM_UP - one) for one in range(means)]},
        date_features=["month", "quarter"],
        num_threads=options.threads,
    )
    forecast.fit(table, max_horizon=len(LEADS)).predict(len(LEADS))
    return _taken(_cpu() - start, imported)


def prepare(options: argparse.Namespace) -> dict[str, float]:
    """Writes the matrices ewarn would make, for those that do not make them."""
    import numpy as np

    from ewarn.forecasting import features
    from ewarn.forecasting.families import lgbm

    panel, spec = _panel(options, options.units[0]), _spec(options)
    design, folder = features.build(panel, spec.feature_sets, spec.columns), Path(options.folder)
    whole = slice(0, options.months)
    np.save(folder / "matrix.npy", design.at(1, whole))
    np.save(folder / "ahead.npy", np.stack([design.ahead(lead, whole) for lead in LEADS]))
    np.save(folder / "target.npy", panel.columns["fatalities"].T.ravel())
    parameters = lgbm.Parameters.model_validate(spec.parameters).options("regression")
    (folder / "lightgbm.json").write_text(json.dumps(parameters), encoding="utf-8")
    return {}


CONTESTANTS = {"ewarn": ewarn, "bare": bare, "mlforecast": mlforecast, "prepare": prepare}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLE)
    parser.add_argument("--units", type=int, nargs="+", default=[500, 2000, 8000])
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--columns", type=int, default=40, help="features, at most 43 (40)")
    parser.add_argument("--trees", type=int, default=120, help="trees a lead (120)")
    parser.add_argument("--leaves", type=int, default=15, help="leaves a tree (15)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=2, help="the least CPU of so many (2)")
    parser.add_argument("--without-mlforecast", action="store_true")
    parser.add_argument("--contestant", choices=CONTESTANTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def _environment(folder: Path) -> dict[str, str]:
    """Mlforecast's own Python, since it needs an older pandas; nothing where there is none."""
    python = str(folder / "bin" / "python")
    wanted = [*MLFORECAST, f"lightgbm=={version('lightgbm')}"]
    for command in (["venv", str(folder)], ["pip", "install", "--python", python, *wanted]):
        try:
            uv = [sys.executable, "-m", "uv", command[0], "--quiet", *command[1:]]
            subprocess.run(uv, check=True, capture_output=True, text=True)  # noqa: S603
        except subprocess.CalledProcessError as error:
            print(f"mlforecast is left out, it cannot be installed here: {error.stderr.strip()}")
            return {}
    return {"mlforecast": python}


def _compare(
    options: argparse.Namespace, units: int, runners: dict[str, str], folder: str
) -> dict[str, dict[str, float]]:
    """CPU seconds and peak memory by contestant; they take turns, so that noise hits all alike."""
    _run(options, "prepare", sys.executable, units, folder)
    runs = [
        {name: _run(options, name, python, units, folder) for name, python in runners.items()}
        for _ in range(options.repeats)
    ]
    return {
        name: {key: min(run[name][key] for run in runs) for key in MEASURES} for name in runners
    }


def _run(
    options: argparse.Namespace, name: str, python: str, units: int, folder: str
) -> dict[str, float]:
    numbers = ("months", "columns", "trees", "leaves", "threads", "seed")
    command = [python, __file__, "--contestant", name, "--folder", folder, "--units", str(units)]
    command += [text for key in numbers for text in (f"--{key}", str(getattr(options, key)))]
    threads = {key: str(options.threads) for key in ("EWARN_THREADS", "OMP_NUM_THREADS")}
    environment = os.environ | threads | {"OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if found:
        print(
            f"{units} units, {name}: {found['cpu']:.1f} CPU s, {found['memory']:.0f} MB", flush=True
        )
    return found


def _show(options: argparse.Namespace, taken: dict[int, dict[str, dict[str, float]]]) -> None:
    _head("who", "")
    for units, each in taken.items():
        for name, one in each.items():
            _line(units, name, [f"{one['cpu']:.1f}", f"{one['memory']:.0f}", f"{one['above']:.0f}"])
    _head("ewarn's share of", ", ratio")
    for units, each in taken.items():
        for name in [name for name in each if name != "ewarn"]:
            shares = (each["ewarn"][key] / each[name][key] for key in MEASURES)
            _line(units, name, [f"{share:.2f}" for share in shares])
    if len(options.units) > 1:
        print("\ngrowth exponent of CPU seconds, by units:")
        sizes = [math.log(units) for units in taken]
        for name in next(iter(taken.values())):
            cpu = [math.log(each[name]["cpu"]) for each in taken.values()]
            print(f"  {name} {statistics.linear_regression(sizes, cpu).slope:.2f}")


def _head(who: str, of: str) -> None:
    print(f"\n| units | {who} | " + " | ".join(name + of for name in MEASURES.values()) + " |")
    print("|---:|---|---:|---:|---:|")


def _line(units: int, who: str, numbers: list[str]) -> None:
    print(f"| {units} | {who} | {' | '.join(numbers)} |")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB; Linux counts in kB


def _taken(cpu: float, imported: float) -> dict[str, float]:
    return {"cpu": cpu, "memory": _peak(), "above": _peak() - imported}


def _spec(options: argparse.Namespace) -> "ModelSpec":
    """The lgbm model as shipped, with so many features, trees and leaves: the features are those of
    the calendar, and the first that look back.
    """
    from ewarn.core import specs
    from ewarn.forecasting import features

    names = features.build(_panel(options, A_COUNTRY), SETS).names
    ahead = [name for name in names if name.startswith("ahead.")]
    size = {"trees": options.trees, "leaves": options.leaves}
    parameters = specs.model("lgbm").parameters | size
    return specs.model("lgbm").model_copy(
        update={
            "leads": list(LEADS),
            "feature_sets": list(SETS),
            "columns": [*names[: options.columns - len(ahead)], *ahead],
            "parameters": parameters,
        }
    )


def _panel(options: argparse.Namespace, units: int) -> "Panel":
    """Counts that keep their level for a while, in units on a ring."""
    from datetime import date

    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_array

    from ewarn.data.panel import Panel

    random = np.random.default_rng(options.seed)
    place = np.arange(units)
    ring = np.concatenate([(place - 1) % units, (place + 1) % units])
    halves = np.full(2 * units, 0.5, np.float32)
    table = {"code": place.astype(str), "country": (place // A_COUNTRY).astype(str)}
    return Panel(
        units=pd.DataFrame(table),
        neighbours=csr_array((halves, (np.tile(place, 2), ring)), shape=(units, units)),
        first_month=2000 * 12,
        as_of=date(2000 + options.months // 12, 1, 1),
        columns=dict(_columns(random, units, options.months)),
        milestones=pd.DataFrame(),
    )


def _columns(random: "np.random.Generator", units: int, months: int) -> Any:
    import numpy as np

    level = random.normal(-2, 1.5, units)
    log_rate = np.empty((units, months), np.float32)
    for month in range(months):
        level = 0.95 * level - 0.1 + random.normal(0, 0.45, units)
        log_rate[:, month] = level
    rate = np.exp(log_rate)
    groups = np.minimum(random.poisson(rate), 5).astype(np.float32)
    kinds = [random.poisson(2 * rate / 3).astype(np.float32) for _ in range(3)]
    for name, values in zip(("state_based", "non_state", "one_sided"), kinds, strict=True):
        yield f"fatalities_{name}", values
    yield "fatalities", kinds[0] + kinds[1] + kinds[2]
    yield "events", np.minimum(groups * 2, kinds[0] + kinds[1])
    yield "active_groups", groups


if __name__ == "__main__":
    main()

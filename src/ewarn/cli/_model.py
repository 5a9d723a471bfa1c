"""The modeller's commands: train, backtest, promote, models, card."""

from pathlib import Path
from typing import Annotated

import typer

from ewarn.cli import _inputs, _output
from ewarn.cli._options import DEFAULT, Data, takes_data
from ewarn.core.settings import settings


@takes_data
def train(
    data: Data,
    model: Annotated[str, typer.Argument(help="A spec of models/, or a .toml file.")] = DEFAULT,
    origins: Annotated[
        int, typer.Option(min=1, help="Held-out origins to score it from, every third month.")
    ] = 4,
) -> None:
    """Fit a model, score it on held-out origins, log it to MLflow and register it.

    The last origin is twelve months before the newest outcome. Promotion needs four or more.

    Example: ewarn train hurdle --events ged.csv.gz
    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.core import specs  # noqa: PLC0415

    spec = specs.model(model)
    loaded, known = _inputs.load(data)
    trained = jobs.train(spec, loaded, known, settings().mlruns, _output.track, origins)
    _output.scores(trained, f"means over leads, held-out origins: {origins}")
    _output.trained(trained)
    _output.out.print("next         make promote: if it passes, forecasts come from it")


@takes_data
def backtest(
    data: Data,
    protocol: Annotated[
        Path | None, typer.Option(help="Settings of the comparison; options here come before.")
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="A model to score; repeat for more. Default: all.")
    ] = None,
    first: Annotated[str | None, typer.Option(help="First origin, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option(help="Last origin, YYYY-MM.")] = None,
    every: Annotated[int | None, typer.Option(min=1, help="Months between origins.")] = None,
    keep_forecasts: Annotated[
        Path | None, typer.Option(help="Parquet file for every forecast made (hubverse columns).")
    ] = None,
) -> None:
    """Score models on rolling origins, beside conflictology, and write a report.

    Each finished origin and model is kept: after an interruption the same command goes on where
    it was. The numbers are logged to MLflow too.

    Examples:
      ewarn backtest --protocol benchmarks/africa.toml

      ewarn backtest --events ged.csv.gz --model lgbm --first 2017-12 --last 2019-12

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.evaluation import backtest as rolling  # noqa: PLC0415
    from ewarn.forecasting import preliminary  # noqa: PLC0415

    given = {"models": model, "first": first, "last": last, "every": every}
    rules, data = _inputs.protocol(protocol, given, data)
    chosen = rolling.chosen(rules)
    loaded, known = _inputs.load(data, _inputs.until(rules, data))
    at = rolling.planned(rules, chosen, loaded.inputs, known.reference_month)
    is_simulated = rules.reports == "simulated"
    folder = settings().mlruns / jobs.BACKTESTS / ("real-time" if is_simulated else "finished")
    stored = rolling.store(folder, loaded.inputs, known.as_of, bool(keep_forecasts))
    _output.resumed(
        sum(stored.has(one, spec) for one in at for spec in chosen), len(at) * len(chosen)
    )
    reported = preliminary.as_first_reported if is_simulated else None
    rows = rolling.run(
        chosen, loaded.inputs, at, _output.track, known.as_of, stored, reported=reported
    )
    if keep_forecasts:
        stored.export(at, chosen, keep_forecasts)
    built = jobs.log_backtest(rows, rules, chosen, loaded, known.as_of, settings().mlruns)
    _output.backtest(built.numbers, rules.baselines)
    _output.reported(built, keep_forecasts)


def promote(
    name: Annotated[
        str | None, typer.Option(help="Registered name; by default the one last trained.")
    ] = None,
    version: Annotated[int | None, typer.Option(min=1, help="Default: the newest.")] = None,
) -> None:
    """Make a registered version the champion, from which forecasts are issued, if it passes.

    It must beat conflictology and the champion on held-out origins, be calibrated, have lost no
    unit and passed the leakage test. Each reason is printed and logged; refused, it ends with 2.

    Example: ewarn promote --name ewarn-fatalities --version 3
    """
    from ewarn import jobs  # noqa: PLC0415

    judged = jobs.promote(settings().mlruns, name, version)
    _output.verdict(judged)
    if not judged.verdict.passed:
        raise typer.Exit(2)


def card(
    name: Annotated[
        str | None, typer.Option(help="Registered name; by default the one last trained.")
    ] = None,
    version: Annotated[int | None, typer.Option(min=1, help="Default: the newest.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write it there too: a page, or JSON where it ends so.")
    ] = None,
) -> None:
    """Print where the card of a registered model lies: its data, scores, features and limits.

    Examples:
      ewarn card

      ewarn card --name ewarn-fatalities --version 3 --out card.html

    """
    from ewarn import jobs  # noqa: PLC0415

    found, pages = jobs.card(settings().mlruns, name, version)
    _output.out.print(f"card of      {found.name} version {found.version} ({found.spec})")
    for path in pages:
        _output.out.print(f"{path.suffix[1:]:<12} {_output.place(path)}")
    if out:
        chosen = next((path for path in pages if path.suffix == out.suffix), pages[-1])
        out.write_bytes(chosen.read_bytes())
        _output.out.print(f"written      {_output.place(out)}")


def models() -> None:
    """List the registered models, newest first, with their scores.

    Example: ewarn models
    """
    from ewarn import jobs  # noqa: PLC0415

    _output.frame(jobs.versions(settings().mlruns), "registered models")

"""Runs, registered models and the champion in MLflow; no other module imports it."""

import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from ewarn.core import files
from ewarn.core.errors import BadInput, Unknown
from ewarn.forecasting import model as models
from ewarn.forecasting.model import Model

CHAMPION = "champion"
_ADDRESSES = (
    *(("experiments", "artifact_location"), ("runs", "artifact_uri")),
    *(("model_versions", "source"), ("model_versions", "storage_location")),
)  # tables and columns of MLflow's database


@dataclass(frozen=True)
class Version:
    """One version of a registered model, with the averages over leads its run logged."""

    name: str
    version: int
    created: int
    run_id: str
    spec: str
    is_champion: bool
    metrics: dict[str, float]


class Registry:
    """The runs and models kept under one mlruns folder; opening it makes the store.

    MLflow stores absolute addresses of artifacts: those of a folder that was moved or copied are
    changed to where it is now.
    """

    def __init__(self, mlruns: Path) -> None:
        mlruns.mkdir(parents=True, exist_ok=True)
        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self._uri = f"sqlite:///{mlruns / 'mlflow.db'}"
        self._artifacts = (mlruns / "artifacts").as_uri()
        _make(mlruns / "mlflow.db")
        _relocate(mlruns / "mlflow.db", self._artifacts)
        mlflow.set_tracking_uri(self._uri)
        mlflow.set_registry_uri(self._uri)
        self._client = MlflowClient(self._uri, self._uri)

    @contextmanager
    def run(self, experiment: str, name: str, params: Mapping[str, Any]) -> Iterator[str]:
        """Open a run of that experiment and gives its id; a failure inside marks it failed, and
        takes back the versions registered in it.
        """
        if self._client.get_experiment_by_name(experiment) is None:
            self._client.create_experiment(experiment, f"{self._artifacts}/{experiment}")
        mlflow.set_experiment(experiment)
        with mlflow.start_run(run_name=name) as active:
            mlflow.log_params(dict(params))
            try:
                yield active.info.run_id
            except BaseException:
                self._take_back(active.info.run_id)
                raise

    def log(
        self,
        run_id: str,
        metrics: Mapping[tuple[str, int], float],
        documents: Mapping[str, Any],
        files: Mapping[str, bytes],
    ) -> None:
        """Keep with a run: metrics by (name, lead), JSON documents, and files by name."""
        now = int(time.time() * 1000)
        batch = [Metric(name, value, now, lead) for (name, lead), value in metrics.items()]
        for start in range(0, len(batch), 1000):
            self._client.log_batch(run_id, metrics=batch[start : start + 1000])
        for name, document in documents.items():
            self._client.log_dict(run_id, document, name)
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            self._client.log_artifacts(run_id, folder)

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Mark a run, in place of an earlier mark of that key."""
        self._client.set_tag(run_id, key, value)

    def names(self, run_id: str) -> list[str]:
        """Return the names of the files kept with a run."""
        return [kept.path for kept in self._client.list_artifacts(run_id)]

    def place(self, run_id: str, name: str) -> Path:
        """Return where a file kept with a run lies; raises BadInput where there is none."""
        if name not in self.names(run_id):
            raise BadInput(f"MLflow run {run_id}", f"no {name}", "one, as `ewarn train` keeps it")
        uri = f"{self._client.get_run(run_id).info.artifact_uri}/{name}"
        return Path(mlflow.artifacts.download_artifacts(uri))

    def file(self, run_id: str, name: str) -> bytes:
        """Return the content of a file kept with a run; raises BadInput where there is none."""
        return self.place(run_id, name).read_bytes()

    def model(self, run_id: str) -> Model | None:
        """Return the model kept with a run, if there is such a run and its files are still
        there.
        """
        try:
            stored = self._client.list_artifacts(run_id)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise
        if "model" not in (one.path for one in stored):
            return None
        uri = f"{self._client.get_run(run_id).info.artifact_uri}/model"
        return models.load(Path(mlflow.artifacts.download_artifacts(uri)))

    def register(self, run_id: str, fitted: Model, name: str) -> int:
        """Keep the model with the open run, as text; its number among the versions of `name`."""
        with tempfile.TemporaryDirectory() as folder:
            models.save(fitted, Path(folder) / "model")
            self._client.log_artifacts(run_id, str(Path(folder) / "model"), "model")
        if not self._client.search_registered_models(f"name = '{name}'"):
            self._client.create_registered_model(name)
        tags = {"spec": fitted.spec.name, "trained_to": fitted.trained_to}
        source = f"{self._client.get_run(run_id).info.artifact_uri}/model"
        built = self._client.create_model_version(name, source, run_id, tags)
        return int(built.version)

    def _take_back(self, run_id: str) -> None:
        for built in self._client.search_model_versions(f"run_id = '{run_id}'"):
            self._client.delete_model_version(built.name, built.version)

    def newest(self) -> str:
        """Return the registered name that was last given a version; raises Unknown if there is
        none.
        """
        every = self.every()
        if not every:
            raise Unknown("registered model", "(any)", ())
        return every[0].name

    def every(self) -> list[Version]:
        """Return all versions of all names, newest first."""
        names = [found.name for found in self._client.search_registered_models()]
        versions = [one for name in names for one in self.versions(name)]
        return sorted(versions, key=lambda one: -one.created)

    def version(self, name: str, number: int | None = None) -> Version:
        """Return one version of that name, the newest if none is named; raises Unknown
        without it.
        """
        versions = {one.version: one for one in self.versions(name)}
        chosen = max(versions, default=0) if number is None else number
        if chosen not in versions:
            raise Unknown(f"version of {name}", chosen or "(none trained yet)", map(str, versions))
        return versions[chosen]

    def promote(self, chosen: Version) -> None:
        """Make a version the champion of its name; who may be one, `gate` decides."""
        self._client.set_registered_model_alias(chosen.name, CHAMPION, str(chosen.version))

    def champion(self, name: str) -> tuple[Model, Version] | None:
        """Return the model that forecasts are issued from, if one was promoted."""
        try:
            found = self._client.get_model_version_by_alias(name, CHAMPION)
        except MlflowException as error:
            if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                return None
            raise
        folder = mlflow.artifacts.download_artifacts(found.source)
        return models.load(Path(folder)), self._version(found)

    def versions(self, name: str) -> list[Version]:
        """Return all versions of that name, newest first."""
        found = self._client.search_model_versions(f"name = '{name}'")
        return sorted((self._version(one) for one in found), key=lambda one: -one.version)

    def _version(self, found: ModelVersion) -> Version:
        run_id = str(found.run_id)
        metrics = self._client.get_run(run_id).data.metrics
        # search_model_versions leaves aliases out, so they are read from the model
        aliases = self._client.get_registered_model(found.name).aliases
        return Version(
            name=found.name,
            version=int(found.version),
            created=found.creation_timestamp,
            run_id=run_id,
            spec=found.tags.get("spec", ""),
            is_champion=aliases.get(CHAMPION) in (found.version, str(found.version)),
            metrics={key: value for key, value in metrics.items() if key.startswith("mean_")},
        )


def _make(database: Path) -> None:
    """Make MLflow's store where there is none, whole or not at all: where its migrations were cut
    off, no command could open it.
    """
    if database.exists():
        return
    aside = database.parent / ".mlflow"
    with files.alone(aside):
        if not database.exists():
            for left in aside.glob("mlflow.db*"):
                left.unlink()
            MlflowClient(f"sqlite:///{aside / database.name}").search_experiments()
            (aside / database.name).rename(database)


def _relocate(database: Path, artifacts: str) -> None:
    """Change the addresses of artifacts below another `mlruns/artifacts` to below this one."""
    inner = "/mlruns/artifacts/"
    moved = "instr({0}, :inner) > 0 AND substr({0}, 1, length(:here)) <> :here"
    values = {"inner": inner, "here": f"{artifacts}/"}
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        for table, column in _ADDRESSES:
            rest = f"substr({column}, instr({column}, :inner) + length(:inner))"
            where = moved.format(column)
            change = f"UPDATE {table} SET {column} = :here || {rest} WHERE {where}"  # noqa: S608
            connection.execute(change, values)

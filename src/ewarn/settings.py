"""Settings from the environment (EWARN_*), with defaults that work."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where ewarn writes, and how much of the machine it takes."""

    model_config = SettingsConfigDict(env_prefix="EWARN_")
    home: Path = Field(default=Path(), description="the folder that holds mlruns/")
    threads: int = Field(default=2, ge=1, description="threads a model may train with")
    scenario_seconds: float = Field(
        default=120, gt=0, description="seconds a scenario may take, its wait and a start included"
    )
    scenario_queue: int = Field(
        default=8, ge=0, description="scenarios that may wait while another is computed"
    )

    database_url: str = Field(
        default="",
        repr=False,  # it may hold a password
        description="database of keys, watch lists and alerts; empty: SQLite in mlruns/ewarn.db",
    )

    read: Literal["open", "keyed"] = Field(
        default="open", description="whether reading forecasts needs a key; writing always does"
    )
    rate_per_minute: int = Field(
        default=600, ge=0, description="requests a minute from one address; 0: no limit"
    )
    key_rate_per_minute: int = Field(
        default=6000, ge=0, description="requests a minute with one key; 0: no limit"
    )
    workers: int = Field(default=1, ge=1, description="processes that serve, and share the limits")
    https: bool = Field(
        default=False, description="whether clients come by https, so that answers insist on it"
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks, by commas, whose X-Forwarded-For is believed",
    )
    webhooks: Literal["public", "anywhere"] = Field(
        default="public", description="where webhooks may lead; anywhere is for tests"
    )
    sender: str = Field(
        default="ewarn@localhost",
        pattern=r"^[^\s,<&]+$",
        description="who sends CAP messages: an address of your own, known to nobody else",
    )

    @property
    def mlruns(self) -> Path:
        """The one folder ewarn writes to."""
        return self.home.resolve() / "mlruns"

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.mlruns / 'ewarn.db'}"

    @property
    def issues(self) -> Path:
        """The folder of issued forecasts."""
        return self.mlruns / "issues"

    @property
    def vintages(self) -> Path:
        """The folder of every input that was read."""
        return self.mlruns / "vintages"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()

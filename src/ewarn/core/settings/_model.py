"""Settings from the environment (EWARN_*), with defaults that work."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where ewarn writes, how much of the machine it takes, and how it serves."""

    model_config = SettingsConfigDict(env_prefix="EWARN_")
    home: Path = Field(default=Path(), description="the folder that holds mlruns/")
    threads: int = Field(default=2, ge=1, description="threads a model may train with")
    scenario_seconds: float = Field(
        default=120, gt=0, description="seconds a scenario may take, its wait and a start included"
    )
    scenario_queue: int = Field(
        default=8, ge=0, description="scenarios that may wait while another is computed"
    )
    host: str = Field(default="127.0.0.1", description="the address the service listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="the port; 0 takes a free one")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least that is logged; a request is info"
    )
    stop_seconds: int = Field(
        default=30, ge=1, description="seconds that answers under way have when the service stops"
    )
    ready_bytes: int = Field(
        default=32 * 2**20, ge=0, description="bytes of finished answers that a worker keeps"
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
    cors: str = Field(
        default="*",
        description="origins, by commas, whose pages may read; *: any, without keys; empty: none",
    )
    overdue_margin: int = Field(
        default=14, ge=0, description="days after which an issue that is due counts as overdue"
    )
    overdue_status: Literal[200, 503] = Field(
        default=200, description="the status of /readyz while the next issue is overdue"
    )
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
    smtp_host: str = Field(default="", description="the mail server that digests are sent through")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_user: str = Field(default="", description="who logs in there; empty: nobody")
    smtp_password: str = Field(default="", repr=False, description="the password for it")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the connection to it is encrypted"
    )
    mail_from: str = Field(default="", description="the address that digests are sent from")
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"]+)?$",
        description="the address of the page, for links in digests; empty: no links",
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
    def digests(self) -> Path:
        """The folder of digests, one folder an issue."""
        return self.mlruns / "digests"

    @property
    def issues(self) -> Path:
        """The folder of issued forecasts."""
        return self.mlruns / "issues"

    @property
    def vintages(self) -> Path:
        """The folder of every input that was read."""
        return self.mlruns / "vintages"

"""Settings from the environment (EWARN_*), with defaults that work; they load when first used."""

from functools import cache
from typing import TYPE_CHECKING

from ewarn.core import lazy

if TYPE_CHECKING:
    from ewarn.core.settings._model import Settings

__all__ = ["Settings", "settings"]
__getattr__ = lazy.attributes(__name__, {"_model": ["Settings"]})


@cache
def settings() -> "Settings":
    """Return the settings of this process, read once."""
    from ewarn.core.settings._model import Settings  # noqa: PLC0415  pydantic loads when needed

    return Settings()

"""Finds the modules of a package: a file in the folder is the registration."""

import pkgutil
from importlib import import_module
from types import ModuleType

from ewarn.core.errors import Unknown


def names(package: ModuleType) -> list[str]:
    """Return names of the public modules in a package, sorted."""
    found = pkgutil.iter_modules(package.__path__)
    return sorted(info.name for info in found if not info.name.startswith("_"))


def load(package: ModuleType, name: str) -> ModuleType:
    """Return the module of that name, imported now; raises Unknown with the names there are."""
    known = names(package)
    if name not in known:
        raise Unknown(package.__name__.rsplit(".", 1)[-1].rstrip("s"), name, known)
    return import_module(f"{package.__name__}.{name}")

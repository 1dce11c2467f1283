"""Modules that libraries import and we never use, kept out while those are imported: nearly all of a start is imports.

``without`` makes an import fail, as where the module is not installed, for libraries that try and go on. ``instead_of`` is for
those that want names and, here, do nothing with them. Both end with the ``with``: whoever asks later gets the real module.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast


@contextmanager
def without(*names: str) -> Iterator[None]:
    """As if these modules were not installed; one that is loaded already stays."""
    hidden = [name for name in names if name not in sys.modules]
    modules = cast("dict[str, ModuleType | None]", sys.modules)  # None is how the import system marks what is not to be found.
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]


@contextmanager
def instead_of(name: str, *classes: str) -> Iterator[None]:
    """A module of that name with empty classes; if it is loaded already, it stays."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module = ModuleType(name)
    for one in classes:
        setattr(module, one, type(one, (), {"__module__": name}))
    try:
        yield
    finally:
        del sys.modules[name]

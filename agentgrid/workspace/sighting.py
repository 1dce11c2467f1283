"""What a watcher sees of a file, without knowing who did it. Values only.

A path is relative to the workspace's top, as text (``pathname``); a time is seconds of the monotonic clock.
"""

import enum
from typing import NamedTuple


class Seen(enum.Enum):
    """The first six are exact (inotify(7)), one each time it happens, in order; the last three are coarse: something has."""

    CREATED = "created"
    """A name has appeared: a file was made, or a link. It may be open for writing still."""
    WRITTEN = "written"
    """Bytes were written or cut off."""
    CLOSED = "closed"
    """A descriptor for writing was closed, whether or not anything was written through it."""
    LEFT = "left"
    """Renamed away; the name it ``ARRIVED`` at has the same cookie, if we watch that."""
    ARRIVED = "arrived"
    GONE = "gone"
    FOUND = "found"
    """It is there, and is new or differs from what it was."""
    MISSED = "missed"
    """It is not there any more."""
    OVERFLOW = "overflow"
    """The kernel has lost events; without a path."""


class Sighting(NamedTuple):
    """One of them."""

    seen: Seen
    path: str
    at: float
    cookie: int = 0
    folder: bool = False
    """A whole folder, with files in it that we no longer see: only ``GONE``."""
    old: str = ""
    """Of what ``ARRIVED``: where it was before, if that is a name of which nothing is told."""

"""Whose process is at the other end of a unix socket; a file's mode alone is a promise of the file system.

Linux answers SO_PEERCRED (unix(7)), macOS LOCAL_PEERCRED with a ``struct xucred`` (sys/ucred.h).
"""

import os
import socket
import struct
import sys

LINUX_UCRED = struct.Struct("3i")  # pid, uid, gid
MACOS_XUCRED = struct.Struct("2I h 16I")  # version, uid, number of groups, groups
MACOS_SOL_LOCAL, MACOS_LOCAL_PEERCRED = 0, 1


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end, as the kernel saw it when the connection was made. Raises OSError when that is gone."""
    if sys.platform == "linux":
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, LINUX_UCRED.size)
        uid: int = LINUX_UCRED.unpack(data)[1]
        return uid
    data = connection.getsockopt(MACOS_SOL_LOCAL, MACOS_LOCAL_PEERCRED, MACOS_XUCRED.size)
    return int.from_bytes(data[4:8], sys.byteorder)


def is_ours(connection: socket.socket) -> bool:
    """Whether the other end belongs to the user we run as."""
    try:
        return peer_uid(connection) == os.getuid()
    except OSError:
        return False

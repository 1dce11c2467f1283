"""Messages to bytes and back: msgpack behind a length.

A frame is a 4-byte little-endian length and that many bytes of msgpack. Each struct is a map with its class name under
``type``, so that a field may be added without breaking the other side; rows and styles are arrays, for size.
"""

import struct
from typing import Generic, TypeVar

import msgspec

from agentgrid.protocol.messages import Message

LENGTH = struct.Struct("<I")
MAX_FRAME_BYTES = 64 * 1024 * 1024  # A paste of 16 MB and a whole history fit; a broken length does not eat the memory.

M = TypeVar("M")

_encode = msgspec.msgpack.Encoder().encode_into


def encode(message: Message) -> bytes:
    """One frame. Raises ValueError when it is longer than ``MAX_FRAME_BYTES``."""
    frame = bytearray(LENGTH.size)
    _encode(message, frame, LENGTH.size)
    size = len(frame) - LENGTH.size
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"a message of {size} bytes is longer than {MAX_FRAME_BYTES}")
    LENGTH.pack_into(frame, 0, size)
    return bytes(frame)


class Decoder(Generic[M]):
    """Frames out of a stream of bytes; owns what has not come whole yet."""

    def __init__(self, messages: type[M]) -> None:
        self._decode = msgspec.msgpack.Decoder(messages).decode
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """The messages that are whole now. Raises ValueError on what is no message; nothing after it can be trusted."""
        buffer = self._buffer
        if not buffer and len(data) >= LENGTH.size and len(data) - LENGTH.size == LENGTH.unpack_from(data)[0] <= MAX_FRAME_BYTES:
            return [self._message(data[LENGTH.size :])]  # A key, or a row that changed: one whole message, and nothing to keep.
        buffer += data
        found: list[M] = []
        start, end = 0, len(buffer)
        with memoryview(buffer) as view:
            while end - start >= LENGTH.size:
                (size,) = LENGTH.unpack_from(buffer, start)
                if size > MAX_FRAME_BYTES:
                    raise ValueError(f"a message of {size} bytes is longer than {MAX_FRAME_BYTES}")
                stop = start + LENGTH.size + size
                if stop > end:
                    break
                found.append(self._message(view[start + LENGTH.size : stop]))
                start = stop
        del buffer[:start]
        return found

    def _message(self, data: bytes | memoryview) -> M:
        try:
            return self._decode(data)
        except msgspec.MsgspecError as error:
            raise ValueError(f"not a message: {error}") from error

    @property
    def pending(self) -> int:
        """Bytes of a message that has not come whole yet."""
        return len(self._buffer)

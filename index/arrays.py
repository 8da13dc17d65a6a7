"""Arrays in files: written bit by bit, read memory-mapped."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.errors import ArchiveDamagedError


class ArrayFile:
    """An array in the ``.npy`` file `path` that grows along its first axis while it is written; a context.

    Args:
        path: of the file.
        kind: the type of its numbers.
        shape: what follows the first axis.
    """

    def __init__(self, path: Path, kind: DTypeLike, *shape: int) -> None:
        self._kind = np.dtype(kind).newbyteorder("<")
        self._shape = shape
        self._file = path.open("wb")
        self._length = 0
        self._write_header()

    def append(self, values: NDArray[Any]) -> None:
        """Write `values`, an array of that shape."""
        self._length += len(values)
        self._file.write(np.ascontiguousarray(values, self._kind).reshape(len(values), *self._shape).tobytes())

    def _write_header(self) -> None:
        # numpy leaves room for a greater first number, so the header can be written again in its place.
        shape = (self._length, *self._shape)
        self._file.seek(0)
        header = {"descr": np.lib.format.dtype_to_descr(self._kind), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> ArrayFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self._write_header()
        self._file.close()


def mapped(path: Path, mend: str) -> NDArray[Any]:
    """The array in `path`, mapped read-only.

    Raises:
        ArchiveDamagedError: there is none, and `mend` mends it.
    """
    try:
        # A plain array over the map: numpy is slower with its own class for such.
        return np.asarray(np.lib.format.open_memmap(path, mode="r"))
    except (OSError, ValueError, EOFError) as error:
        raise ArchiveDamagedError(f"the archive's file {path.name} cannot be read", mend) from error

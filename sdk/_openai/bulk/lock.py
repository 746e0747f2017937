"""Lock a file against a second writer, until it is closed or its process ends."""

from __future__ import annotations

import os
import sys

#: Windows locks bytes, and keeps others from reading them: this one lies beyond the end of any file.
_FAR = 0x7FFF_FFFF_0000


def lock(descriptor: int) -> bool:
    """Lock an open file, and return whether it worked: False if another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            at = os.lseek(descriptor, 0, os.SEEK_CUR)
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(descriptor, at, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""Files that one process writes: they are locked against a second writer until they are closed or the process ends."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from .errors import TargetError

#: Windows locks bytes, and keeps others from reading them: this one lies beyond the end of any file.
_FAR = 0x7FFF_FFFF_0000


class LockedFile:
    """The descriptor of a file, `made` if it was not there before.

    Raises: TargetError for anything that is not a file, cannot be written, or is written by another process.
    """

    def __init__(self, path: Path, *, append: bool = False) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        flags |= os.O_APPEND if append else 0
        while True:
            self.made = not path.exists()
            try:
                self.descriptor = os.open(path, flags, 0o644)
            except OSError as error:
                missing = "" if path.parent.is_dir() else f"; make the folder {path.parent} first"
                raise TargetError(f"{path} cannot be written: {error.strerror}{missing}") from error
            try:
                if self._lock():
                    return
            except BaseException:
                os.close(self.descriptor)
                raise
            os.close(self.descriptor)

    def _lock(self) -> bool:
        """Return whether the file is locked, and still the one at its path: another process may have removed it."""
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise TargetError(
                f"{self.path} is a device or a pipe; the target must be a file, so that it can be resumed"
            )
        try:
            if not _lock(self.descriptor):
                raise TargetError(f"{self.path} is written by another process; wait for it, or choose another target")
        except OSError as error:
            raise TargetError(f"{self.path} cannot be locked: {error.strerror}; choose another disk") from error
        try:
            return os.path.samestat(found, self.path.stat())
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Close the file, which ends the lock."""
        os.close(self.descriptor)

    def withdraw(self) -> None:
        """Close the file, and remove it if it was made here: nothing is in it."""
        if not self.made:
            self.close()
        elif sys.platform == "win32":  # an open file cannot be removed
            self.close()
            with suppress(OSError):  # another process has it by now
                self.path.unlink()
        else:
            self.path.unlink(missing_ok=True)
            self.close()


def _lock(descriptor: int) -> bool:
    """Lock an open file, and return whether it worked: False if another process has locked it. Raises: OSError."""
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
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True

"""A disk that fails at a step of one's choice, or dies there, for tests of what is left then."""

import errno
import fcntl
import os

STEPS = [
    (os, name) for name in ("mkdir", "open", "write", "fsync", "rename", "link", "unlink", "rmdir")
]
STEPS += [(fcntl, "flock")]


class Disk:
    """Counts the steps that touch the disk; fails at one, or dies there and fails ever after."""

    def __init__(self, monkeypatch, fails_at=0, is_dead_then=False):
        self.count, self.fails_at, self.is_dead_then = 0, fails_at, is_dead_then
        self.done = []
        for module, name in STEPS:
            monkeypatch.setattr(module, name, self._step(getattr(module, name), name))

    def _step(self, real, name):
        def step(*args, **kwargs):
            self.count += 1
            is_dead = self.is_dead_then and self.count > self.fails_at > 0
            if self.count == self.fails_at or is_dead:
                if name == "write" and not is_dead:
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            self.done.append(name)
            return real(*args, **kwargs)

        return step

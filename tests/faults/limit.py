"""How long a run may take: on a slow machine it ends before its figures are reached."""

import time

seconds = None
_ends_at = None


def begin(given):
    global seconds, _ends_at
    seconds = given
    _ends_at = time.monotonic() + seconds if seconds else None


def reached():
    return _ends_at is not None and time.monotonic() > _ends_at

"""Asks a process whether it can do its work."""

import urllib.error
import urllib.request

PATIENCE_S = 2.0


def healthy(url: str) -> bool:
    """Whether `url` answers 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False

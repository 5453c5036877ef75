"""The few requests that tell whether a server answers."""

import urllib.error
import urllib.request


def answers(url: str, seconds: float = 5.0) -> bool:
    """Tell whether an address answers with a success."""
    # No proxy stands between this machine and its own loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=seconds):
            return True
    except (urllib.error.URLError, OSError):
        return False

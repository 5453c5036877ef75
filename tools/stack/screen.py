"""What a person sees."""

import sys


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print an error."""
    print(f"\nERROR: {text}", file=sys.stderr, flush=True)

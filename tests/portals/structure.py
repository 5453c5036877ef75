"""Structure of an answer without its values, for comparison with a stored sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parsel import Selector

SAMPLES = Path(__file__).with_name("samples")
PROFILE_SAMPLES = Path(__file__).parent.parent / "profiles" / "samples"


def sample(name: str) -> str:
    """Text of a stored sample, such as `jdop/detail-data.html`; the profiles' ones count too."""
    path = SAMPLES / name
    return (path if path.exists() else PROFILE_SAMPLES / name).read_text(encoding="utf-8")


def tree(text: str, css: str = "html") -> Any:
    """First element that a CSS expression finds in a page or fragment."""
    return Selector(text=text).css(css)[0].root


def skeleton(element: Any) -> tuple[Any, ...]:
    """Element names, classes, names and attribute names of a tree; no texts, no values."""
    attributes = tuple(
        f"{name}={value}" if name in {"class", "name", "type", "style", "target"} else name
        for name, value in sorted(element.items())
    )
    children = [skeleton(child) for child in element if isinstance(child.tag, str)]
    return (element.tag, attributes, *children)


def words(element: Any) -> list[str]:
    """Texts of a tree, white space folded, blanks left out."""
    texts = (" ".join(text.split()) for text in element.itertext())
    return [text for text in texts if text]


def keys(value: Any) -> Any:
    """Keys and types of a JSON value; a list is as its first item."""
    if isinstance(value, dict):
        return {name: keys(item) for name, item in value.items()}
    if isinstance(value, list):
        return [keys(value[0])] if value else []
    return type(value).__name__

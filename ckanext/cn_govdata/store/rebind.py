"""CKAN's own functions, run with some of the names they look up bound to something of ours.

A document of the search index, or the dictionary of a dataset, must be exactly what the installed
CKAN makes of it. CKAN's functions ask the database and Solr one dataset at a time; given rows that
were read for the whole batch, the same code makes the same result without a statement. Nothing in
CKAN is changed: other threads and other callers see the original.
"""

from __future__ import annotations

from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class NotRebindable(TypeError):  # noqa: N818 - says what is wrong
    """The installed CKAN's function does not look up a name that the store must provide."""


def rebind(function: Callable[..., Any], **names: Any) -> Callable[..., Any]:  # noqa: ANN401
    """A copy of `function` that sees `names` in place of those of its module.

    Raises `NotRebindable` if the function does not use one of the names, so that a changed CKAN
    is noticed at start and not by a wrong document.
    """
    unused = sorted(set(names) - _global_names(function.__code__))
    if unused:
        raise NotRebindable(f"{function.__qualname__} does not use {', '.join(unused)}")
    copy = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _global_names(code: CodeType) -> set[str]:
    """The names that a function looks up, those of the functions inside it included."""
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return {*code.co_names, *(name for each in inner for name in _global_names(each))}

"""Where validators and template helpers are kept.

A decorator puts each into one dictionary, which the plugin hands to CKAN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

PREFIX = "cn_govdata_"
VALIDATORS: dict[str, Callable[..., Any]] = {}
HELPERS: dict[str, Callable[..., Any]] = {}


def validator(function: Function) -> Function:
    """Offer a function as the validator `cn_govdata_<its name>`."""
    VALIDATORS[PREFIX + function.__name__] = function
    return function


def helper(function: Function) -> Function:
    """Offer a function as the template helper `cn_govdata_<its name>`."""
    HELPERS[PREFIX + function.__name__] = function
    return function

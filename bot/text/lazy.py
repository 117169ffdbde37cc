"""What is made when first needed: most lines of plain prose need few facts, most texts few regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Lazy(Generic[Value]):
    """`functools.cached_property` without the lock it takes until Python 3.12, which costs more than a short value."""

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.__doc__ = compute.__doc__
        self._compute = compute
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Value:
        # What stands in the instance's dictionary goes before a descriptor without `__set__`: this runs once a value.
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value


def compile_later(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """Return what compiles an expression when first called.

    Those of scripts and cases that most texts do not have would take most of the time in which a process starts.
    """
    return cache(partial(re.compile, expression, flags))

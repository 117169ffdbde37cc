"""What is made when first needed: most lines of plain prose need few facts, most texts few regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, Generic, TypeVar, cast

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


def compile_later(expression: AnyStr, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[AnyStr]:
    """Return an expression that is compiled when first used; its `pattern` is there before. It is not a match's `re`.

    Those of scripts and cases that most texts do not have would take most of the time in which a process starts.
    """
    return cast("re.Pattern[AnyStr]", _LatePattern(expression, flags))


class _LatePattern:
    """Becomes its compiled expression: once that is there, its methods are found as fast as on the expression."""

    def __init__(self, expression: str | bytes, flags: re.RegexFlag) -> None:
        self.pattern = expression
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for method in ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn"):
            self.__dict__[method] = getattr(compiled, method)
        return getattr(compiled, name)

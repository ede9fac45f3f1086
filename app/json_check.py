"""Refuse JSON that is broken, ambiguous or out of range, before anything else reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from app.problem import Refused
from app.validation import shown

# The closing quote is optional and nothing is given back, so that a hostile body costs one pass.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_TO_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_DIGITS_TO_ZERO = bytes.maketrans(b"123456789E", b"000000000e")
_SUSPECT = re.compile(rb"(?<![.\d])-?(?:\d+(?:\.\d*+)?+[eE][+-]?\d+|\d{7,}(?:\.\d*)?)|NaN|Infinity")


def check_json(body: bytes, *, depth: int, largest: float) -> None:
    """Check a body without walking through it, except to name a fault.

    Raises
    ------
    Refused
        If it is not JSON, nests deeper than `depth`, names a field twice, or holds a number
        that is not finite or beyond `largest`.
    """
    bare = _STRING.sub(b"", body)
    if _nests_deeper(bare, depth):
        raise Refused(
            400, f"the body: its brackets do not match, or nest deeper than {depth} levels"
        )
    try:
        parsed = json.loads(body, object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise Refused(400, "the body: this is not UTF-8 text; send JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Refused(400, f"the body: not valid JSON: {error}") from None
    except ValueError:  # an integer with thousands of digits
        raise Refused(422, _out_of_range("the body", None, largest)) from None
    if _may_be_large(bare) and not all(_within(token, largest) for token in _SUSPECT.findall(bare)):
        path = _path_beyond(parsed, largest) or ()
        field = ".".join(part for part in path if isinstance(part, str)) or None
        for part in path:
            parsed = parsed[part]
        raise Refused(422, _out_of_range(field or "the body", parsed, largest), field=field)


def _nests_deeper(bare: bytes, depth: int) -> bool:
    """Take away one level of innermost brackets at a time, at the speed of bytes.replace."""
    brackets = bare.translate(_TO_BRACKETS, _NOT_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(400, f"{shown(twice)}: stands twice in one object; keep one of them")
    return fields


def _may_be_large(bare: bytes) -> bool:
    """Tell quickly of most bodies that no number in them has seven digits or an exponent."""
    zeros = bare.translate(_DIGITS_TO_ZERO)
    return any(sign in zeros for sign in (b"0000000", b"0e", b"NaN", b"Infinity"))


def _within(token: bytes, largest: float) -> bool:
    return abs(float(token)) <= largest  # false for NaN


def _out_of_range(field: str, value: Any, largest: float) -> str:
    # A number that is not finite, or a monster of digits, is refused and never echoed.
    finite = isinstance(value, (int, float)) and abs(value) < 1e300
    told = f"{value:,.12g} is out of range" if finite else "has a number that is not finite"
    return f"{field}: {told}; use numbers from -{largest:,.0f} to {largest:,.0f}"


def _path_beyond(value: Any, largest: float) -> Sequence[str | int] | None:
    """Find the first number out of range; the depth is already known to be small."""
    if isinstance(value, (int, float)):
        return None if abs(value) <= largest else ()
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in inner if isinstance(value, (dict, list)) else ():
        path = _path_beyond(item, largest)
        if path is not None:
            return (name, *path)
    return None

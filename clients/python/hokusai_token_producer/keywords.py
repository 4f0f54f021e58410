"""The rules of the schema that JSON Schema has no keyword for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from .improvement import improves
from .keccak import keccak_256
from .numbers import plain_number_text, to_fixed_point

_Rule = Callable[[Any, Any], bool]


def _has_at_most_bytes(maximum: int, text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) <= maximum


def _is_in_normal_form(form: str, text: str) -> bool:
    return unicodedata.is_normalized(form, text)  # type: ignore[arg-type]


def _is_number_in_range(bounds: Mapping[str, float], text: str) -> bool:
    try:
        value = float(plain_number_text(text))
    except ValueError:
        return False
    return (
        bounds["minimum"] <= value <= bounds.get("maximum", float("inf"))
        and value < bounds.get("exclusiveMaximum", float("inf"))
    )


def _fits(fixed_point: Mapping[str, int], text: str) -> bool:
    value = to_fixed_point(text, fixed_point["decimals"])
    return value is not None and abs(value) < 2 ** (fixed_point["bits"] - 1)


def _has_checksum(_: str, text: str) -> bool:
    digits = text[-40:]
    lower = digits.lower()
    if digits in (lower, digits.upper()):
        return True
    digest = keccak_256(lower.encode()).hex()
    return all(
        digit == (small.upper() if nibble > "7" else small) for digit, small, nibble in zip(digits, lower, digest)
    )


def _improves(rule: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    return improves(payload, rule)


def _keyword(kind: type, rule: _Rule) -> Callable[..., Iterator[ValidationError]]:
    def validate(_: Validator, value: Any, instance: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(instance, kind) and not rule(value, instance):
            yield ValidationError(f"{value!r} is not met")

    return validate


MessageValidator = extend(
    Draft202012Validator,
    {
        "x-maxBytes": _keyword(str, _has_at_most_bytes),
        "x-normalForm": _keyword(str, _is_in_normal_form),
        "x-asNumber": _keyword(str, _is_number_in_range),
        "x-fixedPoint": _keyword(str, _fits),
        "x-checksum": _keyword(str, _has_checksum),
        "x-improvement": _keyword(dict, _improves),
    },
)
"""A validator of draft 2020-12 that also knows the keywords of this schema."""

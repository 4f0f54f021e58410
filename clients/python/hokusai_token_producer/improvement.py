"""The keyword ``x-improvement``: the values improve on the baseline, and the claim agrees with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from math import inf, isfinite
from typing import Any

from .numbers import plain_number_text, to_fixed_point

_DECIMALS = 18
_BOUND = 2**255
# Of the kinds of letters in a name: U upper case, l lower case, o other letters, n digits.
_WORDS = re.compile(r"U?[lo]+|U+(?!l)|n+")


def improves(payload: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether the service finds an improvement. True for values that break a rule of their own."""
    metric = payload.get("metric_name")
    baseline = _metric(payload.get("baseline_value"))
    current = _metric(payload.get("current_value"))
    if not isinstance(metric, str) or baseline is None or current is None:
        return True
    is_lower = _direction_of(metric, rule) == "lower"
    percent = _percent_of(baseline - current if is_lower else current - baseline, baseline)
    if percent < rule["minPercent"]:
        return False
    claim = _number_of(payload.get("improvement_percentage"))
    if claim is None:
        return True
    if not isfinite(percent):
        return claim >= 0
    change = -percent if is_lower == (baseline > 0) else percent
    precision = 0.0 if baseline == 0 else abs(percent) * 1e-9 + (100 + abs(percent)) / float(abs(baseline))
    rounding = 10.0 ** -_decimals_of(claim) + precision
    return any(abs(claim - expected) <= rounding for expected in (percent, change))


def _metric(value: object) -> int | None:
    metric = to_fixed_point(value, _DECIMALS)
    return metric if metric is not None and abs(metric) < _BOUND else None


def _direction_of(metric: str, rule: Mapping[str, Any]) -> str:
    configured = rule.get("directions", {}).get(metric.lower())
    if configured is not None:
        return configured
    words = _words_of(metric)
    is_lower = any(word in rule["lowerIsBetter"] for word in words)
    return "lower" if is_lower and not any(word in rule["negated"] for word in words) else "higher"


def _words_of(name: str) -> list[str]:
    kinds = "".join(_kind_of(character) for character in name)
    return [name[match.start() : match.end()].lower() for match in _WORDS.finditer(kinds)]


def _kind_of(character: str) -> str:
    category = unicodedata.category(character)
    kinds = {"Lu": "U", "Ll": "l", "Lo": "o", "Lm": "o", "Nd": "n", "Nl": "n", "No": "n"}
    return kinds.get(category, ".")


def _percent_of(gain: int, baseline: int) -> float:
    if gain == 0:
        return 0.0
    if baseline == 0:
        return inf if gain > 0 else -inf
    scaled = abs(gain) * 10**14 // abs(baseline)
    return float(scaled if gain > 0 else -scaled) / 1e12


def _number_of(value: object) -> float | None:
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(plain_number_text(value) if isinstance(value, str) else value)
    except ValueError:
        return None


def _decimals_of(value: float) -> int:
    if not isfinite(value):
        return 0
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -int(exponent))

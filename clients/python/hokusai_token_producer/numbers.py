"""Numbers, as the service reads them."""

from __future__ import annotations

import re

_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?")
# JavaScript trims these; Python's strip() has another list.
_BLANK = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# Longer texts count as the nearest double.
_MAX_EXACT_CHARACTERS = 1_000


def plain_number_text(text: str) -> str:
    """Drops the blanks around a number and the underscores in it."""
    return text.strip(_BLANK).replace("_", "")


def to_fixed_point(value: object, decimals: int) -> int | None:
    """Reads a metric, rounded half away from zero. None for what is not a decimal number."""
    match = _DECIMAL.fullmatch(_decimal_text(value))
    if match is None:
        return None
    sign, whole, fraction, exponent = (part or "" for part in match.groups())
    if whole + fraction == "":
        return None
    shift = decimals - len(fraction) + int(exponent or "0")
    digits = int(whole + fraction)
    unit = 10 ** abs(shift)
    magnitude = digits * unit if shift >= 0 else (digits * 2 + unit) // (unit * 2)
    return -magnitude if sign == "-" else magnitude


def _decimal_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    if not isinstance(value, str):
        return repr(float(value))
    text = plain_number_text(value)
    if len(text) <= _MAX_EXACT_CHARACTERS:
        return text
    try:
        return repr(float(text))
    except ValueError:
        return ""

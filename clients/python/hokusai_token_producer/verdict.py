"""What the service will do with a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, NoReturn

from jsonschema import ValidationError

from .keywords import MessageValidator


@dataclass(frozen=True)
class ServiceSettings:
    """Settings of the service. None: the default of a service without them."""

    max_message_bytes: int | None = None
    min_improvement_percentage: float | None = None
    metric_directions: Mapping[str, str] = field(default_factory=dict)
    """``higher`` or ``lower`` by metric name in lower case."""


class MessageChecker:
    """Tells of a message what the service will do with it."""

    def __init__(self, settings: ServiceSettings = ServiceSettings()) -> None:
        text = resources.files(__package__).joinpath("model_ready_to_deploy.json").read_text("utf-8")
        schema: dict[str, Any] = json.loads(text)
        improvement = schema["$defs"]["payload"]["x-improvement"]
        improvement["directions"] = dict(settings.metric_directions)
        if settings.min_improvement_percentage is not None:
            improvement["minPercent"] = settings.min_improvement_percentage
        self._max_bytes: int = settings.max_message_bytes or schema["x-maxMessageBytes"]
        self._validator = MessageValidator(deepcopy(schema))

    def problem_of(self, message: bytes, pushed_bytes: int | None = None) -> str | None:
        """Says why the service would refuse exactly these bytes; None when it accepts them.

        :param pushed_bytes: size of what is going to be pushed; None: that of the message
        """
        if (len(message) if pushed_bytes is None else pushed_bytes) > self._max_bytes:
            return f"The message must be at most {self._max_bytes} bytes long."
        try:
            # Numbers are doubles for the service, whole ones too.
            content = json.loads(message.decode("utf-8"), parse_int=float, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return "The message must be JSON in UTF-8."
        errors = [inner for error in self._validator.iter_errors(content) for inner in _innermost(error)]
        return None if not errors else _describe(max(errors, key=lambda error: len(error.absolute_path)))


def _refuse(token: str) -> NoReturn:
    raise ValueError(f"{token} is not JSON")


def _innermost(error: ValidationError) -> list[ValidationError]:
    # The alternatives of one field are one rule, which its description states.
    if not error.context or error.validator == "anyOf":
        return [error]
    return [inner for each in error.context for inner in _innermost(each)]


def _describe(error: ValidationError) -> str:
    name = ".".join(str(part) for part in error.absolute_path) or "The message"
    if error.validator == "x-improvement":
        return (
            f"{name}: current_value must improve on baseline_value, and improvement_percentage agree with both."
        )
    schema = error.schema if isinstance(error.schema, dict) else {}
    return f"{name}: {schema.get('description', error.message)}"

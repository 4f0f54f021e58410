# Written by `npm run docs:schemas`. Do not edit.
"""The messages that the service accepts, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Message(BaseModel):
    # The service ignores fields that it does not know.
    model_config = ConfigDict(extra="allow", protected_namespaces=())


class ModelReadyToDeployPayload(_Message):
    """A model that is ready for its token."""

    model_id: str = Field(description="Must be a string of 1 to 255 bytes without control characters.")
    token_symbol: str = Field(description="Must be a string of 1 to 64 characters and 255 bytes without control characters.")
    metric_name: str = Field(description="Must be a string of 1 to 255 bytes without control characters.")
    baseline_value: float | str = Field(description="Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals.")
    current_value: float | str = Field(description="Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals.")
    model_name: str | None = Field(description="Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning.")
    model_version: str | None = Field(description="Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning.")
    mlflow_run_id: str | None = Field(description="Must be a string. Must be a string of 0 to 255 bytes; otherwise it counts as null, with a warning.")
    improvement_percentage: float | str | None = Field(default=None, description="Must be a number. Must be a finite number.")
    contributor_address: str | None = Field(default=None, description="Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum.")
    model_supplier_recipient: str | None = Field(default=None, description="Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum.")
    experiment_name: str | None = Field(default=None, description="Must be a string; otherwise it counts as null, with a warning.")
    tags: dict[str, str] | None = Field(default=None, description="Must be a JSON object whose values are strings; otherwise it counts as null, with a warning.")
    timestamp: datetime | str | float = Field(description="Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds.")
    message_version: str | None = Field(default=None, description="Must be a string.")


class MessageEnvelope(_Message):
    """A message with an envelope."""

    message_id: str = Field(description="Must be a string of 1 to 255 bytes without control characters.")
    message_type: Literal["model_ready_to_deploy"] = Field(description="Must be a string.")
    payload: ModelReadyToDeployPayload = Field(description="Must be a JSON object.")
    timestamp: datetime | str | float = Field(description="Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds.")
    retry_count: int | float | str | None = Field(default=None, description="Must be a whole number.")
    max_retries: int | float | str | None = Field(default=None, description="Must be a whole number.")


class FlatMessage(ModelReadyToDeployPayload):
    """A message without an envelope."""

    message_type: Literal["model_ready_to_deploy"] | None = Field(default=None, description="Must be model_ready_to_deploy or null.")

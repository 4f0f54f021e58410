"""Pushes one model to the queue of the service, and shows what happens to a message that it would refuse."""

import base64
import os
from datetime import datetime, timezone
from uuid import uuid4

from redis import Redis

from hokusai_token_producer import HmacKey, MessageRefusedError, ModelReadyToDeployPayload, TokenProducer, envelope_of

with Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0")) as redis:
    # Of the key `example` in the service's MESSAGE_KEYS_FILE. Without one, messages are not signed.
    secret = os.environ.get("SIGNING_SECRET")
    producer = TokenProducer(
        redis,
        os.environ.get("QUEUE_NAME", "hokusai:model_ready_queue"),
        key=None if secret is None else HmacKey("example", base64.b64decode(secret)),
        replicas=int(os.environ.get("REDIS_REPLICAS", "0")),
    )
    payload = ModelReadyToDeployPayload(
        model_id=os.environ.get("MODEL_ID", f"example-{uuid4()}"),
        token_symbol="EXAMPLE",
        metric_name="rmse",
        baseline_value=0.42,
        current_value=0.36,
        model_name="example",
        model_version="1",
        mlflow_run_id=None,
        contributor_address="0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        timestamp=datetime.now(timezone.utc),
    )

    try:
        producer.push(envelope_of(payload.model_copy(update={"current_value": 0.5})))
    except MessageRefusedError as error:
        print(f"refused: {error}")

    producer.push(envelope_of(payload))
    print(f"pushed: {payload.model_id}")

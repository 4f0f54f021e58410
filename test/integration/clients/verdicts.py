"""Reads messages from standard input, one a line in base64, and writes for each what Python's tools say of it."""

import base64
import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from pydantic import ValidationError

from hokusai_token_producer import FlatMessage, MessageChecker, MessageEnvelope

SCHEMAS = Path("schemas")

for path in SCHEMAS.glob("*.json"):
    if path.name != "asyncapi.json":
        Draft202012Validator.check_schema(json.loads(path.read_text()))

checker = MessageChecker()
standard = Draft202012Validator(json.loads((SCHEMAS / "model-ready-to-deploy.json").read_text()))


def is_accepted_by_models(message: bytes) -> bool:
    content = json.loads(message)
    try:
        (MessageEnvelope if "payload" in content else FlatMessage).model_validate(content)
    except ValidationError:
        return False
    return True


for line in sys.stdin:
    message = base64.b64decode(line)
    problem = checker.problem_of(message)
    verdict = {"problem": problem}
    if problem is None:
        verdict["standard"] = standard.is_valid(json.loads(message, parse_int=float))
        verdict["models"] = is_accepted_by_models(message)
    print(json.dumps(verdict))

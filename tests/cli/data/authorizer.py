"""An authorizer to look at: readers may query, editors may delete."""

from __future__ import annotations

import hashlib
import os
from typing import Any


def knows(list_name: str, token: str) -> bool:
    """Whether a token's hash is in one of the lists."""
    return hashlib.sha256(token.encode()).hexdigest() in os.environ[list_name].split(",")


def handler(event: dict[str, Any], context: object) -> dict[str, object]:
    """Answer AppSync."""
    token = event["authorizationToken"]
    request = event["requestContext"]
    if not knows("READERS", token):
        return {"isAuthorized": False}
    if "deletePost" in request["queryString"]:
        return {"isAuthorized": knows("EDITORS", token), "ttlOverride": 0}
    return {"isAuthorized": True, "resolverContext": {"operation": request["operationName"]}}

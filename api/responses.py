"""JSON answers, written by orjson."""

from typing import Any

import orjson
from starlette.responses import Response


class Json(Response):
    """Times become ISO 8601, enum values their text."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)

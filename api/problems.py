"""Every error answer: problem+json (RFC 9457), Chinese for people, English in `detail_en`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

TITLES = {
    400: "请求无法读取",
    403: "不允许",
    404: "没有找到",
    405: "不支持的方法",
    406: "无法按要求的格式回答",
    409: "与现状冲突",
    413: "内容过大",
    415: "不支持的格式",
    422: "内容不符合要求",
    500: "系统内部错误",
    503: "暂时不可用",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field and what is wrong with it. `field` is a path such as `actor.role`."""

    field: str
    reason: str
    reason_en: str

    def view(self) -> dict[str, str]:
        return {"field": self.field, "reason": self.reason, "reason_en": self.reason_en}


class Problem(Exception):
    """An answer that is an error; `api.errors` turns it into a response."""

    def __init__(
        self,
        status: int,
        detail: str,
        detail_en: str,
        *,
        errors: Sequence[FieldError] = (),
        more: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{status} {detail_en}")
        self.status = status
        self.detail = detail
        self.detail_en = detail_en
        self.errors = tuple(errors)
        self.more = more or {}
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(self.status) or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "detail_en": self.detail_en,
        }
        if self.errors:
            body["errors"] = [error.view() for error in self.errors]
        return body | dict(self.more)

    def response(self) -> Response:
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        return Response(
            orjson.dumps(_speakable(self.body()), option=orjson.OPT_NON_STR_KEYS),
            self.status,
            headers,
            "application/problem+json",
        )


def invalid(errors: Sequence[FieldError]) -> Problem:
    """422, with the first reason as the detail."""
    first = errors[0]
    return Problem(422, f"{first.field}：{first.reason}", f"{first.field}: {first.reason_en}", errors=errors)


def wrong_field(field: str, reason: str, reason_en: str) -> Problem:
    return invalid([FieldError(field, reason, reason_en)])


def unavailable(detail: str, detail_en: str, retry_after: int = 2) -> Problem:
    return Problem(503, detail, detail_en, retry_after=retry_after)


def _speakable(value: Any) -> Any:
    """What was sent may hold half a character, which no answer could carry."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_speakable(key): _speakable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_speakable(inner) for inner in value]
        case _:
            return value

"""Every error becomes problem+json here, once: ours, the framework's, the domain's."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.possible import ACTIONS
from api.problems import FieldError, Problem, invalid, unavailable
from api.refusals import in_chinese, not_now
from api.terms import term
from gridward.domain.commands import NotFound, OtherBody, Stale
from gridward.domain.draft import NotYours
from gridward.domain.errors import Refused, Unavailable
from gridward.domain.transitions import IllegalTransition
from gridward.logs import get_logger

log = get_logger(__name__)

ACTION_NAMES = frozenset(ACTIONS.values())

# pydantic's kinds of error -> Chinese; {} are the error's own limits.
_REASONS: dict[str, str] = {
    "missing": "必须填写",
    "extra_forbidden": "没有这个字段",
    "string_type": "必须是文字",
    "string_too_short": "太短，至少 {min_length} 个字符",
    "string_too_long": "太长，最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有不完整的字符",
    "float_type": "必须是数字",
    "int_type": "必须是整数",
    "int_from_float": "必须是整数",
    "int_parsing": "必须是整数",
    "int_parsing_size": "整数过大",
    "bool_type": "必须是 true 或 false",
    "bool_parsing": "必须是 true 或 false",
    "finite_number": "必须是有限的数字",
    "greater_than": "必须大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "必须小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
    "uuid_type": "必须是 UUID",
    "uuid_parsing": "必须是 UUID",
    "too_long": "最多 {max_length} 项",
    "list_type": "必须是列表",
    "model_type": "必须是对象",
    "model_attributes_type": "必须是 JSON 对象",
    "dict_type": "必须是对象",
    "union_tag_invalid": "只能是 {expected_tags}",
    "union_tag_not_found": "必须填写 action",
}


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Unavailable, _on_unavailable)
    app.add_exception_handler(Refused, _on_refused)


def problem_of(refusal: Refused, more: Mapping[str, Any] | None = None) -> Problem:
    """The answer to a refusal; `more` may say what is possible and how the incident stands."""
    detail, detail_en = in_chinese(str(refusal)), str(refusal)
    match refusal:
        case NotFound():
            status = 404
        case NotYours():
            status = 403
        case Stale():
            now = term("statuses", refusal.incident.status)
            status, detail = 409, f"您看到的已不是最新情况：事件在此期间有变化，现在是“{now}”。请看过再操作"
            detail_en += ": look at it again, then act"
        case IllegalTransition():
            actions = _possible_instead(refusal, more or {})
            asked = ACTIONS.get(type(refusal.event), "")
            status, detail = 409, not_now(refusal.status, asked, actions)
            detail_en += f"; possible now: {', '.join(actions) or 'nothing'}"
        case OtherBody():
            status, detail = 409, "同一编号已用于另一内容，请换新编号再提交"
        case _:
            status = 409
    return Problem(status, detail, detail_en, more=more)


def _possible_instead(refusal: IllegalTransition, more: Mapping[str, Any]) -> list[str]:
    """What this very incident allows, where that was looked up; else what its status does."""
    by_status = dict.fromkeys(ACTIONS[kind] for kind in refusal.possible if kind in ACTIONS)
    return list(more.get("possible", by_status))


def field_errors(error: RequestValidationError) -> list[FieldError]:
    """Each field with its reason in both languages; the path is that of the JSON, without what wraps it."""
    return [
        FieldError(_path(one["loc"]), _reason(one), str(_context(one).get("en") or one["msg"]))
        for one in error.errors()
    ]


def _path(location: tuple[int | str, ...]) -> str:
    """The path within the JSON: neither where it came from, nor the model that its `action` chose."""
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    if len(parts) > 1 and parts[0] in ACTION_NAMES:
        parts = parts[1:]
    return ".".join(parts) or "body"


def _context(one: Mapping[str, Any]) -> Mapping[str, Any]:
    context: Mapping[str, Any] = one.get("ctx") or {}
    return context


def _reason(one: Mapping[str, Any]) -> str:
    context = _context(one)
    if "zh" in context:
        return str(context["zh"])
    chinese = _REASONS.get(one["type"])
    return chinese.format(**context) if chinese else f"不符合要求：{one['msg']}"


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(field_errors(error)).response()


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "没有这个地址", 405: "这个地址不支持这种方法"}
    problem = Problem(error.status_code, words.get(error.status_code, str(error.detail)), str(error.detail))
    response = problem.response()
    response.headers.update(error.headers or {})
    return response


async def _on_unavailable(request: Request, error: Exception) -> Response:
    log.warning("unavailable", reason=str(error))
    return unavailable("系统的一部分暂时不可用，请稍后再试", str(error)).response()


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_of(error).response()

"""Reads a JSON body with the suspicion that a public door needs, before anything else looks at it."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.problems import Problem, wrong_field

MAX_BODY = 64 * 1024
MAX_DEPTH = 20

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CheckedRoute(APIRoute):
    """A route whose JSON body was read by `read_json` before FastAPI sees it."""

    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field is not None:
                body = await read_body(request)
                # Starlette's own cache: nobody parses it a second time, and less strictly.
                request._body, request._json = body, parse_json(body)
            return await handle(request)

        return checked


async def read_body(request: Request) -> bytes:
    """The body. Raises `Problem` 413 as soon as it is too large, 415 when it is not called JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem(415, "请用 application/json 发送", "send it as application/json")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_BODY:
        raise _too_large()
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY:
            raise _too_large()
        pieces.append(piece)
    return b"".join(pieces)


def parse_json(body: bytes) -> Any:
    """The value. Raises `Problem` 400 for what is not JSON, or is JSON that two readers may read differently.

    Refused besides syntax errors: duplicate names, NaN and Infinity, numbers beyond a double, deep nesting.
    Half a surrogate pair is 422, naming the field.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique_names,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError as error:
        raise _not_json(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise _not_json("嵌套过深", "nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _not_json(f"第 {error.pos} 个字符处不是 JSON", f"{error.msg} at {error.pos}") from None
    except ValueError as error:
        raise _not_json("数字超出范围", str(error)) from None
    _check_strings(value, "body", 0)
    return value


def _check_strings(value: Any, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _not_json("嵌套过深", "nested too deeply")
    match value:
        case str() if not _is_whole(value):
            raise wrong_field(path, "含有不完整的字符（半个代理对）", "half a surrogate pair")
        case dict():
            for name, inner in value.items():
                _check_strings(name, path, depth)
                _check_strings(inner, name if depth == 0 else f"{path}.{name}", depth + 1)
        case list():
            for number, inner in enumerate(value):
                _check_strings(inner, f"{path}.{number}", depth + 1)


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _not_json(f"字段 {twice} 出现了两次", f"the name {twice} is given twice")
    return mapping


def _no_constant(name: str) -> Any:
    raise _not_json(f"{name} 不是 JSON 数字", f"{name} is not a JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _not_json(f"数字 {text[:20]} 超出范围", f"{text[:20]} is beyond a double")
    return value


def _not_json(reason: str, reason_en: str) -> Problem:
    return Problem(400, f"请求体不是有效的 JSON：{reason}", f"the body is not valid JSON: {reason_en}")


def _too_large() -> Problem:
    return Problem(413, "内容超过 64 KiB", f"the body is larger than {MAX_BODY} bytes")

"""Serves the built web application: hashed files for ever, the page itself always fresh."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"

NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>网格哨</title>
<h1>网页尚未构建</h1>
<p>接口已在运行：<a href="/readyz">运行状态</a>、<a href="/api/openapi.json">接口说明</a>。
运行 <code>./run up</code> 会构建网页；构建好以后刷新本页。</p>
<p lang="en">The web application is not built yet. <code>./run up</code> builds it; then reload this page.</p>
</html>
"""


class WebApplication(StaticFiles):
    """Files of one folder, which may appear while we run. Addresses without a file get the page: it routes itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.folder = folder

    async def check_config(self) -> None:
        """The folder need not be there yet."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path == ".":
            return self._page(scope)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not is_page(path):
                raise
            return self._page(scope)
        response.headers["cache-control"] = FOR_EVER if path.startswith("assets/") else ALWAYS_ASK
        return response

    def _page(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        page = self.folder / "index.html"
        headers = {"cache-control": ALWAYS_ASK}
        if page.is_file():
            return FileResponse(page, headers=headers, media_type="text/html")
        return HTMLResponse(NOT_BUILT, 503, headers)


def is_page(path: str) -> bool:
    """Whether the web application may know this address: no file's name, and none of ours."""
    return path.split("/")[0] not in ("api", "assets") and "." not in path.rpartition("/")[2]

"""What a command says when it cannot go on: one clear line, and what to do about it."""

from gridward.domain.errors import Refused, Unavailable
from gridward.settings import Settings

START = "请先执行 ./run up，或检查 GRIDWARD_DATABASE_URL 与 GRIDWARD_KAFKA"
START_EN = "start ./run up first, or look at GRIDWARD_DATABASE_URL and GRIDWARD_KAFKA"


def said(error: Refused | Unavailable) -> str:
    """An outage, with where it was looked for and the way out of it; a refusal as it is."""
    if isinstance(error, Refused):
        return str(error)
    where = Settings()
    database = where.database_url.rpartition("@")[2]
    return f"{error}（{database}，{where.kafka}）。{START} | {START_EN}"

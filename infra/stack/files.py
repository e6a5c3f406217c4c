"""Small files that other programs read while we write them."""

from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write `text` so that whoever reads `path` finds all of it or all of what was there before.

    Its folder is made when missing. One writer at a time: two would use the same file beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)

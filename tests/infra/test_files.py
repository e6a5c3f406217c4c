"""Files that are read while they are written."""

import threading
from pathlib import Path

from infra.stack.files import replace_text

TIMES = 3000


def test_a_reader_never_meets_an_empty_or_half_written_file(tmp_path: Path) -> None:
    path = tmp_path / "pids" / "api"
    replace_text(path, "1" * 20_000)
    done = threading.Event()
    met: set[str] = set()

    def read() -> None:
        while not done.is_set():
            met.add(path.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(TIMES):
        replace_text(path, str(number % 10) * 20_000)
    done.set()
    reader.join()
    assert met <= {digit * 20_000 for digit in "0123456789"}
    assert len(met) > 1
    assert [left.name for left in path.parent.iterdir()] == ["api"]

"""The data folder is one run's at a time, has room, and can be emptied."""

from pathlib import Path

import pytest

from infra.stack.folder import LEAST_FREE_BYTES, DataFolder
from infra.stack.trouble import Trouble


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        DataFolder(tmp_path / "data").open(free=lambda path: 700 * 1024**2)
    assert "磁盘空间不足" in str(trouble.value)
    assert "700 MB left" in str(trouble.value)
    assert "\n" not in str(trouble.value)


def test_after_a_full_disk_the_folder_can_be_used_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with pytest.raises(Trouble):
        folder.open(free=lambda path: LEAST_FREE_BYTES - 1)
    with folder.open(free=lambda path: LEAST_FREE_BYTES):
        pass


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="数据目录不可写"):
        DataFolder(tmp_path / "file" / "data").open()


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with DataFolder(tmp_path).open(), pytest.raises(Trouble, match="another gridward runs"):
        DataFolder(tmp_path).open()


def test_a_finished_run_frees_the_folder(tmp_path: Path) -> None:
    with DataFolder(tmp_path).open():
        pass
    with DataFolder(tmp_path).open():
        pass


def test_fresh_empties_the_folder(tmp_path: Path) -> None:
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    (tmp_path / "kafka" / "data" / "meta.properties").touch()
    (tmp_path / "stack.env").touch()
    with DataFolder(tmp_path).open():
        assert (tmp_path / "stack.env").exists()
    with DataFolder(tmp_path).open(fresh=True):
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_fresh_is_refused_while_another_run_uses_the_data(tmp_path: Path) -> None:
    with DataFolder(tmp_path).open():
        (tmp_path / "precious").touch()
        with pytest.raises(Trouble):
            DataFolder(tmp_path).open(fresh=True)
    assert (tmp_path / "precious").exists()

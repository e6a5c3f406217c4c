"""The bundled policy as a workbook, and copies of it that a clerk had open."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from gridward.policy.files import load_bundle
from gridward.policy.schema import PolicyBundle
from infra.policy_xlsx.write import write_workbook


@pytest.fixture(scope="session")
def bundle() -> PolicyBundle:
    return load_bundle()


@pytest.fixture(scope="session")
def exported(bundle: PolicyBundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "policy.xlsx"
    write_workbook(bundle, path)
    return path


@pytest.fixture
def edited(exported: Path, tmp_path: Path) -> Callable[[Callable[[Workbook], None]], Path]:
    def edit(change: Callable[[Workbook], None]) -> Path:
        book = load_workbook(exported)
        change(book)
        book.save(tmp_path / "edited.xlsx")
        return tmp_path / "edited.xlsx"

    return edit

"""What the file of categories (事项类别) must look like, and of what became of those that are no longer in it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from gridward.policy.row import Code, GroupCode, LimitText, Row, Severity, mistake_at


class CategoryRow(Row):
    code: Code
    name: str
    severity: Severity
    limit_class: str
    finish_limit: LimitText | None = None
    sensitive: bool = False
    emergency_lines: list[str] = []
    note: str = ""
    placeless: bool = (
        False  # a question has no place: it goes out without one, where there is a single unit for it
    )


class ChangeRow(Row):
    """What became of categories that are no longer in the table. `from` and `to` are codes."""

    sources: Annotated[list[Code], Field(min_length=1)] = Field(alias="from")
    targets: list[Code] = Field(alias="to", default=[])
    kind: Literal["split", "merge", "retire", "rename"]
    since: date

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _numbers_fit_the_kind(self) -> "ChangeRow":
        counts = (min(len(self.sources), 2), min(len(self.targets), 2))
        wanted = {"split": (1, 2), "merge": (2, 1), "retire": None, "rename": (1, 1)}[self.kind]
        if wanted not in (None, counts) or (self.kind == "retire" and self.targets):
            raise ValueError(
                "split 一变多，merge 多变一，rename 一变一，retire 无 to: "
                "split is one to several, merge several to one, rename one to one, retire to none"
            )
        return self


class Categories(Row):
    groups: dict[GroupCode, str]
    categories: list[CategoryRow]
    changes: list[ChangeRow] = []

    @model_validator(mode="after")
    def _codes_are_unique_and_grouped(self) -> "Categories":
        seen: set[str] = set()
        for number, row in enumerate(self.categories):
            spot = ("categories", number, "code")
            if row.code in seen:
                raise mistake_at(spot, f"类别 {row.code} 写了两次，请只留一条 is given twice: keep one")
            if row.code[:2] not in self.groups:
                raise mistake_at(
                    spot,
                    f"没有大类 {row.code[:2]}，请改代码，或在 groups 中补上 "
                    f"there is no group {row.code[:2]}: change the code or add the group",
                )
            seen.add(row.code)
        return self

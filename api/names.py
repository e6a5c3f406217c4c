"""Names for codes: of categories, units and grids, from the versions in force; of retired categories, from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridward.policy.policy import Policy

RETIRED = "（已停用）"  # behind the name of a category that only earlier versions of the policy know


@dataclass(frozen=True, slots=True)
class Names:
    """What decorates everything that leaves the API. Empty while nothing is published: then codes stand alone.

    `retired`: code -> name of the categories that the policy in force no longer has.
    """

    policy: Policy | None = None
    grids: Mapping[str, str] = field(default_factory=dict)
    boundary_version: int = 0
    retired: Mapping[str, str] = field(default_factory=dict)

    @property
    def policy_version(self) -> int:
        return self.policy.version if self.policy else 0

    @property
    def urgent_class(self) -> str:
        """The class of limits of what is urgent; "" while nothing is published, which no incident has."""
        return self.policy.urgent_class if self.policy else ""

    def category(self, code: str | None) -> str | None:
        """The name to show, which says so if the category is retired."""
        before = self.retired.get(code) if code else None
        return self.category_in_force(code) or (before and before + RETIRED)

    def category_or_group(self, code: str | None) -> str | None:
        """Figures of a category that was split count under its two-digit group."""
        group = self.policy.groups.get(code) if self.policy and code else None
        return self.category(code) or group

    def category_in_force(self, code: str | None) -> str | None:
        """The name of a category that can still be chosen."""
        known = self.policy.categories.get(code) if self.policy and code else None
        return known.name if known else None

    def unit(self, code: str | None) -> str | None:
        if code == "desk":
            return "派单席"
        known = self.policy.units.get(code) if self.policy and code else None
        return known.name if known else None

    def unit_kind(self, code: str | None) -> str | None:
        """What kind of unit (单位类型) it is; the first where it is several."""
        known = self.policy.units.get(code) if self.policy and code else None
        return known.kinds[0] if known else None

    def grid(self, code: str | None) -> str | None:
        return self.grids.get(code) if code else None

    def units_named(self, words: str) -> list[str]:
        units = self.policy.units.values() if self.policy else ()
        return [unit.code for unit in units if words in unit.name]

    def categories_named(self, words: str) -> list[str]:
        categories = self.policy.categories.values() if self.policy else ()
        names = {category.code: category.name for category in categories} | dict(self.retired)
        return [code for code, name in names.items() if words in name]

    def grids_named(self, words: str) -> list[str]:
        return [code for code, name in self.grids.items() if words in name]

"""Names for codes: of categories, units and grids, from the versions in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridward.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Names:
    """What decorates everything that leaves the API. Empty while nothing is published: then codes stand alone."""

    policy: Policy | None = None
    grids: Mapping[str, str] = field(default_factory=dict)
    boundary_version: int = 0

    @property
    def policy_version(self) -> int:
        return self.policy.version if self.policy else 0

    def category(self, code: str | None) -> str | None:
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
        return [category.code for category in categories if words in category.name]

    def grids_named(self, words: str) -> list[str]:
        return [code for code, name in self.grids.items() if words in name]

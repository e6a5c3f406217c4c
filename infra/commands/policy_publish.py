"""Puts a policy in force (发布) after whoever does it has seen what that changes, and for which open incidents."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import typer

from gridward.clock import SystemClock
from gridward.domain.errors import Refused
from gridward.policy.diff import changed_categories, differences_of
from gridward.policy.files import fingerprint, load_bundle
from gridward.policy.history import today
from gridward.policy.problem import PolicyError
from gridward.policy.salvage import Salvaged
from gridward.policy.schema import PolicyBundle
from gridward.store.policies import (
    newest_version,
    policy_version,
    publish_policy,
    roll_back,
    salvaged_version,
)
from gridward.store.statistics import OpenCounts, open_counts
from infra.commands.policy_source import connection

CANCELLED = 1  # exit code


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force, and the open incidents. Version 0: nothing was ever published."""

    version: int = 0
    policy: Salvaged | None = None
    open: OpenCounts = field(default_factory=OpenCounts)

    def is_in_force(self, bundle: PolicyBundle) -> bool:
        own = self.policy.bundle if self.policy else None
        return own is not None and fingerprint(own) == fingerprint(bundle)

    def to_change(self) -> PolicyBundle:
        """What an import of one table changes: the policy in force, or the bundled one while none is.

        Raises `PolicyError` when today's schema refuses the one in force.
        """
        if self.policy is None:
            return load_bundle()
        if self.policy.bundle is None:
            raise PolicyError(
                [
                    f"正在生效的版本 {self.version} 通不过现在的检查，请先改正并发布：./run policy export current 目录 "
                    "today's check refuses the policy in force: export, correct and apply it first",
                    *self.policy.mistakes,
                ]
            )
        return self.policy.bundle


async def standing(database_url: str) -> Standing:
    """One that today's check refuses is in the way of nothing that is to take its place. Raises `Unavailable`."""
    async with connection(database_url) as conn:
        newest = await newest_version(conn)
        if newest is None:
            return Standing()
        policy = await salvaged_version(conn, newest.version)
        return Standing(newest.version, policy, await open_counts(conn))


async def bundle_of_version(version: int, database_url: str) -> PolicyBundle:
    """A published version to be put in force again. Raises `PolicyError`, `Refused`, `Unavailable`."""
    async with connection(database_url) as conn:
        return (await policy_version(conn, version)).bundle


async def put_in_force(database_url: str, bundle: PolicyBundle, seen: Standing, note: str, by: str) -> int:
    """The new version. Raises `Refused` if another one came into force since `seen`, `Unavailable`."""
    async with connection(database_url) as conn:
        return await publish_policy(conn, bundle, note, SystemClock().now(), by, instead_of=seen.version)


async def restore(database_url: str, version: int, seen: Standing, note: str, by: str) -> int:
    """The new version with that one's policy. Raises as `put_in_force`."""
    async with connection(database_url) as conn:
        return await roll_back(conn, version, note, SystemClock().now(), by, instead_of=seen.version)


def what_changes(seen: Standing, bundle: PolicyBundle) -> Iterator[str]:
    """Line by line what putting the bundle in force would change."""
    if seen.policy is None:
        yield "还没有策略在生效，这将是第一个版本。No policy is in force yet: this will be the first version."
        return
    new = Salvaged.of(bundle)
    yield from differences_of(seen.policy.data, new.data)
    yield from what_becomes_of(seen.open, seen.policy.sound, new.sound)


def what_becomes_of(counts: OpenCounts, old: PolicyBundle | None, new: PolicyBundle | None) -> Iterator[str]:
    """Line by line what the step from the old policy to the new one means for open incidents.

    None is one that today's check refuses.
    """
    if old is None or new is None:
        yield (
            "有一份策略通不过现在的检查，没有统计类别有变的未办结事件；它们仍按原版本办理。"
            "Open incidents of changed categories were not counted, since today's check refuses one of the two; "
            "they keep the version that decided them."
        )
        return
    yield _of_changed(counts.categories, old, new)
    yield from _without_category(counts.categories, old, new)
    yield from _without_class(counts.classes, old, new)


def _of_changed(counts: dict[str, int], old: PolicyBundle, new: PolicyBundle) -> str:
    """How many open incidents are of categories that differ, and of which."""
    concerned = {code: counts[code] for code in sorted(changed_categories(old, new)) if code in counts}
    listed = "、".join(f"{code} {number} 件" for code, number in concerned.items())
    return (
        f"类别有变的未办结事件：{sum(concerned.values())} 件{f'（{listed}）' if listed else ''}，仍按原版本办理。"
        f"Open incidents of changed categories: {sum(concerned.values())}; "
        "they keep the version that decided them."
    )


def _without_category(counts: dict[str, int], old: PolicyBundle, new: PolicyBundle) -> Iterator[str]:
    """One line for each category that has open incidents and that the new policy lacks."""
    names = {row.code: row.name for row in new.categories.categories}
    before = {row.code: row.name for row in old.categories.categories}
    for code, number in sorted(counts.items()):
        if code in names:
            continue
        heirs = sorted(today(code, new.categories))
        yield (
            f"注意：要发布的策略没有类别 {code} {before.get(code, '')}，有 {number} 件未办结："
            "仍按受理时的版本计时办理，名称照旧显示并注明“已停用”，改派时可改类别；"
            f"新上报归入{'、'.join(f' {one} {names[one]}' for one in heirs) or '别的类别'}。"
            f"Category {code} is not in this policy and has {number} open: they keep the version that decided "
            f"them and their name, marked 已停用; new reports go to {' or '.join(heirs) or 'other categories'}."
        )


def _without_class(counts: dict[str, int], old: PolicyBundle, new: PolicyBundle) -> Iterator[str]:
    """One line for each class of limits that open incidents have and the new policy lacks."""
    for code, number in sorted(counts.items()):
        if code in new.limits.classes:
            continue
        name = old.limits.classes[code].name if code in old.limits.classes else ""
        yield (
            f"注意：要发布的策略没有时限类 {code} {name}，有 {number} 件未办结："
            "时限、提级和办理仍按受理时的版本；再次反映使其升级时只升严重程度，时限不因此缩短，更严重的上报仍可缩短。"
            f"Limit class {code} is not in this policy and {number} open incidents have it: their clocks, escalation "
            "and handling go by the version that decided them; as a repeat matter one becomes graver without a "
            "shorter limit, while a graver report may still shorten it."
        )


def show_and_ask(seen: Standing, bundle: PolicyBundle, yes: bool) -> None:
    """What would change, and whether to go on. Raises `Refused` without a terminal, `typer.Exit` when not."""
    for line in what_changes(seen, bundle):
        typer.echo(line)
    _confirm(yes, seen.version)


def _confirm(yes: bool, version: int) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(
            "没有终端可以确认，没有发布；看过上面的差别后，加 --yes 再执行 "
            "nothing was published: there is no terminal to ask on; run it again with --yes"
        )
    try:
        agreed = typer.confirm("发布吗？Put this in force?")
    except typer.Abort:
        agreed = False
    if not agreed:
        stays = (
            f"版本 {version} 继续生效 version {version} stays" if version else "仍无策略 there is none still"
        )
        typer.echo(f"没有发布，{stays}。Nothing was published.")
        raise typer.Exit(CANCELLED)

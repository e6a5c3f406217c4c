"""The parts of the benchmark, in their order on one system, each noted as soon as it is done.

A part that fails is named with its reason and costs no other its figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from infra.bench import deadlines, live, locate, memory, profile, throughput
from infra.bench.figures import Figure, circumstances
from infra.stack.system import System

SINGLES = 1_000  # places looked up one by one


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: runs of each part, reports of a run, seconds of a run, deadlines that lie armed, places."""

    runs: int = 3
    reports: int = 20_000
    seconds: int = 20
    armed: int = deadlines.ARMED
    places: int = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    method: str
    measure: Callable[[System, Size], list[Figure]]


@dataclass(slots=True)
class Result:
    """What was measured so far, and why the rest was not: section -> reason."""

    figures: list[Figure] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "circumstances": circumstances(),
            "methods": self.methods,
            "figures": [asdict(one) for one in self.figures],
            "failed": self.failed,
        }


def of_throughput(system: System, size: Size) -> list[Figure]:
    return throughput.measure(system, size.reports, size.runs)


def of_live(system: System, size: Size) -> list[Figure]:
    processes(system)
    return live.measure(system, size.seconds, size.runs)


def of_deadlines(system: System, size: Size) -> list[Figure]:
    processes(system)
    return deadlines.measure(system, size.seconds, size.runs, size.armed)


def of_memory(system: System, size: Size) -> list[Figure]:
    processes(system)
    return memory.measure(system)


def of_locate(system: System, size: Size) -> list[Figure]:
    return locate.measure(system, size.places, min(size.places, SINGLES), size.runs)


def of_profile(system: System, size: Size) -> list[Figure]:
    return profile.measure(system, size.reports)


def processes(system: System) -> None:
    """The worker and the API, running; the throughput has left them stopped."""
    if not (system.worker.running and system.api.running):
        system.start_processes()


def method(module: object) -> str:
    return (module.__doc__ or "").strip()


PROFILE = Section("profile", "时间去向 where the time goes", method(profile), of_profile)
LOCATE = Section("locate", "定位 locate", method(locate), of_locate)
SECTIONS: tuple[Section, ...] = (
    LOCATE,
    Section("throughput", "吞吐 throughput", method(throughput), of_throughput),
    Section("live", "实时 live", method(live), of_live),
    Section("deadlines", "时限 deadlines", method(deadlines), of_deadlines),
    Section("memory", "内存 memory", method(memory), of_memory),
    PROFILE,
)


def measure(
    system: System,
    size: Size,
    sections: Sequence[Section],
    say: Callable[[str], None],
    note: Callable[[Result], None],
) -> Result:
    """Measure `sections` one after the other; `note` gets all that is known after each of them."""
    result = Result()
    for section in sections:
        say(f"{section.title} ...")
        result.methods[section.name] = section.method
        try:
            result.figures += section.measure(system, size)
        except Exception as error:  # whatever it is, what was measured before must not be lost
            result.failed[section.name] = f"{type(error).__name__}: {error}"
            say(f"失败 failed: {section.title}: {error}")
        note(result)
    return result

"""Where the worker's time goes while it works off reports that lie in Kafka, by a sampling profiler (py-spy).

Its main thread is looked at 200 times a second, from its first commit to its last. A sample belongs to the
innermost frame that is of one of the parts below; what the standard library does belongs to its caller. C code
that the event loop calls by itself (reading from sockets, asyncpg's decoding) is in "event loop". Samples that
are missing were idle. Percent of the time that passed.
"""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from infra.bench.figures import Figure, figure
from infra.bench.load import publish, reports
from infra.bench.throughput import incidents
from infra.stack.processes import bound
from infra.stack.system import System
from infra.stack.trouble import Trouble

RATE = 200  # samples a second
SHORTEST_S = 1.0
PATIENCE_S = 600.0
POLL_S = 0.25
SEED = 777

IDLE, OTHER, LOOP = "idle", "other", "event loop (uvloop)"
# Part -> what the files of its frames begin with; the first that fits counts.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Faust (faust, mode)", ("faust/", "mode/")),
    ("aiokafka", ("aiokafka/",)),
    ("asyncpg", ("asyncpg/",)),
    ("handle and decide", ("gridward/handle.", "gridward/domain/")),
    ("rows of the store", ("gridward/store/",)),
    ("JSON of events (wire, orjson)", ("gridward/wire.",)),
    ("sealing", ("gridward/crypto.", "cryptography/")),
    ("outbox", ("stream/outbox.",)),
    ("deadlines", ("stream/deadlines.",)),
    ("triage (delivery, batches)", ("stream/desk.", "stream/delivery.", "stream/batches.")),
    (
        "triage (classify, locate, assign)",
        ("stream/triage.", "stream/boundaries.", "gridward/policy/", "gridward/reports.", "geo/", "shapely/"),
    ),
    ("metrics and logs", ("gridward/metrics.", "gridward/logs.", "prometheus_client/", "structlog/")),
    (LOOP, ("uvloop/", "asyncio/runners.", "asyncio/base_events.", "asyncio/events.")),
    ("transport, progress, the rest of ours", ("stream/", "gridward/")),
)
_FRAME = re.compile(r".*\((?P<file>[^()]+)\)")


def measure(system: System, count: int) -> list[Figure]:
    """Raises Trouble when the profiler is missing or may not look at the worker."""
    system.worker.stop()
    before = incidents(system)
    asyncio.run(publish(system.addresses.kafka, reports(count, SEED)))
    system.worker.start()
    wait_for(system, before + 1)
    with tempfile.TemporaryDirectory(prefix="gridward-profile-") as folder:
        stacks = Path(folder) / "stacks"
        sampler = start(system.worker.pid, stacks)
        began = time.monotonic()
        try:
            wait_for(system, before + count)
            time.sleep(max(0.0, began + SHORTEST_S - time.monotonic()))
        finally:
            seconds = time.monotonic() - began
            sampler.send_signal(signal.SIGINT)
            said, _ = sampler.communicate(timeout=60)
        if not stacks.exists():
            raise refused(said)
        return shares(stacks.read_text().splitlines(), seconds * RATE)


def start(pid: int, out: Path) -> subprocess.Popen[str]:
    """The profiler, looking at `pid` when this returns. Raises Trouble."""
    program = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if program is None:
        raise Trouble("缺少 py-spy，请用 ./run bench 启动", "py-spy is missing: start this with ./run bench")
    options = ["--threads", "--format", "raw", "--rate", str(RATE), "--output", str(out), "--pid", str(pid)]
    sampler = subprocess.Popen(
        bound([program, "record", *options], None, signal.SIGKILL),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert sampler.stdout is not None
    said = ""
    for line in sampler.stdout:
        if "Sampling process" in line:
            return sampler
        said += line
    sampler.wait()
    raise refused(said)


def refused(said: str) -> Trouble:
    """One line that says why there is no profile."""
    reason = " ".join(said.split())
    if re.search(r"permi(ssion|tted)", reason, re.IGNORECASE):
        return Trouble(
            "此机不允许采样（ptrace），请以 root 或 CAP_SYS_PTRACE 运行",
            f"profiling is not permitted here: run as root or with CAP_SYS_PTRACE ({reason})",
        )
    return Trouble("采样失败", f"the profiler has failed: {reason}")


def wait_for(system: System, count: int) -> None:
    limit = time.monotonic() + PATIENCE_S
    while incidents(system) < count:
        if not system.worker.running:
            raise system.worker.died()
        if time.monotonic() > limit:
            raise RuntimeError(f"the worker has not come to {count} incidents in {PATIENCE_S:.0f} s")
        time.sleep(POLL_S)


def shares(stacks: Iterable[str], looks: float) -> list[Figure]:
    """Percent of each part, the largest first. A line of `stacks` is frames, outermost first, and a number."""
    counts: Counter[str] = Counter()
    for line in stacks:
        frames, _, times = line.rpartition(" ")
        if "MainThread" in frames.partition(";")[0]:
            counts[part_of(frames.split(";"))] += int(times)
    counts[IDLE] = max(0, round(looks) - counts.total())
    return [
        figure(f"worker's time: {part}", "%", [100 * times / counts.total()])
        for part, times in counts.most_common()
    ]


def part_of(frames: list[str]) -> str:
    """The part that the innermost frame of a known file belongs to."""
    for frame in reversed(frames):
        found = _FRAME.match(frame)
        file = found["file"] if found else ""
        for part, beginnings in PARTS:
            if file.startswith(beginnings):
                return part
    return OTHER

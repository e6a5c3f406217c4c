"""A small supervisor of its own process, run by tests: `python family.py FOLDER [one that dies [how many times]]`.

Starts three children that note in FOLDER/order when they were told to end, then looks after them. One that dies only so
many times may be started again.
"""

import sys
from pathlib import Path

from infra.stack.processes import Child, Program
from infra.stack.supervisor import Ended, Supervisor
from infra.stack.trouble import Trouble

NAMES = ("first", "second", "third")
LOYAL = 'trap "echo $1 >>$2; exit 0" TERM; echo up; while :; do sleep 0.05; done'
MORTAL = "sleep 1; echo the last words; exit 3"
# Each life leaves a letter; the last one lives on.
OFTEN = f"echo x >>$3; [ $(wc -l <$3) -gt $4 ] || {{ echo the last words; exit 3; }}; {LOYAL}"


def children(folder: Path, mortal: str | None, times: int | None) -> list[Child]:
    def child(name: str) -> Child:
        script = LOYAL if name != mortal else MORTAL if times is None else OFTEN
        argv = ["sh", "-c", script, "sh", name, str(folder / "order"), str(folder / "lives"), str(times)]
        return Child(Program(name, argv, folder / f"{name}.log", pid_file=folder / f"{name}.pid"))

    return [child(name) for name in NAMES]


def say(trouble: Trouble) -> None:
    sys.stderr.write(f"revived: {trouble.zh}\n")


def main(folder: Path, mortal: str | None = None, times: str | None = None) -> int:
    family = children(folder, mortal, int(times) if times else None)
    revivable = [child for child in family if times and child.name == mortal]
    try:
        with Supervisor() as supervisor:
            for child in family:
                supervisor.start(child)
            (folder / "started").touch()
            supervisor.run(revivable, say)
    except Ended:
        return 0
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 2


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))

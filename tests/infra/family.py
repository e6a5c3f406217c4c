"""A small supervisor of its own process, run by tests as a program: `python family.py FOLDER [one that dies]`.

Starts three children that note in FOLDER/order when they were told to end, then looks after them.
"""

import sys
from pathlib import Path

from infra.stack.processes import Child, Program
from infra.stack.supervisor import Ended, Supervisor
from infra.stack.trouble import Trouble

NAMES = ("first", "second", "third")
LOYAL = 'trap "echo $1 >>$2; exit 0" TERM; echo up; while :; do sleep 0.05; done'
MORTAL = "sleep 1; echo the last words; exit 3"


def children(folder: Path, mortal: str | None) -> list[Child]:
    def child(name: str) -> Child:
        script = MORTAL if name == mortal else LOYAL
        argv = ["sh", "-c", script, "sh", name, str(folder / "order")]
        return Child(Program(name, argv, folder / f"{name}.log", pid_file=folder / f"{name}.pid"))

    return [child(name) for name in NAMES]


def main(folder: Path, mortal: str | None) -> int:
    try:
        with Supervisor() as supervisor:
            for child in children(folder, mortal):
                supervisor.start(child)
            (folder / "started").touch()
            supervisor.run()
    except Ended:
        return 0
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 2


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))

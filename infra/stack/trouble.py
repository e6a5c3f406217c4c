"""What the person at the terminal can do something about: one clear line, never a traceback."""


class Trouble(Exception):
    """The stack cannot go on, and `str()` of this is the whole message: Chinese first, then English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} | {en}")
        self.zh = zh
        self.en = en

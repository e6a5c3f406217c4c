"""Saying things in Chinese or in English: the words of the glossary, names, and the marks between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.names import Names
from api.terms import Language, limit_in_words, term
from gridward.domain.limits import Limit


@dataclass(frozen=True, slots=True)
class Say:
    """One language with the names in force. Names, and what people typed, are in any language as they are."""

    language: Language
    names: Names

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def term(self, group: str, key: str | None) -> str:
        return term(group, key, self.language)

    def limit(self, limit: Limit) -> str:
        return limit_in_words(limit, self.language)

    def unit(self, code: str | None) -> str:
        if code == "desk":
            return self("派单席", "the dispatch desk")
        return self.names.unit(code) or code or self("未定单位", "no unit yet")

    def listed(self, words: Iterable[str]) -> str:
        return self("、", ", ").join(words)

    def parts(self, *words: str) -> str:
        """Parts of a sentence; empty ones are left out."""
        return self("，", ", ").join(word for word in words if word)

    def aside(self, words: str) -> str:
        """In brackets; nothing of nothing."""
        return self(f"（{words}）", f" ({words})") if words else ""

    def followed(self, words: str, by: str | None) -> str:
        """With what was written after a colon, if anything was."""
        return f"{words}{self('：', ': ')}{by}" if by else words

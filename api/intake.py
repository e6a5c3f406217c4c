"""From what was sent to what travels: checks that need the time or the policy, and what is odd, flagged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.characters import clean
from api.models.report import Report, Reporter
from api.problems import FieldError, invalid
from gridward.crypto import KeyRing
from gridward.domain.personal import Found, mask_text, mask_ticket
from gridward.domain.rules import CHINA
from gridward.policy.policy import Intake
from gridward.reports import Report as Travelling


@dataclass(frozen=True, slots=True)
class Door:
    """What every report is checked against at one moment."""

    now: datetime
    limits: Intake
    keys: KeyRing

    def admit(self, sent: Report, body_hash: bytes) -> Travelling:
        """The report as it goes on the bus: cleaned, numbers masked, people sealed.

        Raises `Problem` 422, or `Unavailable` without the keys.
        """
        text = clean(sent.text)
        address = clean(sent.address or "")
        errors = [*self._text_errors(text.text), *self._time_errors(sent.occurred_at)]
        if errors:
            raise invalid(errors)
        hidden, hidden_address = mask_text(text.text), mask_text(address.text)
        external, hidden_external = self._external(sent)
        found = (*hidden.found, *hidden_address.found, *hidden_external)
        nowhere = sent.lon == 0 and sent.lat == 0  # what a phone without a fix sends
        flags = {
            "bidi_removed": text.bidi_removed or address.bidi_removed,
            "clock_ahead": sent.occurred_at is not None and sent.occurred_at > self.now,
            "numbers_masked": bool(found),
            "place_zero": nowhere,
        }
        personal = personal_fields(sent.reporter, found)
        phone = str(personal.get("phone", ""))
        can_call = any(map(str.isdigit, phone))
        return Travelling(
            id=str(sent.id),
            text=hidden.text,
            source=sent.source,
            occurred_at=sent.occurred_at or self.now,
            received_at=self.now,
            body_hash=body_hash,
            lon=None if nowhere else sent.lon,
            lat=None if nowhere else sent.lat,
            accuracy_m=None if nowhere else sent.accuracy_m,
            crs=sent.crs,
            address=hidden_address.text or None,
            external=external,
            flags=tuple(flag for flag, is_so in flags.items() if is_so),
            same_as=str(sent.same_as) if sent.same_as else None,
            sealed=self.keys.seal(personal, phone if can_call else None) if personal else None,
        )

    def _external(self, sent: Report) -> tuple[dict[str, Any] | None, tuple[Found, ...]]:
        """The ticket of another system, as it is but for numbers that name a person; and those."""
        if sent.external is None:
            return None, ()
        today = self.now.astimezone(CHINA).date()
        system, number = (mask_ticket(text, today) for text in (sent.external.system, sent.external.number))
        ticket = sent.external.model_dump(mode="json")
        return {**ticket, "system": system.text, "number": number.text}, (*system.found, *number.found)

    def _text_errors(self, text: str) -> list[FieldError]:
        most = self.limits.text_max
        if not text:
            return [FieldError("text", "没有内容", "must not be empty")]
        if len(text) > most:
            return [
                FieldError(
                    "text",
                    f"有 {len(text)} 个字符，最多 {most} 个",
                    f"has {len(text)} characters, at most {most}",
                )
            ]
        return []

    def _time_errors(self, moment: datetime | None) -> list[FieldError]:
        if moment is None:
            return []
        if moment > self.now + self.limits.future_tolerance:
            return [FieldError("occurred_at", "发生时间在将来", "lies in the future")]
        if moment < self.limits.earliest:
            return [
                FieldError(
                    "occurred_at",
                    f"发生时间早于 {self.limits.earliest:%Y-%m-%d}，请检查设备时钟",
                    f"is earlier than {self.limits.earliest:%Y-%m-%d}",
                )
            ]
        return []


def personal_fields(reporter: Reporter | None, found: tuple[Found, ...]) -> dict[str, Any]:
    """Everything that names a person: what the reporter gave, and the numbers that stood in the text."""
    given = reporter.model_dump(exclude_none=True) if reporter else {}
    given = {key: stripped for key, value in given.items() if (stripped := clean(value).text)}
    if found:
        given["found"] = [{"kind": one.kind, "original": one.original} for one in found]
    return given

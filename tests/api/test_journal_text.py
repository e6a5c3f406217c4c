"""Lines of the journal as sentences: what a person must read is in them."""

from api.journal_text import sentence
from api.names import Names

NOBODY = Names()


def test_a_pause_says_what_became_of_an_extension_that_was_asked_for() -> None:
    fields = {"until": "2026-03-12T12:00:00+08:00", "reason": "等法院"}
    assert sentence("suspension_granted", fields, NOBODY) == "同意挂账至 2026-03-12：等法院"
    lapsed = sentence("suspension_granted", {**fields, "extension_lapsed": True}, NOBODY)
    assert lapsed == "同意挂账至 2026-03-12，未答复的延期申请作废（恢复办理后可再申请）：等法院"

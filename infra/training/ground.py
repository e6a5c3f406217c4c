"""What there is to learn from on this machine: our own reports, the shared texts where they are, what a centre adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.training.examples import OURS, Example, labelled_messages, ours, read_examples, read_messages

MESSAGES = ("messages_seven_labels.jsonl", "messages_unlabelled.jsonl", "messages_with_replies.jsonl")
COMPLAINTS = "gold_dev.jsonl"
# The words of the policy were weighed by looking at these; what both say together is calibrated by the others.
SEEN_BY_THE_WORDS = frozenset(
    {
        "gold_dev",
        "field_mixed",
        "field_hotline",
        "field_resident",
        "field_southwest_grid",
        "field_north_coast_grid",
    }
)
# Written to be hard (indirect, near a neighbour, mere phrases): good to learn from, no measure of how sure to be.
HARD_ON_PURPOSE = frozenset(
    {
        "field_grid_jiangnan",
        "field_grid_more",
        "field_hotline_more",
        "field_neighbours",
        "field_phrases",
        "field_resident_more",
        "field_urgent_indirect",
    }
)


@dataclass(frozen=True, slots=True)
class Material:
    examples: list[Example]
    unlabelled: list[str]  # normalised texts


def gather(texts: Path, more: Sequence[Path] = ()) -> Material:
    """`texts`: the folder of the shared texts; what is not there is done without. Raises `Refused`."""
    paths = [texts / name for name in MESSAGES if (texts / name).exists()]
    messages = read_messages(paths)
    read = read_examples(texts / COMPLAINTS) if (texts / COMPLAINTS).exists() else []
    known = {one.id for one in read}
    others = {id: text for id, text in messages.items() if id not in known}
    labelled = labelled_messages(OURS / "message_labels.csv", others)
    examples = [*read, *labelled, *ours(), *(one for path in more for one in read_examples(path))]
    known |= {one.id for one in labelled}
    return Material(examples, [text for id, text in others.items() if id not in known])


def tells_urgency(one: Example) -> bool:
    """Whether the likelihood of urgency is read from it. Only the readers of these sets had its definition beside them;
    later ones called less of the same urgent.
    """
    return one.origin in SEEN_BY_THE_WORDS


def tells_how_sure(one: Example) -> bool:
    """Whether surety is read from it: neither easier than the field, nor harder."""
    return one.origin not in SEEN_BY_THE_WORDS and one.origin not in HARD_ON_PURPOSE

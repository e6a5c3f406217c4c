"""Who acted, as it goes on the journal, which can never be erased: no phone or identity number, no resident's name."""

from api.models.actor import ActorBody
from gridward.crypto import KeyRing
from gridward.domain.draft import Actor
from gridward.domain.personal import mask_text


def actor_of(sent: ActorBody, incident_id: str, keys: KeyRing) -> Actor:
    """The person that `sent` names. A resident is a reference, the same one within an incident and no other.

    Raises `Unavailable` without the keys.
    """
    if sent.role == "reporter":
        # A resident acts for no unit: a number in its place is not a unit's code.
        unit = mask_text(sent.unit).text if sent.unit else None
        return Actor(keys.reference(sent.id, incident_id), sent.role, unit)
    name = mask_text(sent.name).text if sent.name else None
    return Actor(mask_text(sent.id).text, sent.role, sent.unit, name)

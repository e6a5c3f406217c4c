"""Who acted, as it goes on the journal, which can never be erased: no phone or identity number, no resident's name."""

from api.models.actor import ActorBody
from gridward.crypto import KeyRing
from gridward.domain.draft import Actor
from gridward.domain.incident import Incident
from gridward.domain.personal import mask_text


def actor_of(sent: ActorBody, incident: Incident, keys: KeyRing) -> Actor:
    """The person that `sent` names. A resident is a reference, the same one within an incident and no other.

    Raises `Unavailable` without the keys.
    """
    id = keys.person(sent.id)
    if sent.role == "reporter":
        # A resident acts for no unit: a number in its place is not a unit's code.
        unit = mask_text(sent.unit).text if sent.unit else None
        # Whoever handled it is still known by that: nobody verifies their own work by calling themselves a resident.
        is_handler = any(id in task.handlers for task in incident.tasks)
        return Actor(id if is_handler else keys.reference(sent.id, incident.id), sent.role, unit)
    name = mask_text(sent.name).text if sent.name else None
    return Actor(id, sent.role, sent.unit, name)

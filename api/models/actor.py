"""Who acts, as they say themselves until there are accounts."""

from typing import Annotated, Literal

from pydantic import Field

from api.models.fields import Body, Text, UnitCode


class ActorBody(Body):
    """A person. What the machine does cannot be claimed.

    On record go neither phone nor identity numbers; of a reporter a reference, and no name.
    """

    id: Annotated[Text, Field(min_length=1, max_length=64, examples=["desk-1"])]
    name: Annotated[Text | None, Field(max_length=40)] = None
    role: Literal["desk", "chief", "leader", "unit", "worker", "reporter"]
    unit: UnitCode | None = Field(None, description="The unit that they act for")

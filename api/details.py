"""One incident in full: its text, its journal, why it was decided so, and what can be done now.

Only for those who may read it: who does is asked in `api.viewers`, and what others see is in `api.guarded`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from api.legal_basis import basis_view
from api.linked import now_of, repeat_view, without
from api.names import Names
from api.possible import possible_actions
from api.terms import limit_in_words, term
from api.views import View, entry_view, incident_view
from gridward.crypto import KeyRing
from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused
from gridward.domain.incident import Incident
from gridward.domain.limits import Limit
from gridward.domain.personal import mask_id_number, mask_name, mask_phone
from gridward.domain.rules import DeadlineKind, Rules
from gridward.store.queries import Full

CHOICES = 3  # of categories and grids that the desk is offered


def detail_view(
    full: Full,
    rules: Rules,
    names: Names,
    keys: KeyRing,
    others: Mapping[str, Incident] | None = None,
    hidden: Collection[str] = (),
    *,
    at_desk: bool = True,
) -> View:
    """IncidentDetail. The reporter is masked; who must know more asks for it and says why.

    `at_desk`: whoever reads sits there, and is shown a body that came second under the same number and may be sensitive
    though the incident is not.

    `others` gives each incident in `others_in` and `alike_in`, by id, but those that are `hidden` from whoever handles
    this one.
    """
    row, others, view = full.row, others or {}, incident_view(full.incident, names, hidden)
    return {
        **view,
        "report_id": str(row["report_id"]),
        "text": row["text"],
        "address": row["address"],
        "accuracy_m": row["accuracy_m"],
        "flags": list(row["flags"]),
        "external": row["external"],
        "reporter": masked_reporter(full, keys),
        "journal": [
            entry_view(entry, names, hidden, hide_typed=not at_desk and _is_the_desks(entry))
            for entry in full.journal
        ],
        "numbers": {id: other.number for id, other in others.items()},
        "repeat": repeat_view(full.journal, others),
        "why": explanation(full, rules, names, others, hidden),
        "possible": possible_actions(full.incident, rules),
        "category_choices": category_choices(row["why"], names),
        "grid_choices": [
            {"code": code, "name": names.grid(code) or code} for code in row["grid_candidates"][:CHOICES]
        ],
        "withheld": None,
    }


def _is_the_desks(entry: Mapping[str, Any]) -> bool:
    return bool(entry["type"] == "report_conflicted" and entry["event"].get("sensitive"))


def explanation(
    full: Full, rules: Rules, names: Names, others: Mapping[str, Incident], hidden: Collection[str] = ()
) -> View:
    """What the machine found and by which rule, boundary and words; and the limits that followed. Nothing of the other
    incidents that are `hidden` from whoever handles this one.

    `others` gives those of `alike_in`, by id.
    """
    why = without(full.row["why"], hidden)
    category = why.get("category") or {}
    place, unit = why.get("place") or {}, why.get("unit") or {}
    return {
        "category": {
            **category,
            "name": names.category(category.get("code")),
            "alternatives": [c for c in category_choices(why, names) if c["code"] != category.get("code")],
        },
        "place": {**place, "name": names.grid(place.get("grid")), "grids": grids_of(why, names)},
        "unit": {**unit, "name": names.unit(unit.get("unit")), "text_zh": unit.get("text")},
        "basis": basis_view(full.incident.category, names),
        "raised": [{"text_zh": line} for line in _raised(why)],
        "repeat": why.get("repeat"),
        "raises": why.get("raises"),
        "told": [_told(one, names) for one in why.get("told") or ()],
        "similar": [_repeat(one, names, others) for one in why.get("similar") or ()],
        "joined": _repeat(why["joined"], names, others) if why.get("joined") else None,
        "limits": limits_of(full.incident, rules),
        "versions": versions_of(full),
    }


def versions_of(full: Full) -> View:
    """Of policy and boundaries: which hold for it now, and which triage went by."""
    return {
        "policy": full.incident.rules_version,
        "policy_at_receipt": full.row["policy_version"],
        "boundary": full.row["boundary_version"],
    }


def grids_of(why: dict[str, Any], names: Names) -> list[View]:
    """The grids that the matter lies in: its own first, then one of each other area that it is about."""
    own = (why.get("place") or {}).get("grid")
    codes = dict.fromkeys([own] if own else [])
    for code in (why.get("unit") or {}).get("across") or ():
        if own is None or not code.startswith(own[:12]):
            codes[code] = None
    return [{"code": code, "name": names.grid(code)} for code in codes]


def _raised(why: dict[str, Any]) -> list[str]:
    """What made it graver than its kind: a line for each rule that its text, or repetition, fulfilled."""
    return list(((why.get("attributes") or {}).get("raised") or {}).get("text") or ())


def _told(one: dict[str, Any], names: Names) -> View:
    """A level that was told because of what the text says; without a unit nobody could be."""
    unit = names.unit(one["unit"]) or "本辖区没有可告知的单位"
    return {
        **one,
        "level_zh": term("areas", one["level"]),
        "unit_name": names.unit(one["unit"]),
        "text_zh": f"告知{term('areas', one['level'])}（{unit}）：{one['text']}",
    }


def _repeat(one: dict[str, Any], names: Names, others: Mapping[str, Incident]) -> View:
    """Another incident that this one may repeat, or was joined to at once: what made them alike, and how it is now."""
    alike = {**one, "category_name": names.category(one.get("category"))}
    other = others.get(one["id"])
    return alike | (now_of(other, names) if other else {})


def limits_of(incident: Incident, rules: Rules) -> View:
    """What the class of the matter grants and allows, and each deadline that was set by it."""
    rule = rules.classes.get(incident.limit_class)
    granted: dict[str, Limit | None] = {
        "accept": rule.accept if rule else None,
        "contact": rule.contact if rule else None,
        "finish": incident.finish_limit or (rule.finish if rule else None),
    }
    named = [
        f"{term('deadlines', kind)} {limit_in_words(limit)}"
        for kind, limit in granted.items()
        if limit is not None
    ]
    return {
        "text_zh": f"{incident.limit_class} 类：{'，'.join(named)}",
        "limit_class": incident.limit_class,
        "may_return": bool(rule and rule.may_return),
        "may_extend": bool(rule and rule.may_extend),
        "external_due": incident.external_due,
        "desk": str(rules.desk[incident.severity]),
        DeadlineKind.VERIFY.value: str(rules.verify_within),
        **{kind: str(limit) if limit else None for kind, limit in granted.items()},
    }


def category_choices(why: dict[str, Any], names: Names) -> list[View]:
    """The machine's best guesses that can still be chosen, with the words that spoke for each.

    `share`: its part of the model's belief, which ranks them; how likely the guess is right is another figure.
    """
    found = (why.get("category") or {}).get("alternatives") or []
    choices = [_choice(alternative, names) for alternative in found[:CHOICES]]
    return [choice for choice in choices if choice["name"]]


def _choice(alternative: list[Any], names: Names) -> View:
    code, share, words = (*alternative, None, None)[:3]
    return {
        "code": code,
        "name": names.category_in_force(code),
        "share": share,
        "words": list(words) if isinstance(words, list | tuple) else [],
    }


def personal_of(full: Full, keys: KeyRing) -> dict[str, Any]:
    """The reporter's data in clear. Raises `Refused` when they were erased or their key was destroyed."""
    row = full.personal
    if row is None:
        return {}
    if row["ciphertext"] is None:
        raise Refused("the personal data were erased")
    return keys.open_sealed(Sealed(row["key_id"], row["ciphertext"], row["caller_hash"]))


def masked_reporter(full: Full, keys: KeyRing) -> View | None:
    """`张*`, `138****5678`; None when nobody was named; `state` erased when it can no longer be read."""
    if full.personal is None:
        return None
    try:
        person = personal_of(full, keys)
    except Refused:
        return {"name": None, "phone": None, "id_number": None, "state": "erased"}
    hide = {"name": mask_name, "phone": mask_phone, "id_number": mask_id_number}
    shown = {key: mask(person[key]) if person.get(key) else None for key, mask in hide.items()}
    return {**shown, "state": "sealed"}

"""What is it, where is it, whose is it: a batch of reports becomes commands for `handle`.

Unsure at any step, a report goes to the dispatch desk with the reason; nothing is guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from geo.crs import points_in_wgs84
from geo.verdict import MOST_CANDIDATES
from gridward.domain.commands import Command, Facts, Move, Sealed
from gridward.domain.draft import MACHINE, When
from gridward.domain.events import Dispatched, Doubt, LevelTold, Queued, ReportConflicted, Reported
from gridward.domain.incident import Card
from gridward.domain.place import GridMatch, Locator, Point
from gridward.policy.accused import accused_units
from gridward.policy.across import across, is_across
from gridward.policy.assign import Assignment, Case, assign, without
from gridward.policy.attributes import Attributes
from gridward.policy.called import called
from gridward.policy.classify import Classification, classify
from gridward.policy.gazetteer import Gazetteer
from gridward.policy.nearby import Near, beside
from gridward.policy.policy import Category, Policy
from gridward.policy.raises import Standing, raised
from gridward.policy.tells import Told, called_ahead, levels_to_tell
from gridward.policy.wherever import agreed, may_lie_anywhere, needs_no_place, without_a_place
from gridward.reports import Report
from gridward.wire import EXCERPT_LENGTH
from stream.nearby import near_places
from stream.placing import Placed, place_by_words, told
from stream.reasons import Grounds, why_of

# An incident's id follows from its report's, so that the same report cannot open two.
INCIDENTS = UUID("6f0d2d0e-6f4e-5c0a-9b57-0e4b1c9d7a31")

_PLACE_DOUBTS = {
    "no_place": Doubt.NO_PLACE,
    "outside": Doubt.NO_GRID,
    "overlap": Doubt.AMBIGUOUS_GRID,
}


def incident_id_of(report_id: str) -> str:
    return str(uuid5(INCIDENTS, report_id))


def triage(
    reports: Sequence[Report],
    policy: Policy,
    locator: Locator,
    numbers: Sequence[str],
    resealed: Sequence[Sealed | None],
    when: When,
    classes: Sequence[Classification] | None = None,
    gazetteer: Gazetteer | None = None,
) -> list[Command]:
    """One command for each report, in order. `numbers` are the incidents', `resealed` what may rest of people;
    `classes` what they are about, where that was found out before; `gazetteer` policy's places with those of the
    boundary set, policy's alone when it is left out.
    """
    if classes is None:
        classes = classify([report.text for report in reports], policy)
    located = locate(reports, locator, policy.nearest_within_m)
    places = place_by_words(reports, located, policy, locator, gazetteer or policy.gazetteer)
    near = near_places(reports, classes, [at.point for at in places], locator, policy)
    asked = (
        Asked(report, found, at, nearby, policy.attributes.read(report.text), policy)
        for report, found, at, nearby in zip(reports, classes, places, near, strict=True)
    )
    return [
        told(command_for(one, locator.version, number, sealed, when), one.at)
        for one, number, sealed in zip(asked, numbers, resealed, strict=True)
    ]


def locate(
    reports: Sequence[Report], locator: Locator, nearest_within_m: float
) -> list[tuple[Point | None, GridMatch]]:
    """Each report's place in WGS 84 and the grid that holds it, or is near enough by policy."""
    points = places_of(reports)
    return list(zip(points, locator.locate(points, nearest_within_m), strict=True))


def places_of(reports: Sequence[Report]) -> list[Point | None]:
    points = [
        Point(report.lon, report.lat, report.accuracy_m)
        if report.lon is not None and report.lat is not None
        else None
        for report in reports
    ]
    return points_in_wgs84(points, [report.crs for report in reports])


@dataclass(frozen=True, slots=True)
class Asked:
    """A report with all that decides whose it is: likeliest kind, place, what is near, what its text tells."""

    report: Report
    found: Classification
    at: Placed
    near: Near
    read: Attributes
    policy: Policy

    @property
    def category(self) -> Category | None:
        """None while its kind is in doubt."""
        code = self.found.code
        return self.policy.categories.get(code) if code and not self.found.doubt else None

    @property
    def grid(self) -> str | None:
        """The one that decides. A matter between two areas needs none of its own: who stands over both is known by
        their names.
        """
        category, grid, areas = self.category, self.at.match.grid, self.at.areas
        if category is not None and grid is None and is_across(category.code, areas, self.policy):
            return areas[0].grid
        return grid


def command_for(
    asked: Asked, boundary_version: int, number: str, sealed: Sealed | None, when: When
) -> Command:
    report, found, policy, category = asked.report, asked.found, asked.policy, asked.category
    match, grid = asked.at.match, asked.grid
    standing = standing_of(asked)
    case = Case(standing.severity, report.received_at)
    assignment = whose_is_it(category, grid, asked, case) if category else None
    # Whom to tell, and whom the text accuses by a word for its kind, are the same there as where it lies.
    spot = grid or (match.candidates[0] if assignment is not None and match.candidates else None)
    doubts = doubts_of(found, None if assignment or grid else match)
    accused = accused_units(report.text, category.code if category else None, spot, policy)
    if assignment is not None and assignment.unit is None:
        doubts.append(Doubt.NO_UNIT)
    if assignment is not None and assignment.limit_class is not None:
        standing = standing_of(asked, assignment.limit_class)
    reported = Reported(
        report.id,
        category.code if category else None,
        standing.severity,
        standing.limit_class,
        standing.finish_limit,
        bool(accused) or sensitive(category, found, policy),
        match.grid,
        report.external_due,
    )
    second = (
        Queued(tuple(doubts))
        if doubts or assignment is None or assignment.unit is None
        else Dispatched(assignment.unit, assignment.joint)
    )
    incident_id = incident_id_of(report.id)
    out = [one.unit for one in accused]
    about = (found.code, asked.read, report.received_at, spot, out, policy, found.danger)
    tells = levels_to_tell(*about)
    if isinstance(second, Queued):
        tells = (*tells, *called_ahead(*about))
    grounds = Grounds(found, match, assignment, accused, asked.read, standing, tells)
    return Command(
        key=f"report:{report.id}",
        moves=(Move(incident_id, reported), Move(incident_id, second), *telling(incident_id, tells)),
        actor=MACHINE,
        when=when,
        body_hash=report.body_hash,
        opens=facts_of(asked, grounds, boundary_version, number, sealed),
        if_other_body=conflict_of(report, asked.at.point, reported.sensitive),
    )


def whose_is_it(category: Category, grid: str | None, asked: Asked, case: Case) -> Assignment | None:
    """Who leads and who joins. Without a grid: whoever would wherever it lies, as far as policy lets it go out so; None
    where the desk must choose the place first.
    """
    policy, match = asked.policy, asked.at.match
    if grid is not None:
        return _assigned(category.code, grid, asked, case)
    if match.candidates:
        # A list of the greatest length may have been cut.
        if not may_lie_anywhere(case.severity, policy) or len(match.candidates) >= MOST_CANDIDATES:
            return None
        return agreed([_assigned(category.code, spot, asked, case) for spot in match.candidates])
    if match.how != "no_place" or not needs_no_place(category, case.severity, policy):
        return None
    if accused_units(asked.report.text, category.code, None, policy):
        return None  # who stands in for an accused unit is found by the place
    found = without_a_place(category.code, case, policy)
    return found and _called(found, category.code, None, asked)


def _assigned(category: str, grid: str, asked: Asked, case: Case) -> Assignment:
    policy = asked.policy
    found = assign(category, grid, policy, case)
    found = beside(found, category, grid, asked.near, case.moment, policy)
    found = across(found, category, asked.at.areas, case, policy)
    found = _called(found, category, grid, asked)
    accused = accused_units(asked.report.text, category, grid, policy)
    return without(found, category, grid, accused, policy)


def _called(found: Assignment, category: str, grid: str | None, asked: Asked) -> Assignment:
    moment = asked.report.received_at
    return called(found, category, grid, asked.read, moment, asked.policy, asked.found.danger)


def telling(incident_id: str, tells: Sequence[Told]) -> Iterator[Move]:
    """What goes on the journal and out as an event for each level that somebody speaks for."""
    for one in tells:
        if one.unit is not None:
            yield Move(incident_id, LevelTold(one.level, one.unit, one.why))


def standing_of(asked: Asked, limit_class: str | None = None) -> Standing:
    """How grave it is, under which limits. `limit_class`: what the responsibility rule names, if any.

    How grave it is does not depend on that, and must be known to find the rule. The likeliest kind counts even where
    it is doubted: a brawl of thirty does not wait for the desk to name it.
    """
    found, category, policy = asked.found, asked.category, asked.policy
    start = Standing(
        found.severity,
        limit_class or (category.limit_class if category else unsure_class(found, policy)),
        category.finish_limit if category and limit_class is None else None,
    )
    return raised(start, found.code, asked.read, asked.report.received_at, policy, found.danger)


def conflict_of(report: Report, place: Point | None, is_sensitive: bool) -> ReportConflicted:
    """What the desk must read of this report when its id was handled with another body before."""
    return ReportConflicted(
        report.id,
        report.body_hash.hex(),
        report.text,
        report.address,
        place.lon if place else None,
        place.lat if place else None,
        report.source,
        report.occurred_at,
        is_sensitive,
    )


def doubts_of(found: Classification, unplaced: GridMatch | None) -> list[Doubt]:
    """`unplaced`: how its place was looked for, where the desk must choose the grid."""
    doubts: list[Doubt] = []
    if found.doubt or found.code is None:
        doubts.append(Doubt(found.doubt or Doubt.NO_CATEGORY))
    if unplaced is not None:
        doubts.append(_PLACE_DOUBTS[unplaced.how])
    return doubts


def unsure_class(found: Classification, policy: Policy) -> str:
    """The limits until the desk has named the kind: the urgent ones where words of danger were heard."""
    return policy.urgent_class if found.urgent else policy.unsure.limit_class


def sensitive(category: Category | None, found: Classification, policy: Policy) -> bool:
    """Whether only the handling chain may read the text.

    When the kind is unsure, it is if a sensitive candidate leads, or has the share of the leader's score that policy
    names: a far-fetched guess must not hide an emergency from those who look for it. What its words hide is hidden
    under any kind.
    """
    if found.hidden:
        return True
    if category is not None:
        return category.sensitive
    enough = policy.unsure.sensitive_share * max((score for _, score, _ in found.alternatives), default=0.0)
    return any(policy.categories[code].sensitive and score >= enough for code, score, _ in found.alternatives)


def facts_of(
    asked: Asked, grounds: Grounds, boundary_version: int, number: str, sealed: Sealed | None
) -> Facts:
    report, place, policy = asked.report, asked.at.point, asked.policy
    card = Card(
        report.id,
        report.source,
        report.received_at,
        report.occurred_at,
        report.text[:EXCERPT_LENGTH],
        place.lon if place else None,
        place.lat if place else None,
        grounds.match.candidates,
    )
    return Facts(
        number=number,
        card=card,
        text=report.text,
        address=report.address,
        accuracy_m=report.accuracy_m,
        external=report.external,
        flags=report.flags,
        boundary_version=boundary_version,
        policy_version=policy.version,
        why=why_of(report, grounds, policy, boundary_version),
        sealed=sealed,
    )

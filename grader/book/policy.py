"""What lateness costs and which assignments are dropped: a small declared policy, applied to what a student got.

Pure: grader/policy_reading.py reads policies from files and options. An override is a person's word: no penalty is
taken off it, however late the submission was.
"""

import datetime
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec

from grader.standing import Standing

EVERY = "*"  # in the place of an assignment's name: all that have no date of their own
UNIT_S = {"hour": 3_600, "day": 86_400}
DECIMALS = 6  # of points: 0.1 three times is 0.3


class Policy(msgspec.Struct, frozen=True):
    """When assignments are due, what it costs to be late, and how many of the lowest don't count.

    due: by assignment, in UTC. extensions: by assignment, then by student: their own due date, where it is later.
    grace_s: how long after the due date still counts as in time; who is later than that is late since the due date.
    penalty: the share taken off for every started unit (`per`) since the due date. of: of which points this is a share:
    of the possible ones, as Canvas takes it ("How do I apply a Late Submission policy in the Gradebook?" in its
    instructor guide), or of those that were earned. maximum: the share that is taken off at most. cut_off_s: what is
    later than this counts 0 points; None for no such limit. drop_lowest: how many assignments of a student's don't
    count towards the total: those with the lowest share of their possible points, but one is always kept.
    """

    due: dict[str, datetime.datetime] = {}
    extensions: dict[str, dict[str, datetime.datetime]] = {}
    grace_s: float = 0
    penalty: float = 0
    per: Literal["day", "hour"] = "day"
    of: Literal["possible", "earned"] = "possible"
    maximum: float = 1
    cut_off_s: float | None = None
    drop_lowest: int = 0


class Total(msgspec.Struct, frozen=True):
    """What one student has of all assignments together, without the dropped ones."""

    student: str
    name: str
    email: str
    points: float
    possible: float
    dropped: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Of the possible points, from 0 to 1, or more with extra points; 0 if there are none."""
        return self.points / self.possible if self.possible else 0.0


def with_policy(standing: Standing, policy: Policy) -> Standing:
    """The standing with what the policy makes of it: how late it was, the penalty, and the points that count."""
    late_s = lateness_s(standing, policy)
    if standing.override is not None:
        return msgspec.structs.replace(standing, late_s=late_s, penalty=0.0, points=standing.override.points)
    if standing.automatic is None:
        return msgspec.structs.replace(standing, late_s=late_s, penalty=0.0, points=None)
    penalty = penalty_for(late_s, standing.automatic, standing.possible, policy)
    points = round(max(0.0, standing.automatic - penalty), DECIMALS)
    return msgspec.structs.replace(standing, late_s=late_s, penalty=penalty, points=points)


def lateness_s(standing: Standing, policy: Policy) -> float:
    """How long after its due date it was handed in; 0 if in time or within the grace period, or if either is unknown.

    The doubt is the student's: a submission whose time nobody knows is not called late.
    """
    due = due_date(policy, standing.assignment, standing.student)
    if due is None or not standing.handed_in:
        return 0.0
    late_s = (datetime.datetime.fromisoformat(standing.handed_in) - due).total_seconds()
    return late_s if late_s > max(0.0, policy.grace_s) else 0.0


def due_date(policy: Policy, assignment: str, student: str) -> datetime.datetime | None:
    """When a student has to hand in an assignment: an extension counts where it is later than the due date."""
    dates = [policy.due.get(assignment, policy.due.get(EVERY)), policy.extensions.get(assignment, {}).get(student)]
    return max((date for date in dates if date is not None), default=None)


def penalty_for(late_s: float, points: float, possible: float, policy: Policy) -> float:
    """The points that are taken off for being late: never more than there are."""
    if late_s <= 0:
        return 0.0
    if policy.cut_off_s is not None and late_s > policy.cut_off_s:
        return max(0.0, points)
    share = min(math.ceil(late_s / UNIT_S[policy.per]) * policy.penalty, policy.maximum)
    return round(min(share * (possible if policy.of == "possible" else points), max(0.0, points)), DECIMALS)


def totals(assignments: Mapping[str, Sequence[Standing]], policy: Policy) -> list[Total]:
    """What every student has of all assignments together, in the order of their ids.

    assignments: the standings of each, with the policy applied. What was not handed in, or not graded, counts 0 of what
    others could get there; an assignment in which nobody could get anything is left out.
    """
    possible = {name: max((s.possible for s in standings), default=0.0) for name, standings in assignments.items()}
    by_student: dict[str, dict[str, Standing]] = {}
    for name, standings in assignments.items():
        for standing in standings:
            by_student.setdefault(standing.student, {})[name] = standing
    counted = {name: amount for name, amount in possible.items() if amount > 0}
    return [total_of(student, theirs, counted, policy) for student, theirs in sorted(by_student.items())]


def total_of(student: str, theirs: Mapping[str, Standing], possible: Mapping[str, float], policy: Policy) -> Total:
    """One student's total. possible: the points of every assignment that counts."""
    points = {name: (theirs[name].points or 0.0) if name in theirs else 0.0 for name in possible}
    # What has a standing of its own has its own possible points: the course may have changed since it was graded.
    of = {name: (theirs[name].possible if name in theirs else 0.0) or amount for name, amount in possible.items()}
    dropped = lowest({name: points[name] / of[name] for name in possible}, policy.drop_lowest)
    kept = [name for name in possible if name not in dropped]
    return Total(
        student=student,
        name=next((standing.name for standing in theirs.values() if standing.name), ""),
        email=next((standing.email for standing in theirs.values() if standing.email), ""),
        points=round(sum(points[name] for name in kept), DECIMALS),
        possible=round(sum(of[name] for name in kept), DECIMALS),
        dropped=dropped,
    )


def lowest(shares: Mapping[str, float], count: int) -> tuple[str, ...]:
    """The names of the `count` lowest, but never of all; of equal ones the first by name."""
    return tuple(sorted(shares, key=lambda name: (shares[name], name))[: max(0, min(count, len(shares) - 1))])


def unknown_names(policy: Policy, assignments: Collection[str], students: Collection[str]) -> tuple[str, ...]:
    """The names in a policy's dates that the gradebook doesn't know: a misspelt one would be a date for nobody."""
    named = [name for name in (*policy.due, *policy.extensions) if name != EVERY and name not in assignments]
    people = [student for part in policy.extensions.values() for student in part if student not in students]
    return tuple(dict.fromkeys(named + people))


def in_words(policy: Policy) -> tuple[str, ...]:
    """The policy for readers, one sentence each; nothing if it changes nothing."""
    sentences = []
    if policy.penalty:
        base = "possible" if policy.of == "possible" else "earned"
        most = f", at most {100 * policy.maximum:.4g} %" if policy.maximum < 1 else ""
        cost = f"{100 * policy.penalty:.4g} % of the {base} points{most}"
        sentences.append(f"Every started {policy.per} after the due date costs {cost}.")
    if policy.cut_off_s is not None:
        sentences.append(f"What is more than {span(policy.cut_off_s)} late counts 0 points.")
    if policy.grace_s and sentences:
        sentences.append(f"Up to {span(policy.grace_s)} after the due date is in time.")
    if sentences:
        sentences.append("Nothing is taken off points that a person has given (an override).")
    if policy.drop_lowest:
        what = "assignment does" if policy.drop_lowest == 1 else f"{policy.drop_lowest} assignments do"
        sentences.append(f"The lowest {what} not count towards a student's total; one always does.")
    return tuple(sentences)


def span(seconds: float) -> str:
    """A length of time in its largest unit."""
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            amount = f"{seconds / size:.4g}"
            return f"{amount} {name}" if amount == "1" else f"{amount} {name}s"
    return f"{seconds:.4g} seconds"

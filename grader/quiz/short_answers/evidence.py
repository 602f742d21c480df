"""What in an answer speaks for an idea, and what against it: the numbers from which its probability is calculated."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.quiz.short_answers.engines import Engine
from grader.quiz.short_answers.guards import About, contradiction, is_out_of_order, is_swapped, subjects_of
from grader.quiz.short_answers.rubric import Idea, Passage, Rubric
from grader.quiz.short_answers.words import Clause

LONGEST_PASSAGE = 2  # clauses: an idea may take two, and a whole answer is no idea
MOST = 1.5
SAID_AGAIN = 0.5  # of similarity, from which on the opposite counts that is said elsewhere


@dataclass(frozen=True)
class Evidence:
    """For one idea, from the passage that speaks most for it. All numbers but the last are 0 or more, most below 1.

    guarded: its similarity to a phrasing, less what contradicts it. support: the same for the phrasing that comes
    second. pooled: how many of the idea's words it has, whichever phrasings they are from. rival: the most that speaks
    there for an idea of the other kind (a wrong statement, if this is a key point, and the other way round). elsewhere:
    the most that the passage says for another idea of the same kind. is_denied: whether another passage, or the
    neighbouring clause, says the opposite. place: None if nothing speaks for the idea.
    """

    guarded: float = 0.0
    support: float = 0.0
    pooled: float = 0.0
    rival: float = 0.0
    elsewhere: float = 0.0
    is_denied: bool = False
    place: tuple[int, int] | None = None

    @property
    def features(self) -> tuple[float, ...]:
        """The numbers of which FEATURES are the names."""
        beaten = max(0.0, self.rival - self.guarded)
        return self.guarded, self.support, self.pooled, self.rival, beaten, self.elsewhere, float(self.is_denied)


FEATURES = ("guarded", "support", "pooled", "rival", "beaten", "elsewhere", "is_denied")


@dataclass(frozen=True)
class Weighed:
    """What one passage says about one idea. against: the most that it says against it, in the words for it."""

    guarded: float
    support: float
    pooled: float
    against: float


def evidence_of(clauses: Sequence[Clause], rubric: Rubric, engine: Engine) -> tuple[list[Evidence], list[Evidence]]:
    """The evidence for each key point, and for each wrong statement."""
    passages = passages_of(clauses)
    ideas = [*rubric.points, *rubric.wrong]
    split = len(rubric.points)
    if not passages:
        return [Evidence()] * split, [Evidence()] * (len(ideas) - split)
    table = engine.similarities(passages, [phrasing for idea in ideas for phrasing in idea.phrasings], rubric)
    about = subjects_of(clauses, rubric)
    weighed, start = [], 0
    for idea in ideas:
        end = start + len(idea.phrasings)
        rows = zip(passages, table, strict=True)
        weighed.append([weigh(passage, idea, row[start:end], rubric, about) for passage, row in rows])
        start = end
    points, wrong = weighed[:split], weighed[split:]
    return (
        [best(passages, of, rivals=wrong, others=[one for one in points if one is not of]) for of in points],
        [best(passages, of, rivals=points, others=[one for one in wrong if one is not of]) for of in wrong],
    )


def passages_of(clauses: Sequence[Clause]) -> list[Passage]:
    """Each clause, and each row of up to LONGEST_PASSAGE of them, if there are words of content in it."""
    return [
        Passage(tuple(clauses[first : last + 1]), first)
        for first in range(len(clauses))
        for last in range(first, min(first + LONGEST_PASSAGE, len(clauses)))
        if any(clause.words for clause in clauses[first : last + 1])
    ]


def best(
    passages: list[Passage], of: list[Weighed], rivals: list[list[Weighed]], others: list[list[Weighed]]
) -> Evidence:
    """The evidence for one idea, given what each passage says about it and about the other ones."""
    i = max(range(len(passages)), key=lambda i: of[i].guarded)
    near = [j for j, passage in enumerate(passages) if touch(passage, passages[i])]
    far = [j for j in range(len(passages)) if j not in near]
    rival = max((rival[j].guarded for rival in rivals for j in near), default=0.0)
    around = max((of[j].against for j in near if len(passages[j].clauses) > 1), default=0.0)
    return Evidence(
        guarded=of[i].guarded,
        support=of[i].support,
        pooled=of[i].pooled,
        rival=rival,
        elsewhere=max((other[i].guarded for other in others), default=0.0),
        is_denied=any(of[j].against > max(SAID_AGAIN, of[j].guarded) for j in far)
        or around > (SAID_AGAIN if rival > of[i].guarded else of[i].guarded),
        place=passages[i].place if of[i].guarded else None,
    )


def touch(one: Passage, other: Passage) -> bool:
    """Whether two passages share a clause."""
    return one.first <= other.last and other.first <= one.last


def weigh(
    passage: Passage, idea: Idea, similarities: Sequence[float], rubric: Rubric, about: Sequence[About]
) -> Weighed:
    """What a passage says about an idea, the guards first and then the similarities."""
    is_against = is_out_of_order(passage, idea.phrasings)
    against = [
        1.0
        if is_against or is_swapped(passage, phrasing, idea, about, rubric)
        else contradiction(passage, phrasing, rubric)
        for phrasing in idea.phrasings
    ]
    pairs = list(zip(similarities, against, strict=True))
    first = max(range(len(pairs)), key=lambda i: pairs[i][0] * (1 - pairs[i][1]))
    guarded = [similarity * (1 - share) for similarity, share in pairs]
    rest = guarded[:first] + guarded[first + 1 :]
    return Weighed(
        guarded=guarded[first],
        support=max(rest) if rest else guarded[first] / 2,
        pooled=pooled(passage, idea, rubric) * (1 - against[first]),
        against=max(similarity * share for similarity, share in pairs),
    )


def pooled(passage: Passage, idea: Idea, rubric: Rubric) -> float:
    """How much of the idea's words the passage has, as a multiple of what a phrasing has; at most MOST."""
    sides = passage.sides
    shared = (concept for concept in sides.keys() & idea.sides.keys() if sides[concept] & idea.sides[concept])
    size = sum(rubric.weight(concept) for phrasing in idea.phrasings for concept in phrasing.sides)
    return min(sum(map(rubric.weight, shared)) * len(idea.phrasings) / size, MOST) if size else 0.0

"""What no similarity sees: that a passage and a phrasing contradict each other, though their words are the same.

The guards come before any similarity, whichever engine it is from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

import grader.quiz.short_answers.vocabulary as vocabulary
from grader.quiz.short_answers.rubric import Idea, Passage, Rubric, are_contrasts
from grader.quiz.short_answers.words import POLAR, Clause

NUMBER = re.compile(r"-?\d+(\.\d+)?")
HALF = 0.5
TURNED = frozenset([True])
HEAVY = 1.0  # what a word at least weighs that says the opposite, however usual it is
MANY = 3  # shared words, from which on their order says something


def contradiction(said: Passage, meant: Passage, rubric: Rubric) -> float:
    """The share of what both speak of that one of them says the other way round, from 0 to 1.

    By negation ("it copies", "it does not copy"), by opposites ("add", "subtract"), by words one of which can't stand
    for the other ("training", "validation"), by numbers, and by what goes with what ("large if bad" is "small if good",
    and not "small if bad").
    """
    ours, theirs = said.sides, meant.sides
    both = ours.keys() & theirs.keys()
    our_pairs, their_pairs = relations(said), relations(meant)
    kept = {c for pair in our_pairs.keys() & their_pairs.keys() if our_pairs[pair] == their_pairs[pair] for c in pair}
    broken = {c for pair in our_pairs.keys() & their_pairs.keys() if our_pairs[pair] != their_pairs[pair] for c in pair}
    turned = {concept for concept in both if not ours[concept] & theirs[concept]}
    if any(ours[concept] == theirs[concept] == TURNED for concept in both):
        turned &= POLAR  # both negate the same, and what else the negation reaches depends on the order of words only
    turned = turned - kept | broken
    agreed = sum(map(rubric.weight, both - turned))
    against = sum(max(rubric.weight(concept), HEAVY) for concept in turned)
    numbers = [
        {concept for concept in one if NUMBER.fullmatch(concept)}
        for one in (theirs.keys() - ours.keys(), ours.keys() - theirs.keys())
    ]
    if all(numbers):
        against += HEAVY * len(numbers[0])
    for concept in theirs.keys() - ours.keys():
        if any(are_contrasts(concept, other) for other in ours.keys() - theirs.keys()):
            against += max(rubric.weight(concept), HEAVY)
    return against / (against + agreed) if against else 0.0


def relations(passage: Passage) -> dict[frozenset[str], bool]:
    """For pairs of concepts with an opposite that stand together, whether they are shown from the same side."""
    single = {c: True in sides for c, sides in passage.sides.items() if c in POLAR and len(sides) == 1}
    found = {frozenset(pair): single[pair[0]] == single[pair[1]] for pair in combinations(single, 2)}
    for clause in passage.clauses:
        sides = {word.concept: word.is_turned for word in clause.words if word.concept in POLAR}
        for one, other in combinations(sides, 2):
            found[frozenset((one, other))] = sides[one] == sides[other]
    return found


def is_out_of_order(said: Passage, phrasings: Sequence[Passage]) -> bool:
    """Whether it tells one thing after another, and in another order than the phrasings that do so, too."""
    if not is_sequence(said):
        return False
    told = [order(said, meant) for meant in phrasings if is_sequence(meant) and shares(said, meant) >= MANY]
    return bool(told) and mean(told) < HALF


def is_sequence(passage: Passage) -> bool:
    """Whether it tells what is done first and what then."""
    return any(word in vocabulary.SEQUENCE for word in re.findall(r"[a-z]+", passage.text.casefold()))


def shares(one: Passage, other: Passage) -> int:
    """How many concepts are in both."""
    return len(one.sides.keys() & other.sides.keys())


def order(said: Passage, meant: Passage) -> float:
    """The share of pairs of words in both that come in the same order in both; 1 if there is no pair.

    "The root of the mean" has the words of "the mean of the roots", and "F.relu calls nn.ReLU" those of its reverse.
    """
    ours, theirs = places(said), places(meant)
    shared = sorted(ours.keys() & theirs.keys(), key=ours.__getitem__)
    pairs = [(one, other) for i, one in enumerate(shared) for other in shared[i + 1 :]]
    return sum(theirs[one] < theirs[other] for one, other in pairs) / len(pairs) if pairs else 1.0


def places(passage: Passage) -> dict[str, int]:
    """For each concept how many words come before it, where it comes last."""
    return {word.concept: place for place, word in enumerate(passage.words)}


@dataclass(frozen=True)
class About:
    """What a clause is about, of the things that the question tells apart. is_said: in it, or right before it."""

    subjects: frozenset[str]
    is_said: bool


def subjects_of(clauses: Sequence[Clause], rubric: Rubric) -> list[About]:
    """What each clause is about. One that names nothing of it goes on about that of the clause before."""
    told = frozenset(concept for idea in rubric.points for concept in idea.own | idea.foreign)
    found: list[About] = []
    for number, clause in enumerate(clauses):
        own = clause.concepts & told
        if own or not found:
            found.append(About(own, is_said=True))
        else:  # a label such as "RMSE:" is said of what follows it
            is_label = not clauses[number - 1].concepts - told
            found.append(About(found[-1].subjects, is_said=is_label))
    return found


def is_swapped(said: Passage, meant: Passage, idea: Idea, about: Sequence[About], rubric: Rubric) -> bool:
    """Whether the passage says of one thing what the key point says of another: "the loss is for people".

    It counts what the clause is about that has most of the phrasing's other words.
    """
    if not idea.foreign:
        return False
    others = meant.sides.keys() - idea.own - idea.foreign
    shared = [sum(map(rubric.weight, clause.concepts & others)) for clause in said.clauses]
    clause = about[said.first + shared.index(max(shared))]
    names = clause.is_said or bool(idea.own & meant.sides.keys())
    return names and bool(clause.subjects & idea.foreign) and not clause.subjects & idea.own

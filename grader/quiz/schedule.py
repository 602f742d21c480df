"""When a question comes back: spaced repetition by FSRS, out of the reviews alone.

A review is an answer with its mark. Nothing else is kept: what is due, and how well a topic is remembered, follows from
the reviews in their order, so two programs that write at once can't contradict each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fsrs import Card, Rating, Scheduler

from grader.quiz.marks import Mark

if TYPE_CHECKING:
    from grader.quiz.bank import Bank  # which takes time to import

HALF = 0.5
# Short steps for what is new or was forgotten, so that it comes back on the same day; then days, as FSRS has them. No
# fuzz: the same reviews have to give the same day every time. (github.com/open-spaced-repetition/py-fsrs, README)
SCHEDULER = Scheduler(
    learning_steps=[timedelta(minutes=10)], relearning_steps=[timedelta(minutes=10)], enable_fuzzing=False
)


@dataclass(frozen=True)
class Review:
    """An answer that was given. question: its name, with the seed of a variant. points, possible: of its mark.

    is_own_mark: whether whoever answered has marked it, since the marking needed a person.
    """

    made: datetime
    question: str
    said: str
    points: float
    possible: float
    is_own_mark: bool = False


@dataclass(frozen=True)
class TopicProgress:
    """How a topic stands. questions: how many it has; a generator counts once. answered: of these, at least once.

    right: of these, fully at the last time. due: how many are to be repeated. remembered: the mean chance that an
    answered question would be answered right now, 0 to 1, and 0 if none was answered.
    """

    topic: str
    questions: int
    answered: int
    right: int
    due: int
    remembered: float


def rating_of(points: float, possible: float) -> Rating:
    """How well something was remembered: wrong, by halves at least, or right. How easy it was, no mark can tell."""
    share = points / possible if possible > 0 else 0
    return Rating.Good if share >= 1 else Rating.Hard if share >= HALF else Rating.Again


def stem(name: str) -> str:
    """What is scheduled: a question's name; for a variant that of its generator, whatever the seed."""
    return name.partition("#")[0]


def cards_of(reviews: Iterable[Review]) -> dict[str, Card]:
    """How everything that was answered stands, by its name without a seed."""
    cards: dict[str, Card] = {}
    for review in sorted(reviews, key=lambda review: review.made):
        name = stem(review.question)
        card = cards.get(name) or Card(card_id=len(cards), due=review.made)
        cards[name], _ = SCHEDULER.review_card(card, rating_of(review.points, review.possible), review.made)
    return cards


def next_names(
    bank: "Bank", cards: Mapping[str, Card], now: datetime, number: int, topics: Sequence[str] = ()
) -> list[str]:
    """What to ask next: what is due, the longest first; then what is new, the easiest first, in the bank's order.

    Names as `stem` gives them. topics: only of these, if there are any.
    """
    entries = entries_of(bank, topics)
    due = sorted((name for name in entries if name in cards and cards[name].due <= now), key=lambda n: cards[n].due)
    new = sorted((name for name in entries if name not in cards), key=lambda name: entries[name].difficulty)
    return [*due, *new][:number]


def next_due(bank: "Bank", cards: Mapping[str, Card], topics: Sequence[str] = ()) -> datetime | None:
    """When the next question comes back; None if none was answered."""
    return min((cards[name].due for name in entries_of(bank, topics) if name in cards), default=None)


def progress_of(bank: "Bank", reviews: Sequence[Review], now: datetime) -> list[TopicProgress]:
    """How every topic stands, in the bank's order."""
    cards = cards_of(reviews)
    last = {stem(review.question): review for review in sorted(reviews, key=lambda review: review.made)}
    found = []
    for topic in bank.topics:
        names = list(entries_of(bank, [topic]))
        answered = [name for name in names if name in cards]
        chances = [SCHEDULER.get_card_retrievability(cards[name], now) for name in answered]
        found.append(
            TopicProgress(
                topic=topic,
                questions=len(names),
                answered=len(answered),
                right=sum(last[name].points >= last[name].possible for name in answered),
                due=sum(cards[name].due <= now for name in answered),
                remembered=sum(chances) / len(chances) if chances else 0,
            )
        )
    return found


@dataclass(frozen=True)
class Entry:
    """A question or a generator of the bank, as far as the schedule needs it."""

    topic: str
    difficulty: int
    is_generated: bool


def entries_of(bank: "Bank", topics: Sequence[str] = ()) -> dict[str, Entry]:
    """The bank's questions and generators by name, of these topics or of all."""
    entries = {question.name: Entry(question.topic, question.difficulty, False) for question in bank.questions}
    entries |= {made.name: Entry(made.topic, made.difficulty, True) for made in bank.generators}
    return {name: entry for name, entry in entries.items() if not topics or entry.topic in topics}


def review_of(
    question: str, said: str, mark: Mark, now: datetime | None = None, *, is_own_mark: bool = False
) -> Review:
    """The review of an answer that was marked just now."""
    return Review(now or datetime.now(UTC), question, said, mark.points, mark.possible, is_own_mark)

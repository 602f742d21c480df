"""Marks a short answer: which key points it has, where, which wrong statements it makes, and how sure that is.

An answer is read clause by clause, and each key point is looked for in each clause and in each two neighbouring ones.
There is no similarity of the whole answer to anything, since that is high for whoever says the opposite in the same
words. What contradicts a key point is found by guards, which come before any similarity, whichever engine it is from.

Points are for key points only: a wrong statement takes none away by itself, it is named and corrected. Whoever says a
thing and its opposite is left to a person.
"""

from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG, Finding, Mark
from grader.quiz.questions import ShortAnswer
from grader.quiz.short_answers.calibration import CALIBRATIONS
from grader.quiz.short_answers.engines import LEXICAL, Engine
from grader.quiz.short_answers.evidence import Evidence, evidence_of
from grader.quiz.short_answers.reading import plain
from grader.quiz.short_answers.reservations import is_no_answer, readable, reservations
from grader.quiz.short_answers.rubric import rubric_of
from grader.quiz.short_answers.words import clauses_of

# Chosen on the tuning half of the labelled answers, before the other half was looked at.
CONFIDENT = 0.7  # below it an answer needs review
SURE = 0.7  # below it, of one key point, a person has to say whether it is met
WHOLE = "the whole answer"


def mark_short_answer(question: ShortAnswer, text: str, engine: Engine = LEXICAL) -> Mark:
    """The mark of an answer: a finding for each key point, one for each wrong statement, and one for each reservation.

    `place` is where in `text` a key point was found or a wrong statement was made. A key point that a person has to
    decide about counts for nothing until then. `confidence` is how likely it is that a person would find the same key
    points; it is 0 for an answer that can't be read, such as one in another language, which always needs review.
    Bounded in time and memory however long the text is: its beginning is read.
    """
    if is_no_answer(text):
        findings = tuple(Finding(NOT_MET, point.idea, EXPLANATIONS[NOT_MET]) for point in question.key_points)
        return Mark(question.name, points=0, possible=question.points, findings=findings)
    rubric = rubric_of(question)
    read = plain(text)
    clauses = clauses_of(read, rubric.known)
    doubts = tuple(reservations(read, clauses, rubric))
    evidence, wrong = evidence_of(readable(clauses, rubric), rubric, engine)
    calibration = CALIBRATIONS[engine.name]
    probabilities = [calibration.points.probability(item.features) for item in evidence]
    states = [state_of(item, probability) for item, probability in zip(evidence, probabilities, strict=True)]
    confidence = 0.0 if doubts else calibration.confidence(probabilities)
    findings = (
        *(
            Finding(state, point.idea, EXPLANATIONS[state], item.place if state != NOT_MET else None)
            for point, state, item in zip(question.key_points, states, evidence, strict=True)
        ),
        *(
            Finding(WRONG, statement.phrasings[0], statement.correction, item.place)
            for statement, item in zip(question.wrong_statements, wrong, strict=True)
            if calibration.wrong.probability(item.features) >= 0.5
        ),
        *(Finding(UNSURE, WHOLE, doubt) for doubt in doubts),
    )
    return Mark(
        question.name,
        points=sum(point.points for point, state in zip(question.key_points, states, strict=True) if state == MET),
        possible=question.points,
        findings=findings,
        confidence=confidence,
        needs_review=UNSURE in states or confidence < CONFIDENT,
    )


EXPLANATIONS = {
    MET: "",
    NOT_MET: "This was not found in the answer.",
    UNSURE: "It can't be said for certain whether the answer has this: a person has to look.",
}


def state_of(evidence: Evidence, probability: float) -> str:
    """Whether a key point is met, from its evidence and the probability that it is."""
    if max(probability, 1 - probability) < SURE or (probability >= 0.5 and evidence.is_denied):
        return UNSURE
    return MET if probability >= 0.5 else NOT_MET

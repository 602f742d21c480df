"""A small course's bank, as files: what conftest's `write_course` writes besides the course itself."""


def question(kind, name, *lines, topic="sums", difficulty=1):
    """The path and the text of a question's file."""
    head = [
        f"kind: {kind}",
        f"topic: {topic}",
        f"difficulty: {difficulty}",
        "section: Sums",
        f"prompt: What about {name}?",
        f"explanation: That was about {name}.",
    ]
    return f"exercises/questions/sums/{name}.yaml", "\n".join([*head, *lines]) + "\n"


FILES = {
    "exercises/course.py": """\
from grader.exercise import Course

course = Course(title="Sums", exercises=["spread"], starter="sums.ipynb", questions=["sums"])
""",
    "exercises/questions/__init__.py": "",
    **dict(
        [
            question("choice", "plus", "right: [It adds.]", "wrong: {It subtracts.: That is minus., It joins.: No.}"),
            question("number", "half", "answer: 0.5", difficulty=2),
            question("code", "code", "template: total = 1 ____ 1", "answer: +", "shows: [total]", difficulty=3),
            question(
                "short answer",
                "why",
                "key_points: [{idea: two, phrasings: [it is two]}]",
                "model_answer: It is two.",
                topic="words",
            ),
        ]
    ),
}

"""A course's bank: its files in their order, its generators, and what is told where one of them is broken."""

import os

import pytest

from grader.errors import UserError
from grader.quiz.bank import Bank, load_bank, open_bank
from grader.quiz.generators import variant
from grader.quiz.questions import Number, Output

SUMS = "exercises/questions/sums"


def course_file(*folders):
    return f"""
from grader.exercise import Course

course = Course(title="Sums", exercises=["spread"], starter="sums.ipynb", questions={list(folders)!r})
"""


def number(answer, topic="sums"):
    return f"""\
kind: number
topic: {topic}
difficulty: 1
section: Sums
prompt: Which number is it?
answer: {answer}
explanation: It is this one.
"""


def generator(name, needs="reference.order"):
    return f"""
from grader.quiz.generators import Generator, one_number_of


def make(random):
    from {needs} import ordered

    numbers = [random.randrange(100) for _ in range(3)]
    wrong = [(numbers[0], "That is the first one."), (max(numbers), "That is the largest one."), (-1, "It is none.")]
    return one_number_of(f"Which is the smallest of {{numbers}}?", ordered(numbers)[0], wrong, "Look at them all.")


generator = Generator(name={name!r}, topic="order", difficulty=2, section="Order", make=make)
"""


DRAWING = """\
kind: drawing
topic: plots
difficulty: 1
section: Plots
prompt: Draw a line.
exercise: {}
explanation: It is straight.
"""


@pytest.fixture
def bank(load):
    """A function that writes a course with these files, and gives its bank."""

    def load_files(folders, files):
        written = {f"exercises/questions/{path}": text for path, text in files.items()}
        return load_bank(load({"exercises/course.py": course_file(*folders), **written}))

    return load_files


def test_questions_come_folder_by_folder_and_in_each_by_the_files_names(bank):
    files = {
        "sums/b.yaml": number(2),
        "sums/a.yaml": number(1),
        "later/02-first.yaml": number(4),
        "later/10-second.yaml": number(5),
        "later/1000.yaml": number(6),
        "unused/c.yaml": "broken",
        "sums/_notes.yaml": "broken",
        "sums/.hidden.yaml": "broken",
        "sums/README.md": "broken",
    }

    found = bank(["later", "sums"], files)

    assert [(question.name, question.answer) for question in found.questions] == [
        ("first", 4),
        ("second", 5),
        ("1000", 6),
        ("a", 1),
        ("b", 2),
    ]
    assert all(isinstance(question, Number) for question in found.questions)


def test_a_course_without_questions_has_an_empty_bank(small_course):
    assert load_bank(small_course) == Bank(())


def test_the_topics_come_in_the_order_of_the_questions_and_then_of_the_generators(bank):
    files = {
        "sums/a.yaml": number(1, "adding"),
        "sums/b.yaml": number(2, "counting"),
        "sums/c.yaml": number(3, "adding"),
    }

    assert bank(["sums"], {**files, "sums/least.py": generator("least")}).topics == ("adding", "counting", "order")


def test_a_question_is_found_by_its_name_and_a_variant_by_its_seed(bank):
    found = bank(["sums"], {"sums/03-three.yaml": number(3), "sums/least.py": generator("least-of-three")})

    assert found.find("three") is found.questions[0]
    assert found.find("least-of-three#17") == variant(found.generators[0], 17)
    assert found.find("least-of-three#17").name == "least-of-three#17"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("thre", "thre: no such question. Do you mean three?"),
        ("leest#4", "leest#4: no such question. Do you mean least?"),
        ("", ": no such question."),
        ("least", "least: this question is made of a seed. Add one, as in least#1."),
        ("least#", "Add one, as in least#1."),
        ("least#-1", "Add one, as in least#1."),
        ("least#1.5", "Add one, as in least#1."),
        ("least#²", "Add one, as in least#1."),
        ("three#1", "three#1: this question is not made of a seed."),
    ],
)
def test_a_name_that_there_is_not_is_told(bank, name, sentence):
    found = bank(["sums"], {"sums/three.yaml": number(3), "sums/least.py": generator("least")})

    with pytest.raises(UserError) as caught:
        found.find(name)

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("files", "sentences"),
    [
        ({}, ["exercises/course.py", "'sums'", f"there is no {SUMS}/."]),
        ({"sums/README.md": "Nothing yet."}, [f"{SUMS}/: holds no question."]),
        ({"sums/a.yaml": number("two")}, [f"{SUMS}/a.yaml, line 6: `answer` is `two`, and a number"]),
        ({"sums/a.yml": number(1)}, [f"{SUMS}/a.yml: a question's file ends in .yaml. Rename it."]),
        ({"sums/a.YAML": number(1)}, [f"{SUMS}/a.YAML: a question's file ends in .yaml. Rename it."]),
        ({"sums/a b.yaml": number(1)}, [f"{SUMS}/a b.yaml: the file's name is the question's"]),
        ({"sums/a#1.yaml": number(1)}, [f"{SUMS}/a#1.yaml: the file's name is the question's"]),
        (
            {"sums/1-a.yaml": number(1), "sums/2-a.yaml": number(2)},
            [f"{SUMS}/2-a.yaml: {SUMS}/1-a.yaml has a question 'a' already."],
        ),
        (
            {"sums/a.yaml": number(1), "sums/b.py": generator("a")},
            [f"{SUMS}/b.py: {SUMS}/a.yaml has a question 'a' already."],
        ),
        ({"sums/a.yaml": DRAWING.format("spraed")}, [f"{SUMS}/a.yaml", "no exercise 'spraed'. Do you mean spread?"]),
        ({"sums/a.py": "\n\n1 / 0\n"}, [f"{SUMS}/a.py, line 3", "division by zero"]),
        ({"sums/a.py": "make = 1\n"}, [f"{SUMS}/a.py: has no `generator = Generator(...)`."]),
        ({"sums/a.py": generator("least#1")}, [f"{SUMS}/a.py: its name 'least#1'"]),
    ],
    ids=str,
)
def test_what_is_broken_is_told_by_its_file(bank, files, sentences):
    with pytest.raises(UserError) as caught:
        bank(["sums"], files)

    assert [sentence for sentence in sentences if sentence not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("for _ in range(3)]", "for _ in range(0)]"), f"{SUMS}/least.py, line 9: can't make a question (IndexError"),
        (
            ("reference.order", "reference.ordre"),
            f"{SUMS}/least.py, line 6: can't make a question (ModuleNotFoundError",
        ),
        (("ordered(numbers)[0]", "ordered(numbers)"), f"{SUMS}/least.py, line 10: can't make a question (TypeError"),
        (("return one", "one"), f"{SUMS}/least.py: its `make` gives something of type NoneType, and no question."),
        (('"Look at them all."', '" "'), "generated question 'least#3': explanation is empty."),
    ],
    ids=str,
)
def test_a_generator_that_fails_is_told_by_its_file(bank, change, sentence):
    found = bank(["sums"], {"sums/least.py": generator("least").replace(*change)})

    with pytest.raises(UserError) as caught:
        found.find("least#3")

    assert sentence in str(caught.value)


def test_a_drawing_names_an_exercise_of_its_course(bank):
    assert bank(["sums"], {"sums/a.yaml": DRAWING.format("spread")}).questions[0].exercise == "spread"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_to_a_file_that_is_gone_is_passed_over(bank, write_course):
    folder = write_course({f"{SUMS}/a.yaml": number(1), "exercises/course.py": course_file("sums")}, "linked")
    (folder / SUMS / "b.yaml").symlink_to(folder / "gone.yaml")

    assert [question.name for question in open_bank(folder).questions] == ["a"]


def test_a_bank_is_opened_without_loading_the_exercises(write_course):
    files = {
        "exercises/course.py": course_file("sums"),
        f"{SUMS}/two.yaml": number(2),
        "exercises/spread.py": "1 / 0\n",
    }

    assert open_bank(write_course(files)).find("two").answer == 2


def test_each_course_has_its_own_oracle(write_course):
    """Two courses may call their modules alike; a variant asks that of its own."""
    files = {"exercises/course.py": course_file("sums"), f"{SUMS}/least.py": generator("least")}
    first = open_bank(write_course(files, "first"))
    before = first.find("least#3")
    backwards = {"reference/order.py": "def ordered(numbers):\n    return sorted(numbers, reverse=True)\n"}
    second = open_bank(write_course({**files, **backwards}, "second"))

    assert second.find("least#3").right != before.right
    assert first.find("least#3") == before


def test_the_built_in_bank_has_questions_and_generators():
    found = open_bank()

    assert any(isinstance(question, Output) for question in found.questions)
    assert found.find(f"{found.generators[0].name}#1").name.endswith("#1")

"""The quiz as a page: from a question to its result, by clicks and by keyboard; what an exam holds; who can read it."""

import json
from dataclasses import replace
from random import Random

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.places import content_folder
from grader.quiz.bank import load_bank
from grader.quiz.marking import mark
from grader.quiz.marks import Answer
from grader.quiz.page import key_of, laid_out
from grader.quiz.quantities import UnreadableError
from grader.quiz.questions import (
    Choice,
    Code,
    Drawing,
    KeyPoint,
    Matching,
    Number,
    Ordering,
    Output,
    Shape,
    ShortAnswer,
    WrongStatement,
)
from grader.report import render_quiz
from tests.grader.test_report import ATTACK, MARKDOWN_ATTACK, assert_inert


def about(name, topic="sums"):
    """The fields that all questions have."""
    shared = {"prompt": f"What about **{name}**?", "difficulty": 2, "section": "The Sums"}
    return shared | {"name": name, "topic": topic, "explanation": f"So much for {name}."}


PLUS = Choice(**about("plus"), right=("it adds",), wrong={"it `joins`": "That is **text**.", "it subtracts": "No."})
EVEN = Choice(**about("even"), right=("2", "4"), wrong={"3": "It is odd.", "5": "It is odd, too."})
HALF = Number(**about("half"), answer=0.5, tolerance=0.01, unit="cm")
SHAPE = Shape(**about("shape", "shapes"), answer=(3, 1))
OUTPUT = Output(**about("output", "shapes"), code="print('a')\nprint('b')", answer="a\nb")
STEPS = Ordering(**about("steps", "order"), items=("rise", "wash", "eat", "leave"))
WORDS = Matching(**about("words", "order"), pairs={"sum": "of +", "product": "of `*`", "power": "of `**`"})
WHY = ShortAnswer(
    **about("why", "reasons"),
    key_points=(KeyPoint("it is two", ("2",)), KeyPoint("it is `exactly` two", ("precisely",), points=0.5)),
    wrong_statements=(WrongStatement(("it is three",), "It is one less."),),
    model_answer="It is exactly two.",
)
CODE = Code(
    **about("code", "reasons"), template="total = 1 ____ 1", answer="+  # plus", shows=("total",), setup="x = 7"
)
DRAWING = Drawing(**about("drawing"), exercise="spread")
QUESTIONS = [PLUS, EVEN, HALF, SHAPE, OUTPUT, STEPS, WORDS, WHY, CODE]


def page_of(questions=QUESTIONS, mode="practice", seed=0):
    """The page of these questions."""
    return render_quiz(laid_out(questions, "Arithmetic", mode, seed))


def answering_otherwise(question):
    """A question that is asked in the same way, and has other answers, explanations and hints."""
    match question:
        case Choice():
            turned = question.options[1:] + question.options[:1]
            many = len(question.right)
            others = {"right": turned[:many], "wrong": dict.fromkeys(turned[many:], "Because.")}
        case Matching(pairs=pairs):
            turned = [*pairs.values()][1:] + [*pairs.values()][:1]
            others = {"pairs": dict(zip(pairs, turned, strict=True))}
        case Ordering(items=items):
            others = {"items": items[::-1]}
        case Number():
            others = {"answer": question.answer + 3, "tolerance": 0.25}
        case Shape():
            others = {"answer": (*question.answer, 7, 7)}
        case Output():
            others = {"answer": "something\nelse\n\naltogether"}
        case Code():
            others = {"answer": "- 7", "shows": ("other",), "setup": "other = 8"}
        case ShortAnswer():
            others = {"key_points": (KeyPoint("other", ("o",)),), "model_answer": "Other.", "wrong_statements": ()}
    return replace(question, explanation="Otherwise.", section="Elsewhere", **others)


# An exam


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_nobody_can_tell_by_an_exam_which_answer_is_right(question, seed):
    other = answering_otherwise(question)

    assert page_of([question], "exam", seed) == page_of([other], "exam", seed)
    assert page_of([question], "practice", seed) != page_of([other], "practice", seed)


def test_no_exam_of_the_course_tells_an_answer(course):
    bank = load_bank(course)
    questions = [one for one in bank.questions if not isinstance(one, Drawing)]

    assert len(questions) > 90
    assert page_of(questions, "exam") == page_of(map(answering_otherwise, questions), "exam")


def test_an_exam_is_answered_saved_and_marked(opened, tmp_path):
    page = opened(page_of(mode="exam"))
    saids = {
        "plus": ["it `joins`"],
        "even": ["2", "4"],
        "half": "0,5 cm",
        "shape": "3x1",
        "output": "a\nc",
        "steps": None,
        "words": {"sum": "of +", "power": "of `*`"},
        "why": "Two.",
        "code": "+",
    }
    for said in saids.values():
        give(page, said)
        if said == "3x1":
            page.keyboard.press("Enter")
        else:
            press(page, "Keep and go on")
    press(page, "To the first question")
    give(page, ["it adds"])  # thought better of it
    page.locator("#map").evaluate("map => map.closest('details').open = true")
    page.get_by_role("button", name="Question 9").click()
    press(page, "Skip")
    end = page.locator("#end").inner_text()
    with page.expect_download() as download:
        press(page, "Save the answers file")
    download.value.save_as(tmp_path / "answers.json")
    saved = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    marks = {}
    for answer in msgspec.convert(saved["answers"], list[Answer]):
        question = next(one for one in QUESTIONS if one.name == answer.question)
        if question not in (WHY, CODE):
            marks[question.name] = mark(question, answer).points

    assert "You have answered 9 of 9 questions." in end
    assert "right" not in page.locator("#map").inner_text().lower()
    assert (saved["version"], saved["course"], len(saved["answers"])) == (1, "Arithmetic", 9)
    saids |= {
        "plus": ["it adds"],
        "even": ["4", "2"],
        "steps": list(laid_out([STEPS], "", "exam").cards[0].asked.texts),
    }
    assert {one["question"]: one["said"] for one in saved["answers"]} == saids
    assert marks | {"steps": 0} == {
        "plus": 1, "even": 1, "half": 1, "shape": 1, "output": 0.5, "steps": 0, "words": pytest.approx(1 / 3),
    }  # fmt: skip
    assert page.seen == []


# To practise


def give(page, said):
    """Answers the question that is shown."""
    card = page.locator(".card.current")
    match said:
        case list():
            for box in card.locator(".options input").all():
                box.set_checked(box.get_attribute("value") in said) if len(said) > 1 else None
            if len(said) == 1:
                card.locator(".options label").filter(has=page.locator(f'[value="{said[0]}"]')).click()
        case dict():
            for field in card.locator("select").all():
                field.select_option(said.get(field.get_attribute("data-term"), ""))
        case str():
            card.locator(".answer :is(input, textarea)").fill(said)


def press(page, name):
    """Clicks the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def verdict(page):
    """What is told of the answer, to screen readers as well."""
    return page.locator(".card.current").get_by_role("status").inner_text()


def focused(page):
    """The text of the element that has the focus."""
    return page.evaluate("document.activeElement.textContent.trim()")


def test_what_is_chosen_is_marked_and_explained_by_keyboard_alone(opened):
    page = opened(page_of([PLUS, EVEN]))
    page.keyboard.press("Tab")
    skip = focused(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    reminded = page.get_by_role("alert").filter(visible=True).inner_text()
    texts = page.locator(".card.current .options label").all_inner_texts()
    for _ in range(texts.index("it joins") + 1):  # what asked for an answer has put the focus on the first option
        page.keyboard.press("Space" if _ == 0 else "ArrowDown")
    page.keyboard.press("Enter")
    told, after = verdict(page), focused(page)
    page.keyboard.press("Enter")

    assert skip == "Skip to the question"
    assert reminded == "Choose an option first, or skip the question."
    assert page.get_by_role("group", name="What about plus? Choose one.").count() == 0  # it is hidden
    assert told.split("\n")[0].endswith("Not right")
    assert "it joins\n\nThat is text." in told
    assert "Right\n\nit adds" in told
    assert "So much for plus." in told
    assert "In the book: “The Sums”" in told
    assert "No." not in told
    assert after == "Next question"
    assert focused(page) == "Question 2"
    assert page.get_by_role("group", name="What about even? Choose all that are right.").is_visible()

    give(page, ["2", "4"])
    press(page, "Check")
    assert verdict(page).split("\n")[0].endswith("Right")
    assert page.locator(".options .is-met").count() == 2
    press(page, "Try again")
    give(page, ["2", "4", "3"])
    press(page, "Check")
    assert "Partly right: 50%" in verdict(page)
    press(page, "See the result")
    assert focused(page) == "Your result"
    assert "You have answered 2 of 2 questions. That gives 0.5 of 2 points, 25%." in page.locator("#end").inner_text()
    assert page.locator("#end-list button").all_inner_texts() == ["Question 1: sums", "Question 2: sums"]


def test_what_is_typed_matched_ordered_and_compared_is_told_and_added_up(opened):
    page = opened(page_of([HALF, SHAPE, OUTPUT, WORDS, STEPS, WHY, CODE]))
    give(page, "1,000")
    page.keyboard.press("Enter")
    field = page.locator(".card.current input")
    unread = (page.get_by_role("alert").filter(visible=True).inner_text(), field.get_attribute("aria-invalid"))
    assert unread == ("'1,000' may mean two numbers. Write 1000 or 1.000.", "true")
    assert page.locator("#score-more").inner_text() == "0 answered"

    give(page, "-0,5 cm")
    page.keyboard.press("Enter")
    assert "It is within 0.01 of 0.5 cm. Your number has the other sign." in verdict(page)
    press(page, "Next question")
    give(page, "torch.Size([1, 3])")
    press(page, "Check")
    assert "It is (3, 1). Your sizes are right, and stand in another order." in verdict(page)
    press(page, "Next question")
    give(page, "a\nc")
    press(page, "Check")
    assert "Line 2. It prints 'b', and you have 'c'." in verdict(page)
    press(page, "Next question")
    give(page, {"sum": "of +", "product": "of `**`"})
    press(page, "Check")
    assert "product: of *. You chose that of power." in verdict(page)
    assert "power: of **." in verdict(page)
    press(page, "Next question")

    def items():
        return page.locator(".card.current .items li").evaluate_all("all => all.map(item => item.dataset.item)")

    for place, item in enumerate(STEPS.items[:3]):
        while items().index(item) > place:
            up = page.get_by_role("button", name=f"Move up: {item}")
            up.press("Enter")
            assert focused(page) == f"↑Move up: {item}"
            assert page.locator("#moved").inner_text() == f"{item}: place {items().index(item) + 1} of 4"
    right = items()
    first, last = page.locator(".card.current .grip").first.bounding_box(), page.locator(".grip").last.bounding_box()
    last = page.locator(".card.current .grip").last.bounding_box()
    page.mouse.move(first["x"] + 4, first["y"] + 4)
    page.mouse.down()
    page.mouse.move(first["x"] + 4, last["y"] - 60, steps=4)
    page.mouse.move(first["x"] + 4, last["y"] + last["height"] + 4, steps=8)
    page.mouse.up()
    assert right == list(STEPS.items)
    assert items() == ["wash", "eat", "leave", "rise"]
    press(page, "Check")
    assert "Partly right: 67%\n\n2 of 3 are followed by what comes next." in verdict(page)
    press(page, "Next question")

    give(page, "Two.")
    press(page, "Compare")
    card = page.locator(".card.current")
    assert "Compare your answer with this one" in verdict(page)
    for words in ("It is exactly two.", "it is exactly two 0.5 points", "It is one less.", "grader quiz mark"):
        assert words in card.inner_text()
    card.get_by_label("it is two", exact=True).check()
    press(page, "Next question")
    give(page, "+")
    press(page, "Compare")
    page.get_by_label("Mine does the same.").check()
    press(page, "See the result")

    assert "You have answered 7 of 7 questions. That gives 3.5 of 7.5 points, 47%." in page.locator("#end").inner_text()
    assert page.locator("#score").inner_text().split("\n\n") == ["1 of 7 right", "7 answered"]
    assert page.get_by_role("img", name="How the answers to each topic were").is_visible()
    page.get_by_text("The same in numbers").click()
    assert [row.split("\t") for row in page.locator("#by-topic tr").all_inner_texts()] == [
        ["sums", "1", "1", "0", "0%"],
        ["shapes", "2", "2", "0", "25%"],
        ["order", "2", "2", "0", "50%"],
        ["reasons", "2", "2", "1", "80%"],
    ]
    assert page.locator("rect.part-right, rect.part-partly, rect.part-wrong").count() == 6
    press(page, "Once more those that were not right")
    assert focused(page) == "Question 1"
    assert page.locator(".card.current .answer input").input_value() == ""
    assert page.get_by_role("combobox", name="Questions").input_value() == "missed"
    page.get_by_role("combobox", name="Questions").select_option("order (2)")
    assert page.locator(".card.current h2").inner_text() == "Question 4"
    assert page.seen == []


def test_answers_are_kept_saved_deleted_and_loaded_again(opened, tmp_path):
    page = opened(page_of())
    give(page, ["it adds"])
    press(page, "Check")
    press(page, "Next question")
    give(page, ["2", "3"])  # not checked
    page.reload()
    kept = (page.locator("#score").inner_text(), page.locator(".card.current h2").inner_text())
    boxes = page.locator(".card.current input:checked").evaluate_all("all => all.map(box => box.value).sort()")
    with page.expect_download() as download:
        press(page, "Save to a file")
    download.value.save_as(tmp_path / "answers.json")
    saved = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    press(page, "Restart")
    press(page, "Delete them")
    deleted = (page.locator("#kept").inner_text(), page.locator("#score-more").inner_text())
    page.reload()
    gone = (page.locator("#score-more").inner_text(), page.locator("input:checked").count())
    saved["answers"] += [{"question": "other", "said": "x"}, {"question": "steps", "said": {"a": "b"}}, None, 7]
    (tmp_path / "changed.json").write_text(json.dumps(saved), "utf-8")
    page.locator("#file").set_input_files(tmp_path / "changed.json")
    page.get_by_text("Loaded").wait_for()
    loaded = page.locator("#kept").inner_text()
    (tmp_path / "broken.json").write_text("[", "utf-8")
    page.locator("#file").set_input_files(tmp_path / "broken.json")
    page.get_by_text("broken.json").wait_for()

    assert kept == ("1 of 9 right\n\n1 answered", "Question 2")
    assert boxes == ["2", "3"]
    assert [one["question"] for one in saved["answers"][:2]] == ["plus", "even"]
    assert deleted == ("All answers are deleted.", "0 answered")
    assert gone == ("0 answered", 0)
    assert loaded == "Loaded 2 answers. 4 answers don't belong to the questions here."
    assert page.locator("#kept").inner_text().startswith("broken.json: no file of answers.")
    assert page.locator("#score-more").inner_text() == "2 answered"


def test_where_the_browser_keeps_nothing_the_page_works_and_says_so(browser, tmp_path):
    (tmp_path / "quiz.html").write_text(page_of(), "utf-8")
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
    page = context.new_page()
    page.goto((tmp_path / "quiz.html").as_uri())
    give(page, ["it adds"])
    press(page, "Check")

    assert "Right" in verdict(page)
    assert "Your browser keeps nothing for this page" in page.locator("#where-kept").inner_text()
    context.close()


# What the page marks is what Python marks


def outcome_in_python(question, said):
    """The mark, or why there is none."""
    try:
        found = mark(question, msgspec.convert({"question": question.name, "said": said}, Answer))
    except UnreadableError as error:
        return str(error)
    explained = [[one.state, one.about, one.explanation] for one in found.findings]
    return [found.points, [one[:2] for one in explained] if isinstance(question, Choice) else explained]


MARKED_IN_THE_BROWSER = """cases => cases.map(([key, said]) => {
    try {
        const { points, findings } = marking.mark(key, said);
        const shown = (one) => [one.state, one.about, one.explanation].slice(0, key.kind === "choice" ? 2 : 3);
        return [points, findings.map(shown)];
    } catch (error) {
        if (error instanceof marking.Unreadable) return error.message;
        throw error;
    }
})"""


def drawn_answers(random):
    """Answers of all kinds that a page marks, as people write them and at random, each with its question."""
    numbers = [
        HALF,
        replace(HALF, unit="", tolerance=0),
        replace(HALF, answer=-1200, unit="images"),
        Number(**about("n"), answer=0),
    ]
    numbers += [Number(**about("n"), answer=1e-7, tolerance=1e-9), Number(**about("n"), answer=123456789012.5)]
    typed = "0.5|.5|0,5|50 %|50%|1/2|½|2e-1|5x10⁻¹|5*10**(-1)|= 0.5|≈ .5|about 2|ca. 0.5|-0.5|\N{MINUS SIGN}0.5|1 000"
    typed += "|1,000|1.234,5|1,234,567|٣|`0.5`|**2**|0.5 cm|0.5 CM|1200 image|-1200 images|3 apples|1/0|1e999|nan|1.2.3"
    typed += "|a half|it's 3|" + "7" * 101 + "|-1.2e3|12'396|1_200|1e-7|1e400|0|-0|2|5000|.05|0.0005|" + "é" * 60
    shapes = [SHAPE, replace(SHAPE, answer=()), replace(SHAPE, answer=(5,)), replace(SHAPE, answer=(2, 0, 3))]
    sizes = "(3, 1)|3x1|[3,1]|3 by 1|3 1|torch.Size([3, 1])|torch.size([])|the shape is (5,)|shape: 5|5,|()|[]|( )|none"
    sizes += "|a scalar.|`(1, 3)`|(2, 0, 3)|(n, 1)|(3, -1)|(3, 1|3,,1|((3, 1))|(((3,)))|((((3))))|three|,|scalar"
    sizes += "|3 \N{MULTIPLICATION SIGN} 1"

    def at_random(alphabet):
        return "".join(random.choices(alphabet, k=random.randrange(1, 12)))

    for question in numbers:
        for text in [*typed.split("|"), *(at_random("0123456789.,eE+-/%x*^() _'⁻³") for _ in range(250))]:
            yield question, text
    for question in shapes:
        for text in [*sizes.split("|"), *(at_random("0123,x()[] ;by-") for _ in range(250))]:
            yield question, text
    for text in [
        "a\nb",
        "a \nb\n\n",
        "\n\na\nb",
        "```\na\nb\n```",
        "a",
        "a\nb\nc",
        "A\nb",
        "a\n\nb",
        'it\'s\n"b"',
        "a\r\nb",
        "\\",
    ]:
        yield OUTPUT, text
    for _ in range(60):
        yield EVEN, random.sample(EVEN.options, random.randrange(1, 5))
        yield PLUS, random.sample(PLUS.options, 1)
        yield STEPS, random.sample(STEPS.items, random.randrange(2, 5))
        terms = random.sample([*WORDS.pairs], random.randrange(1, 4))
        yield WORDS, {term: random.choice([*WORDS.pairs.values()]) for term in terms}


def test_the_page_marks_as_grader_quiz_mark_does(opened):
    cases = [
        (question, said)
        for question, said in drawn_answers(Random(7))
        if said and (not isinstance(said, str) or said.strip())
    ]
    page = opened("<!doctype html><title>marking</title>")
    page.evaluate(
        (content_folder() / "reports" / "quiz_marking.js").read_text("utf-8") + "\n;window.marking = marking; null"
    )
    found = page.evaluate(MARKED_IN_THE_BROWSER, [[key_of(question), said] for question, said in cases])

    assert len(cases) > 2500
    differing = [
        (question.name, said, mine, theirs)
        for (question, said), mine in zip(cases, found, strict=True)
        if (theirs := outcome_in_python(question, said)) != mine
        and not (isinstance(theirs, list) and mine[0] == pytest.approx(theirs[0]) and mine[1] == theirs[1])
    ]
    assert differing == []


# Safety, and who can read it


def hostile():
    """A question of every kind in which every text is an attack."""
    texts = {"prompt": MARKDOWN_ATTACK, "topic": ATTACK, "explanation": MARKDOWN_ATTACK, "section": ATTACK}
    other = f"{ATTACK}`{ATTACK}`"
    wrongs = (WrongStatement((ATTACK,), MARKDOWN_ATTACK),)
    return [
        replace(PLUS, name=ATTACK, right=(ATTACK,), wrong={other: MARKDOWN_ATTACK}, **texts),
        replace(HALF, name="n", unit=ATTACK, **texts),
        replace(OUTPUT, name="o", code=ATTACK, answer=ATTACK, **texts),
        replace(STEPS, name="s", items=(ATTACK, other, "-->"), **texts),
        replace(WORDS, name="w", pairs={ATTACK: other, "<!--": ATTACK}, **texts),
        replace(WHY, name="y", key_points=(KeyPoint(ATTACK, ("a",)),), model_answer=MARKDOWN_ATTACK,
                wrong_statements=wrongs, **texts),
        replace(CODE, name="c", template=f"____ {ATTACK}", answer=ATTACK, **texts),
    ]  # fmt: skip


@pytest.mark.parametrize("mode", ["practice", "exam"])
def test_hostile_texts_run_and_load_nothing_and_come_through_letter_by_letter(opened, mode):
    page = opened(render_quiz(laid_out(hostile(), ATTACK, mode)), viewport={"width": 420, "height": 800})
    page.locator(".card.current .options label").nth(0).click()
    for said in (None, "1", "x", None, None, "x", "x"):
        give(page, said)
        if page.locator(".card.current select").count():
            page.locator(".card.current select").first.select_option(index=1)
        page.locator(".card.current .main").click()
        if mode == "practice":
            page.locator(".card.current .main").click()
    answered = json.loads(page.evaluate("Object.values(localStorage)[0]"))["answers"]

    assert len(answered) == 7
    assert answered[0]["question"] == ATTACK
    assert answered[0]["said"][0] in (ATTACK, f"{ATTACK}`{ATTACK}`")
    assert page.locator(".course").text_content() == ATTACK
    assert page.locator("iframe, object, embed, base, link, img").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert_inert(page)
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize(("width", "scheme"), [(1300, "light"), (360, "dark")])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(opened, width, scheme):
    wide = replace(SHAPE, prompt="`" + "x" * 90 + "`", topic="a" * 60)
    page = opened(page_of([*QUESTIONS[:3], wide, *QUESTIONS[4:]]), color_scheme=scheme,
                  viewport={"width": width, "height": 800}, reduced_motion="reduce")  # fmt: skip
    problems = []

    def look():
        problems.extend(
            (one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page).response["violations"]
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for said in (["it `joins`"], ["2", "3"], "0.4", "(1, 3)", "b", None, {"sum": "of `*`"}, "x", "y"):
        give(page, said)
        page.locator(".card.current .main").click()
        if isinstance(said, dict) or said in (["it `joins`"], "x"):
            look()
        page.locator(".card.current .main").click()
    look()
    page.emulate_media(media="print")

    assert problems == []
    assert page.locator("main > .card").filter(has=page.locator("form")).filter(visible=True).count() == 9
    assert page.evaluate("getComputedStyle(document.querySelector('.options label')).transitionDuration") == "0s"
    assert page.seen == []


def test_without_script_the_questions_stand_there_without_answers(opened):
    page = opened(page_of([*QUESTIONS, DRAWING]), java_script_enabled=False)

    assert page.locator("main > .card").filter(visible=True).count() == 9  # a drawing is made in a notebook
    assert "So much for" not in page.locator("body").inner_text()
    assert page.get_by_role("button", name="Check").count() == 0


def test_names_with_markup_end_no_script(opened):
    page = opened(page_of([replace(PLUS, name="</script><!--<script>"), EVEN]))
    give(page, ["it adds"])
    press(page, "Check")

    assert "Right" in verdict(page)

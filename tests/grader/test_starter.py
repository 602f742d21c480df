"""The starter notebook: what a student begins with."""

from grader.starter import starter_notebook


def test_a_section_is_a_heading_once_above_its_first_exercise(course):
    cells = starter_notebook(course, "data").cells

    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]  # a comment in code begins like a heading
    headings = [text for text in texts if text.startswith("# ")][1:]

    sections = [exercise.section for exercise in course.exercises.values()]
    assert headings == [f"# {section}" for section in dict.fromkeys(sections)]

"""The starter notebook: what a student begins with."""

from grader.starter import starter_notebook


def test_a_section_is_a_heading_once_above_its_first_exercise(course):
    cells = starter_notebook(course, "data").cells

    headings = [cell.source for cell in cells if cell.source.startswith("# ")][1:]

    sections = [exercise.section for exercise in course.exercises.values()]
    assert headings == [f"# {section}" for section in dict.fromkeys(sections)]

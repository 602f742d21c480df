from pathlib import Path

import pytest

from reference.folder_tree import count_images, image_files, label_of
from reference.mnist import prepare

FILES = ["labels.csv", "train/3/9.png", "train/3/10.png", "train/3/.DS_Store", "train/7/3.png", "valid/3/1.png"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_images_of_one_digit_are_sorted_as_texts(tree: Path) -> None:
    assert image_files(tree, "train", 3) == [tree / "train/3/10.png", tree / "train/3/9.png"]


def test_a_folder_that_is_missing_has_no_images(tree: Path) -> None:
    assert image_files(tree, "valid", 7) == []


def test_the_folder_is_the_label_whatever_the_file_is_called() -> None:
    assert label_of(Path("set_5/train/7/3.png")) == 7


def test_an_image_outside_of_a_digits_folder_has_no_label() -> None:
    with pytest.raises(ValueError, match="train"):
        label_of(Path("train/3.png"))


def test_only_images_of_the_part_are_counted(tree: Path) -> None:
    assert count_images(tree, "train") == {3: 2, 7: 1}
    assert count_images(tree, "valid") == {3: 1}


def test_the_chapters_validation_set_has_1010_threes_and_1028_sevens(tmp_path: Path) -> None:
    prepare(tmp_path, parts=("mnist_sample",))
    assert count_images(tmp_path / "mnist_sample", "valid") == {3: 1010, 7: 1028}
    assert len(image_files(tmp_path / "mnist_sample", "train", 7)) == 6265

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from reference import course_data, salt
from reference.salt import make_salt, prepare, read_salt
from reference.segmentation import rle_decode


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    prepare(folder)
    return folder


def test_the_same_seed_gives_the_same_images_and_another_one_others() -> None:
    first, again, other = (make_salt(3, seed) for seed in (1, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])


def test_images_are_grey_bytes_and_masks_truth_values() -> None:
    images, masks = make_salt(2, 0)
    assert (images.shape, images.dtype) == ((2, 101, 101), torch.uint8)
    assert (masks.shape, masks.dtype) == ((2, 101, 101), torch.bool)


def test_some_images_have_no_salt_and_none_is_all_salt() -> None:
    _, masks = make_salt(100, 7)
    shares = masks.float().mean((1, 2))
    assert 10 < (shares == 0).sum() < 30
    assert shares[shares > 0].min() > 0.09
    assert shares.max() < 0.61


def test_salt_is_brighter_than_rock_and_not_layered() -> None:
    images, masks = make_salt(40, 3)
    inside, outside = images[masks].float(), images[~masks].float()
    assert 30 < inside.mean() - outside.mean() < 60
    assert inside.std() < 20 < outside.std()


def test_the_files_have_the_data_sets_form(prepared: Path) -> None:
    root = prepared / "salt"
    with (root / "train.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "rle_mask"]
    assert len(rows) == 80
    for row in rows[:10]:
        with Image.open(root / "train" / "images" / f"{row['id']}.png") as image:
            assert (image.size, image.mode) == ((101, 101), "L")
        with Image.open(root / "train" / "masks" / f"{row['id']}.png") as mask:
            assert set(np.unique(np.array(mask))) <= {0, 65535}


def test_what_is_read_back_is_what_was_made(prepared: Path) -> None:
    images, masks, runs = read_salt(prepared / "salt")
    made_images, made_masks = make_salt(80, salt.TRAINING_SEED)
    assert torch.equal(images, made_images)
    assert torch.equal(masks, made_masks)
    assert all(torch.equal(rle_decode(text), mask) for text, mask in zip(runs, masks, strict=True))


def test_images_and_masks_may_lie_beside_the_table_and_be_coloured(prepared: Path, tmp_path: Path) -> None:
    shutil.copy(prepared / "salt" / "train.csv", tmp_path)
    shutil.copytree(prepared / "salt" / "train", tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "images").iterdir():
        Image.open(path).convert("RGB").save(path)
    for path in (tmp_path / "masks").iterdir():
        Image.fromarray((np.array(Image.open(path)) > 0).astype(np.uint8) * 255).save(path)

    for expected, got in zip(read_salt(prepared / "salt"), read_salt(tmp_path), strict=True):
        assert torch.equal(expected, got) if isinstance(expected, torch.Tensor) else expected == got


def test_preparing_again_does_nothing(prepared: Path) -> None:
    def refuse(part: str, done: int, total: int) -> None:
        raise AssertionError(f"{part} is made again")

    prepare(prepared, progress=refuse)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(part: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    prepare(tmp_path, progress=lambda *call: calls.append(call))
    assert calls[-1] == ("salt", 80, 80)


def test_the_courses_data_are_the_digits_and_the_salt(tmp_path: Path) -> None:
    for name in ("mnist_train.npz", "mnist_sample", "mnist_png"):
        (tmp_path / name).mkdir()  # what is there is not made again
    course_data.prepare(tmp_path)
    assert (tmp_path / "salt" / "train.csv").is_file()

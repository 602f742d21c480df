import csv
import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from reference import mnist
from reference.mnist import DamagedData, load, prepare, read_idx, read_verified

PUBLISHED_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
SMALLEST = mnist.FOLDER / "t10k-labels-idx1-ubyte.gz"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
    prepare(folder)
    return folder


@pytest.mark.parametrize(("name", "md5"), PUBLISHED_MD5.items())
def test_the_files_are_those_that_were_published(name: str, md5: str) -> None:
    content = gzip.decompress((mnist.FOLDER / f"{name}.gz").read_bytes())
    assert hashlib.md5(content).hexdigest() == md5


@pytest.mark.parametrize(("split", "n"), [("train", 60_000), ("test", 10_000)])
def test_loaded_digits_are_bytes_with_a_label_each(split: mnist.Split, n: int) -> None:
    images, labels = load(split)
    assert (images.shape, images.dtype) == ((n, 28, 28), torch.uint8)
    assert (labels.shape, labels.dtype) == ((n,), torch.int64)
    assert labels.unique().tolist() == list(range(10))


def test_the_first_training_images_are_a_5_a_0_and_a_4() -> None:
    assert load("train")[1][:3].tolist() == [5, 0, 4]


def test_digits_are_read_once() -> None:
    assert load("test")[0] is load("test")[0]


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    content = bytearray(gzip.decompress(SMALLEST.read_bytes()))
    content[-1] ^= 1
    damaged = tmp_path / SMALLEST.name
    damaged.write_bytes(gzip.compress(content))
    with pytest.raises(DamagedData, match="its content is not MNIST's"):
        read_verified(damaged)


def test_load_notices_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in mnist.FILES["test"]:
        (tmp_path / name).write_bytes((mnist.FOLDER / name).read_bytes()[:-100])
    monkeypatch.setattr(mnist, "FOLDER", tmp_path)
    with pytest.raises(DamagedData):
        load.__wrapped__("test")  # past the cache


def test_the_message_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    damaged = tmp_path / SMALLEST.name
    damaged.write_bytes(SMALLEST.read_bytes()[:1000])
    with pytest.raises(DamagedData) as error:
        read_verified(damaged)
    assert str(error.value) == (
        f"{damaged}: damaged (it does not unpack). Restore the file from the project, or install it again."
    )


def test_digits_packed_otherwise_are_as_good(tmp_path: Path) -> None:
    unpacked = tmp_path / SMALLEST.stem
    unpacked.write_bytes(gzip.decompress(SMALLEST.read_bytes()))
    assert np.array_equal(read_verified(unpacked), read_verified(SMALLEST))


def test_an_idx_file_is_read_in_its_shape(tmp_path: Path) -> None:
    file = tmp_path / "tiny-idx2-ubyte"
    file.write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]))
    assert read_idx(file).tolist() == [[1, 2, 3], [4, 5, 255]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not an IDX file"),
        (b"\x89PNG....", "not an IDX file"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 0]), "not an IDX file of unsigned bytes"),
        (bytes([0, 0, 8, 2, 0, 0, 0, 2]), "its header is cut off"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 2, 7]), r"announces \(2,\) elements and holds 1"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 1, 7, 7]), r"announces \(1,\) elements and holds 2"),
    ],
)
def test_what_is_no_idx_file_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "wrong"
    file.write_bytes(content)
    with pytest.raises(DamagedData, match=reason):
        read_idx(file)


def test_the_archive_holds_the_training_set_and_no_test_set(prepared: Path) -> None:
    images, labels = load("train")
    with np.load(prepared / "mnist_train.npz") as archive:
        assert sorted(archive) == ["images", "labels"]
        assert np.array_equal(archive["images"], images.numpy())
        assert np.array_equal(archive["labels"], labels.numpy())


@pytest.mark.parametrize(
    ("folder", "count"),
    [
        ("mnist_sample/train/3", 6131),
        ("mnist_sample/train/7", 6265),
        ("mnist_sample/valid/3", 1010),
        ("mnist_sample/valid/7", 1028),
    ],
)
def test_the_sample_has_as_many_images_as_fastais(prepared: Path, folder: str, count: int) -> None:
    assert len(list((prepared / folder).iterdir())) == count


@pytest.mark.parametrize(("folder", "count"), [("training", 50_000), ("testing", 10_000)])
def test_the_full_set_has_all_images_in_ten_folders(prepared: Path, folder: str, count: int) -> None:
    digits = sorted((prepared / "mnist_png" / folder).iterdir())
    assert [digit.name for digit in digits] == list("0123456789")
    assert sum(len(list(digit.iterdir())) for digit in digits) == count


@pytest.mark.parametrize(
    ("folder", "split", "step"),
    [("mnist_sample/valid", "test", 1), ("mnist_png/training", "train", 100), ("mnist_png/testing", "train", 20)],
)
def test_the_pixels_read_back_are_the_pixels_written(
    prepared: Path, folder: str, split: mnist.Split, step: int
) -> None:
    images, labels = load(split)
    for path in sorted((prepared / folder).glob("*/*.png"))[::step]:
        index = int(path.stem)
        with Image.open(path) as image:
            assert image.mode == "L"
            assert np.array_equal(np.asarray(image), images[index].numpy()), path
        assert int(path.parent.name) == labels[index], path


def test_the_full_set_divides_the_training_set(prepared: Path) -> None:
    """No image of the official test set is there but the 3s and 7s of the sample."""
    training, testing = (
        sorted(int(path.stem) for path in (prepared / "mnist_png" / part).glob("*/*.png"))
        for part in ("training", "testing")
    )
    assert training == list(range(50_000))
    assert testing == list(range(50_000, 60_000))


# A folder that an earlier version has prepared


@pytest.fixture
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST with 20 training images, the last 5 for testing."""
    images, labels = load("train")
    monkeypatch.setattr(mnist, "load", lambda split: {"train": (images[:20], labels[:20])}[split])
    monkeypatch.setattr(mnist, "LAST_TRAINING_IMAGES", 5)


@pytest.fixture
def outdated(tmp_path: Path) -> Path:
    """A data folder whose mnist_png/testing is the official test set, as its first image shows."""
    for name in ("training/5/0.png", "testing/7/0.png"):
        (tmp_path / "mnist_png" / name).parent.mkdir(parents=True)
        (tmp_path / "mnist_png" / name).touch()
    return tmp_path


def stems(folder: Path) -> set[int]:
    return {int(path.stem) for path in folder.glob("*/*.png")}


@pytest.mark.usefixtures("few_images")
def test_a_folder_with_the_official_test_set_is_renewed(outdated: Path) -> None:
    prepare(outdated, parts=["mnist_png"])
    assert [path.name for path in outdated.iterdir()] == ["mnist_png"]
    assert stems(outdated / "mnist_png" / "training") == set(range(15))
    assert stems(outdated / "mnist_png" / "testing") == set(range(15, 20))


@pytest.mark.usefixtures("few_images")
def test_an_interruption_of_the_renewal_leaves_the_old_folder_whole(outdated: Path) -> None:
    def interrupt(part: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(outdated, progress=interrupt, parts=["mnist_png"])
    assert [path.name for path in outdated.iterdir()] == ["mnist_png"]
    assert sorted(path.name for path in (outdated / "mnist_png").glob("*/*/*")) == ["0.png", "0.png"]


@pytest.mark.usefixtures("few_images")
def test_what_an_interrupted_renewal_has_left_is_removed(outdated: Path) -> None:
    (outdated / "mnist_png").rename(outdated / ".mnist_png.outdated")
    prepare(outdated, parts=["mnist_png"])
    prepare(outdated, parts=["mnist_png"])
    assert [path.name for path in outdated.iterdir()] == ["mnist_png"]


@pytest.mark.usefixtures("few_images")
def test_of_two_that_renew_at_once_both_succeed(outdated: Path) -> None:
    def renew_too(part: str, done: int, total: int) -> None:
        if done == total:  # just before the first one would rename its folder
            prepare(outdated, parts=["mnist_png"])

    prepare(outdated, progress=renew_too, parts=["mnist_png"])
    assert [path.name for path in outdated.iterdir()] == ["mnist_png"]
    assert stems(outdated / "mnist_png" / "testing") == set(range(15, 20))


def test_the_samples_table_labels_every_image(prepared: Path) -> None:
    sample = prepared / "mnist_sample"
    with (sample / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = {path.relative_to(sample).as_posix() for path in sample.glob("*/*/*.png")}
    assert {row["name"] for row in rows} == images
    assert all(row["label"] == str(int("/7/" in row["name"])) for row in rows)


def test_nothing_else_is_left_in_the_folder(prepared: Path) -> None:
    assert sorted(path.name for path in prepared.iterdir()) == [
        "mnist_png",
        "mnist_sample",
        "mnist_train.npz",
    ]


def test_preparing_again_does_nothing(prepared: Path) -> None:
    def refuse(part: str, done: int, total: int) -> None:
        raise AssertionError(f"{part} is made again")

    prepare(prepared, progress=refuse)


def test_progress_goes_from_none_to_all(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    prepare(tmp_path, progress=lambda *call: calls.append(call), parts=["mnist_sample"])
    assert {(part, total) for part, _, total in calls} == {("mnist_sample", 14_434)}
    counts = [done for _, done, _ in calls]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 14_434)


@pytest.mark.parametrize("part", mnist.PARTS[1:])
def test_an_interruption_leaves_nothing(tmp_path: Path, part: str) -> None:
    def interrupt(part: str, done: int, total: int) -> None:
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, progress=interrupt, parts=[part])
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_archive_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(file: object, **arrays: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist.np, "savez", interrupt)
    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, parts=["train_tensors"])
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_prepare_at_once_both_succeed(tmp_path: Path) -> None:
    def prepare_too(part: str, done: int, total: int) -> None:
        if done == total:  # just before the first one would rename its folder
            prepare(tmp_path, parts=["mnist_sample"])

    prepare(tmp_path, progress=prepare_too, parts=["mnist_sample"])
    assert [path.name for path in tmp_path.iterdir()] == ["mnist_sample"]


def test_an_unknown_part_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cifar: no such part of the data"):
        prepare(tmp_path, parts=["train_tensors", "cifar"])
    assert list(tmp_path.iterdir()) == []

"""The MNIST digits: read from the files that come with the project, and prepared for a notebook.

`load` gives tensors. `prepare` makes, in a folder, the forms in which the chapter meets the data:

    mnist_train.npz                  images (60000, 28, 28) uint8 and labels (60000,) int64
    mnist_sample/{train,valid}/{3,7} the 3s and 7s as PNG files, and labels.csv: fastai's MNIST_SAMPLE
    mnist_png/{training,testing}/{0..9}  all ten digits as PNG files, in the form of fastai's MNIST

The official test set is left out on purpose: it is what a model of the student's is measured with, and what was
looked at before measures nothing. So mnist_png divides the training set: its first 50,000 images are for training,
its last 10,000 for testing. Only mnist_sample/valid has test images, as in the book: the 3s and 7s.

Data: LeCun, Cortes and Burges, CC BY-SA 3.0 (see data/mnist/LICENSE.txt).
"""

import csv
import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from reference.built_aside import built_aside

Bytes = npt.NDArray[np.uint8]
Progress = Callable[[str, int, int], None]
Split = Literal["train", "test"]
Parts = dict[str, tuple[Split, slice]]  # for each folder, which images of MNIST's are in it

FOLDER = Path(__file__).parent / "data" / "mnist"
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}
# Of the unpacked content: the same digits packed by another gzip are as good.
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
PARTS = ("train_tensors", "mnist_sample", "mnist_png")
GZIP_MAGIC = b"\x1f\x8b"
LAST_TRAINING_IMAGES = 10_000  # of the training set, which are mnist_png/testing
# Earlier versions put the official test set into mnist_png/testing. This file, its first image, is there only then:
# now the files of testing/ are numbered from 50000.
OUTDATED = "testing/7/0.png"
UNSIGNED_BYTE = 0x08  # IDX's code for the type of the elements
FASTEST = 1  # zlib's level: of 60,000 PNG files, the time matters more than the last bytes


class DamagedData(ValueError):  # noqa: N818 - it names what happened
    """A data file is not what it should be; the message says which one and what to do."""


@cache
def load(split: Split) -> tuple[Tensor, Tensor]:
    """All images and labels of MNIST's training set (60,000) or test set (10,000), in the original order.

    Returns images (n, 28, 28) uint8, 0 background to 255 ink, and labels (n,) int64, 0 to 9. Read once for
    each process: the tensors are shared, so copy before changing them.
    Raises DamagedData if a file was changed, KeyError for another split.
    """
    images, labels = (read_verified(FOLDER / name) for name in FILES[split])
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))


def read_verified(path: Path) -> Bytes:
    """One of the four MNIST files as an array, checked against its published content (0.1 s for the largest).

    Raises DamagedData if the content differs, FileNotFoundError if there is none.
    """
    content = _unpack(path)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != MD5[path.name.removesuffix(".gz")]:
        raise _damaged(path, "its content is not MNIST's")
    return _parse_idx(content, path)


def read_idx(path: str | os.PathLike[str]) -> Bytes:
    """The array in an IDX file of unsigned bytes, gzipped or not.

    Returns a writable uint8 array of the shape that the file's header names. Raises DamagedData if the file
    is no such file or is cut off. Source: "The IDX file format", yann.lecun.com/exdb/mnist.
    """
    return _parse_idx(_unpack(Path(path)), Path(path))


def _unpack(path: Path) -> bytes:
    packed = path.read_bytes()
    if not packed.startswith(GZIP_MAGIC):
        return packed
    try:
        return gzip.decompress(packed)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path, "it does not unpack") from error


def _parse_idx(content: bytes, path: Path) -> Bytes:
    """Two zeros, the element type, the number of axes, the sizes as big-endian uint32, then the elements."""
    if len(content) < 4 or content[:3] != bytes([0, 0, UNSIGNED_BYTE]):
        raise _damaged(path, "it is not an IDX file of unsigned bytes")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise _damaged(path, "its header is cut off")
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], ">u4"))
    elements = np.frombuffer(content, np.uint8, offset=start)
    if elements.size != int(np.prod(shape, dtype=np.int64)):
        raise _damaged(path, f"it announces {shape} elements and holds {elements.size}")
    return elements.reshape(shape).copy()


def _damaged(path: Path, reason: str) -> DamagedData:
    return DamagedData(f"{path}: damaged ({reason}). Restore the file from the project, or install it again.")


def prepare(folder: Path, progress: Progress | None = None, parts: Sequence[str] = PARTS) -> None:
    """Make the chapter's forms of MNIST in `folder`, those of `parts` that are not there yet, or outdated.

    parts: any of "train_tensors" (mnist_train.npz, 47 MB), "mnist_sample" (14,434 images) and "mnist_png"
    (60,000 images). progress is called with the part's name and how many of how many images are done.
    A part is there whole or not at all: it is built under another name and then renamed, so that an
    interruption leaves nothing half done and of two that prepare at once one is first and both are right.
    Raises ValueError for an unknown part, DamagedData if MNIST's own files are.
    """
    makers = {
        "train_tensors": prepare_train_tensors,
        "mnist_sample": prepare_mnist_sample,
        "mnist_png": prepare_mnist_png,
    }
    for part in parts:
        if part not in makers:
            raise ValueError(f"{part}: no such part of the data. There are: {', '.join(PARTS)}.")
    for part in parts:
        makers[part](folder, progress)


def prepare_train_tensors(folder: Path, progress: Progress | None = None) -> None:
    """Make folder/mnist_train.npz: the training set, as arrays `images` and `labels`, not compressed."""
    target = folder / "mnist_train.npz"
    if target.exists():
        return
    images, labels = load("train")
    with built_aside(target) as unfinished, unfinished.open("wb") as file:
        np.savez(file, images=images.numpy(), labels=labels.numpy())
    if progress:
        progress("train_tensors", len(labels), len(labels))


def prepare_mnist_sample(folder: Path, progress: Progress | None = None) -> None:
    """Make folder/mnist_sample like fastai's MNIST_SAMPLE: the 3s and 7s, and labels.csv (name, label).

    train/ holds MNIST's training images and valid/ its test images. A file is named after the image's
    position in the original file; the label is 0 for a 3 and 1 for a 7.
    """
    target = folder / "mnist_sample"
    if target.exists():
        return
    with built_aside(target) as unfinished:
        parts: Parts = {"train": ("train", slice(None)), "valid": ("test", slice(None))}
        names = _write_pngs(unfinished, parts, (3, 7), _counter("mnist_sample", progress))
        with (unfinished / "labels.csv").open("w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("name", "label"))
            rows.writerows((name, int(digit == 7)) for name, digit in names)


def prepare_mnist_png(folder: Path, progress: Progress | None = None) -> None:
    """Make folder/mnist_png in the form of fastai's MNIST: training/ and testing/, in each a folder for each digit.

    training/ holds the first 50,000 images of MNIST's training set, testing/ its last 10,000. A file is named after
    the image's position in the original file. A folder of an earlier version, whose testing/ is the official test
    set, gives way to a new one.
    """
    target, outdated = folder / "mnist_png", folder / ".mnist_png.outdated"
    shutil.rmtree(outdated, ignore_errors=True)  # what an interruption has left
    if target.exists() and not (target / OUTDATED).exists():
        return
    parts: Parts = {
        "training": ("train", slice(-LAST_TRAINING_IMAGES)),
        "testing": ("train", slice(-LAST_TRAINING_IMAGES, None)),
    }
    with built_aside(target) as unfinished:
        _write_pngs(unfinished, parts, range(10), _counter("mnist_png", progress))
        with suppress(FileNotFoundError):  # of two that renew it at once, the other was first
            if (target / OUTDATED).exists():
                target.replace(outdated)
    shutil.rmtree(outdated, ignore_errors=True)


def _write_pngs(
    root: Path, parts: Parts, digits: Sequence[int], done: Callable[[int, int], None]
) -> list[tuple[str, int]]:
    """Write root/<folder>/<digit>/<index>.png for every image of these parts and digits; give each name and digit."""
    root.mkdir()
    wanted = []
    for folder, (split, part) in parts.items():
        images, labels = (tensor.numpy() for tensor in load(split))
        positions = np.arange(len(labels))[part]
        for digit in digits:
            (root / folder / str(digit)).mkdir(parents=True)
            indices = positions[labels[positions] == digit]
            wanted += [(f"{folder}/{digit}/{index}.png", digit, images[index]) for index in indices]
    for count, (name, _, image) in enumerate(wanted):
        if count % 500 == 0:
            done(count, len(wanted))
        Image.fromarray(image).save(f"{root}/{name}", compress_level=FASTEST)
    done(len(wanted), len(wanted))
    return [(name, digit) for name, digit, _ in wanted]


def _counter(part: str, progress: Progress | None) -> Callable[[int, int], None]:
    return lambda done, total: progress(part, done, total) if progress else None

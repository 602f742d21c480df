"""Images of rock with and without salt, made here, in the form of a real data set.

"TGS Salt Identification" (Kaggle, 2018) has seismic images of 101 by 101 pixels, and for each a mask: where is salt?
Its images may not be passed on, so these are made by a formula: rock in bent layers, salt without any and somewhat
brighter, noise over all. They are easier, and their files have the same form:

    train.csv            id,rle_mask: the mask as runs of pixels (see segmentation.rle_decode), empty without salt
    train/images/ID.png  grey, 0 to 255
    train/masks/ID.png   65535 where there is salt, 0 elsewhere

`read_salt` reads either. Source: kaggle.com/c/tgs-salt-identification-challenge, "Data".
"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from reference.built_aside import built_aside
from reference.segmentation import rle_encode

SIDE = 101
TRAINING_IMAGES = 80
TRAINING_SEED = 0
WITH_SALT = 0.8  # this share of the images has some


def make_salt(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Images (count, 101, 101) uint8 and masks (count, 101, 101) bool; the same seed gives the same ones."""
    generator = np.random.default_rng(seed)
    made = [_image_and_mask(generator) for _ in range(count)]
    images, masks = (torch.from_numpy(np.stack(parts)) for parts in zip(*made, strict=True))
    return images, masks


def _image_and_mask(generator: np.random.Generator) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    depth = np.linspace(0, 1, SIDE)[:, None]
    layers = np.sin(2 * np.pi * (generator.uniform(7, 12) * depth + 0.5 * _hills(generator)))
    height = _hills(generator)
    share = generator.uniform(0.1, 0.6) if generator.random() < WITH_SALT else 0.0
    mask = height > np.quantile(height, 1 - share)
    brightness = np.where(mask, 150, 105 + 35 * layers) + generator.normal(0, 6)
    noisy = brightness + generator.normal(0, 15, (SIDE, SIDE))
    return noisy.clip(0, 255).astype(np.uint8), mask


def _hills(generator: np.random.Generator) -> npt.NDArray[np.float64]:
    """A smooth random landscape (101, 101): the sum of four long waves."""
    y, x = np.mgrid[0:SIDE, 0:SIDE, 0:1][:2] / (SIDE - 1)
    across, down = generator.uniform(-1, 1, (2, 4))
    waves = np.cos(2 * np.pi * (across * x + down * y + generator.random(4)))
    return np.asarray(waves.sum(-1))


def prepare(folder: Path, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Make folder/salt with 80 images, if it is not there; whole or not at all.

    progress is called with "salt" and how many of how many images are done.
    """
    target = folder / "salt"
    if target.exists():
        return
    images, masks = make_salt(TRAINING_IMAGES, TRAINING_SEED)
    with built_aside(target) as unfinished:
        for name in ("images", "masks"):
            (unfinished / "train" / name).mkdir(parents=True)
        rows = []
        for count, (image, mask) in enumerate(zip(images, masks, strict=True), start=1):
            identity = f"{count:010x}"
            Image.fromarray(image.numpy()).save(unfinished / "train" / "images" / f"{identity}.png")
            Image.fromarray(mask.numpy() * np.uint16(65535)).save(unfinished / "train" / "masks" / f"{identity}.png")
            rows.append((identity, rle_encode(mask)))
            if progress:
                progress("salt", count, len(images))
        with (unfinished / "train.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("id", "rle_mask"))
            writer.writerows(rows)


def read_salt(folder: Path) -> tuple[Tensor, Tensor, list[str]]:
    """The images, masks and runs in a folder with train.csv, and images/ and masks/ beside it or in train/.

    Returns images (n, 101, 101) uint8, masks (n, 101, 101) bool, and n texts of runs, in the order of train.csv.
    """
    with (folder / "train.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    root = folder / "train" if (folder / "train").is_dir() else folder
    images = [np.array(Image.open(root / "images" / f"{row['id']}.png").convert("L")) for row in rows]
    masks = [np.array(Image.open(root / "masks" / f"{row['id']}.png").convert("I")) > 0 for row in rows]
    return torch.from_numpy(np.stack(images)), torch.from_numpy(np.stack(masks)), [row["rle_mask"] for row in rows]

"""A data set as a tree of folders: an image's label is the name of the folder that it lies in.

    mnist_sample/
        labels.csv
        train/              to learn from
            3/  10.png  1000.png  ...
            7/  10002.png  ...
        valid/              to see how well that went
            3/  ...
            7/  ...

First the part (train or valid; in the set of all ten digits they are called training and testing), in it a
folder for each digit, in that the images. Neither the order in which a system lists a folder nor the images'
own names mean anything. So lists are sorted, and labels are read from the folder's name.

Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision".
"""

from collections import Counter
from pathlib import Path


def image_files(folder: Path, part: str, digit: int) -> list[Path]:
    """The PNG files of one digit in one part of a data set, sorted.

    folder: of the data set. part: a folder in it, such as "train". digit: 0 to 9.
    Returns their paths; none if there is no such folder. Sorted as texts: 10.png comes before 9.png.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision" (`(path/'train'/'3').ls().sorted()`).
    """
    return sorted((folder / part / str(digit)).glob("*.png"))


def label_of(path: Path) -> int:
    """The digit that an image shows: the name of the folder that it is in, as a number.

    path: .../DIGIT/NAME.png. Raises ValueError if the folder's name is no number.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision" ("train" and "valid", "3" and "7").
    """
    return int(path.parent.name)


def count_images(folder: Path, part: str) -> Counter[int]:
    """How many PNG files there are of each digit in one part of a data set.

    folder, part: as for `image_files`. Returns a dictionary with the digits for keys, those that there are.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision" (`(path/'train').ls()`).
    """
    return Counter(label_of(path) for path in (folder / part).glob("*/*.png"))

"""A data set as a tree of folders: listing it, counting in it, and where the labels are."""

import io
import operator
import os
import random
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from grader.exercise import Exercise, Misconception, Scenario

PARTS = [("train", "valid"), ("training", "testing")]


def tree_of(parts: tuple[str, str], digits: list[int], numbers: list[int], seed: int) -> list[str]:
    """The files of a small data set, in the order in which they are made.

    The folders have unequal numbers of images, some named after other digits. Beside them lie files that are none.
    """
    files = ["labels.csv"]
    for p, part in enumerate(parts):
        files.append(f"{part}/.DS_Store")
        for d, digit in enumerate(digits):
            names = [9, 10, *numbers[: d + 2 * p]]
            files += [f"{part}/{digit}/{name}.png" for name in names]
            files.append(f"{part}/{digit}/.DS_Store")
    random.Random(seed).shuffle(files)  # noqa: S311  no secret
    return files


drawn = st.shared(
    st.tuples(
        st.sampled_from(PARTS),
        st.lists(st.integers(0, 9), min_size=2, max_size=3, unique=True).filter(lambda digits: set(digits) - {3, 7}),
        st.lists(st.integers(11, 120), min_size=4, max_size=4, unique=True),
        st.integers(0, 999),
    ),
    key="a folder tree",
)
trees = drawn.map(lambda tree: tree_of(*tree))
parts = drawn.map(lambda tree: tree[0])
digits = drawn.map(lambda tree: tree[1])


@contextmanager
def made(files):
    """A folder that has these files in it; those that end in .png are images of one pixel."""
    pixel = io.BytesIO()
    Image.new("L", (1, 1)).save(pixel, "png")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name), "mnist_37")  # a 3 and a 7 in every path
        for file in files:
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pixel.getvalue() if path.suffix == ".png" else b"no image")
        yield folder


def relative(path, folder):
    """A path as a text, seen from the folder, with / on every system; anything else as it is."""
    if not isinstance(path, (str, os.PathLike)):
        return path
    path = Path(path)
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def number(value):
    """The whole number that a text spells, or that comes from numpy or PyTorch; anything else as it is."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return operator.index(value) if hasattr(value, "__index__") and not is_truth(value) else value


def is_truth(value):
    """Whether it is True or False, of Python, numpy or PyTorch, or has more than one number."""
    return isinstance(value, bool) or getattr(value, "ndim", 0) > 0 or "bool" in str(getattr(value, "dtype", ""))


def listed(image_files, files, parts, digits):
    """The lists of paths for all parts and digits, seen from the folder of the data set."""
    with made(files) as folder:
        return {
            f"{part}/{digit}": items_of(image_files(folder, part, digit), folder) for part in parts for digit in digits
        }


def items_of(paths, folder):
    """The paths as texts, if they are a list or something like it."""
    is_list = hasattr(paths, "__len__") and hasattr(paths, "__iter__") and not isinstance(paths, (str, dict, set))
    return [relative(path, folder) for path in paths] if is_list else paths


def labelled(label_of, files):
    """Each image file of the tree with its label."""
    with made(files) as folder:
        return {
            file: number(relative(label_of(folder / file), folder)) for file in sorted(files) if file.endswith(".png")
        }


def counted(count_images, files, parts):
    """The numbers of images by digit, for each part."""
    with made(files) as folder:
        counts = {part: count_images(folder, part) for part in parts}
        return {part: {number(k): v for k, v in c.items()} if isinstance(c, dict) else c for part, c in counts.items()}


def entries(folder: Path) -> list[Path]:
    """All that is in a folder, in the system's order."""
    return list(folder.iterdir())


def digit_folders(folder: Path) -> list[Path]:
    """The folders of the digits."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


def first_digit_of(text: str) -> int:
    """The first digit in a text."""
    return next(int(character) for character in text if character.isdecimal())


exercise = Exercise(
    title="A data set in folders",
    section="Pixels: The Foundations of Computer Vision",
    provides=("image_files", "label_of", "count_images"),
    oracle="folder_tree",
    statement="""\
The images of the chapter are files in a tree of folders. The folder says which digit an image shows: its *label*.

    mnist_sample/
        labels.csv
        train/                      to learn from
            3/  10.png 1000.png ...
            7/  10002.png ...
        valid/                      to see how well that went
            3/  ...
            7/  ...

In the set of all ten digits the two parts are called `training` and `testing`. Write three functions that work for
any such tree. An image is a file whose name ends in `.png`; other files may lie in any of the folders.

- `image_files(folder, part, digit)` gives the list of all images of one digit in one part, **sorted**, as
  `sorted` does it (so `10.png` comes before `9.png`). `folder` is a `Path`, `part` a text, `digit` a number:
  `image_files(path / "mnist_sample", "train", 3)`. The items are paths: `Path` objects, or texts.
- `label_of(path)` gives the label of one image, given the `Path` of its file: of `.../train/7/10002.png` it is 7.
- `count_images(folder, part)` gives a dictionary that says how many images each digit has in one part: for `train`
  above it is `{3: 6131, 7: 6265}`. Only the digits that have a folder there are in it.

A digit that you give back may be a number, `3`, or a text, `"3"`.
""",
    starter="""\
def image_files(folder, part, digit):
    ...


def label_of(path):
    ...


def count_images(folder, part):
    ...
""",
    hints=[
        (
            "`label_of`: read a path from its end: the file, the folder that it lies in, the folder around that one. "
            "Which of them says the digit? There is no need to open the file, or to search the text for a number."
        ),
        (
            "`label_of`: a `Path` has two attributes that help: `name` is its last part, and `parent` is the path "
            "without that part. You need both, one behind the other. In which order?"
        ),
        (
            "`image_files`: go there as you would with the mouse: into the folder, into the part, into the digit's "
            "own folder. `/` takes you one step further, and `glob` finds what matches a pattern such as `*.csv`."
        ),
        (
            "`image_files`: three things are left to think of: the digit has to become a text before `/` takes it, "
            "the pattern is that of images, and `sorted` makes a list in the right order of all that `glob` finds."
        ),
        (
            "`count_images`: a `*` in a pattern can stand for a folder's name, too, so that one `glob` finds the "
            "images of all digits. Your `label_of` says for which digit each one counts. A dictionary keeps the "
            "numbers; a `Counter`, of the module `collections`, even counts by itself."
        ),
    ],
    checks=[
        Scenario(
            "lists the images of a digit in order",
            listed,
            trees,
            parts,
            digits,
            of="image_files",
            points=2,
            cases=3,
            hint="First the path of the digit's folder, then the images in it and nothing else, then their order.",
        ),
        Scenario(
            "reads the label of each image",
            labelled,
            trees,
            of="label_of",
            points=2,
            cases=3,
            hint="A `Path` knows the folder that it is in.",
        ),
        Scenario(
            "counts the images of each digit",
            counted,
            trees,
            parts,
            of="count_images",
            cases=3,
            hint="Which digits there are is not known beforehand: look which folders there are.",
        ),
    ],
    accepts={
        "os": """\
import os

def image_files(folder, part, digit):
    where = os.path.join(folder, part, str(digit))
    return [os.path.join(where, name) for name in sorted(os.listdir(where)) if name.endswith(".png")]

def label_of(path):
    return str(path).split(os.sep)[-2]

def count_images(folder, part):
    counts = {}
    for where, folders, files in os.walk(os.path.join(folder, part)):
        images = [file for file in files if file.endswith(".png")]
        if images:
            counts[os.path.basename(where)] = len(images)
    return counts
""",
        "glob and a dictionary comprehension": """\
import glob

def image_files(folder, part, digit):
    return sorted(glob.glob(f"{folder}/{part}/{digit}/*.png"))

def label_of(path):
    return path.parts[-2]

def count_images(folder, part):
    return {int(d.name): len(image_files(folder, part, d.name)) for d in (folder/part).iterdir() if d.is_dir()}
""",
        "suffixes, and a Counter": """\
from collections import Counter

def image_files(folder, part, digit):
    found = [p for p in Path(folder).rglob('*') if p.is_file() and p.suffix == '.png']
    found.sort()
    return tuple(p for p in found if p.parts[-3] == part and label_of(p) == digit)

def label_of(path):
    return torch.tensor(int(path.parent.stem))

def count_images(folder, part):
    return Counter(p.parent.name for p in (folder/part).rglob('*.png'))
""",
        "counted by numpy": """\
def label_of(path):
    return np.int64(path.parent.name)

def count_images(folder, part):
    labels, counts = np.unique([int(p.parent.name) for p in (folder/part).glob('*/*.png')], return_counts=True)
    return dict(zip(labels, counts))
""",
    },
    misconceptions=[
        Misconception(
            "looks for the parts in the digits' folders",
            {"image_files": lambda folder, part, digit: sorted((folder / str(digit) / part).glob("*.png"))},
            hint="Each part has a folder for each digit in it, not the other way round.",
        ),
        Misconception(
            "lists files that are no images",
            {"image_files": lambda folder, part, digit: sorted(entries(folder / part / str(digit)))},
            hint="Hidden files such as `.DS_Store`, may lie beside the images. Take only what ends in `.png`.",
        ),
        Misconception(
            "gives the names without their folders",
            {
                "image_files": lambda folder, part, digit: sorted(
                    path.name for path in (folder / part / str(digit)).glob("*.png")
                )
            },
            hint="`os.listdir` gives bare names. To open a file one needs its path, and to know its label its folder.",
        ),
        Misconception(
            "sorts by number",
            {
                "image_files": lambda folder, part, digit: sorted(
                    (folder / part / str(digit)).glob("*.png"), key=lambda path: int(path.stem)
                )
            },
            hint="`sorted` without a key compares the paths as texts. That is the order that is asked for.",
        ),
        Misconception(
            "sorts backwards",
            {"image_files": lambda folder, part, digit: sorted((folder / part / str(digit)).glob("*.png"))[::-1]},
            hint="The first name in the alphabet comes first.",
        ),
        Misconception(
            "lists all parts",
            {"image_files": lambda folder, part, digit: sorted(folder.glob(f"*/{digit}/*.png"))},  # noqa: ARG005
            hint="The images to learn from and those to check with have to stay apart: list one part only.",
        ),
        Misconception(
            "lists all digits",
            {"image_files": lambda folder, part, digit: sorted((folder / part).glob("*/*.png"))},  # noqa: ARG005
            hint="Only one digit's images are asked for: those in its own folder.",
        ),
        Misconception(
            "puts a number into a path",
            {"image_files": lambda folder, part, digit: sorted((folder / part / digit).glob("*.png"))},
            hint="`/` joins a path and a text; `digit` is a number. `str` makes a text of it.",
        ),
        Misconception(
            "always lists the folder train",
            {"image_files": lambda folder, part, digit: sorted((folder / "train" / str(digit)).glob("*.png"))},  # noqa: ARG005
            hint="The part is given as an argument, and its name differs from data set to data set.",
        ),
        Misconception(
            "reads the label from the file's name",
            {"label_of": lambda path: int(path.stem)},
            hint="The file's name is only a number for the image. The label is the name of the folder it is in.",
        ),
        Misconception(
            "takes the first digit of the file's name",
            {"label_of": lambda path: first_digit_of(path.name)},
            hint="The digits of the file's name say nothing. The label is the name of the folder it is in.",
        ),
        Misconception(
            "takes a 7 for everything without a 3 in its path",
            {"label_of": lambda path: 3 if "3" in str(path) else 7},
            hint="There may be a 3 anywhere in a path, and there are more digits than two. Look at one place only: the "
            "name of the folder.",
        ),
        Misconception(
            "gives the folder's position for its name",
            {"label_of": lambda path: digit_folders(path.parents[1]).index(path.parent)},
            hint="The folder of the 7s may be the second one in a list, or the first: it still holds 7s. The label is "
            "its name.",
        ),
        Misconception(
            "gives the part instead of the digit",
            {"label_of": lambda path: path.parent.parent.name},
            hint="One folder too far: that is `train` or `valid`.",
        ),
        Misconception(
            "gives the path of the folder",
            {"label_of": lambda path: str(path.parent)},
            hint="`path.parent` is the whole path of the folder. Only its last part is its name.",
        ),
        Misconception(
            "tells whether it is a 7",
            {"label_of": lambda path: int(path.parent.name == "7")},
            hint="0 and 1 come later, when there are only two classes. Here the label is the digit.",
        ),
        Misconception(
            "counts everything in the folders",
            {
                "count_images": lambda folder, part: {
                    int(digit.name): len(entries(digit)) for digit in digit_folders(folder / part)
                }
            },
            hint="Not every file is an image: count only what ends in `.png`.",
        ),
        Misconception(
            "takes every entry for a digit's folder",
            {"count_images": lambda folder, part: {int(d.name): len(entries(d)) for d in entries(folder / part)}},
            hint="There are files beside the digits' folders, such as `.DS_Store`. Take only the folders.",
        ),
        Misconception(
            "counts 3s and 7s only",
            {
                "count_images": lambda folder, part: {
                    digit: len(list((folder / part / str(digit)).glob("*.png"))) for digit in (3, 7)
                }
            },
            hint="The tree of all ten digits has other folders too. Which ones there are, the part's folder says.",
        ),
        Misconception(
            "counts digits that are not there",
            {
                "count_images": lambda folder, part: {
                    digit: len(list((folder / part / str(digit)).glob("*.png"))) for digit in range(10)
                }
            },
            hint="Not every tree has all ten digits. Leave out those that have no folder.",
        ),
        Misconception(
            "forgets the digit 0",
            {
                "count_images": lambda folder, part: {
                    digit: len(list((folder / part / str(digit)).glob("*.png")))
                    for digit in range(1, 10)
                    if (folder / part / str(digit)).exists()
                }
            },
            hint="The digits begin with 0.",
        ),
        Misconception(
            "counts the images of all parts together",
            {"count_images": lambda folder, part: dict(Counter(int(p.parent.name) for p in folder.glob("*/*/*.png")))},  # noqa: ARG005
            hint="Only one part is asked for.",
        ),
        Misconception(
            "counts all digits together",
            {"count_images": lambda folder, part: len(list((folder / part).glob("*/*.png")))},
            hint="That is one number for all. Each digit needs one of its own.",
        ),
        Misconception(
            "gives the numbers without their digits",
            {"count_images": lambda folder, part: [len(list(d.glob("*.png"))) for d in digit_folders(folder / part)]},
            hint="Which digit does each number belong to? A dictionary says it.",
        ),
        Misconception(
            "looks for images beside the digits' folders",
            {
                "count_images": lambda folder, part: dict(
                    Counter(int(p.parent.name) for p in (folder / part).glob("*.png"))
                )
            },
            hint="The images are one folder further down. `*/*.png`, or `rglob`, finds them there.",
        ),
    ],
)

"""How many axes a tensor has, how long they are, and how to make a row of each image."""

import torch
from hypothesis import strategies as st

from grader.exercise import Calls, Exercise, Misconception
from grader.inputs import Dim, images, tensors

N, H, W = Dim("n", 1, 3), Dim("h", 1, 3), Dim("w", 1, 3)
any_tensor = st.lists(st.integers(1, 4), max_size=4).flatmap(lambda sizes: tensors(*sizes))


exercise = Exercise(
    title="Rank and shape",
    section="First Try: Pixel Similarity",
    provides=("rank", "shape_of", "flatten_images"),
    oracle="tensors",
    statement="""\
The *shape* of a tensor is the size of each of its axes. Its *rank* is how many axes there are. A batch of 5
images of 28 by 28 pixels has the shape `(5, 28, 28)` and the rank 3; a single number has the shape `()` and
the rank 0. Write three functions.

- `rank(t)` gives the rank of a tensor.
- `shape_of(t)` gives its shape, as a tuple or list of numbers.
- `flatten_images(images)` takes a batch of images `(n, height, width)`, **of any size**, and makes one row of
  pixels of each: `(5, 28, 28)` becomes `(5, 784)`. This is the form that a linear layer takes.
""",
    starter="""\
def rank(t):
    ...


def shape_of(t):
    ...


def flatten_images(images):
    ...
""",
    hints=[
        (
            "`rank` and `shape_of`: PyTorch knows both. Make `t = torch.zeros(5, 28, 28)` in a cell of its own and "
            "look at `t.shape`. What do you have to do with it to get the number 3?"
        ),
        (
            "`flatten_images`: three axes go in, and two come out. Which of the three stays as it is, and which two "
            "become one? Say it in words before you look for a method."
        ),
        (
            "`flatten_images`: `flatten` can be told at which axis to begin. With `reshape` you fix the number of "
            "rows, and a -1 for the other size lets PyTorch work it out, whatever the size of the images."
        ),
    ],
    checks=[
        Calls(
            "the rank of any tensor",
            any_tensor,
            of="rank",
            points=2,
            hint="Every axis has one entry in the shape. How many entries are there?",
        ),
        Calls("the shape of any tensor", any_tensor, of="shape_of"),
        Calls("a batch of 28 by 28 images as rows", images(N, 28, 28), of="flatten_images", cases=4),
        Calls(
            "images of another size as rows",
            images(N, H, W),
            of="flatten_images",
            points=2,
            hint="The batch's own shape says how many images there are.",
        ),
    ],
    accepts={
        "numpy": """\
rank = np.ndim
shape_of = np.shape

def flatten_images(images):
    return np.asarray(images).reshape(len(images), -1)
""",
        "methods and loops": """\
def rank(t):
    return t.dim()

def shape_of(t):
    return list(t.size())

def flatten_images(images):
    return torch.stack([image.reshape(-1) for image in images])
""",
        "view": """\
def rank(t): return tensor(t.ndim)
def shape_of(t): return t.shape
def flatten_images(t): return t.view(t.shape[0], t.shape[1] * t.shape[2])
""",
    },
    misconceptions=[
        Misconception(
            "gives the length of the first axis",
            {"rank": lambda t: t.shape[0]},
            hint="That is how many entries the first axis has (for a batch, how many images). The rank is "
            "how many axes there are: the length of the shape.",
        ),
        Misconception(
            "takes the length of the tensor for its rank",
            {"rank": len},
            hint="`len(t)` is how many entries the first axis has. The length of `t.shape` is the rank.",
        ),
        Misconception(
            "counts the elements",
            {"rank": torch.numel},
            hint="That is how many numbers the tensor holds. The rank is how many axes they are arranged along.",
        ),
        Misconception(
            "gives the shape for the rank",
            {"rank": lambda t: t.shape},
            hint="The shape lists the size of each axis. The rank is one number: how many axes are listed.",
        ),
        Misconception(
            "gives the rank for the shape",
            {"shape_of": torch.Tensor.dim},
            hint="That is how many axes there are. The shape says how long each of them is.",
        ),
        Misconception(
            "takes the rank of linear algebra",
            {"rank": lambda t: torch.linalg.matrix_rank(t)},
            hint="`matrix_rank` counts independent rows. In the chapter, rank is the number of axes.",
        ),
        Misconception(
            "leaves the first axis out of the shape",
            {"shape_of": lambda t: t.shape[1:]},
            hint="The number of images in a batch is a part of its shape too.",
        ),
        Misconception(
            "gives the axes in reverse",
            {"shape_of": lambda t: t.shape[::-1]},
            hint="A shape starts with the outermost axis: images, then rows, then columns.",
        ),
        Misconception(
            "puts all images into one row",
            {"flatten_images": lambda images: images.flatten()},
            hint="`flatten()` and `view(-1)` join all axes, the images' one included. The first axis has to "
            "stay: one row for each image.",
        ),
        Misconception(
            "counts on 28 by 28 pixels",
            {"flatten_images": lambda images: images.view(-1, 28 * 28)},
            hint="`28*28` is right for MNIST only. Here images come in other sizes: their shape says which.",
        ),
        Misconception(
            "makes a column of each image",
            {"flatten_images": lambda images: images.reshape(len(images), -1).T},
            hint="The images run along the second axis now. One row for each image is meant: `(n, pixels)`.",
        ),
        Misconception(
            "exchanges the number of images and of pixels",
            {"flatten_images": lambda images: images.reshape(-1, len(images))},
            hint="The first size you give to `view` or `reshape` is the number of rows: one for each image.",
        ),
        Misconception(
            "joins the wrong axes",
            {"flatten_images": lambda images: images.flatten(0, 1)},
            hint="You joined the images with their rows of pixels. Join the last two axes: rows and columns.",
        ),
    ],
)

"""An image as an array of numbers: its axes, its range, and arithmetic with bytes."""

import numpy as np
import torch
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors

H, W = Dim("h", 1, 3), Dim("w", 4, 5)  # never as high as wide
grey = tensors(H, W, low=0, high=255, step=1, dtype=torch.uint8)
small_grey = tensors(2, 3, low=0, high=255, step=1, dtype=torch.uint8)
colour = tensors(H, W, 3, low=0, high=255, step=1, dtype=torch.uint8)
small_colour = tensors(2, 4, 3, low=0, high=255, step=1, dtype=torch.uint8)

# All limits lie inside, and the part is neither square nor at the same place in rows and columns.
HEIGHT, WIDTH = 7, 8
limits = st.shared(
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(3, 4), st.integers(3, 4)), key="limits of a crop"
)
top = limits.map(lambda drawn: drawn[0])
bottom = limits.map(lambda drawn: drawn[0] + drawn[1])
left = limits.map(lambda drawn: drawn[2])
right = limits.map(lambda drawn: drawn[2] + drawn[3])
large_grey = tensors(HEIGHT, WIDTH, low=0, high=255, step=1, dtype=torch.uint8)
large_colour = tensors(HEIGHT, WIDTH, 3, low=0, high=255, step=1, dtype=torch.uint8)


def picture(pixels):
    """The Pillow image that has these pixels: grey for (h, w), in colour for (h, w, 3)."""
    return Image.fromarray(np.array(pixels))


def pixels_of(read, pixels):
    """What a function makes of an image with these pixels."""
    return read(picture(pixels))


def kinds(as_array, as_tensor, pixels):
    """Of which kind the two functions' results are."""
    image = picture(pixels)
    return [kind_of(as_array(image)), kind_of(as_tensor(image))]


def kind_of(result):
    """What the chapter calls it."""
    if isinstance(result, torch.Tensor):
        return "a tensor"
    return "a numpy array" if isinstance(result, np.ndarray) else f"a {type(result).__name__}"


def are_of_their_kinds(result: list[str], pixels: Tensor) -> str | None:  # noqa: ARG001
    """Whether there is a numpy array and a tensor."""
    for name, got, meant in zip(("as_array", "as_tensor"), result, ("a numpy array", "a tensor"), strict=True):
        if got != meant:
            return f"`{name}` gives {got}, and {meant} is meant."
    return None


def flat(image: Image.Image) -> np.ndarray:
    """The pixels in a row."""
    return np.array(image).reshape(-1, *np.array(image).shape[2:])


exercise = Exercise(
    title="Images are numbers",
    section="Pixels: The Foundations of Computer Vision",
    provides=("as_array", "as_tensor", "channels_first", "crop", "invert", "pixel_difference"),
    oracle="pixels",
    statement="""\
To a computer an image is an array of numbers, the *pixels*. They are bytes (`uint8`): whole numbers from 0 to 255.
The library Pillow (`PIL`) opens image files; numpy and PyTorch calculate with them.

- `as_array(image)` takes a Pillow image and gives its pixels as a numpy array; `as_tensor(image)` gives the same
  as a tensor. The numbers stay as they are. A grey image, 4 pixels wide and 3 high, has the shape `(3, 4)`: rows
  first. A colour image has three numbers for each pixel, for red, green and blue (its *channels*): `(3, 4, 3)`.

The other functions take a tensor of such pixels, `uint8`:

- `channels_first(pixels)` takes a colour image `(height, width, 3)` and gives the same image as `(3, height,
  width)`, the form that PyTorch's layers take: first all of its red, then its green, then its blue.
- `crop(pixels, top, bottom, left, right)` cuts out the rows from `top` up to, but without, `bottom`, and the
  columns from `left` up to, but without, `right`. The book looks at rows 4 to 9 and columns 4 to 9 of a digit.
- `invert(pixels)` gives the negative of an image: 0 becomes 255, 1 becomes 254, ... and 255 becomes 0.
- `pixel_difference(a, b)` says for each pixel of two images of the same shape how much larger it is in `a` than in
  `b`: from -255 to 255.

Is 0 black or white? Usually 0 is black (no light) and 255 white. In MNIST's files 0 is the background and 255 the
ink, so most programs show them as white ink on black; the book shows the same numbers in reversed colours, 0 as
white and 255 as black. Only the display differs.
""",
    starter="""\
def as_array(image):
    ...


def as_tensor(image):
    ...


def channels_first(pixels):
    ...


def crop(pixels, top, bottom, left, right):
    ...


def invert(pixels):
    ...


def pixel_difference(a, b):
    ...
""",
    hints=[
        (
            "`as_array` and `as_tensor`: you need not read a single pixel yourself. One call of numpy makes an array "
            "of a whole Pillow image, and one call of torch makes a tensor of an array."
        ),
        (
            "`crop`: a slice `a:b` begins with a and stops before b, as does the part that you are to cut out. Give "
            "it a slice for the rows and one for the columns; channels, if there are any, come along by themselves."
        ),
        (
            "`invert`: write down a few pixels and their negatives. All of these pairs have something in common: "
            "once you see it, a single subtraction is enough for the whole tensor, without a loop."
        ),
        (
            "`channels_first`: number the axes as they stand: height is 0, width is 1, the channels are 2. `permute` "
            "wants these three numbers in the order in which the axes are to stand afterwards."
        ),
        (
            "`pixel_difference`: subtract two bytes in a cell of your own: `tensor(0, dtype=torch.uint8)`, minus the "
            "same with a 1 in it. What comes out, and what did you expect?"
        ),
        (
            "`pixel_difference`: the result needs a type that reaches from -255 to 255. Tensors have methods that "
            "change the type, such as `int()` and `float()`: what matters is whether you call one before the "
            "subtraction or after it."
        ),
    ],
    checks=[
        Scenario(
            "the array of a grey image",
            pixels_of,
            grey,
            of="as_array",
            hint="numpy knows how to make an array of a Pillow image.",
        ),
        Scenario("the array of a colour image", pixels_of, small_colour, of="as_array"),
        Scenario(
            "the tensor of a grey image",
            pixels_of,
            grey,
            of="as_tensor",
            hint="PyTorch can make a tensor of a numpy array.",
        ),
        Scenario("the tensor of a colour image", pixels_of, small_colour, of="as_tensor"),
        Scenario(
            "one is a numpy array, the other a tensor",
            kinds,
            small_grey,
            of=("as_array", "as_tensor"),
            cases=2,
            holds=are_of_their_kinds,
        ),
        Calls(
            "the channels of a colour image as its first axis",
            colour,
            of="channels_first",
            hint="No number changes. Which axis of the image becomes the first one, and which ones follow?",
        ),
        Calls(
            "a part of a grey image",
            large_grey,
            top,
            bottom,
            left,
            right,
            of="crop",
            hint="Two slices, one for each axis, with a comma between them.",
        ),
        Calls("a part of a colour image", large_colour, top, bottom, left, right, of="crop"),
        Calls("the negative of an image", small_grey, of="invert", hint="What do a number and its negative add up to?"),
        Calls(
            "by how much the pixels differ",
            small_grey,
            small_grey,
            of="pixel_difference",
            points=2,
            hint="What is the smallest number that a `uint8` can be?",
        ),
        Keeps("inverting leaves the image alone", small_grey, of="invert"),
        Keeps("comparing leaves both images alone", small_grey, small_grey, of="pixel_difference"),
    ],
    accepts={
        "asarray, stack, and whole numbers": """\
def as_array(image):
    return np.asarray(image)

def as_tensor(image):
    return torch.tensor(np.array(image, dtype=np.int64))

def channels_first(pixels):
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return torch.stack([red, green, blue])

def crop(img, t, b, l, r):
    return img[t:b][:, l:r]

def invert(p):
    return ~p

def pixel_difference(x, y):
    return x.int() - y.int()
""",
        "numpy all the way": """\
def as_array(image):
    width, height = image.size
    return np.array(image.getdata()).reshape((height, width, 3) if image.mode == "RGB" else (height, width))

def as_tensor(image):
    return torch.from_numpy(as_array(image)).to(torch.float32)

def channels_first(pixels):
    return np.moveaxis(np.array(pixels), -1, 0)

def crop(pixels, top, bottom, left, right):
    return np.array(pixels)[top:bottom, left:right, ...]

def invert(pixels):
    return 255 - np.array(pixels)

def pixel_difference(a, b):
    return np.subtract(a.numpy(), b.numpy(), dtype=np.int16)
""",
        "loops": """\
def as_array(image):
    pixels = image.load()
    return np.array([[pixels[x, y] for x in range(image.width)] for y in range(image.height)], dtype=np.uint8)

def as_tensor(image):
    return torch.as_tensor(as_array(image))

def channels_first(pixels):
    return pixels.transpose(1, 2).transpose(0, 1)

def crop(pixels, top, bottom, left, right):
    return torch.stack([torch.stack([pixels[y, x] for x in range(left, right)]) for y in range(top, bottom)])

def invert(pixels):
    result = pixels.clone()
    for y in range(pixels.shape[0]):
        for x in range(pixels.shape[1]):
            result[y, x] = 255 - int(pixels[y, x])
    return result

def pixel_difference(a, b):
    return torch.tensor([[int(p) - int(q) for p, q in zip(x, y)] for x, y in zip(a, b)])
""",
    },
    misconceptions=[
        Misconception(
            "divides the pixels by 255",
            {
                "as_array": lambda image: np.array(image) / 255,
                "as_tensor": lambda image: torch.tensor(np.array(image)) / 255,
            },
            hint="That comes later in the chapter. Here the numbers stay as they are stored: 0 to 255.",
        ),
        Misconception(
            "puts all pixels into one row",
            {"as_array": flat, "as_tensor": lambda image: torch.tensor(flat(image))},
            hint="An image has rows and columns. One long row of pixels (as `getdata()` gives it) has lost them.",
        ),
        Misconception(
            "takes the width for the number of rows",
            {
                "as_array": lambda image: np.array(image).reshape(*image.size, *np.array(image).shape[2:]),
                "as_tensor": lambda image: torch.tensor(np.array(image)).reshape(
                    *image.size, *np.array(image).shape[2:]
                ),
            },
            hint="Pillow's `image.size` is (width, height). An array's shape starts with the rows: the height.",
        ),
        Misconception(
            "exchanges rows and columns",
            {
                "as_array": lambda image: np.array(image).swapaxes(0, 1),
                "as_tensor": lambda image: torch.tensor(np.array(image)).transpose(0, 1),
            },
            hint="The rows come first, from the top; within a row the columns, from the left.",
        ),
        Misconception(
            "makes a colour image grey",
            {
                "as_array": lambda image: np.array(image.convert("L")),
                "as_tensor": lambda image: torch.tensor(np.array(image.convert("L"))),
            },
            hint="`convert('L')` throws the colours away. A colour image has three numbers for each pixel.",
        ),
        Misconception(
            "reads only one channel",
            {
                "as_array": lambda image: np.array(image) if image.mode == "L" else np.array(image)[..., 0],
                "as_tensor": lambda image: torch.tensor(
                    np.array(image) if image.mode == "L" else np.array(image)[..., 0]
                ),
            },
            hint="Red is only one of the three channels. Green and blue belong to the image too.",
        ),
        Misconception(
            "gives nested lists",
            {"as_array": lambda image: np.array(image).tolist(), "as_tensor": lambda image: np.array(image).tolist()},
            hint="Python's lists hold the same numbers, but can't calculate with all of them at once.",
        ),
        Misconception(
            "takes a tensor for a numpy array",
            {"as_array": lambda image: torch.tensor(np.array(image))},
            hint="`as_array` is about numpy: `np.array`, or `.numpy()` of a tensor.",
        ),
        Misconception(
            "takes a numpy array for a tensor",
            {"as_tensor": lambda image: np.array(image)},
            hint="`as_tensor` is about PyTorch: `torch.tensor` takes a numpy array.",
        ),
        Misconception(
            "cuts the pixels anew instead of moving the axis",
            {"channels_first": lambda pixels: pixels.reshape(3, *pixels.shape[:2])},
            hint="`view` and `reshape` keep the numbers in their order in memory and count them off anew: red, green "
            "and blue get mixed up. `permute` moves a whole axis.",
        ),
        Misconception(
            "reverses all axes",
            {"channels_first": lambda pixels: pixels.permute(2, 1, 0)},
            hint="The channels are first, but rows and columns have changed places: the image lies on its side.",
        ),
        Misconception(
            "puts the channels between rows and columns",
            {"channels_first": lambda pixels: pixels.permute(0, 2, 1)},
            hint="The first axis has to be the channels'. Look at the shape that comes out.",
        ),
        Misconception(
            "gives the channels in the order blue, green, red",
            {"channels_first": lambda pixels: pixels.flip(2).permute(2, 0, 1)},
            hint="The order of the colours stays as it was: red, green, blue.",
        ),
        Misconception(
            "leaves the channels where they are",
            {"channels_first": lambda pixels: pixels},
            hint="The channels are still the last axis.",
        ),
        Misconception(
            "takes the columns first",
            {"crop": lambda pixels, top, bottom, left, right: pixels[left:right, top:bottom]},
            hint="The first slice is for the rows (from the top), the second for the columns (from the left).",
        ),
        Misconception(
            "cuts the rows twice",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top:bottom][left:right]},
            hint="`pixels[a:b]` is an image again, with fewer rows. A second `[c:d]` behind it cuts its rows again. "
            "Write both slices into one pair of brackets, with a comma.",
        ),
        Misconception(
            "includes the last row and column",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top : bottom + 1, left : right + 1]},
            hint="A slice ends before its second number; so does the part that is asked for.",
        ),
        Misconception(
            "counts the rows and columns from 1",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top - 1 : bottom - 1, left - 1 : right - 1]},
            hint="Rows and columns are counted from 0.",
        ),
        Misconception(
            "takes bottom and right for a height and a width",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top : top + bottom, left : left + right]},
            hint="`bottom` and `right` say where the part ends, not how large it is.",
        ),
        Misconception(
            "always cuts out the rows and columns 4 to 9",
            {"crop": lambda pixels, top, bottom, left, right: pixels[4:10, 4:10]},  # noqa: ARG005
            hint="That is the part that the book looks at. Which part is meant here, the arguments say.",
        ),
        Misconception(
            "ends a slice with a height and a width",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top : bottom - top, left : right - left]},
            hint="`bottom - top` is how many rows there are. A slice takes where they begin and where they end.",
        ),
        Misconception(
            "cuts the rows only",
            {"crop": lambda pixels, top, bottom, left, right: pixels[top:bottom]},  # noqa: ARG005
            hint="All columns are still there.",
        ),
        Misconception(
            "takes the corner points only",
            {"crop": lambda pixels, top, bottom, left, right: pixels[[top, bottom], [left, right]]},
            hint="A range of rows is a slice, written with a colon.",
        ),
        Misconception(
            "gives minus each pixel, or 256 minus it, which is the same for bytes",
            {"invert": lambda pixels: -pixels},
            hint="Bytes have no negative numbers, and no 256: `-1` and `256 - 1` become 255, and 0 stays 0. What do 0 "
            "and 255, 1 and 254 add up to?",
        ),
        Misconception(
            "subtracts from the image's largest pixel",
            {"invert": lambda pixels: pixels.max() - pixels},
            hint="The largest pixel differs from image to image. 0 becomes 255 in all of them.",
        ),
        Misconception(
            "subtracts from 1",
            {"invert": lambda pixels: 1 - pixels},
            hint="`1 - x` is right for pixels from 0 to 1. These go up to 255.",
        ),
        Misconception(
            "gives numbers from 0 to 1",
            {"invert": lambda pixels: (255 - pixels) / 255},
            hint="The pixels stay whole numbers from 0 to 255: 0 becomes 255.",
        ),
        Misconception(
            "subtracts from 256",
            {"invert": lambda pixels: 256 - pixels.int()},
            hint="There are 256 different values, from 0 to 255. 0 has to become 255.",
        ),
        Misconception(
            "turns the image upside down",
            {"invert": lambda pixels: pixels.flip(0)},
            hint="The pixels stay where they are. Light becomes dark, and dark becomes light.",
        ),
        Misconception(
            "inverts in place",
            "def invert(pixels):\n    pixels.neg_().sub_(1)\n    return pixels\n",
            hint="The image that was passed in has changed. Make a new one.",
        ),
        Misconception(
            "subtracts bytes",
            {"pixel_difference": lambda a, b: a - b},
            hint="`uint8` has no negative numbers: 0 - 1 goes round to 255. Which types have them? Change to such a "
            "type in time: after the subtraction it is too late.",
        ),
        Misconception(
            "makes signed bytes of the images",
            {"pixel_difference": lambda a, b: a.to(torch.int8) - b.to(torch.int8)},
            hint="`int8` goes from -128 to 127 only: 200 has no place in it.",
        ),
        Misconception(
            "takes the absolute value",
            {"pixel_difference": lambda a, b: (a.int() - b.int()).abs()},
            hint="The sign says which image has the larger number. `abs` comes later, in the distance.",
        ),
        Misconception(
            "subtracts the wrong way round",
            {"pixel_difference": lambda a, b: b.int() - a.int()},
            hint="How much larger it is in `a` than in `b`: where a has more, the difference is positive.",
        ),
        Misconception(
            "cuts off at 0",
            {"pixel_difference": lambda a, b: (a.int() - b.int()).clamp(min=0)},
            hint="Where `b` has the larger number, the difference is below 0.",
        ),
        Misconception(
            "gives one difference for the whole image",
            {"pixel_difference": lambda a, b: a.float().mean() - b.float().mean()},
            hint="That compares how bright the images are as a whole. A difference for each pixel is meant.",
        ),
    ],
)

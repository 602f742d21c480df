"""Values laid out for a report: as text, tables or images, with what differs from the other side marked."""

import math
from itertools import islice

import msgspec
import numpy as np
import numpy.typing as npt

from grader.showing import KINDS, Elements, counted, element_text, one_line, range_facts, shortened, value_text
from grader.values import Array, Float, Integer, Items, Large, Other, Pairs, Plain, Raised, Value

LIMIT_TEXT = 400  # characters
LIMIT_SIDE = 12  # rows and columns of a table
LIMIT_SHEETS = 4
LIMIT_PLANES = 8
LIMIT_ROW = 40  # elements of a one-dimensional array that are all shown
LIMIT_START = 8  # elements that a larger array begins with
IMAGE_SIDES = range(8, 257)
FLATTENED_SIDES = range(20, 65)  # side * side elements in a row are an image

Mask = npt.NDArray[np.bool_]


class Part(msgspec.Struct, frozen=True):
    """A piece of text, and whether the other side has a different one in its place."""

    text: str
    differs: bool = False


class Sheet(msgspec.Struct, frozen=True):
    """A table of elements; label: where it is in a batch, such as "[0]"."""

    label: str
    rows: tuple[tuple[Part, ...], ...]


class Plane(msgspec.Struct, frozen=True):
    """A grey image of 0 to 255, and whether the other side's differs; label as a sheet's."""

    label: str
    pixels: npt.NDArray[np.uint8]
    differs: bool


class View(msgspec.Struct, frozen=True):
    """A value laid out for a report: facts about it, and one of parts of a text, tables or images.

    left_out: how many tables or images are not shown. line: the notebook's line that an exception came from.
    """

    facts: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    planes: tuple[Plane, ...] = ()
    left_out: int = 0
    line: str = ""


def view(value: Value, other: Value | None = None) -> View:
    """A value as a report shows it, with its differences from `other` marked where there is one."""
    if isinstance(value, Array):
        laid_out = _array_view(value, other if isinstance(other, Array) else None)
    elif isinstance(value, Items) and value.kind in ("list", "tuple"):
        laid_out = View(parts=_item_parts(value, other))
    else:
        line = f"line {value.number}: {one_line(value.line)}" if isinstance(value, Raised) and value.line else ""
        laid_out = View(parts=(Part(value_text(value, LIMIT_TEXT)),), line=line)
    return msgspec.structs.replace(laid_out, facts=(*_marked_facts(value, other), *laid_out.facts))


def difference_text(observed: Value, expected: Value) -> str:
    """How many elements of two arrays of one shape differ, and the first that does; else empty."""
    if not isinstance(observed, Array) or not isinstance(expected, Array) or not observed.shape:
        return ""
    mask = _differences(observed, expected)
    if not mask.any():
        return ""
    place = tuple(int(i) for i in np.argwhere(mask)[0])
    mine, theirs = _pair_text(observed.numpy()[place], expected.numpy()[place])
    where = ", ".join(map(str, place))
    count = int(mask.sum())
    elements = f"{count:,} of {mask.size:,} element{'' if mask.size == 1 else 's'} differ{'s' if count == 1 else ''}"
    return f"{elements}: at [{where}] yours is {mine}, expected is {theirs}."


def _marked_facts(value: Value, other: Value | None) -> list[Part]:
    """The facts about a value, marked where they differ; only the first if the other is of another kind."""
    facts = _facts(value)
    is_comparable = not isinstance(value, Raised) and not isinstance(other, Raised)
    others = _facts(other) if other is not None and is_comparable else facts
    if facts[:1] != others[:1]:
        return [Part(fact, differs=place == 0) for place, fact in enumerate(facts)]
    return [Part(fact, differs=place >= len(others) or fact != others[place]) for place, fact in enumerate(facts)]


def _facts(value: Value) -> list[str]:
    """What a value is, apart from its elements; the same facts in the same order for like values."""
    match value:
        case Array():
            gradient = ["requires grad"] if value.requires_grad else []
            return [KINDS[value.kind], value.dtype, f"shape {value.shape}", *gradient]
        case Items():
            return [value.kind, counted(len(value.v), "item")]
        case Pairs():
            return ["dict", counted(len(value.v), "item")]
        case Plain(v=v):
            return [] if v is None else [type(v).__name__]
        case Float():
            return ["float"]
        case Integer():
            return ["int"]
        case Raised():
            return ["exception"]
        case Other():
            return [shortened(one_line(value.type), 80)]
        case Large():
            return ["too large to show"]


def _item_parts(value: Items, other: Value | None) -> tuple[Part, ...]:
    """A list or tuple, item by item, for as long as it fits."""
    theirs = other.v if isinstance(other, Items) and len(other.v) == len(value.v) else value.v
    opening, closing = ("[", "]") if value.kind == "list" else ("(", ")")
    parts, room = [Part(opening)], LIMIT_TEXT
    for place, (item, their) in enumerate(zip(value.v, theirs, strict=True)):
        text = value_text(item, max(room, 40))
        room -= len(text) + 2
        comma = ", " if place else ""
        if room < 0:
            parts.append(Part(f"{comma}…"))
            break
        parts += [Part(comma), Part(text, differs=_is_different(item, their))]
    if value.kind == "tuple" and len(value.v) == 1:
        parts.append(Part(","))
    return (*(part for part in parts if part.text), Part(closing))


def _is_different(item: Value, other: Value) -> bool:
    if isinstance(item, Array) and isinstance(other, Array) and item.shape == other.shape:
        return bool(_differences(item, other).any())
    if isinstance(item, Float) and isinstance(other, Float):
        return value_text(item) != value_text(other)
    return item != other


def _array_view(array: Array, other: Array | None) -> View:
    elements = array.numpy()
    others = other.numpy() if other is not None and other.shape == array.shape else elements
    differs = _differences(array, other) if other is not None else np.zeros(array.shape, np.bool_)
    images = _images(elements)
    if images is not None:
        return _image_view(elements, images, differs.reshape(images.shape))
    if 1 <= elements.ndim <= 4 and elements.size and max(elements.shape[-2:]) <= LIMIT_SIDE:
        return _table_view(elements, others, differs)
    if elements.ndim == 0 or elements.size == 0:
        text = value_text(array, LIMIT_TEXT)
        return View(parts=(Part(text, differs=bool(differs.any())),))
    whole = elements.ndim == 1 and elements.size <= LIMIT_ROW
    count = elements.size if whole else LIMIT_START
    parts = [Part("[" * (1 if whole else elements.ndim))]
    for place, (mine, theirs, marked) in enumerate(zip(elements.flat, others.flat, differs.flat, strict=True)):
        if place == count:
            break
        parts += [Part(", " if place else ""), Part(_pair_text(mine, theirs)[0], differs=bool(marked))]
    facts = () if whole else tuple(map(Part, range_facts(elements)))
    return View(facts=facts, parts=(*(part for part in parts if part.text), Part("]" if whole else ", …")))


def _differences(array: Array, other: Array) -> Mask:
    """Where two arrays differ by more than rounding does; nowhere if their shapes differ."""
    a, b = array.numpy(), other.numpy()
    if a.shape != b.shape:
        return np.zeros(a.shape, np.bool_)
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return np.asarray(a != b)
    wide = np.complex128 if "c" in (a.dtype.kind, b.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        return ~np.isclose(a.astype(wide), b.astype(wide), rtol=1e-5, atol=1e-8, equal_nan=True)


def _pair_text(mine: object, theirs: object) -> tuple[str, str]:
    """Two elements in as few digits as tell them apart."""
    for digits in (5, 9):
        texts = element_text(mine, digits), element_text(theirs, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _table_view(elements: Elements, others: Elements, differs: Mask) -> View:
    batch = elements.shape[:-2]
    sheets = []
    for index in islice(np.ndindex(batch), LIMIT_SHEETS):
        grids = [np.atleast_2d(grid[index]) for grid in (elements, others, differs)]
        rows = [
            tuple(
                Part(_pair_text(mine, theirs)[0] if marked else element_text(mine), differs=bool(marked))
                for mine, theirs, marked in zip(*row, strict=True)
            )
            for row in zip(*grids, strict=True)
        ]
        sheets.append(Sheet(_label(index), tuple(rows)))
    return View(sheets=tuple(sheets), left_out=math.prod(batch) - len(sheets))


def _images(elements: Elements) -> Elements | None:
    """The elements as (..., height, width) if they look like images, else None."""
    if elements.size == 0 or (elements.dtype.kind != "f" and elements.dtype != np.uint8):
        return None
    *batch, width = elements.shape or (0,)
    side = math.isqrt(width)
    if elements.ndim <= 2 and side * side == width and side in FLATTENED_SIDES:
        return elements.reshape(*batch, side, side)
    if elements.ndim not in (2, 3, 4):
        return None
    height = batch[-1]
    if height not in IMAGE_SIDES or width not in IMAGE_SIDES or max(height, width) > 2 * min(height, width):
        return None
    return None if elements.ndim == 2 and max(height, width) <= LIMIT_SIDE else elements


def _image_view(elements: Elements, images: Elements, differs: Mask) -> View:
    batch = images.shape[:-2]
    with np.errstate(all="ignore"):
        finite = np.where(np.isfinite(images), images, 0)
        numbers = np.clip(finite.astype(np.float64), -1e300, 1e300)
    low, high = float(numbers.min()), float(numbers.max())
    grey = ((numbers - low) / ((high - low) or 1) * 255).astype(np.uint8)
    indices = list(islice(np.ndindex(batch), LIMIT_PLANES))
    planes = tuple(Plane(_label(index), grey[index], bool(differs[index].any())) for index in indices)
    facts = tuple(map(Part, range_facts(elements)))
    return View(facts=facts, planes=planes, left_out=math.prod(batch) - len(planes))


def _label(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""

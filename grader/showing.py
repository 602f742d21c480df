"""Values in one line of text, and numbers, points and counts as readers expect them.

Terminal and report share these. Texts from a submission come out with nothing that a terminal would obey.
"""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from grader.values import Array, Float, Integer, Items, Large, Other, Pairs, Plain, Raised, Value

LIMIT_LITERAL = 150  # elements of an array that is written out

Elements = npt.NDArray[np.generic]

BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}"), "frozenset": ("frozenset({", "})")}
KINDS = {"tensor": "tensor", "ndarray": "numpy array", "scalar": "numpy scalar"}
LITERALS = {"tensor": "tensor", "ndarray": "array"}
USUAL_DTYPES = {"tensor": ("float32", "int64", "bool"), "ndarray": ("float64", "int64", "bool")}


def value_text(value: Value, limit: int = 200) -> str:
    """A value in one line, much as Python would write it, and cut off after `limit` characters."""
    return shortened(one_line(_text(value, limit)), limit)


def number_text(number: float, digits: int = 5) -> str:
    """A float in a few significant digits that is still seen to be a float: "1.0", "0.33333", "nan"."""
    if not math.isfinite(number):
        return str(number)
    text = f"{number:.1f}" if number.is_integer() and abs(number) < 1e9 else f"{number:.{digits}g}"
    return text if "." in text or "e" in text else f"{number:.1f}"


def points_text(points: float) -> str:
    """Points with two decimals at most, and none that are zeros."""
    return f"{round(points, 2) + 0.0:.12g}"


def percent(points: float, possible: float) -> int:
    """Points as a part of what is possible: 0 to 100, and 100 only for all of them."""
    if possible <= 0:
        return 0
    rounded = round(100 * points / possible)
    return max(0, min(rounded, 100 if points >= possible else 99))


def share_text(share: float) -> str:
    """A share from 0 to 1 in percent with two decimals, and 100% only for all, 0% only for nothing."""
    if share in (0, 1):
        return f"{share:.0%}"
    return f"{min(max(round(100 * share, 2), 0.01), 99.99):.2f}%"


def seconds_text(seconds: float) -> str:
    """A time that was measured, in three digits."""
    if seconds < 0.0995:
        return f"{1000 * seconds:.3g} ms" if seconds >= 0.001 else "less than 1 ms"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s" if seconds < 99.95 else f"{seconds:,.0f} s"


def counted(number: float, noun: str) -> str:
    """A number with its noun, in the plural where it belongs: "1 check", "0.5 points"."""
    return f"{points_text(number)} {noun}{'' if number == 1 else 's'}"


def one_line(text: str) -> str:
    """Text in one line, with escapes for what a terminal would obey or a reader would not see."""
    return escaped(" ".join(text.split()))


def escaped(text: str) -> str:
    """Text with escapes for what a terminal would obey or a reader would not see, line breaks among them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters of text, with an ellipsis where some are left out."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _text(value: Value, limit: int) -> str:
    if limit <= 0:
        return "…"
    match value:
        case Plain(v=str(text)):
            return repr(text[:limit])
        case Plain(v=v):
            return repr(v)
        case Float(v=text):
            return _float_text(text)
        case Integer(hex=text):
            return _integer_text(text)
        case Items(kind="range"):
            return _range_text(value)
        case Items():
            return _items_text(value, limit)
        case Pairs(v=pairs):
            texts = (f"{_text(key, limit - 2)}: {_text(item, limit - 2)}" for key, item in pairs)
            return "{" + _joined(texts, limit) + "}"
        case Array():
            return _array_text(value, limit)
        case Large(what=what):
            return what
        case Other(type=kind, text=text):
            return text if kind in text else f"{text} ({kind})"
        case Raised(type=kind, message=message):
            return f"{kind}: {message}" if message else kind


def _float_text(text: str) -> str:
    try:
        return number_text(float(text))
    except ValueError:
        return text  # the process that sent it may send what it likes


def _integer_text(text: str) -> str:
    try:
        return str(int(text, 16))
    except ValueError:
        return text  # no number, or one of more digits than Python writes out


def _range_text(value: Items) -> str:
    numbers = [item.v for item in value.v if isinstance(item, Plain) and isinstance(item.v, int)]
    if not numbers:
        return "range(0)"
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    return f"range({numbers[0]}, {numbers[-1] + step}{'' if step == 1 else f', {step}'})"


def _items_text(value: Items, limit: int) -> str:
    if not value.v and value.kind in ("set", "frozenset"):
        return f"{value.kind}()"
    opening, closing = BRACKETS[value.kind]
    comma = "," if value.kind == "tuple" and len(value.v) == 1 else ""
    return opening + _joined((_text(item, limit - 2) for item in value.v), limit) + comma + closing


def _joined(texts: Iterable[str], limit: int) -> str:
    """The texts with commas between them, up to the first that goes over the limit."""
    parts: list[str] = []
    for text in texts:
        if sum(len(part) + 2 for part in parts) + len(text) > limit:
            parts.append("…")
            break
        parts.append(text)
    return ", ".join(parts)


def _array_text(array: Array, limit: int) -> str:
    """`tensor([1.0, 2.0])` where that fits into the limit, else the array in words."""
    elements = array.numpy()
    if math.prod(size or 1 for size in elements.shape) <= LIMIT_LITERAL:  # a million empty rows are long, too
        literal = _nested(elements)
        extras = "" if array.dtype in USUAL_DTYPES.get(array.kind, ()) else f", dtype={array.dtype}"
        extras += ", requires_grad=True" if array.requires_grad else ""
        name = LITERALS.get(array.kind, array.dtype)
        text = f"{name}({literal}{extras if array.kind in LITERALS else ''})"
        if len(text) <= limit:
            return text
    facts = [array.dtype, f"shape {array.shape}", *range_facts(elements)]
    return f"{KINDS[array.kind]} ({', '.join(facts)})"


def _nested(elements: Elements) -> str:
    if elements.ndim == 0:
        return element_text(elements[()])
    return f"[{', '.join(_nested(np.asarray(part)) for part in elements)}]"


def element_text(element: object, digits: int = 5) -> str:
    """One element of an array, as Python would write it."""
    if isinstance(element, np.floating):
        return number_text(float(element), digits)
    if isinstance(element, np.complexfloating):
        return f"{complex(element):.{digits}g}"
    return str(element)


def range_facts(elements: Elements) -> list[str]:
    """Smallest, largest and mean element, and how many are not finite."""
    if elements.size == 0 or elements.dtype.kind not in "iuf":
        return []
    finite = elements[np.isfinite(elements)]
    facts = []
    if finite.size:
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean(dtype=np.float64))
        facts = [
            f"from {element_text(finite.min())} to {element_text(finite.max())}",
            f"mean {number_text(mean, 4)}",
        ]
    nan = int(np.isnan(elements).sum())
    infinite = elements.size - nan - finite.size
    return facts + [counted(count, name) for count, name in ((nan, "nan"), (infinite, "infinite element")) if count]

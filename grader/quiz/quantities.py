"""Numbers and shapes as people write them: what a text says, or why it can't be told."""

import math
import re
import unicodedata
from fractions import Fraction

from grader.errors import UserError

LIMIT_TEXT = 100  # characters; no number or shape that anybody means is as long
LIMIT_EXPONENT = 400  # beyond this no float is finite, and the digits would fill the memory

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
POWER = re.compile(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
PLAINER = str.maketrans("\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}\N{HYPHEN}\N{MULTIPLICATION SIGN}", "----x")
LEADING = re.compile(r"(?:=|≈|~|about\b|approximately\b|approx\.?|ca\.?(?=\s))\s*", re.IGNORECASE)
DECIMAL = r"[0-9][0-9.,_' ]*|[.,][0-9]+"
NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<over>{DECIMAL})"
    r"(?:(?:e|\s*[x*·]\s*10\s*(?:\^|\*\*)\s*)\(?(?P<exponent>[+-]?[0-9]{1,4})\)?)?"
    rf"(?:\s*[/\N{{FRACTION SLASH}}]\s*(?P<under>{DECIMAL}))?"
    r"\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
GROUPS = re.compile(r"[0-9]{1,3}(?:[_' ][0-9]{3})+")
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
GROUPED_BY_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
GROUPED_BY_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
PLAIN = re.compile(r"[0-9]*[.,]?[0-9]*")

SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
SEPARATOR = re.compile(r"\s*[,;x*]\s*|\s+by\s+|\s+", re.IGNORECASE)
SCALARS = ("scalar", "a scalar", "no axes", "none", "empty", "0-d", "0d")


class UnreadableError(UserError):
    """An answer that can't be marked as it stands; the text says what to write instead. It is not a wrong answer."""


def read_number(text: str, unit: str = "") -> float:
    """The number that a text says, in `unit` if the question has one.

    "1/3", "0,5", "1e-3", "2x10⁻³", "1 000" and "≈ 2" are read, and percent: "50 %" is 0.5 where no unit is
    asked for. Raises UnreadableError for anything else, and for what may mean two numbers, such as "1,000".
    """
    said = tidied(text, "a number")
    match = NUMBER.fullmatch(LEADING.sub("", said, count=1))
    if match is None:
        raise UnreadableError(f"{quoted(said)} is not a number. Write it in digits, such as 0.25, 1/4 or 2.5e-1.")
    number = decimal(match["over"], said)
    if match["exponent"]:
        if abs(int(match["exponent"])) > LIMIT_EXPONENT:
            raise UnreadableError(f"{quoted(said)} is no number of a size that can be compared.")
        number *= Fraction(10) ** int(match["exponent"])
    if match["under"]:
        under = decimal(match["under"], said)
        if under == 0:
            raise UnreadableError(f"{quoted(said)} divides by zero, and is no number.")
        number /= under
    number *= in_unit(match["rest"].strip(), unit, said)
    try:
        return float(-number if match["sign"] == "-" else number)
    except OverflowError:
        raise UnreadableError(f"{quoted(said)} is no number of a size that can be compared.") from None


def decimal(digits: str, said: str) -> Fraction:
    """A number without sign and exponent. Digits may be grouped, and the point may be a comma, if that is clear."""
    digits = digits.rstrip(" ")
    if GROUPS.match(digits) and not GROUPED_BY_COMMAS.fullmatch(digits):
        whole = GROUPS.match(digits)
        assert whole is not None
        digits = re.sub("[_' ]", "", whole[0]) + digits[whole.end() :]
    elif GROUPED_BY_COMMAS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif GROUPED_BY_POINTS.fullmatch(digits):
        digits = digits.replace(".", "")
    elif AMBIGUOUS.fullmatch(digits):
        plain = digits.replace(",", "")
        raise UnreadableError(f"{quoted(said)} may mean two numbers. Write {plain} or {digits.replace(',', '.')}.")
    if not PLAIN.fullmatch(digits) or not any(map(str.isdigit, digits)):
        raise UnreadableError(f"{quoted(said)} is not one number. Write one, such as 0.25, 1/4 or 2.5e-1.")
    return Fraction(digits.replace(",", "."))


def in_unit(rest: str, unit: str, said: str) -> Fraction:
    """What to multiply a number by, for what stands behind it, to have it in the unit."""
    if not rest or singular(rest) == singular(unit):
        return Fraction(1)
    if rest == "%" and not unit:
        return Fraction(1, 100)
    if unit:
        raise UnreadableError(f"{quoted(said)} is not in {unit}. Write the number in {unit}, or the number alone.")
    raise UnreadableError(f"{quoted(said)} has more in it than a number. Write the number alone, such as 0.25 or 1/4.")


def singular(unit: str) -> str:
    """A unit's name, however it is capitalised and counted."""
    name = unit.casefold().strip(" .")
    return {"percent": "%", "per cent": "%"}.get(name, name.removesuffix("s") if len(name) > 1 else name)


def read_shape(text: str) -> tuple[int, ...]:
    """The shape that a text says: "(3, 1)", "3x1", "[3, 1]", "torch.Size([3, 1])"; "()" and "scalar" are no axes.

    Raises UnreadableError for anything else.
    """
    said = tidied(text, "a shape")
    inner = re.sub(r"^(?:the\s+)?(?:shape\b|torch\.size\b|size\b)?\s*(?:=|:|is\b)?\s*", "", said, flags=re.IGNORECASE)
    bare = inner.casefold().strip(" .")
    if bare in SCALARS:
        return ()
    depth = 0
    while inner[:1] + inner[-1:] in ("()", "[]") and depth < 3:
        inner, depth = inner[1:-1].strip(), depth + 1
    if not inner and depth:
        return ()
    sizes = SEPARATOR.split(re.sub(r"\s*,$", "", inner)) if depth else SEPARATOR.split(inner.removesuffix(","))
    for size in sizes:
        if not SIZE.fullmatch(size):
            what = f"{quoted(size)} in it is no size" if size and size != said else "it is no list of sizes"
            raise UnreadableError(
                f"{quoted(said)} is not read as a shape: {what}. Write whole numbers, such as (3, 1), or () for none."
            )
    return tuple(int(size) for size in sizes)


def tidied(text: str, meant: str) -> str:
    """A text in plain characters, without code marks and space around it."""
    if len(text) > LIMIT_TEXT:
        raise UnreadableError(f"The answer is {len(text):,} characters long, and {meant} is meant. Write that alone.")
    text = POWER.sub(lambda power: f"10^{power[1].translate(SUPERSCRIPTS)}", text)
    text = unicodedata.normalize("NFKC", text).translate(PLAINER)
    plain = " ".join("".join(str(unicodedata.decimal(c, c)) for c in text).split())  # digits of all scripts, as ours
    for mark in ("**", "`", "$"):
        if len(plain) > 2 * len(mark) and plain.startswith(mark) and plain.endswith(mark):
            plain = plain[len(mark) : -len(mark)].strip()
    if not plain:
        raise UnreadableError(f"There is no answer, and {meant} is meant.")
    return plain


def quoted(text: str) -> str:
    """A part of an answer as a message names it."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def is_near(said: float, answer: float, tolerance: float) -> bool:
    """Whether a number is right: within the tolerance, and what another order of additions changes in a float."""
    return abs(said - answer) <= tolerance * (1 + 1e-9) or math.isclose(said, answer, rel_tol=1e-9, abs_tol=1e-12)

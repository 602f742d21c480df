"""Training and validating for ten digits: what a model's scores don't tell, its parameters do."""

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import tensors
from reference import digit_training as oracle

SEEN_PIXELS, PIXELS, CLASSES = 2, 784, 10

Pair = tuple[Tensor, Tensor]


def pair(size: int) -> st.SearchStrategy[Pair]:
    """A mini-batch: the pixels that the small model looks at, and the right digits."""
    return st.tuples(
        tensors(size, SEEN_PIXELS, low=0, high=1, step=0.125),
        tensors(size, low=0, high=9, step=1, dtype=torch.int64),
    )


def mini_batches(*sizes: tuple[int, ...]) -> st.SearchStrategy[list[Pair]]:
    """Mini-batches of one of these rows of sizes."""
    return st.sampled_from(sizes).flatmap(lambda row: st.tuples(*map(pair, row))).map(list)


# 8 items in all, so that no accuracy needs more than three digits. Batch norm can't train with a single item.
one = mini_batches((2,), (3,), (4,))
# Some have five mini-batches: of three, a shuffle leaves the order as it was one time in six.
uneven = mini_batches((4, 3, 1), (2, 1, 3, 1, 1), (2, 5, 1), (1, 3, 1, 2, 1))
for_batch_norm = mini_batches((3, 3, 2), (4, 2, 2), (2, 4, 2))
weights = tensors(CLASSES, SEEN_PIXELS)
# Weights times pixels are multiples of 1/32, and the biases differ by less: no two scores of an item are the same.
biases = tensors(CLASSES).map(lambda drawn: drawn + torch.arange(CLASSES) / 512)
rates = st.sampled_from([0.25, 0.5, 0.125, 0.75])

# How many items the model gets right in mini-batches of 4, 3 and 1. Never half of all, and never as many as the mean
# of the three shares says, or one of them alone.
right_counts = st.sampled_from([(3, 2, 0), (1, 1, 1), (4, 2, 0), (1, 3, 1), (0, 1, 1)])


# Small biases, so that the pixels decide which score is the highest.
small_biases = tensors(CLASSES).map(lambda drawn: drawn / 8 + torch.arange(CLASSES) / 512)


def labelled(xs: list[Tensor], w: Tensor, b: Tensor, rights: list[list[int]], others: list[int]) -> list[Pair]:
    """The mini-batches with labels such that the linear model is right where `rights` has a 1, and wrong elsewhere."""
    offsets = iter(others)
    pairs = []
    for xb, row in zip(xs, rights, strict=True):
        best = (xb @ w.T + b).argmax(1).tolist()
        labels = [digit if right else (digit + next(offsets)) % CLASSES for digit, right in zip(best, row, strict=True)]
        pairs.append((xb, torch.tensor(labels)))
    return pairs


def pairs_matter(drawn: tuple[list[Pair], Tensor, Tensor]) -> bool:
    """Whether comparing each image with each label gives another accuracy, as it does if the answers differ."""
    pairs, w, b = drawn
    answers = [(xb @ w.T + b).argmax(1) for xb, _ in pairs]
    right = sum(int((a == yb).sum()) for a, (_, yb) in zip(answers, pairs, strict=True))
    of_all = sum(float((a == yb[:, None]).float().mean(1).sum()) for a, (_, yb) in zip(answers, pairs, strict=True))
    return abs(right - of_all) > 0.01


validation = st.shared(
    st.tuples(
        st.tuples(*(tensors(size, SEEN_PIXELS, low=0, high=1, step=0.125) for size in (4, 3, 1))).map(list),
        weights,
        small_biases,
        right_counts.flatmap(
            lambda counts: st.tuples(
                *(st.permutations([1] * c + [0] * (n - c)) for c, n in zip(counts, (4, 3, 1), strict=True))
            )
        ).map(list),
        st.lists(st.integers(1, 9), min_size=8, max_size=8),
    )
    .map(lambda drawn: (labelled(*drawn), drawn[1], drawn[2]))
    .filter(pairs_matter),
    key="validation",
)
labelled_batches = validation.map(lambda drawn: drawn[0])
their_weights = validation.map(lambda drawn: drawn[1])
their_biases = validation.map(lambda drawn: drawn[2])


class FewPixels(nn.Module):
    """The first two pixels of each image."""

    def forward(self, x):
        return x.flatten(1)[:, :2]


def small_model(weights, bias, has_norm=False):
    """A network that looks at two pixels: a linear layer with these parameters, and batch norm before it."""
    last = nn.Linear(2, 10)
    last.weight.data, last.bias.data = weights.clone(), bias.clone()
    if not has_norm:
        return nn.Sequential(FewPixels(), last)
    norm = nn.BatchNorm1d(2)
    norm.running_mean, norm.running_var = torch.tensor([0.75, 0.25]), torch.tensor([0.5, 0.125])
    return nn.Sequential(FewPixels(), norm, last)


class Loader(list):
    """Mini-batches, with the dataset that they come from, as PyTorch's DataLoader has it."""

    @property
    def dataset(self):
        return [item for xb, yb in self for item in zip(xb, yb)]  # noqa: B905  the notebook's Python may be older


def whole(batches):
    """The mini-batches with images of 784 pixels, of which all but the first two are 0."""
    return Loader((nn.functional.pad(xb, (0, 782)), yb) for xb, yb in batches)


def number(value):
    """A number as it is compared, to a float's precision, whether it came as a number or in a tensor."""
    if isinstance(value, str):
        return value
    try:
        return torch.tensor(float(value))
    except (TypeError, ValueError, RuntimeError):
        return value


def after_epoch(digit_epoch, batches, weights, bias, lr):
    """The parameters of a small model after an epoch: weights, then bias."""
    model = small_model(weights, bias)
    digit_epoch(model, whole(batches), lr)
    return [p.detach() for p in model.parameters()]


def epoch_loss(digit_epoch, batches, weights, bias):
    """What an epoch at a learning rate of 0 returns: the model stays as it is, so that only the mean counts."""
    return number(digit_epoch(small_model(weights, bias), whole(batches), 0.0))


def returned(digit_epoch, batches, weights, bias, lr):
    """What an epoch returns, and whether it still knows how that was calculated."""
    result = digit_epoch(small_model(weights, bias), whole(batches), lr)
    return [number(result), getattr(result, "requires_grad", False)]


def is_from_before(result: list, batches: list[Pair], weights: Tensor, bias: Tensor, lr: float) -> str | None:
    """Whether the loss is a number, and not the one after the step."""
    loss, is_recorded = result
    if loss is None:
        return "It returns None where a number is meant. Is there a `return`?"
    if is_recorded:
        return "What comes back holds on to the record of how it was calculated (`requires_grad`)."
    model = small_model(weights, bias)
    before = oracle.digit_epoch(model, whole(batches), lr)
    after = oracle.digit_validate(model, whole(batches))[0]
    can_be_told = abs(before - after) > 1e-3  # not of a model that is sure and right already
    if can_be_told and isinstance(loss, Tensor) and abs(loss.item() - after) < 1e-4:
        return "It is the loss after the step: the model has learned in between."
    return None


def modes(digit_epoch, batches, weights, bias, lr):
    """The mode in which a model with batch norm is asked, which comes in evaluation mode: True is for training."""
    model = small_model(weights, bias, has_norm=True).eval()
    seen = []
    model[1].register_forward_hook(lambda layer, *_: seen.append((layer.training, torch.is_grad_enabled())))
    digit_epoch(model, whole(batches), lr)
    return seen


def is_training(result: list[tuple[bool, bool]], *_: object) -> str | None:
    """Whether the model is in training mode whenever a gradient may be taken."""
    if not result:
        return "The model is never asked for its scores."
    if all(training for training, has_gradients in result if has_gradients):
        return None
    return "The model is in evaluation mode while it trains."


def changes(digit_epoch, batches, weights, bias, lr):
    """How often the model was asked, how often its parameters changed, how often a gradient was taken, and which steps
    of optimizers found none, or had nothing to do with this model.
    """
    from torch.optim.optimizer import register_optimizer_step_pre_hook

    model = small_model(weights, bias)
    params = list(model.parameters())
    seen, taken, idle, foreign = [], [], [], []

    def look(*_):
        seen.append([p.detach().clone() for p in params])

    def note(optimizer, *_):
        theirs = [p for group in optimizer.param_groups for p in group["params"]]
        idle.append(not any(p.grad is not None and bool(p.grad.any()) for p in theirs))
        foreign.append(not any(p is own for p in theirs for own in params))

    model[-1].register_forward_hook(look)
    params[-1].register_hook(lambda *_: taken.append(True))
    noting = register_optimizer_step_pre_hook(note)
    try:
        digit_epoch(model, whole(batches), lr)
    finally:
        noting.remove()
    asked = len(seen)
    look()
    changed = [any(not torch.equal(*two) for two in zip(seen[i], seen[i + 1])) for i in range(asked)]  # noqa: B905
    counts = {"taken": len(taken), "idle": sum(idle), "foreign": sum(foreign)}
    return {"asked": asked, "changed": sum(changed), **counts}


def steps_for_each(result: dict[str, int], batches: list[Pair], *_: object) -> str | None:
    """Whether the parameters change with each mini-batch."""
    if not result["asked"]:
        return "The model is never asked for its scores."
    if result["changed"] >= len(batches):
        return None
    if not result["changed"] and not result["taken"]:
        return "No gradient is ever taken: the parameters are the same after the epoch as before."
    if not result["changed"] and result["foreign"]:
        return "The optimizer that takes the steps has the parameters of another model: this one's stay as they were."
    if not result["changed"] and result["idle"]:
        return "Whenever the optimizer takes its step, there are no gradients: the parameters stay as they were."
    if not result["changed"]:
        return "Nothing changes the model's parameters: they are the same after the epoch as before."
    times = "once" if result["changed"] == 1 else f"{result['changed']} times"
    return f"With {len(batches)} mini-batches the model's parameters change only {times}."


def validation_loss(digit_validate, batches, weights, bias):
    """The loss of the two that come back."""
    loss, _ = digit_validate(small_model(weights, bias), whole(batches))
    return number(loss)


def validation_accuracy(digit_validate, batches, weights, bias):
    """The accuracy of the two that come back."""
    _, accuracy = digit_validate(small_model(weights, bias), whole(batches))
    return number(accuracy)


def modes_in_validation(digit_validate, batches, weights, bias):
    """The mode in which a model with batch norm is asked, which comes in training mode: True is for training."""
    model = small_model(weights, bias, has_norm=True).train()
    seen = []
    model[1].register_forward_hook(lambda layer, *_: seen.append(layer.training))
    digit_validate(model, whole(batches))
    return seen


def is_evaluating(result: list[bool], *_: object) -> str | None:
    """Whether the model is in evaluation mode whenever it is asked."""
    if not result:
        return "The model is never asked for its scores."
    return "The model is in training mode while it is validated." if any(result) else None


def recorded(digit_validate, batches, weights, bias):
    """How often the model was asked, and how often PyTorch recorded for gradients what it did."""
    model = small_model(weights, bias)
    records = []
    model[-1].register_forward_hook(lambda *looked_at: records.append(looked_at[-1].requires_grad))
    digit_validate(model, whole(batches))
    return {"asked": len(records), "recorded": sum(records)}


def nothing_recorded(result: dict[str, int], *_: object) -> str | None:
    """Whether the model is asked without gradients."""
    if not result["asked"]:
        return "The model is never asked for its scores."
    if result["recorded"]:
        return "PyTorch records what the model does, as if a gradient were to be taken."
    return None


def left(digit_validate, batches, weights, bias):
    """What a validation leaves of a model with batch norm; None if nothing came back."""
    model = small_model(weights, bias, has_norm=True)
    if digit_validate(model, whole(batches)) is None:
        return None
    return {
        "parameters": [p.detach() for p in model.parameters()],
        "statistics": [model[1].running_mean, model[1].running_var],
        "learning": [p.requires_grad for p in model.parameters()],
    }


def left_alone(result: dict | None, _: list[Pair], weights: Tensor, bias: Tensor) -> str | None:
    """Whether the model is as it was."""
    if result is None:
        return "It gives nothing back, so whether it would leave the model as it was can't be told."
    model = small_model(weights, bias, has_norm=True)
    if not all(map(torch.equal, map(torch.as_tensor, result["parameters"]), model.parameters())):
        return "The model's parameters have changed: it has learned from the validation set."
    if not all(map(torch.equal, result["statistics"], (model[1].running_mean, model[1].running_var))):
        return "The running mean and variance of batch norm have changed, which happens in training mode only."
    return None if all(result["learning"]) else "The model's parameters can't learn any more (`requires_grad`)."


SOLUTION = """\
def digit_epoch(model, batches, lr):
    opt = torch.optim.SGD(model.parameters(), lr)
    model.train()
    total, items = 0.0, 0
    for xb, yb in batches:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
        total += loss.item() * len(yb)
        items += len(yb)
    return total / items


def digit_validate(model, batches):
    model.eval()
    losses, rights, sizes = [], [], []
    with torch.no_grad():
        for xb, yb in batches:
            scores = model(xb)
            losses.append(F.cross_entropy(scores, yb).item() * len(yb))
            rights.append((scores.argmax(1) == yb).sum().item())
            sizes.append(len(yb))
    return sum(losses) / sum(sizes), sum(rights) / sum(sizes)
"""

LOSS_OF_EPOCH = "F.cross_entropy(model(xb), yb)"
LOSS_OF_VALIDATION = "F.cross_entropy(scores, yb)"
STEP = "        opt.step()\n        opt.zero_grad()\n"
STEP_FOR_EACH_ITEM = """\
        for x, y in zip(xb, yb):
            F.cross_entropy(model(x[None]), y[None]).backward()
            opt.step()
            opt.zero_grad()
"""
STEP_RECORDED = """\
        for p in model.parameters():
            p -= lr * p.grad
            p.grad = None
"""
STEP_BY_VALUES = """\
        for p in model.parameters():
            p.data -= lr * p.data
            p.grad = None
"""
OTHER_MODEL = "other_model = nn.Linear(784, 10)\n"
STEP_IN_VALIDATION = """\
            opt.zero_grad()
            F.cross_entropy(scores, yb).backward()
            opt.step()
"""
LOSS_AFTERWARDS = "sum(F.cross_entropy(model(xb), yb, reduction='sum').item() for xb, yb in batches)"
SUM_OF_EPOCH = "total += loss.item() * len(yb)"
MEAN_LOSS = "sum(losses) / sum(sizes)"
ACCURACY = "sum(rights) / sum(sizes)"
RIGHT_ONES = "(scores.argmax(1) == yb)"


def mistaken(*changes_: tuple[str, str]) -> str:
    """The solution with these changes: what is there, and what stands there instead."""
    solution = SOLUTION
    for right, wrong in changes_:
        solution = changed(solution, right, wrong)
    return solution


def with_loss(loss: str) -> str:
    """The solution with another loss of `scores` and `yb` in both functions."""
    return mistaken((LOSS_OF_EPOCH, loss.replace("scores", "model(xb)")), (LOSS_OF_VALIDATION, loss))


exercise = Exercise(
    title="Train and validate, for ten digits",
    section="Further Research",
    provides=("digit_epoch", "digit_validate"),
    oracle="digit_training",
    statement="""\
The chapter's loop tells 3 from 7. For all ten digits a model gives ten *scores* for each image, and the loss compares
them with the right digit: `F.cross_entropy(scores, digits)` takes the scores `(n, 10)` as the last layer gives them
(the softmax is a part of the loss), and the digits as whole numbers `(n,)`.

A training loop with a mistake in it often learns as well, only worse, and nothing tells you. So the grader doesn't ask
here how good a model becomes: it calculates every step of a small one again, and compares the numbers.

`model` is an `nn.Module` that makes scores `(n, 10)` of images `(n, 784)`. `batches` is a list of mini-batches
`(xb, yb)`, or a `DataLoader`: `xb` holds pixels from 0 to 1, float, of shape `(n, 784)`, and `yb` the right digits,
int64, of shape `(n,)`. Mini-batches may differ in size, and the smallest have a single item.

- `digit_epoch(model, batches, lr)` trains for one epoch, in training mode (`model.train()`). For each mini-batch, in
  their order, it takes one step of plain SGD with the learning rate `lr`; the loss is the mean cross-entropy of this
  mini-batch, and the gradient that of this mini-batch alone. It returns the mean loss over **all items** of the epoch,
  each measured just before the step of its mini-batch: a number without gradients (`loss.item()` is one).
- `digit_validate(model, batches)` returns two numbers: the mean cross-entropy and the accuracy (the share of images
  whose right digit has the highest score, 0 to 1), both over **all items**. The model is in evaluation mode
  (`model.eval()`), no gradients are recorded (`torch.no_grad()`), and nothing in the model changes but its mode.

Layers like dropout and batch norm work differently in the two modes. Each of your functions sets the mode that it
needs; which one it leaves behind doesn't matter.

The mean over all items is not the mean of the mini-batches' means. If 4 items have the mean loss 1.0 and another
mini-batch of a single item has 2.0, the mean of all five is (4 · 1.0 + 1 · 2.0) / 5 = 1.2. Don't round what you return.

The grader's small models look at the first two pixels of each image only: these two are what it shows you of `xb`.
""",
    starter="""\
def digit_epoch(model, batches, lr):
    ...


def digit_validate(model, batches):
    ...
""",
    hints=[
        (
            "Lay your `train_epoch` and your `validate_epoch` beside the new functions, and ask of each line what "
            "ten digits change in it. It is the loss, the prediction and the way the mean is taken; the rest stays."
        ),
        (
            "`digit_epoch`: before the loop come the mode, the optimizer with all parameters of `model`, and two "
            "sums that begin at 0. In the loop the scores go into `F.cross_entropy` as they are; then come the "
            "gradient, the step, and a clean slate for the next mini-batch."
        ),
        (
            "The mean loss, in `digit_epoch` as in `digit_validate`: what you get for a mini-batch is a mean over "
            "its items. Times `len(yb)` it is a sum again, and sums may be added up over all mini-batches. Count the "
            "items on the way, and divide once, behind the loop."
        ),
        (
            "`digit_validate`: the same loop without gradient and step, in the other mode and below `with "
            "torch.no_grad():`. `argmax` along the axis with the ten scores says which digit wins for each image; "
            "count with `sum()` how often it is the one in `yb`."
        ),
    ],
    checks=[
        Scenario(
            "the parameters after an epoch",
            after_epoch,
            uneven,
            weights,
            biases,
            rates,
            of="digit_epoch",
            points=2,
            cases=8,
            hint="For each mini-batch: scores, loss, gradient, step, and the gradient forgotten. Calculate one step by "
            "hand, and compare.",
        ),
        Scenario(
            "a step for each mini-batch",
            changes,
            uneven,
            weights,
            biases,
            rates,
            of="digit_epoch",
            cases=4,
            holds=steps_for_each,
            hint="What has to happen for each mini-batch, and in which order?",
        ),
        Scenario(
            "trains in training mode",
            modes,
            for_batch_norm,
            weights,
            biases,
            rates,
            of="digit_epoch",
            cases=2,
            holds=is_training,
            hint="The model may come in evaluation mode, from a validation before.",
        ),
        Scenario(
            "the mean loss of an epoch",
            epoch_loss,
            uneven,
            weights,
            biases,
            of="digit_epoch",
            cases=8,
            hint="Add up over the items, and divide by their number once, at the end.",
        ),
        Scenario(
            "the loss from before the step, as a number without gradients",
            returned,
            one,
            weights,
            biases,
            rates,
            of="digit_epoch",
            cases=4,
            holds=is_from_before,
            hint="Keep of each loss the number only, when its gradient is taken.",
        ),
        Scenario(
            "the mean loss of the validation",
            validation_loss,
            uneven,
            weights,
            biases,
            of="digit_validate",
            cases=8,
            hint="Add up over the items, and divide by their number once, at the end.",
        ),
        Scenario(
            "the accuracy of the validation",
            validation_accuracy,
            labelled_batches,
            their_weights,
            their_biases,
            of="digit_validate",
            cases=8,
            hint="For each image: which digit has the highest score, and is it the right one? How many of all are?",
        ),
        Scenario(
            "validates in evaluation mode",
            modes_in_validation,
            for_batch_norm,
            weights,
            biases,
            of="digit_validate",
            cases=2,
            holds=is_evaluating,
            hint="The model may come in training mode, from an epoch before.",
        ),
        Scenario(
            "validates without gradients",
            recorded,
            uneven,
            weights,
            biases,
            of="digit_validate",
            cases=4,
            holds=nothing_recorded,
            hint="Nothing is to be learned here: `with torch.no_grad():` saves time and memory.",
        ),
        Scenario(
            "leaves the model as it was",
            left,
            for_batch_norm,
            weights,
            biases,
            of="digit_validate",
            cases=4,
            holds=left_alone,
            hint="The validation set is there to measure, not to learn from.",
        ),
    ],
    accepts={
        "by hand, zeroed at the start": """\
def digit_epoch(net, data, rate):
    net.train()
    losses, n = 0, 0
    for images_, digits in data:
        net.zero_grad()
        scores = net(images_)
        loss = -F.log_softmax(scores, dim=1)[range(len(digits)), digits].mean()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= rate * p.grad
        losses += loss.detach() * images_.shape[0]
        n += images_.shape[0]
    return losses / n

@torch.no_grad()
def digit_validate(net, data):
    net.eval()
    scores = torch.cat([net(images_) for images_, _ in data])
    digits = torch.cat([digits for _, digits in data])
    return F.cross_entropy(scores, digits), (scores.argmax(1) == digits).float().mean()
""",
        "data, grad.zero_, and PyTorch's tutorial": """\
loss_fn = nn.CrossEntropyLoss()

def digit_epoch(model, batches, lr):
    size = len(batches.dataset)
    running = 0.
    model.train(True)
    for batch, (X, y) in enumerate(batches):
        loss = loss_fn(model(X), y)
        loss.backward()
        for p in model.parameters():
            p.data -= p.grad.data * lr
            p.grad.zero_()
        running += loss.item() * X.size(0)
    return running / size

def digit_validate(model, batches):
    was_training = model.training
    model.eval()
    size = len(batches.dataset)
    test_loss, correct = 0, 0
    with torch.inference_mode():
        for X, y in batches:
            pred = model(X)
            test_loss += loss_fn(pred, y).item() * len(X)
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    test_loss /= size
    correct /= size
    model.train(was_training)
    return [test_loss, correct]
""",
        "one-hot, logsumexp, a new optimizer for each step": """\
def digit_epoch(model, batches, lr):
    losses = []
    for i in range(len(batches)):
        xb, yb = batches[i]
        model = model.train()
        optimizer = torch.optim.SGD(list(model.parameters()), lr=lr)
        optimizer.zero_grad(set_to_none=False)
        logits = model(xb.view(-1, 28 * 28))
        one_hot = F.one_hot(yb.long(), 10).float()
        each = logits.logsumexp(1) - (logits * one_hot).sum(1)
        each.mean().backward()
        optimizer.step()
        losses += each.tolist()
    return np.mean(losses)

def digit_validate(model, batches):
    model.requires_grad_(False)
    model.train(False)
    losses, hits = [], []
    for xb, yb in batches:
        probabilities = model(xb).softmax(-1)
        losses.extend(F.cross_entropy(model(xb), F.one_hot(yb, 10).float(), reduction="none").tolist())
        hits.extend((probabilities.max(dim=1).indices == yb).tolist())
    model.requires_grad_(True)
    return torch.tensor([sum(losses) / len(losses), np.mean(hits)])
""",
        "autograd.grad, and a step before the loop goes on": """\
def digit_epoch(model, batches, lr):
    model.train()
    params = [p for p in model.parameters() if p.requires_grad]
    history = []
    for xb, yb in batches:
        loss = F.nll_loss(F.log_softmax(model.forward(xb), 1), yb)
        for p, grad in zip(params, torch.autograd.grad(loss, params)):
            p.data = p.data - lr * grad
        history += [loss.detach()] * len(xb)
    return torch.stack(history).mean()

def digit_validate(model, batches):
    torch.set_grad_enabled(False)
    model.eval()
    xs, ys = zip(*batches)
    scores, ys = model(torch.cat(xs)), torch.cat(ys)
    torch.set_grad_enabled(True)
    accuracy = np.sum(scores.numpy().argmax(axis=1) == ys.numpy()) / len(ys)
    return {"loss": F.cross_entropy(scores, ys), "accuracy": accuracy}.values()
""",
        "functional": """\
from torch.func import functional_call, grad_and_value

def digit_epoch(model, batches, lr):
    model.train()
    params = {name: p.detach() for name, p in model.named_parameters()}
    def loss_of(params, buffers, xb, yb):
        return F.cross_entropy(functional_call(model, (params, buffers), (xb,)), yb)
    total = 0
    for xb, yb in batches:
        grads, loss = grad_and_value(loss_of)(params, dict(model.named_buffers()), xb, yb)
        params = {name: p - lr * grads[name] for name, p in params.items()}
        model.load_state_dict(params, strict=False)
        total += loss * len(xb)
    return (total / sum(len(xb) for xb, _ in batches)).item()

def digit_validate(model, batches):
    from copy import deepcopy
    model = deepcopy(model).eval()
    with torch.no_grad():
        results = [(F.cross_entropy(model(xb), yb, reduction="sum"), model(xb).topk(1).indices[:, 0] == yb, yb)
                   for xb, yb in batches]
    n = sum(len(yb) for _, _, yb in results)
    return float(sum(loss for loss, _, _ in results)) / n, int(sum(right.sum() for _, right, _ in results)) / n
""",
        "the softmax's logarithm twice, which changes nothing; two passes; percent and back": """\
def digit_epoch(model, batches, lr):
    opt = torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0, foreach=False)
    criterion = nn.CrossEntropyLoss(reduction="sum")
    def closure(xb, yb):
        opt.zero_grad()
        loss = criterion(F.log_softmax(model(xb), dim=-1), yb) / len(yb)
        loss.backward()
        return loss
    model.train()
    losses = torch.tensor([opt.step(lambda: closure(xb, yb)).item() for xb, yb in batches])
    sizes = torch.tensor([len(yb) for _, yb in batches])
    return (losses * sizes).sum() / sizes.sum()

def digit_validate(model, batches):
    model.eval()
    with torch.no_grad():
        items = [(x, y) for xb, yb in batches for x, y in zip(xb, yb)]
        loss = np.average([F.cross_entropy(model(x[None]), y[None]).item() for x, y in items])
        percent = 100 * sum(int(model(x[None]).argmax()) == int(y) for x, y in items) / len(items)
    return round(loss, 6), round(percent / 100, 4)
""",
    },
    aliases={"digit_validate": ("validate_digits",), "digit_epoch": ("train_digit_epoch",)},
    misconceptions=[
        Misconception(
            "applies the softmax twice",
            with_loss("F.cross_entropy(scores.softmax(1), yb)"),
            hint="`F.cross_entropy` has the softmax in it. Give it the scores as the model gives them; with two "
            "softmaxes the gradients become small, and the loss can't fall below 1.46.",
        ),
        Misconception(
            "applies a sigmoid to the scores",
            with_loss("F.cross_entropy(scores.sigmoid(), yb)"),
            hint="The sigmoid is for a single yes or no. `F.cross_entropy` takes the scores as the model gives them, "
            "and lets the ten compete.",
        ),
        Misconception(
            "takes no logarithm",
            with_loss("F.nll_loss(scores.softmax(1), yb)"),
            hint="`F.nll_loss` takes logarithms of probabilities; of probabilities its loss is negative. "
            "`F.cross_entropy` takes the scores, and does it all.",
        ),
        Misconception(
            "takes the softmax along the images",
            with_loss("F.nll_loss(F.log_softmax(scores, dim=0), yb)"),
            hint="`dim=0` runs over the images. The ten scores of one image are along `dim=1`.",
        ),
        Misconception(
            "keeps the chapter's loss for two classes",
            with_loss("torch.where(yb[:, None] == 1, 1 - scores.sigmoid(), scores.sigmoid()).mean()"),
            hint="`targets == 1` asks whether the digit is a 1: all other digits are the same for this loss. The "
            "cross-entropy is meant.",
        ),
        Misconception(
            "takes the chapter's loss for two classes as it is",
            with_loss("torch.where(yb == 1, 1 - scores.sigmoid(), scores.sigmoid()).mean()"),
            hint="`mnist_loss` compares one output with one target that is 0 or 1. Here are ten scores for each image, "
            "and ten digits: the cross-entropy is meant.",
        ),
        Misconception(
            "treats each score as a yes or no of its own",
            with_loss("F.binary_cross_entropy_with_logits(scores, F.one_hot(yb, 10).float())"),
            hint="Ten separate questions, of which nine have an easy no for their answer, are another loss. In the "
            "cross-entropy the ten digits compete: `F.cross_entropy`.",
        ),
        Misconception(
            "takes the squared error",
            with_loss("F.mse_loss(scores.softmax(1), F.one_hot(yb, 10).float())"),
            hint="That is the distance of the probabilities from 0 and 1. The cross-entropy is meant.",
        ),
        Misconception(
            "makes a column of the labels",
            with_loss("F.cross_entropy(scores, yb[:, None])"),
            hint="The chapter's targets are a column, `(n, 1)`. `F.cross_entropy` takes them as they come: `(n,)`.",
        ),
        Misconception(
            "makes floats of the labels",
            with_loss("F.cross_entropy(scores, yb.float())"),
            hint="For `F.cross_entropy` a label is the position of the right score, and so a whole number: leave `yb` "
            "as it is.",
        ),
        Misconception(
            "gives the loss the digits instead of the scores",
            with_loss("F.cross_entropy(scores.argmax(1), yb)"),
            hint="Which digit has the highest score is for the accuracy. The loss takes all ten scores as they are.",
        ),
        Misconception(
            "looks at one output only",
            with_loss("F.binary_cross_entropy_with_logits(scores[:, 0], yb.float())"),
            hint="One output tells two classes apart. Each image has ten scores here, and the loss needs all of them.",
        ),
        Misconception(
            "divides the pixels by 255 again",
            mistaken(("model(xb)", "model(xb / 255)")),
            hint="The pixels come from 0 to 1 already. Divided once more they are all nearly 0.",
        ),
        Misconception(
            "lets the gradients of the mini-batches add up",
            mistaken(("        opt.zero_grad()\n", "")),
            hint="`backward` adds to the gradients that are there. When are they forgotten?",
        ),
        Misconception(
            "forgets the gradients before the step",
            mistaken((STEP, "        opt.zero_grad()\n        opt.step()\n")),
            hint="Between `backward` and the step the gradients have to stay. Which lines stand between the two, and "
            "in which order do the three come?",
        ),
        Misconception(
            "never takes a step",
            mistaken(("        opt.step()\n", "")),
            hint="The gradients are there, and nothing is done with them. What changes the parameters? (`p = p - ...` "
            "doesn't: it gives the name `p` to a new tensor.)",
        ),
        Misconception(
            "never takes a gradient",
            mistaken(("        loss.backward()\n", "        loss.backward\n")),
            hint="Gradients are there only after `loss.backward()`, and a method is called by its parentheses: without "
            "them nothing happens.",
        ),
        Misconception(
            "asks a model of its own",
            OTHER_MODEL + mistaken(("model(xb)", "other_model(xb)")),
            hint="The model that is meant comes as the argument `model`, and may be another one in each call. Which "
            "name stands where you ask for the scores?",
        ),
        Misconception(
            "changes the parameters of a model of its own",
            OTHER_MODEL + mistaken(("SGD(model.parameters(), lr)", "SGD(other_model.parameters(), lr)")),
            hint="An optimizer changes those parameters that it was made with. Make it within `digit_epoch`, with "
            "`model.parameters()`.",
        ),
        Misconception(
            "changes the parameters while that is recorded",
            mistaken((STEP, STEP_RECORDED)),
            hint="PyTorch would take the step for a part of what it has to differentiate. Change `p.data`, or take the "
            "step within `with torch.no_grad():`.",
        ),
        Misconception(
            "moves the parameters by their own values",
            mistaken((STEP, STEP_BY_VALUES)),
            hint="The learning rate is multiplied with `p.grad`, not with `p` itself.",
        ),
        Misconception(
            "takes one step for the whole epoch",
            mistaken((STEP, ""), ("    return total / items", "    opt.step()\n    return total / items")),
            hint="The step stands behind the loop. Indent it: one for each mini-batch.",
        ),
        Misconception(
            "takes a step for each item",
            mistaken(("        loss.backward()\n" + STEP, STEP_FOR_EACH_ITEM)),
            hint="The loss is the mean over the mini-batch, and so is its gradient: one step for all of its items.",
        ),
        Misconception(
            "climbs instead of descending",
            mistaken(("model.parameters(), lr)", "model.parameters(), lr, maximize=True)")),
            hint="The gradient says where the loss grows. To which side does the step have to go?",
        ),
        Misconception(
            "takes the gradient of the summed loss",
            mistaken(
                (LOSS_OF_EPOCH, 'F.cross_entropy(model(xb), yb, reduction="sum")'),
                (" * len(yb)\n        i", "\n        i"),
            ),
            hint="The steps are as many times too large as the mini-batch has items: the gradient is taken of the sum "
            "of the losses. The mean is meant.",
        ),
        Misconception(
            "divides by the size of the mini-batch twice",
            mistaken(("        loss.backward()\n", "        (loss / len(yb)).backward()\n")),
            hint="The mean loss is divided by the number of items already. Divided again, the steps are too small, and "
            "depend on the size of the mini-batch.",
        ),
        Misconception(
            "divides by the number of mini-batches",
            mistaken(("        loss.backward()\n", "        (loss / len(batches)).backward()\n")),
            hint="The steps are too small. Each mini-batch has a whole step of its own: the number of mini-batches "
            "has no place in it.",
        ),
        Misconception(
            "has a hundredth of the learning rate",
            mistaken(("model.parameters(), lr)", "model.parameters(), lr / 100)")),
            hint="The steps are a hundred times too small. Is it `lr`, as it comes, that they are taken with?",
        ),
        Misconception(
            "has a hundred times the learning rate",
            mistaken(("model.parameters(), lr)", "model.parameters(), lr * 100)")),
            hint="The steps are a hundred times too large. Is it `lr`, as it comes, that they are taken with?",
        ),
        Misconception(
            "takes its steps without the learning rate",
            mistaken(("model.parameters(), lr)", "model.parameters(), 1.0)")),
            hint="The parameters move by the gradient itself. What is `lr` for?",
        ),
        Misconception(
            "has a learning rate of its own",
            mistaken(("model.parameters(), lr)", "model.parameters())")),
            hint="An optimizer that isn't told a learning rate takes 0.001. Give it `lr`.",
        ),
        Misconception(
            "optimizes with Adam",
            mistaken(("torch.optim.SGD(model.parameters(), lr)", "torch.optim.Adam(model.parameters(), lr)")),
            hint="Adam is a good optimizer, and another one. A step of plain SGD is the gradient times `lr`.",
        ),
        Misconception(
            "adds momentum",
            mistaken(("model.parameters(), lr)", "model.parameters(), lr, momentum=0.9)")),
            hint="With momentum each step goes on a little in the direction of those before. Plain SGD forgets them.",
        ),
        Misconception(
            "updates the last layer only",
            mistaken(("SGD(model.parameters(), lr)", "SGD(list(model.parameters())[-1:], lr)")),
            hint="Only a part of the parameters changes. All of `model.parameters()` are to learn.",
        ),
        Misconception(
            "doesn't switch to training mode",
            mistaken(("    model.train()\n", "")),
            hint="After a validation the model is in evaluation mode, and stays there until somebody says "
            "otherwise. Which method is for training?",
        ),
        Misconception(
            "takes it that there is a gradient already",
            mistaken(
                (STEP, "        opt.step()\n"),
                (
                    "        loss = ",
                    "        for p in model.parameters():\n            p.grad.zero_()\n        loss = ",
                ),
            ),
            hint="A parameter that has never had a gradient has `None` there. Ask before you call `zero_()`, or let "
            "`model.zero_grad()` do it.",
        ),
        Misconception(
            "switches the gradients off in training",
            mistaken((LOSS_OF_EPOCH, "F.cross_entropy(model(xb).detach(), yb)")),
            hint="Without a record of what the model did there is no gradient. `no_grad` and `detach` are for the "
            "validation, and for the step by hand; `argmax` and `item` have none either.",
        ),
        Misconception(
            "calls zero_grad of the loss",
            mistaken(("opt.zero_grad()", "loss.zero_grad()")),
            hint="The loss is a tensor, and has no `zero_grad`: the optimizer has, and the model has.",
        ),
        Misconception(
            "returns within the loop",
            mistaken(
                ("    return total / items", "        return total / items"),
                (f"    return {MEAN_LOSS}", f"            return {MEAN_LOSS}"),
            ),
            hint="A `return` within the loop ends it after the first mini-batch. Look at the indentation.",
        ),
        Misconception(
            "leaves the last mini-batch out",
            mistaken(("in batches:", "in batches[:-1]:")),
            hint="The last mini-batch may be shorter than the others, and counts all the same.",
        ),
        Misconception(
            "leaves single items out",
            mistaken(("in batches:", "in [(xb, yb) for xb, yb in batches if len(yb) > 1]:")),
            hint="A mini-batch with a single item is one like the others: it has a step, and it counts.",
        ),
        Misconception(
            "returns the loss of the last mini-batch",
            mistaken(("return total / items", "return loss.item()"), (MEAN_LOSS, "losses[-1] / sizes[-1]")),
            hint="Each round of the loop replaces the loss of the one before. Add them up.",
        ),
        Misconception(
            "takes the mean of the mini-batches' means",
            mistaken(
                ("return total / items", "return total / len(batches)"),
                (SUM_OF_EPOCH, "total += loss.item()"),
                (MEAN_LOSS, "sum(l / n for l, n in zip(losses, sizes)) / len(sizes)"),
                (ACCURACY, "sum(r / n for r, n in zip(rights, sizes)) / len(sizes)"),
            ),
            hint="A mini-batch of one item counts as much there as one of four. How often does each mean have to "
            "count, so that every item has the same weight?",
        ),
        Misconception(
            "divides means by the number of items",
            mistaken(
                (SUM_OF_EPOCH, "total += loss.item()"),
                (
                    "losses.append(F.cross_entropy(scores, yb).item() * len(yb))",
                    "losses.append(F.cross_entropy(scores, yb).item())",
                ),
            ),
            hint="The loss of a mini-batch is a mean already. Before it is divided by the number of all items, it has "
            "to be a sum: how many items does it stand for?",
        ),
        Misconception(
            "adds the means up",
            mistaken(
                ("return total / items", "return total"),
                (SUM_OF_EPOCH, "total += loss.item()"),
                (MEAN_LOSS, "sum(l / n for l, n in zip(losses, sizes))"),
                (ACCURACY, "sum(r / n for r, n in zip(rights, sizes))"),
            ),
            hint="The more mini-batches there are, the larger it becomes. The mean is meant.",
        ),
        Misconception(
            "sums the loss of all items",
            mistaken(("return total / items", "return total"), (MEAN_LOSS, "sum(losses)"), (ACCURACY, "sum(rights)")),
            hint="It adds up over the items, and never divides by how many there are.",
        ),
        Misconception(
            "divides the sums by the number of mini-batches",
            mistaken(
                ("return total / items", "return total / len(batches)"),
                (MEAN_LOSS, "sum(losses) / len(sizes)"),
                (ACCURACY, "sum(rights) / len(sizes)"),
            ),
            hint="What is added up there counts items. How many items are there, in all mini-batches together?",
        ),
        Misconception(
            "keeps the record of every loss",
            mistaken(("loss.item()", "loss")),
            hint="`loss` is a tensor that remembers how it was calculated. Added up, it keeps what the whole epoch has "
            "recorded. The number alone is enough: `item()` or `detach()`.",
        ),
        Misconception(
            "measures the loss after the epoch",
            mistaken(("return total / items", f"return {LOSS_AFTERWARDS} / items")),
            hint="The model has learned until then. The loss of a mini-batch is meant as it was before its step, when "
            "its gradient was taken.",
        ),
        Misconception(
            "doesn't switch to evaluation mode",
            mistaken(("    model.eval()\n", "")),
            hint="After an epoch the model is in training mode: dropout makes its answers a matter of chance, batch "
            "norm learns from what it sees. Nobody switches it but you.",
        ),
        Misconception(
            "never switches the model's mode",
            mistaken(("    model.train()\n", "    model.train\n"), ("    model.eval()\n", "    model.eval\n")),
            hint="The model stays in the mode in which it came. Each function has to set the one that it needs; and a "
            "method is called by its parentheses, without them nothing happens.",
        ),
        Misconception(
            "records gradients while it validates",
            mistaken(("    with torch.no_grad():\n", "    if True:\n")),
            hint="The model's mode says nothing about gradients. What tells PyTorch that none will be asked for?",
        ),
        Misconception(
            "trains while it validates",
            mistaken(
                ("    with torch.no_grad():\n", "    opt = torch.optim.SGD(model.parameters(), 0.1)\n    if True:\n"),
                ("            sizes.append(len(yb))\n", "            sizes.append(len(yb))\n" + STEP_IN_VALIDATION),
            ),
            hint="A validation measures on data that the model has not learned from. There is no step in it.",
        ),
        Misconception(
            "returns the accuracy first",
            mistaken((f"return {MEAN_LOSS}, {ACCURACY}", f"return {ACCURACY}, {MEAN_LOSS}")),
            hint="Two numbers in the other order: first the loss, then the accuracy.",
        ),
        Misconception(
            "returns one number where two are meant",
            mistaken((f"return {MEAN_LOSS}, {ACCURACY}", f"return {ACCURACY}")),
            hint="Whoever calls it writes `loss, accuracy = digit_validate(model, batches)`: it returns both.",
        ),
        Misconception(
            "gives the accuracy in percent",
            mistaken((ACCURACY, f"100 * {ACCURACY}")),
            hint="A share from 0 to 1 is meant.",
        ),
        Misconception(
            "gives the share of errors",
            mistaken((RIGHT_ONES, "(scores.argmax(1) != yb)")),
            hint="That is how often the model is wrong. The accuracy is how often it is right.",
        ),
        Misconception(
            "looks for the highest score along the images",
            mistaken((RIGHT_ONES, "(scores.argmax(0) == yb)")),
            hint="`argmax(0)` says for each digit which image scores highest. Which digit scores highest for each "
            "image?",
        ),
        Misconception(
            "looks for the highest score of the whole mini-batch",
            mistaken((RIGHT_ONES, "(scores.argmax() == yb)")),
            hint="Without a dimension `argmax` looks through all images together. Each image has an answer of its own.",
        ),
        Misconception(
            "compares every image with every label",
            mistaken((RIGHT_ONES, "(scores.argmax(1) == yb[:, None]).float().mean(1)")),
            hint="Shapes `(n,)` and `(n, 1)` broadcast to `(n, n)`: all pairs. Compare `(n,)` with `(n,)`.",
        ),
        Misconception(
            "keeps the accuracy for two classes",
            mistaken((RIGHT_ONES, "((scores.sigmoid() > 0.5) == yb[:, None]).float().mean(1)")),
            hint="True and False are equal to 1 and 0 only: no digit from 2 to 9 can ever be right. Which of the ten "
            "scores is the highest?",
        ),
        Misconception(
            "keeps the accuracy of the last mini-batch",
            mistaken((ACCURACY, "rights[-1] / sizes[-1]")),
            hint="Each round of the loop replaces what was there. Count over all mini-batches.",
        ),
    ],
    equivalents={
        "digit_validate: total += F.cross_entropy(scores, yb, reduction='sum').item() → "
        "total += F.cross_entropy(scores, yb, reduction='sum')": "A tensor that holds one number is right as well.",
        "digit_validate: right += (scores.argmax(dim=1) == yb).sum().item() → "
        "right += (scores.argmax(dim=1) == yb).sum()": "A tensor that holds one number is right as well.",
    },
)

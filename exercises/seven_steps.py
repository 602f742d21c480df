"""The seven steps of training a model, in their order, and when to stop."""

from hypothesis import strategies as st

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario

FALLING = [20.0 - epoch for epoch in range(12)]

epoch_counts = st.integers(2, 5)

# Validation losses after each epoch, and the patience. None of these may be left to chance: each tells a different
# mistake from the right answer.
endings = st.sampled_from(
    [
        (FALLING, 1),
        ([3.0, 4.0, 5.0, 2.0, 1.0, 0.5, 0.25, 0.0], 1),
        ([5.0, 4.0, 6.0, 3.0, 7.0, 2.0, 8.0, 1.0], 2),  # two without improvement, but not in a row
        ([5.0, 5.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0], 2),  # no worse, but no better
        ([5.0, 3.0, 4.0, 3.5, 3.25, 2.0, 1.0, 0.5], 2),  # better than the epoch before, but not than the best
        ([2.0, 3.0, 1.0, 4.0, 5.0, 0.0, 6.0, 7.0], 2),
        ([1.0, 2.0, 3.0, 4.0, 0.5, 0.25, 6.0, 7.0], 3),
        ([-1.0, -2.0, -1.5, -1.75, -3.0, -4.0, -5.0, -6.0], 2),
        ([1000.0, 900.0, 950.0, 960.0, 970.0, 800.0, 700.0, 600.0], 3),
        ([0.0, 1.0, 2.0, -1.0, -2.0, -3.0, -4.0, -5.0], 2),
    ]
)


def played(train, validation_losses, epochs, patience):
    """What train gives back, and the calls of init, predict, loss, gradient and step that it has made.

    Parameters are w0, w1, w2, ... by the number of steps that led to them; p0 are their predictions, and so on.
    """
    calls = []

    def called(name, *arguments):
        calls.append(f"{name}({', '.join(map(str, arguments))})")
        if len(calls) > 300:
            raise RuntimeError("the training does not stop")

    def init():
        called("init")
        return "w0"

    def predict(params):
        called("predict", params)
        return f"p{str(params)[1:]}"

    def loss(predictions):
        called("loss", predictions)
        return f"l{str(predictions)[1:]}"

    def gradient(loss):
        called("gradient", loss)
        return f"g{str(loss)[1:]}"

    def step(params, gradient):
        called("step", params, gradient)
        return f"w{number_of(params) + 1}"

    def validate(params):
        after = [1e6, *validation_losses]
        return after[number_of(params)] if number_of(params) < len(after) else after[-1] + 1

    return train(init, predict, loss, gradient, step, validate, epochs, patience), calls


def number_of(params):
    """The number of steps that have led to these parameters."""
    if not (isinstance(params, str) and params[:1] == "w" and params[1:].isdigit()):
        raise TypeError(f"these are no parameters: {params}")
    return int(params[1:])


def words(steps):
    """The words in small letters; who writes the first one out means the same. What has no order comes as it is."""
    if isinstance(steps, (str, set, dict)):
        return steps
    written = [str(word).strip().lower() for word in steps]
    return ["init" if word in ("initialize", "initialise") else word for word in written]


def all_calls(train, validation_losses, epochs, patience):
    """The calls."""
    return played(train, validation_losses, epochs, patience)[1]


def losses_returned(train, validation_losses, epochs, patience):
    """What comes back: if it is many, in a list."""
    result = played(train, validation_losses, epochs, patience)[0]
    is_many = hasattr(result, "__iter__") and getattr(result, "ndim", 1) and not isinstance(result, (str, dict))
    return list(result) if is_many else result


def epochs_run(train, losses_and_patience):
    """How many epochs were run, of at most eight."""
    validation_losses, patience = losses_and_patience
    return sum(call.startswith("step(") for call in played(train, validation_losses, 8, patience)[1])


SOLUTION = """\
def train(init, predict, loss, gradient, step, validate, epochs, patience):
    params = init()
    losses = []
    best = float("inf")
    waited = 0
    for epoch in range(epochs):
        preds = predict(params)
        l = loss(preds)
        grad = gradient(l)
        params = step(params, grad)
        losses.append(validate(params))
        if losses[-1] < best:
            best = losses[-1]
            waited = 0
        else:
            waited += 1
        if waited >= patience:
            break
    return losses
"""


exercise = Exercise(
    title="The seven steps",
    section="Stochastic Gradient Descent (SGD)",
    provides=("steps", "train"),
    oracle="seven_steps",
    statement="""\
Whatever the model is, training it takes the same seven steps. Five of them are work, and two say how it goes on:
*repeat* the work, epoch by epoch, until it is time to *stop*.

- `steps` is a list of the names of the seven steps, in their order. Here they are in the order of the alphabet:
  `"gradient"`, `"init"`, `"loss"`, `"predict"`, `"repeat"`, `"step"`, `"stop"`.
- `train(init, predict, loss, gradient, step, validate, epochs, patience)` trains whatever model you hand it. The first
  six arguments are functions, and what they give is handed on; what is in it is not your concern:

  | call | gives |
  | --- | --- |
  | `init()` | the first parameters |
  | `predict(params)` | the predictions of these parameters |
  | `loss(predictions)` | their loss |
  | `gradient(loss)` | the gradient of this loss |
  | `step(params, gradient)` | **new** parameters, a step better; the old ones stay as they are |
  | `validate(params)` | how wrong these parameters are on the validation set, a number: lower is better |

  In each epoch `predict`, `loss`, `gradient` and `step` are called once, and then the new parameters are validated.
  The training stops after `epochs` epochs, or earlier: as soon as `patience` epochs **in a row** have brought no
  improvement. An epoch is an improvement if its validation loss is lower than that of every epoch before it.
  `train` gives a list of the validation losses, one for each epoch that was run.

For example, if the validation losses are 5, 3, 4, 3 and so on, a training with a `patience` of 2 ends after the fourth
epoch and gives `[5, 3, 4, 3]`: neither the third nor the fourth epoch is better than the second.
""",
    starter="""\
steps = ...


def train(init, predict, loss, gradient, step, validate, epochs, patience):
    ...
""",
    hints=[
        (
            "`steps`: tell the story of a single round, and ask at each name what it needs to be there already. Five "
            "of the names are work; the other two say that the work begins again, and that it ends."
        ),
        (
            "`train`: forget the patience at first. Write one epoch as calls in a row, each with the result of the "
            "one before, and keep what `step` gives. Then put the loop around all that happens in every epoch: what "
            "stays outside?"
        ),
        (
            "`train`: look at the example, `[5, 3, 4, 3]`: where does the lowest loss stand for the first time, and "
            "how many epochs came after it? Ask this of your list at the end of each epoch, and there is nothing "
            "else to remember."
        ),
        (
            "`train`: or keep two variables, the lowest loss so far, infinite at first, and the number of epochs "
            "since. A lower loss replaces the one and sets the other to 0; if it isn't lower, add 1. Once the loss "
            "is in the list, compare that number with `patience`, and `break`."
        ),
    ],
    checks=[
        Scenario(
            "the names of the seven steps, in their order",
            words,
            of="steps",
            hint="What must be there before anything can be predicted? What is the gradient of, and who needs it?",
        ),
        Scenario(
            "one epoch, step by step (w0: the first parameters, p0: their predictions, ...)",
            all_calls,
            st.just(FALLING),
            st.just(1),
            st.integers(1, 3),
            of="train",
            hint="Each function gets what the one before it gave.",
        ),
        Scenario(
            "several epochs, each from where the last one got to",
            all_calls,
            st.just(FALLING),
            epoch_counts,
            st.integers(2, 3),
            of="train",
            points=2,
            hint="What is done once, before the loop, and what in every round? Which parameters does the next round "
            "begin with?",
        ),
        Scenario(
            "gives the validation loss of each epoch",
            losses_returned,
            st.sampled_from([FALLING, [5.0, 3.0, 4.0, 3.0, 2.0, 1.0]]),
            epoch_counts,
            st.integers(1, 3),
            of="train",
            hint="`validate` is asked at the end of each epoch, about the parameters as they are then.",
        ),
        Scenario(
            "stops when there is no improvement any more",
            epochs_run,
            endings,
            of="train",
            points=2,
            cases=20,
            hint="Remember the lowest loss so far, and count the epochs since it was found.",
        ),
    ],
    accepts={
        "the lowest loss by its place": """\
steps = ("Initialize", "Predict", "Loss", "Gradient", "Step", "Repeat", "Stop")

def train(init, predict, loss, gradient, step, validate, epochs, patience):
    w, history = init(), np.array([])
    while len(history) < epochs:
        w = step(w, gradient(loss(predict(w))))
        history = np.append(history, validate(w))
        if len(history) - history.argmin() > patience:
            return history
    return history
""",
        "a flag, and a look back": """\
steps = "init predict loss gradient step repeat stop".split()

def train(init, predict, loss, gradient, step, validate, epochs, patience):
    params = init()
    done, epoch, losses = False, 0, []
    while not done:
        predictions = predict(params)
        current = loss(predictions)
        g = gradient(current)
        params = step(params, g)
        losses = losses + [validate(params)]
        epoch += 1
        earlier, recent = losses[:-patience], losses[-patience:]
        done = epoch == epochs or (len(earlier) > 0 and min(recent) >= min(earlier))
    return torch.tensor(losses)
""",
        "validates before the first epoch as well": SOLUTION.replace('float("inf")', "validate(params)"),
        "other names, best kept with None": """\
def train(start, forward, cost, backward, update, score, max_epochs, wait):
    p, best, bad, all_scores = start(), None, 0, []
    for _ in range(max_epochs):
        p = update(p, backward(cost(forward(p))))
        s = score(p)
        all_scores.append(s)
        if best is None or s < best:
            best, bad = s, 0
            continue
        bad += 1
        if bad == wait:
            break
    return tuple(all_scores)
""",
    },
    misconceptions=[
        Misconception(
            "names the step before the gradient",
            'steps = ["init", "predict", "loss", "step", "gradient", "repeat", "stop"]\n',
            hint="The step needs to know which way is down: the gradient says it.",
        ),
        Misconception(
            "names the gradient before the loss",
            'steps = ["init", "predict", "gradient", "loss", "step", "repeat", "stop"]\n',
            hint="The gradient is that of the loss, so the loss has to be there first.",
        ),
        Misconception(
            "names the loss before the prediction",
            'steps = ["init", "loss", "predict", "gradient", "step", "repeat", "stop"]\n',
            hint="The loss says how wrong the predictions are, so they have to be there first.",
        ),
        Misconception(
            "names the prediction before the parameters are there",
            'steps = ["predict", "init", "loss", "gradient", "step", "repeat", "stop"]\n',
            hint="Predictions are made with parameters. Where do the first ones come from?",
        ),
        Misconception(
            "stops before it repeats",
            'steps = ["init", "predict", "loss", "gradient", "step", "stop", "repeat"]\n',
            hint="After a stop nothing is repeated. First repeat, and in the end stop.",
        ),
        Misconception(
            "leaves the steps in the order of the alphabet",
            'steps = ["gradient", "init", "loss", "predict", "repeat", "step", "stop"]\n',
            hint="That is the order of the alphabet. Begin with what has to be there before anything else.",
        ),
        Misconception(
            "steps before it has the gradient",
            changed(
                SOLUTION,
                "        grad = gradient(l)\n        params = step(params, grad)\n",
                "        params = step(params, grad)\n        grad = gradient(l)\n",
            ).replace("    losses = []\n", "    losses = []\n    grad = None\n"),
            hint="`step` gets a gradient that is not there yet, or that of the epoch before. First the gradient of "
            "this loss, then the step.",
        ),
        Misconception(
            "gives a result the name of its function",
            changed(
                SOLUTION,
                "l = loss(preds)\n        grad = gradient(l)",
                "loss = loss(preds)\n        grad = gradient(loss)",
            ),
            hint="After `loss = loss(predictions)` the function is gone: the name stands for its result, and in the "
            "next epoch nothing can be called by it. Give the result a name of its own.",
        ),
        Misconception(
            "calls `backward` by itself",
            changed(SOLUTION, "grad = gradient(l)", "l.backward()\n        grad = gradient(l)"),
            hint="What `loss` gives need not be a tensor of PyTorch. The gradient is what `gradient(loss)` gives.",
        ),
        Misconception(
            "steps with the loss instead of the gradient",
            changed(SOLUTION, "step(params, grad)", "step(params, l)"),
            hint="The loss says how wrong the model is, and not which way is down. `step` needs the gradient.",
        ),
        Misconception(
            "takes the gradient of the predictions",
            changed(SOLUTION, "gradient(l)", "gradient(preds)"),
            hint="It is the loss that is to fall: hand the loss to `gradient`.",
        ),
        Misconception(
            "initialises in each epoch",
            changed(SOLUTION, "        preds = predict", "        params = init()\n        preds = predict"),
            hint="The parameters begin anew in every epoch, so that what was learned is lost. `init` comes once, "
            "before the loop.",
        ),
        Misconception(
            "predicts once, before the loop",
            changed(SOLUTION, "        preds = predict(params)\n", "").replace(
                "    losses = []\n", "    losses = []\n    preds = predict(params)\n"
            ),
            hint="After a step the predictions are other ones. Predict in every epoch.",
        ),
        Misconception(
            "computes the gradient once, before the loop",
            changed(
                SOLUTION, "        preds = predict(params)\n        l = loss(preds)\n        grad = gradient(l)\n", ""
            ).replace("    losses = []\n", "    losses = []\n    grad = gradient(loss(predict(params)))\n"),
            hint="After a step the slope is another one. Predict, loss and gradient belong into the loop.",
        ),
        Misconception(
            "drops the new parameters",
            changed(SOLUTION, "params = step(", "step("),
            hint="`step` gives new parameters and leaves the old ones as they are: keep what it gives, `params = ...`.",
        ),
        Misconception(
            "never steps",
            changed(SOLUTION, "        params = step(params, grad)\n", ""),
            hint="The gradients are computed, and nothing is done with them.",
        ),
        Misconception(
            "validates before the step",
            changed(SOLUTION, "losses.append(validate(params))", "losses.append(validate(before))").replace(
                "        preds = predict", "        before = params\n        preds = predict"
            ),
            hint="The validation loss of an epoch is that of the parameters at its end, after the step.",
        ),
        Misconception(
            "goes through all epochs in any case",
            changed(SOLUTION, "        if waited >= patience:\n            break\n", ""),
            hint="Nothing ends the loop early. Count the epochs without improvement, and leave it with `break`.",
        ),
        Misconception(
            "stops after the first epoch",
            changed(SOLUTION, "    return losses", "        return losses"),
            hint="A `return` inside the loop ends the training with the first epoch.",
        ),
        Misconception(
            "has no patience",
            changed(SOLUTION, "if waited >= patience", "if waited >= 1"),
            hint="It stops at the first epoch that is no improvement. `patience` says how many of them there may be.",
        ),
        Misconception(
            "waits one epoch too long",
            changed(SOLUTION, "if waited >= patience", "if waited > patience"),
            hint="With a patience of 1, the first epoch without improvement is the last. Is it `>` or `>=`?",
        ),
        Misconception(
            "never starts counting again",
            changed(SOLUTION, "            waited = 0\n", ""),
            hint="The epochs without improvement have to follow each other. What happens to the count after a new "
            "lowest loss?",
        ),
        Misconception(
            "compares with the epoch before",
            changed(SOLUTION, "        else:\n", "        else:\n            best = losses[-1]\n"),
            hint="Better than the epoch before may still be worse than the best. Compare with the lowest loss so far.",
        ),
        Misconception(
            "takes an equal loss for an improvement",
            changed(SOLUTION, "if losses[-1] < best", "if losses[-1] <= best"),
            hint="A loss that stays the same is not lower.",
        ),
        Misconception(
            "takes a higher loss for the better one",
            changed(SOLUTION, "if losses[-1] < best", "if losses[-1] > best").replace('"inf"', '"-inf"'),
            hint="With an accuracy, higher would be better. A loss has to fall.",
        ),
        Misconception(
            "begins with a best loss of 0",
            changed(SOLUTION, 'float("inf")', "0"),
            hint="Every positive loss is worse than 0. Begin with one that anything is better than, `float('inf')`.",
        ),
        Misconception(
            "does not count the epochs",
            changed(SOLUTION, "for epoch in range(epochs):", "while True:"),
            hint="As long as the loss gets better, nothing ends the training. There are at most `epochs` epochs.",
        ),
        Misconception(
            "gives only the lowest loss",
            changed(SOLUTION, "    return losses", "    return [best]"),
            hint="A list with the loss of every epoch is meant.",
        ),
        Misconception(
            "gives the lowest loss by itself",
            changed(SOLUTION, "    return losses", "    return best"),
            hint="One number came back. A list with the loss of every epoch is meant.",
        ),
        Misconception(
            "gives the last loss by itself",
            changed(SOLUTION, "    return losses", "    return losses[-1]"),
            hint="One number came back. A list with the loss of every epoch is meant.",
        ),
        Misconception(
            "gives the trained parameters",
            changed(SOLUTION, "    return losses", "    return params"),
            hint="The parameters are what a training is for, but here its story is asked for: the validation loss of "
            "every epoch.",
        ),
        Misconception(
            "gives the losses of the training",
            changed(SOLUTION, "    return losses", "    return story")
            .replace("        l = loss(preds)\n", "        l = loss(preds)\n        story.append(l)\n")
            .replace("    losses = []\n", "    losses = []\n    story = []\n"),
            hint="What `loss` gives is there for the gradient. The list holds what `validate` gives.",
        ),
        Misconception(
            "exchanges the arguments of `step`",
            changed(SOLUTION, "step(params, grad)", "step(grad, params)"),
            hint="`step(params, gradient)` takes the parameters first.",
        ),
        Misconception(
            "begins with a best loss that is not high enough",
            changed(SOLUTION, 'float("inf")', "100"),
            hint="Losses may be larger than the number that you begin with, and then none of them is an improvement. "
            "Begin with one that anything is better than, `float('inf')`.",
        ),
        Misconception(
            "takes the loss of the training for that of the validation",
            changed(SOLUTION, "losses.append(validate(params))", "losses.append(l)"),
            hint="What `loss` gives is handed to `gradient`, and need not even be a number. Whether an epoch was "
            "better, `validate` says.",
        ),
        Misconception(
            "leaves the last epoch out of the list",
            changed(
                SOLUTION,
                "            break\n",
                "            losses.pop()\n            break\n",
            ),
            hint="The epoch at which the training stops was run as well. Add its loss to the list before you leave the "
            "loop.",
        ),
        Misconception(
            "runs one epoch too many",
            changed(SOLUTION, "range(epochs)", "range(epochs + 1)"),
            hint="There are at most `epochs` epochs.",
        ),
        Misconception(
            "counts improvements as epochs without one",
            changed(SOLUTION, "        else:\n            waited += 1\n", "        waited += 1\n"),
            hint="After an improvement the count is 0, not 1.",
        ),
        Misconception(
            "always has a patience of 2",
            changed(SOLUTION, "if waited >= patience", "if waited >= 2"),
            hint="How long to wait, the argument `patience` says. It is 2 only in the example.",
        ),
        Misconception(
            "forgets the epochs without improvement",
            changed(
                SOLUTION,
                "        losses.append(validate(params))\n        if losses[-1] < best:\n"
                "            best = losses[-1]\n",
                "        v = validate(params)\n        if v < best:\n            best = v\n"
                "            losses.append(v)\n",
            ),
            hint="Every epoch that was run has its loss in the list, whether it was better or not.",
        ),
    ],
)

"""Wrong answers that no misconception foresees fail with a reason that helps."""

from pathlib import Path

import pytest

from exercises.learner import SOLUTION as LEARNER
from exercises.wrong import changed
from grader.course import LoadedCourse
from grader.judging import Judge
from grader.verify import verdicts_of

EPOCH = """\
def digit_epoch(model, batches, lr):
    opt = torch.optim.SGD(model.parameters(), lr)
    model.train()
    total = items = 0
    for xb, yb in batches:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
        total, items = total + loss.item() * len(yb), items + len(yb)
    return total / items
"""
VALIDATION = """\
@torch.no_grad()
def digit_validate(model, batches):
    model.eval()
    scores, digits = torch.cat([model(xb) for xb, _ in batches]), torch.cat([yb for _, yb in batches])
    return F.cross_entropy(scores, digits).item(), (scores.argmax(1) == digits).float().mean().item()
"""

WRONG = {
    "pixels": {
        "the image itself": ("def as_array(image):\n    return image", "PIL.Image.Image"),
        "half as light": ("def invert(pixels):\n    return (255 - pixels) // 2", "element"),
        "the wrong corner": (
            "def crop(pixels, top, bottom, left, right):\n    return pixels[-bottom:-top, left:right]",
            "element",
        ),
        "pixels from -1 to 1": (
            "def pixel_difference(a, b):\n    return (a.float() - b) / 255",
            "times what it should be",
        ),
    },
    "list_comprehensions": {
        "quadruples": (
            "def double_odds(numbers):\n    return [4 * n for n in numbers if n % 2]",
            "the number is another one",
        ),
        "a generator": (
            "def double_odds(numbers):\n    return (2 * n for n in numbers if n % 2)",
            "generator object",
        ),
        "prints": (
            "def double_odds(numbers):\n    print([2 * n for n in numbers if n % 2])",
            "prints its answer instead of returning it",
        ),
        "halves where it should keep": (
            "def double_odds_keep_evens(numbers):\n    return [n * 2 if n % 2 else n // 2 for n in numbers]",
            "the number is another one",
        ),
        "drops zeros": (
            "def double_odds_keep_evens(numbers):\n    return [n * 2 if n % 2 else n for n in numbers if n]",
            "are meant",
        ),
    },
    "folder_tree": {
        "not sorted": (
            "def image_files(folder, part, digit):\n    return (p for p in (folder / part / str(digit)).glob('*.png'))",
            "generator object",
        ),
        "every second image": (
            (
                "def image_files(folder, part, digit):\n"
                "    return sorted((folder / part / str(digit)).glob('*.png'))[::2]"
            ),
            "item",
        ),
        "the label in an axis": (
            "def label_of(path):\n    return tensor([int(path.parent.name)])",
            "where a single number is meant",
        ),
        "the label and one": ("def label_of(path):\n    return int(path.parent.name) + 1", "train"),
        "the file itself": ("def label_of(path):\n    return path", "a text where a whole number"),
    },
    "mean_digits": {
        "scaled to -1 to 1": (
            "def stack_digits(images):\n    return torch.stack(images).float() / 127.5 - 1",
            "element",
        ),
        "the first and the last image": ("def mean_digit(stack):\n    return (stack[0] + stack[-1]) / 2", "element"),
        "a part of the images": (
            "mean3 = (torch.stack(three_tensors[:5000]) / 255).mean(0)",
            "It is not the mean image of all 3s",
        ),
        "bytes of white alone": ("mean3 = (torch.stack(three_tensors) // 255).float().mean(0)", "bring them to 0 to 1"),
        "a row of pixels": ("mean7 = (torch.stack(seven_tensors) / 255).mean(0).flatten()", "Its shape is (784,)"),
        "whole numbers": (
            "mean7 = torch.stack(seven_tensors).float().mean(0).round().to(torch.uint8)",
            "It holds whole numbers",
        ),
        "no image yet": ("mean3 = None", "It is no tensor"),
    },
    "rank_and_shape": {
        "one too many": ("def rank(t):\n    return t.dim() + 1", "another one"),
        "the first image only": (
            "def flatten_images(images):\n    return images[0].flatten()",
            "The shape is",
        ),
    },
    "distances": {
        "the largest difference": ("def l1_distance(a, b):\n    return (a - b).abs().max()", "another one"),
        "half of the square": ("def mean_squared_error(a, b):\n    return ((a - b) ** 2 / 2).mean()", "another one"),
        "the distance from zero": ("def rmse(a, b):\n    return (a ** 2).mean().sqrt()", "another one"),
        "prints": ("def torch_l1(a, b):\n    print(F.l1_loss(a, b))", "prints its answer"),
    },
    "bottom_right": {
        "transposed": ("def double_corner(t):\n    return t[-2:, -2:].T * 2", "transposed"),
        "numbers as text": ("nine = '123456789'", "a text"),
        "a numpy function that does not exist": (
            "def double_corner(t):\n    return np.corner(t)",
            "has no attribute 'corner'",
        ),
    },
    "broadcasting": {
        "an expanded copy": (
            "def repeat_without_copy(t, n):\n    return t.expand(n, *t.shape).contiguous().clone()",
            "it is a copy",
        ),
        "None for a refusal": (
            (
                "def broadcast_shape(a, b):\n    try:\n        return torch.broadcast_shapes(a, b)\n"
                "    except RuntimeError:\n        return None"
            ),
            "instead of raising an exception",
        ),
        "divides": ("def subtract_image(batch, image):\n    return batch / (image + 1)", "element"),
    },
    "mnist_distance": {
        "half the distance": (
            "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2)) / 2",
            "0.5 times what it should be",
        ),
        "the maximum": ("def mnist_distance(a, b):\n    return (a - b).abs().amax((-1, -2))", "element"),
        "a reduced F.l1_loss": ("mnist_distance = F.l1_loss", "You averaged over every axis"),
    },
    "baseline": {
        "the book's without its ideal digits": (
            "def is_3(x):\n    return (x - ideal3).abs().mean((-1, -2)) < (x - ideal7).abs().mean((-1, -2))",
            "name 'ideal3' is not defined",
        ),
        "the largest difference": (
            (
                "def is_3(x, mean3, mean7):\n"
                "    return (x - mean3).abs().amax((-1, -2)) < (x - mean7).abs().amax((-1, -2))"
            ),
            "element",
        ),
        "the better of the two shares": (
            (
                "def baseline_accuracy(threes, sevens, mean3, mean7):\n    is_near = mean3, mean7\n"
                "    return max(is_3(threes, *is_near).float().mean(), 1 - is_3(sevens, *is_near).float().mean())"
            ),
            "another one",
        ),
        "a share of the training set": (
            (
                "with np.load(path / 'mnist_train.npz') as archive:\n"
                "    threes = torch.tensor(archive['images'][archive['labels'] == 3]) / 255\n"
                "accuracy_3s = is_3(threes[:1010], train_mean3, train_mean7).float().mean()"
            ),
            "another share of the images",
        ),
        "a text": ("accuracy_7s = '98.5 %'", "It is no number"),
    },
    "gradients": {
        "the derivative as a function": (
            "def gradient_of(f, x):\n    return torch.func.grad(f)",
            "an object of type function",
        ),
        "a list": (
            "def numeric_gradient(f, x, h):\n    return [0.0 for _ in x.view(-1)]",
            "a list of 2 items",
        ),
        "half the gradient": (
            (
                "def gradient_of(f, x):\n    x = x.clone().requires_grad_()\n    (f(x).sum() / 2).backward()\n"
                "    return x.grad"
            ),
            "0.5 times what it should be",
        ),
    },
    "quadratic_sgd": {
        "no square": ("def f(t, params):\n    a, b, c = params\n    return a * t + b * t + c", "element"),
        "half a step": (
            (
                "def apply_step(params):\n    preds = f(time, params)\n    mse(preds, speed).backward()\n"
                "    params.data -= lr * params.grad / 2\n    params.grad = None\n    return preds"
            ),
            "the old value minus the learning rate times the gradient",
        ),
        "predictions for losses": (
            "def fit(params, n):\n    return [apply_step(params) for _ in range(n)]",
            "Their loss is one number",
        ),
        "a rate that is between good and low": ("lr_good = 1e-6", "more than 10% of it is left"),
        "a rate below 0": ("lr_too_high = -1.0", "leads uphill"),
    },
    "seven_steps": {
        "steps in no order": (
            "steps = set(['init', 'predict', 'loss', 'gradient', 'step', 'repeat', 'stop'])",
            "a set",
        ),
        "steps in one text": ("steps = 'init predict loss gradient step repeat stop'", "It is a text"),
        "six steps": ("steps = ['init', 'predict', 'loss', 'gradient', 'step', 'stop']", "It has 6 items where 7"),
        "stops early, and says nothing": (
            (
                "def train(init, predict, loss, gradient, step, validate, epochs, patience):\n    w = init()\n"
                "    for _ in range(epochs):\n        w = step(w, gradient(loss(predict(w))))\n"
            ),
            "It returns None where",
        ),
        "never stops": (
            (
                "def train(init, predict, loss, gradient, step, validate, epochs, patience):\n    w = init()\n"
                "    while True:\n        w = step(w, gradient(loss(predict(w))))\n"
            ),
            "the training does not stop",
        ),
    },
    "sgd_step": {
        "a seed's answer": (
            (
                "def train_epoch(model, lr, params):\n    for xb,yb in dl:\n        calc_grad(xb, yb, model)\n"
                "        for p in params:\n            p.data -= p.grad.lr\n            p.grad.zero_()"
            ),
            "Times is `*`",
        ),
        "the gradient of the sum": (
            (
                "def train_epoch(model, lr, params):\n    for xb, yb in dl:\n        loss = mnist_loss(model(xb), yb)\n"
                "        loss.backward()\n    sgd_step(params, lr)"
            ),
            "one step for each mini-batch",
        ),
        "half a step": (
            "def sgd_step(params, lr):\n    for p in params:\n        p.data -= lr * p.grad / 2",
            "times the gradient",
        ),
    },
    "zip_pairs": {
        "an unfinished loop": (
            (
                "def make_dataset(xs, ys):\n    dataset = []\n    for x, y in zip(xs, ys):\n        dataset.append(x)\n"
                "    return dataset"
            ),
            "Item 0",
        ),
        "printed": (
            "def make_dataset(xs, ys):\n    for i in zip(xs, ys):\n        print(i)",
            "prints its answer instead of returning it",
        ),
        "a text for each pair": (
            "def make_dataset(xs, ys):\n    return [f'({x}, {y})' for x, y in zip(xs, ys)]",
            "it is a text where a tuple",
        ),
    },
    "linear_model": {
        "uniform with the right deviation": (
            "def init_params(size, std=1.0):\n    return ((torch.rand(size) - 0.5) * 12**0.5 * std).requires_grad_()",
            "In the normal distribution 68% are",
        ),
        "a flat column": ("weights = init_params(28*28, 10)", "of shape (784,)"),
        "a row": (
            "def linear1(xb):\n    return (xb @ weights + bias).T",
            "`@` multiplies each row with the column",
        ),
        "float64 whole numbers": ("bias = torch.tensor([1])", "floating-point"),
        "the wrong end": ("def scale_first_weight(p, factor):\n    p.data[-1] *= factor", "At 'parameter'"),
    },
    "training_loop": {
        "a text": (
            (
                "def validate_epoch(model):\n    accs = [batch_accuracy(model(x), y) for x, y in valid_dl]\n"
                "    return f'{torch.stack(accs).mean().item():.4f}'"
            ),
            "It gives a text where a number is meant",
        ),
        "the accuracy on inputs": (
            "def batch_accuracy(xb, yb):\n    return (xb == yb).float().mean()",
            "Where is a prediction equal to its target?",
        ),
        "half the loss": (
            "def calc_grad(xb, yb, model):\n    (mnist_loss(model(xb), yb) / 2).backward()",
            "element is 0.5 times",
        ),
        "batches of one length only": (
            (
                "def validate_epoch(model):\n    right = torch.stack([(model(x) > 0) == y for x, y in valid_dl])\n"
                "    return round(right.float().mean().item(), 4)"
            ),
            "stack expects each tensor to be equal size",
        ),
        "two digits": (
            (
                "def validate_epoch(model):\n    accs = [batch_accuracy(model(x), y) for x, y in valid_dl]\n"
                "    return round(torch.stack(accs).mean().item(), 2)"
            ),
            "four digits after the point",
        ),
    },
    "optimizer": {
        "a rate that gets lower": (
            (
                "class BasicOptim(BasicOptim):\n    def step(self):\n        for p in self.params:\n"
                "            p.data -= p.grad * self.lr\n        self.lr *= 0.9"
            ),
            "Two steps with the same gradients go twice as far",
        ),
        "a ReLU at the end": (
            "linear_model = nn.Sequential(nn.Linear(28*28, 1), nn.ReLU())",
            "something else happens to it",
        ),
        "half a step": (
            (
                "class BasicOptim(BasicOptim):\n    def step(self):\n        for p in self.params:\n"
                "            p.data -= p.grad * self.lr / 2"
            ),
            "minus the learning rate times the gradient",
        ),
        "no class": ("BasicOptim = 'SGD'", "not callable"),
        "a layer more": (
            "linear_model = nn.Sequential(nn.Linear(28*28, 30), nn.Linear(30, 1))",
            "a weight for each pixel, (1, 784), and a bias",
        ),
        "the book's arguments": (
            "def train_model(model, epochs):\n    for i in range(epochs):\n        train_epoch(model)",
            "takes 2 positional arguments but 4 were given",
        ),
        "an epoch too many": (
            (
                "def train_model(model, dl, opt, epochs):\n    for _ in range(epochs + 1):\n"
                "        for xb, yb in dl:\n            calc_grad(xb, yb, model)\n"
                "            opt.step()\n            opt.zero_grad()"
            ),
            "Each epoch goes through all",
        ),
    },
    "mnist_loss": {
        "half the distance": (
            (
                "def mnist_loss(predictions, targets):\n    p = torch.sigmoid(predictions)\n"
                "    return (p - targets).abs().mean() / 2"
            ),
            "The number is another one",
        ),
        "a steeper sigmoid": ("def sigmoid(x):\n    return torch.sigmoid(2 * x)", "0.5, and the larger x is"),
        "numpy": (
            "def sigmoid(x):\n    return 1 / (1 + np.exp(-x.numpy()))",
            "Can't call numpy() on Tensor that requires grad",
        ),
        "no slope": (
            "def slope(measure, weight, x, targets, h):\n    return measure(x * weight, targets)",
            "The measure at the new weight",
        ),
    },
    "simple_net": {
        "double ReLU": ("def relu(x):\n    return 2 * x.clamp(min=0)", "Every element is 2 times"),
        "no class but a function": (
            "def make_net(inputs, hidden, outputs):\n    return nn.Sequential(nn.Linear(inputs, hidden), F.relu)",
            "The module is `nn.ReLU()`",
        ),
        "twenty hidden activations": ("w1 = torch.randn(784, 20, requires_grad=True)", "(784, 20)"),
        "three linear layers merged": (
            "def merge_linear(w1, b1, w2, b2):\n    return w1 @ w2 @ w2.T @ w2, b1 @ w2 + b2",
            "what is multiplied with x",
        ),
        "a single result": ("def merge_linear(w1, b1, w2, b2):\n    return w1 @ w2 + b1 @ w2 + b2", "where a tuple"),
    },
    "data_loader": {
        "overlapping mini-batches": (
            (
                "class DataLoader(torch.utils.data.DataLoader):\n    def __iter__(self):\n"
                "        for i in range(len(self.dataset)):\n"
                "            pairs = [self.dataset[j] for j in range(i, min(i + self.batch_size, len(self.dataset)))]\n"
                "            yield tuple(torch.stack([torch.as_tensor(v) for v in vs]) for vs in zip(*pairs))"
            ),
            "some items come more than once",
        ),
        "drops the last": (
            (
                "class DataLoader(torch.utils.data.DataLoader):\n    def __init__(self, *a, **k):\n"
                "        super().__init__(*a, drop_last=True, **k)"
            ),
            "The items left over at the end are lost",
        ),
        "no class": ("DataLoader = [1, 2, 3]", "not callable"),
    },
    "learner": {
        "no fit": (
            (
                "class Learner:\n    def __init__(self, dls, model, loss_func, opt_func, metrics=()):\n"
                "        self.model = model"
            ),
            "has no attribute 'fit'",
        ),
        "an argument of another name": (
            "class Learner:\n    def __init__(self, dls, model, loss, opt_func, metrics=()):\n        pass",
            "loss_func",
        ),
        "a tenth of the learning rate": (
            changed(LEARNER, "self.model.parameters(), lr)", "self.model.parameters(), lr / 10)"),
            "of the validation images, with a loss of 0.0",
        ),
        "the sum of right answers for the accuracy": (
            changed(LEARNER, "float(metric(preds, yb))", "len(xb) * float(metric(preds, yb))"),
            "where the metric belongs, is",
        ),
    },
    "plots": {
        "the last ten losses": (
            "def plot_losses(losses):\n    plt.plot(losses[-10:])\n    plt.xlabel('batch')\n    plt.ylabel('loss')",
            "losses, and fewer points",
        ),
        "another slope": (
            "def plot_sigmoid():\n    x = torch.linspace(-4, 4, 100)\n    plt.plot(x, torch.sigmoid(2 * x))",
            "and the sigmoid of it is",
        ),
        "a text for a picture": ("def plot_relu():\n    return 'relu.png'", "Nothing is drawn"),
        "a sigmoid beside a wide helping line": (
            (
                "def plot_sigmoid():\n    x = torch.linspace(-1, 1, 100)\n    plt.plot([-5, 5], [0, 0])\n"
                "    plt.plot(x, torch.sigmoid(x))"
            ),
            "the flat ends can't be seen",
        ),
        "the limits cut half of it off": (
            "def plot_relu():\n    x = torch.linspace(-2, 2, 100)\n    plt.plot(x, x.relu())\n    plt.xlim(0, 2)",
            "Nothing is drawn left of 0",
        ),
        "squares of the losses": (
            "def plot_losses(losses):\n    plt.plot([loss ** 2 for loss in losses])",
            "are not the losses that were passed in",
        ),
    },
    "counterparts": {
        "a sigmoid of straight lines": ("counterparts['sigmoid'] = F.hardsigmoid", "sigmoid (it calls hardsigmoid)"),
        "names as texts": ("counterparts['relu'] = 'F.relu'", "not callable"),
        "an entry is missing": ("del counterparts['sigmoid']", "KeyError"),
        "a made layer in the optimizer's place": ("counterparts['BasicOptim'] = nn.ReLU()", "raises TypeError"),
        "a rounded root": (
            "def library_rmse(a, b):\n    return torch.ceil(F.mse_loss(a, b).sqrt())",
            "another one",
        ),
        "a bias that is subtracted": (
            (
                "def library_linear(weights, bias):\n    layer = nn.Linear(*weights.shape)\n"
                "    layer.weight.data, layer.bias.data = weights.T, -bias\n    return layer"
            ),
            "element",
        ),
    },
    "digit_training": {
        "a learning rate that falls within the epoch": (
            EPOCH.replace("opt.zero_grad()", "opt.zero_grad(); opt.param_groups[0]['lr'] *= 0.9"),
            "Calculate one step by hand",
        ),
        "the last mini-batch first": (EPOCH.replace("in batches:", "in batches[::-1]:"), "Calculate one step by hand"),
        "weights that decay": (
            EPOCH.replace("lr)\n    model", "lr, weight_decay=0.1)\n    model"),
            "Calculate one step by hand",
        ),
        "a gradient cut off at 0.01": (
            EPOCH.replace("opt.step()", "nn.utils.clip_grad_value_(model.parameters(), 0.01); opt.step()"),
            "Calculate one step by hand",
        ),
        "mini-batches in another order": (
            EPOCH.replace("in batches:", "in [batches[i] for i in torch.randperm(len(batches))]:"),
            "Calculate one step by hand",
        ),
        "half an epoch": (EPOCH.replace("in batches:", "in batches[::2]:"), "With 3 mini-batches"),
        "the step before the gradient": (
            EPOCH.replace("loss.backward()\n        opt.step()", "opt.step()\n        loss.backward()"),
            "Whenever the optimizer takes its step, there are no gradients",
        ),
        "the scores of another model": (EPOCH.replace("model(xb)", "nn.Linear(784, 10)(xb)"), "never asked for its"),
        "only prints": (EPOCH.replace("return total / items", "print(total / items)"), "instead of returning it"),
        "a loss in words": (EPOCH.replace("return total / items", "return f'{total / items}'"), "a text where"),
        "an accuracy without decimals": (
            VALIDATION.replace(".float().mean()", ".float().mean().round()"),
            "another one",
        ),
        "the third output by itself": (
            VALIDATION.replace("scores.argmax(1)", "scores.argsort(1)[:, -3]"),
            "another one",
        ),
        "a graph cut off afterwards": (
            VALIDATION.replace("@torch.no_grad()\n", "").replace("model(xb) for", "model(xb).detach() for"),
            "PyTorch records what the model does",
        ),
        "parameters frozen for good": (
            VALIDATION.replace("model.eval()", "model.eval().requires_grad_(False)"),
            "can't learn any more",
        ),
        "three numbers": (VALIDATION.replace("return ", "return len(digits), "), "too many values to unpack"),
    },
    "full_mnist": {
        "a model that fills the memory": (
            (
                "def digit_model(batch):\n"
                "    return torch.zeros(len(batch), 10, 2 ** (40 if len(batch) > 2 else 2)).sum(2)"
            ),
            "with a batch of",
        ),
        "the score that is furthest from 0": (
            "def digit_accuracy(logits, targets):\n    return (logits.abs().argmax(1) == targets).float().mean()",
            "another one",
        ),
        "every other index": (
            (
                "def split_indices(n, valid_fraction=0.2, seed=42):\n"
                "    return [i for i in range(n) if i % 5], list(range(0, n, 5))"
            ),
            "evenly spaced",
        ),
        "half of the loss": (
            "def digit_loss(logits, targets):\n    return F.cross_entropy(logits, targets) / 2",
            "Then the mean",
        ),
        "a model without training": (
            "torch.manual_seed(0)\ndigit_model = nn.Linear(784, 10)",
            "hardly more of the test images than guessing does",
        ),
        "a model that knows only some digits": (
            (
                "images, labels = images[:2000], labels[:2000]\n"
                "means = torch.stack([images[labels == d].flatten(1).float().mean(0) / 255 for d in range(10)])\n"
                "def digit_model(x):\n"
                "    return (x @ means.T - means.square().sum(1) / 2)[:, [0, 1, 2, 3, 4, 5, 6, 6, 6, 6]]"
            ),
            "of the 10,000 test images, and 90% are asked for here. (Of all such images it would be",
        ),
        "a model for images": ("digit_model = nn.Conv2d(1, 10, 28)", "takes whole images only: (n, 1, 28, 28)"),
        "scores by position": (
            "def digit_model(x):\n    return x[:, 300:310] + torch.arange(len(x))[:, None]",
            "other scores when the images come in another order",
        ),
        "twenty scores": ("digit_model = nn.Linear(784, 20)", "has the shape (8, 20), and (8, 10) is meant"),
        "one number": ("def digit_model(x):\n    return x.mean()", "It gives a single number"),
        "a dict": ("def digit_model(x):\n    return {'scores': x[:, :10]}", "It gives a dict of 1 things"),
        "the name of a model": ("digit_model = 'resnet18'", "of type str, which can't be called with images"),
        "no model yet": ("digit_model = ...", "It is still `...`"),
        "3s and 7s only": (
            "def digit_model(x):\n    return F.one_hot(torch.where(x.mean(1) > 0.13, 3, 7), 10).float()",
            "It takes every image for a 3 or a 7",
        ),
        "an index in both parts": (
            (
                "def split_indices(n, valid_fraction=0.2, seed=42):\n"
                "    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))\n"
                "    cut = int(n * valid_fraction)\n    return order[cut - 1 :], order[:cut]"
            ),
            "Some indices are in both parts.",
        ),
        "images instead of indices": (
            (
                "def split_indices(n, valid_fraction=0.2, seed=42):\n    order = torch.randperm(n) % len(images)\n"
                "    cut = int(n * valid_fraction)\n    return images[order[cut:]], images[order[:cut]]"
            ),
            "Its parts are no rows of indices",
        ),
        "indices with a point": (
            "def split_indices(n, valid_fraction=0.2, seed=42):\n    return torch.rand(n).split(n - n // 5)",
            "whole numbers from 0 to n - 1",
        ),
        "one row of indices": (
            "def split_indices(n, valid_fraction=0.2, seed=42):\n    return torch.randperm(n)",
            "things where two are meant",
        ),
        "a split without a return": (
            "def split_indices(n, valid_fraction=0.2, seed=42):\n    torch.randperm(n)",
            "as if a `return` were missing",
        ),
    },
    "segmentation": {
        "pairs of start and end, both counted from 0": (
            (
                "def rle_decode(text, shape=(101, 101)):\n    mask = torch.zeros(shape).T.flatten()\n"
                "    ns = list(map(int, text.split()))\n    for a, b in zip(ns[::2], ns[1::2]):\n"
                "        mask[a:b] = 1\n    return mask.view(shape[1], shape[0]).T"
            ),
            "element",
        ),
        "a set of pixels": (
            "def rle_encode(mask):\n    return {(r, c) for r, c in mask.nonzero().tolist()}",
            "a set of",
        ),
        "the pixels by themselves": (
            "def predict_mask(image):\n    return image > 130",
            "A pixel by itself is noisy",
        ),
        "a mask of its own size": (
            "def predict_mask(image):\n    return image[::2, ::2] > 130",
            "Its mask has the shape",
        ),
        "brightness after the loss of sign": ("def predict_mask(image):\n    return image - 130", "other values"),
        "the difference": (
            "def iou(pred, target):\n    return 1 - (pred ^ target).sum() / pred.numel()",
            "accuracy of the pixels",
        ),
    },
}


def namespace_of(course: LoadedCourse, data: Path, name: str, *answers: str) -> dict[str, object]:
    """A notebook's namespace after the given cells and these."""
    namespace: dict[str, object] = {"__name__": "answer"}
    for part in (course.setup(data), course.exercises[name].given, *answers):
        exec(part, namespace)
    return namespace


@pytest.fixture(scope="session")
def judges(course: LoadedCourse) -> dict[str, Judge]:
    """One for each exercise, since it works out only once what the mistakes answer."""
    return {name: Judge(course, name, "salt", shrinking_s=0) for name in course.exercises}


@pytest.mark.parametrize(
    ("name", "mistake"), [(name, mistake) for name, answers in WRONG.items() for mistake in answers]
)
def test_wrong_answer_fails_with_a_reason_that_helps(
    name: str, mistake: str, course: LoadedCourse, judges: dict[str, Judge], data: Path
) -> None:
    answer, words = WRONG[name][mistake]
    namespace = namespace_of(course, data, name, course.definitions(course.exercises[name]), answer)

    failed = [v for v in verdicts_of(judges[name], namespace) if v.outcome in ("failed", "error")]

    assert any(words in v.reason or words in v.hint for v in failed), [(v.reason, v.hint) for v in failed]

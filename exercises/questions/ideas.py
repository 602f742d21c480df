"""The chapter's ideas that neither an exercise nor the questionnaire nor the vocabulary asks about."""

from grader.quiz.questions import Choice, Matching, Number

PIXELS = "Pixels: The Foundations of Computer Vision"
SIMILARITY = "First Try: Pixel Similarity"
TENSORS = "NumPy Arrays and PyTorch Tensors"
METRICS = "Computing Metrics Using Broadcasting"
SGD = "Stochastic Gradient Descent (SGD)"
CALCULATING = "Calculating Gradients"
SUMMARY = "Summarizing Gradient Descent"
LOSS = "The MNIST Loss Function"
BATCHES = "SGD and Mini-Batches"
NONLINEARITY = "Adding a Nonlinearity"
JARGON = "Jargon Recap"
RESEARCH = "Further Research"

questions = [
    # Images as tensors
    Number(
        name="bytes-below-zero",
        prompt="The pixels of an image file are whole numbers from 0 to 255, of type `uint8`. What is "
        "`tensor(3, dtype=torch.uint8) - tensor(5, dtype=torch.uint8)`?",
        topic="casting to float",
        difficulty=3,
        section=SIMILARITY,
        explanation="`uint8` knows no negative numbers: below 0 it goes on at 255, so 3 - 5 is 254. That is one reason "
        "why images are cast with `.float()` before anything is subtracted. They are then divided by 255, because "
        "pixels that are floats are expected between 0 and 1.",
        answer=254,
    ),
    Choice(
        name="casting-and-dividing",
        prompt="Why does the chapter write `torch.stack(seven_tensors).float()/255`?",
        topic="casting to float",
        difficulty=1,
        section=SIMILARITY,
        explanation="Some operations, such as the mean, need floats. And pixels that are floats are generally expected "
        "to be between 0 and 1.",
        right=("the mean needs floats, and pixels that are floats should be between 0 and 1",),
        wrong={
            "to make the images smaller": "The number of pixels stays the same. It is their values that are divided.",
            "so that each pixel becomes either 0 or 1": "The greys stay: 51 becomes 0.2. Nothing is rounded.",
            "to take the mean over 255 images": "255 is the largest value of a pixel. It has nothing to do with the "
            "number of images.",
        },
    ),
    Choice(
        name="tensors-and-arrays",
        prompt="What can a PyTorch tensor do that a NumPy array can't?",
        topic="tensors and arrays",
        difficulty=1,
        section=TENSORS,
        explanation="Both are tables of numbers of one type, with code in C behind them. Tensors can also be on a "
        "GPU, and PyTorch can calculate derivatives of what is done with them.",
        right=("be calculated with on a GPU", "have its gradients calculated automatically"),
        wrong={
            "hold numbers in more than two axes": "NumPy arrays can have as many axes as you like, too.",
            "be calculated with as a whole, without a loop in Python": "NumPy does that, too, and in compiled code.",
            "have rows of different lengths": "A tensor must be regular. It is NumPy's arrays that can hold lists of "
            "different lengths, as objects.",
            "be broadcast": "NumPy had broadcasting before PyTorch did, with the same rules.",
        },
    ),
    Matching(
        name="names-of-ranks",
        prompt="Which name belongs to which tensor?",
        topic="rank and shape",
        difficulty=1,
        section=JARGON,
        explanation="Rank 0 is a scalar, rank 1 a vector, rank 2 a matrix. From rank 3 on there are no special names.",
        pairs={
            "scalar": "`tensor(28.)`",
            "vector": "`tensor([0., 128., 255.])`",
            "matrix": "`tensor([[0., 128.], [255., 0.]])`",
            "rank-3 tensor": "`torch.zeros(10, 28, 28)`",
        },
    ),
    Choice(
        name="fastai-l",
        prompt="`(path/'train').ls()` gives an `L`, fastai's own class. What is different from a Python list?",
        topic="files and folders",
        difficulty=1,
        section=PIXELS,
        explanation="An `L` can do what a list can, and more: it prints as `(#2) [...]`, with the number of items "
        "first, and shows only the first few if there are many.",
        right=("it shows the number of its items, and only the first few of many",),
        wrong={
            "all of its items must be numbers": "It holds anything, such as the paths that `ls` gives.",
            "it is calculated with as a whole, like a tensor": "It is a collection like a list. For calculating, its "
            "items have to become tensors.",
            "it is always sorted": "It keeps the order that it is given. `ls` doesn't sort, so the chapter calls "
            "`.sorted()`.",
            "it can't be changed": "That is a tuple. An `L` can be changed as a list can.",
        },
    ),
    Choice(
        name="comprehension-that-is-none",
        prompt="`array` is a list of numbers. What is wrong with `[if(i%2==0):i*2 i for i in array]`?",
        topic="list comprehensions",
        difficulty=2,
        section=SIMILARITY,
        explanation="Before the `for` stands **one** expression, which is what is collected. A condition that selects "
        "items comes at the end, behind the `for`, without a colon.",
        right=("an `if` that selects stands at the end, and before the `for` there is one expression",),
        wrong={
            "`i%2==0` has to be `i//2==0`": "`i%2==0` is the right test for even numbers. It is the place of the `if` "
            "that is wrong.",
            "only an `else` is missing": "With an `else` there is still a colon, and `i*2 i` are two expressions. And "
            "an `else` would select nothing.",
            "nothing, it doubles the even numbers": "Python says SyntaxError before it runs anything.",
            "a comprehension can't have a condition": "It can have one: behind the `for`.",
        },
    ),
    Choice(
        name="choosing-or-leaving-out",
        prompt="What is `[n*2 if n%2 == 1 else n for n in [1, 2, 3]]`?",
        topic="list comprehensions",
        difficulty=2,
        section=SIMILARITY,
        explanation="Before the `for` stands what is collected, and here that is a **conditional expression**: it "
        "chooses one of two values for each number. Only an `if` behind the loop leaves numbers out. The exercise "
        "“List comprehensions” grades code for it.",
        right=("`[2, 2, 6]`",),
        wrong={
            "`[2, 6]`": "For that the condition would have to be at the end: `[n*2 for n in [1, 2, 3] if n%2 == 1]`.",
            "`[2, 6, 2]`": "Each number is collected when it is its turn, so the order stays.",
            "`[1, 4, 3]`": "That doubles the even number. `n%2 == 1` is true for odd ones.",
            "`[2, 0, 6]`": "The even number becomes what stands behind `else`: `n`, as it is.",
        },
    ),
    Choice(
        name="half-of-the-images-divided",
        prompt="The training images were divided by 255, and the validation images were forgotten: their pixels go "
        "from 0 to 255. What follows?",
        topic="casting to float",
        difficulty=2,
        section=SIMILARITY,
        explanation="Whatever is done to the training images has to be done to all others that the model or the "
        "distance gets. It is best done in one function that is called for both.",
        right=("the validation images are unlike all that was trained with, and their accuracy says little",),
        wrong={
            "nothing: 255 and 1 both mean full ink": "To you they do. To the model or a distance, a pixel of 255 is "
            "just a number that is far away from all that it has seen.",
            "the accuracy on the validation set gets better, as more numbers are told apart": "A pixel has as many "
            "shades before the division as after it. Only the size of the numbers differs.",
            "PyTorch refuses to compare the two sets": "Tensors of floats can be compared, whatever their numbers are. "
            "Nobody warns you.",
        },
    ),
    Choice(
        name="labels-of-the-validation-set",
        prompt="`train_y = tensor([1]*len(train_3s) + [0]*len(train_7s))` are the targets of the training set. "
        "Somebody copies the line for the validation set and changes only the first name, to `valid_y`. What is wrong?",
        topic="validation set",
        difficulty=2,
        section=LOSS,
        explanation="In `MNIST_SAMPLE` the training set has 6131 threes and the validation set 1010. The images and "
        "the targets of a set must be counted by the same lists.",
        right=("it has as many targets as there are training images, and they don't fit the validation images",),
        wrong={
            "nothing, since 1 still means a 3 and 0 a 7": "The numbers mean the same, but there are far too many 1s: "
            "all validation images would get a 1.",
            "the 1s and the 0s have to be exchanged": "A 3 is a 1 in both sets. It is the lengths that are the "
            "training set's.",
            "the validation set needs no targets": "Without targets nobody can say how many predictions are right.",
        },
    ),
    # Distances and broadcasting
    Choice(
        name="one-large-or-many-small",
        prompt="The pixels of image A differ from those of an ideal digit by 2, 2, 2 and 2, those of image B by 8, 0, "
        "0 and 0. Which is nearer to the ideal?",
        topic="RMSE and L1 norm",
        difficulty=2,
        section=SIMILARITY,
        explanation="The mean absolute difference is 2 for both. The mean of the squares is 4 for A and 16 for B: the "
        "mean squared error (MSE) punishes a big mistake more than L1 does, and is more lenient with small ones.",
        right=("by L1 they are equally near, by the mean squared error A is nearer",),
        wrong={
            "by L1 they are equally near, by the mean squared error B is nearer": "Squaring makes the 8 a 64. Four "
            "times 2·2 is only 16 in all.",
            "by both of them they are equally near": "The differences have the same sum, but not their squares.",
            "by L1 B is nearer, by the mean squared error A": "L1 looks only at the sum of the differences, and that "
            "is 8 for both.",
        },
    ),
    Number(
        name="memory-of-broadcasting",
        prompt="`mean3` has the shape (28, 28) and is subtracted from a tensor of shape (1010, 28, 28). How many "
        "numbers does PyTorch hold in memory for `mean3` as it is broadcast?",
        topic="broadcasting",
        difficulty=2,
        section=METRICS,
        explanation="28 · 28. PyTorch only pretends that there are 1010 copies. (The result of the subtraction, of "
        "course, has 1010 · 784 numbers.)",
        answer=784,
    ),
    Choice(
        name="mean-over-two-axes",
        prompt="`a` has the shape (1010, 28, 28) and `b` (28, 28). What does `(a-b).abs().mean((-1,-2))` give?",
        topic="broadcasting",
        difficulty=2,
        section=METRICS,
        explanation="-1 is the last axis, -2 the last but one: columns and rows. The mean is taken over all pixels of "
        "an image, and the axis of the images is left.",
        right=("1010 numbers, one for each image",),
        wrong={
            "one number, the mean over all images": "That is `.mean()` without axes. The images could not be told "
            "apart any more.",
            "a 28 by 28 image, the mean over the images": "That is `.mean(0)`. Here the last two axes are averaged, "
            "and the first one stays.",
            "1010 by 28 numbers, one for each row": "That is `.mean(-1)`. The tuple names two axes, so both are gone.",
            "an error, because an axis can't be negative": "Negative numbers count from the end, as in lists.",
        },
    ),
    Number(
        name="place-in-the-vector",
        prompt="`x` is an image of 28 by 28 pixels, and `v = x.view(28*28)` has its rows end to end. For which `i` is "
        "`v[i]` the pixel `x[2, 3]`?",
        topic="view",
        difficulty=2,
        section=LOSS,
        explanation="Rows 0 and 1 come first, with 28 pixels each. Then 3 pixels of row 2: 2 · 28 + 3.",
        answer=59,
    ),
    Choice(
        name="what-unsqueeze-does",
        prompt="`t = tensor([1, 0, 1])` has the shape (3,). What is the shape of `t.unsqueeze(1)`?",
        topic="view",
        difficulty=2,
        section=LOSS,
        explanation="`unsqueeze(1)` puts an axis of size 1 at place 1. The chapter makes its targets a column like "
        "this, so that they fit the predictions of shape (N, 1).",
        right=("(3, 1)",),
        wrong={
            "(1, 3)": "That is `unsqueeze(0)`: the new axis at place 0.",
            "(3,)": "An axis is added: the rank is 2 now.",
            "(3, 3)": "`unsqueeze` copies nothing. The new axis has the size 1.",
            "(4,)": "No number is added, only an axis.",
        },
    ),
    # Learning
    Choice(
        name="weights-or-an-ideal",
        prompt="Pixel similarity has an ideal 3 and an ideal 7. What is new if each pixel gets a weight, and the "
        "weighted pixels are added up?",
        topic="learning",
        difficulty=2,
        section=SGD,
        explanation="Pixel similarity can't learn: it has no parameters. With weights there is something to make "
        "better, bit by bit: the weight becomes high where pixels speak for a digit, and low where they speak against "
        "it.",
        right=("the weights can be improved step by step, so the model can learn",),
        wrong={
            "the images no longer need labels": "They do: without labels, nobody can say how wrong the predictions "
            "are.",
            "the weights are the mean of the images": "That would be the ideal digit again. The weights come from "
            "training.",
            "the pixels are no longer looked at one by one": "They are: each has its own weight.",
            "it is always right": "It may become better than pixel similarity. But no model is always right.",
        },
    ),
    Choice(
        name="weight-of-a-pixel",
        prompt="A linear model should give high results for 8s and low ones for 7s. Pixels at the bottom right are "
        "likely to be inked in an 8, and not in a 7. Which weight should they have?",
        topic="learning",
        difficulty=2,
        section=SGD,
        explanation="The result is the sum of pixels times weights. A pixel with a high weight lifts the result of "
        "each image in which it is inked.",
        right=("a high one",),
        wrong={
            "a low one": "Then these pixels would lower the result for 8s, which should be high.",
            "0, because they are not the same in all images": "That is why they are useful: they tell the two digits "
            "apart. With 0 they would say nothing.",
            "the same as all other pixels": "Then only the amount of ink would count, and not where it is.",
        },
    ),
    Choice(
        name="random-or-pretrained",
        prompt="Where can the weights come from when a training begins, and what are the first predictions worth?",
        topic="initialisation",
        difficulty=2,
        section=SUMMARY,
        explanation="Training from scratch begins with random weights. Transfer learning begins with the weights of a "
        "model that was trained for another task. That is a better start, but both have to be trained.",
        right=(
            "from random numbers; the predictions have nothing to do with the targets",
            "from a model that was trained for something else; the predictions are likely not very good for this task",
        ),
        wrong={
            "from a pretrained model; it needs no more training": "It was trained for another task, and has to learn "
            "the new one.",
            "from random numbers; the predictions are all the same": "Random weights give different results for "
            "different images, only not the right ones.",
            "from the validation set; the predictions are right there": "The validation set is for testing. No weight "
            "may come from it.",
        },
    ),
    Choice(
        name="gd-and-sgd",
        prompt="What is the difference between gradient descent and **stochastic** gradient descent?",
        topic="SGD",
        difficulty=1,
        section=BATCHES,
        explanation="Plain gradient descent uses the whole dataset for each step: a precise gradient that takes long. "
        "SGD takes a mini-batch for each step, and makes many steps in the same time.",
        right=("SGD uses a mini-batch for each step, and plain gradient descent the whole dataset",),
        wrong={
            "SGD goes in a random direction, and plain gradient descent downhill": "Both go against the gradient. "
            "What is random in SGD is which items are in the mini-batch.",
            "SGD uses a random learning rate": "You choose the learning rate, in both of them.",
            "SGD begins with random weights, and plain gradient descent with zeros": "The start is not what tells them "
            "apart. Both may begin with random weights.",
            "SGD needs no gradients": "The gradient is in its name. Only it is calculated from fewer items.",
        },
    ),
    Choice(
        name="derivative-or-gradient",
        prompt="In mathematics, the derivative of x² is the function 2x. What does deep learning usually mean by "
        "“the gradient”?",
        topic="gradient",
        difficulty=2,
        section=CALCULATING,
        explanation="A derivative is another function. What PyTorch puts into `x.grad` is its value for the x that was "
        "used: for x = 3 it is the number 6.",
        right=("the value of the derivative for the current numbers, such as 6 at x = 3",),
        wrong={
            "the function 2x itself": "So it is in mathematics. PyTorch gives no function, but numbers.",
            "the value of the function, such as 9 at x = 3": "The gradient says how the value changes, not what it is.",
            "the x at which the function is smallest": "The gradient knows the slope at one place, and not where the "
            "minimum is.",
        },
    ),
    Number(
        name="rise-over-run",
        prompt="`f(x) = x**2`. What is rise over run, `(y_new - y_old) / (x_new - x_old)`, from x = 3 to x = 3.1?",
        topic="gradient",
        difficulty=2,
        section=LOSS,
        explanation="(9.61 - 9) / 0.1 = 6.1. That is nearly the gradient, 6. The smaller the run, the nearer it comes.",
        answer=6.1,
        tolerance=0.001,
    ),
    Number(
        name="how-many-gradients",
        prompt="A linear model has 784 weights and 1 bias. How many numbers does `loss.backward()` calculate as "
        "gradients of its parameters?",
        topic="gradient",
        difficulty=1,
        section=CALCULATING,
        explanation="One for each parameter. Each says how the loss changes when this parameter changes and all others "
        "stay as they are.",
        answer=785,
    ),
    Matching(
        name="lost-in-the-mountains",
        prompt="You are lost in the mountains, and your car is parked at the lowest point. What stands for what in "
        "gradient descent?",
        topic="gradient descent",
        difficulty=1,
        section=SUMMARY,
        explanation="You don't see the car, but you feel the slope under your feet. So you take a step downhill, feel "
        "again, and go on until you can't get any lower.",
        pairs={
            "the place where you stand": "the current values of the parameters",
            "your height": "the loss",
            "the slope under your feet": "the gradient",
            "the car park": "the parameters with the smallest loss",
            "the number that turns steepness into the length of a step": "the learning rate",
        },
    ),
    Choice(
        name="steeper-is-longer",
        prompt="The learning rate stays the same. Where are the steps of gradient descent longer?",
        topic="gradient descent",
        difficulty=1,
        section=SUMMARY,
        explanation="A step is the gradient times the learning rate. Near the minimum the slope becomes flatter, and "
        "the steps become shorter by themselves.",
        right=("where the slope is steep",),
        wrong={
            "near the minimum": "There the slope is nearly flat: the gradient is small, and so is the step.",
            "they are equally long everywhere": "The learning rate is the same, but it is multiplied by the gradient.",
            "where the loss is small": "The length depends on how steep it is, not on how high.",
        },
    ),
    Choice(
        name="backward-through-the-same-graph",
        prompt="`w = tensor(3.).requires_grad_()` and `loss = w**2`. What happens if `loss.backward()` is called "
        "twice, and nothing else in between?",
        topic="backward pass",
        difficulty=3,
        section=CALCULATING,
        explanation="The first `backward` uses up what was recorded when `loss` was calculated, and PyTorch then frees "
        "the memory. In a training loop each mini-batch makes predictions and a loss anew, so there are new records "
        "each time.",
        right=("the second call ends with a RuntimeError: the records of the calculation are gone",),
        wrong={
            "`w.grad` is 12 afterwards": "It would be, if the loss had been calculated again before the second call: "
            "then 6 is added to 6.",
            "`w.grad` is 6 as before: the second call replaces the first one's": "`backward` never replaces "
            "a gradient: it adds.",
            "`w` makes two steps": "`backward` changes no weight. It only calculates gradients.",
        },
    ),
    Choice(
        name="parentheses-left-out",
        prompt="A training loop has the line `loss.backward`, without parentheses. What happens?",
        topic="backward pass",
        difficulty=1,
        section=CALCULATING,
        explanation="Without parentheses Python looks the method up and does not call it. `p.grad.zero_` and "
        "`opt.step` do as little. In the same way, `(path/'valid').ls` proves no folder: only `ls()` looks for it.",
        right=("the line does nothing, without an error, and the gradients stay None",),
        wrong={
            "Python says SyntaxError": "A name alone is a line of Python that may be run. It does nothing.",
            "the gradients are calculated all the same": "Calculating needs the call: `loss.backward()`.",
            "the gradients are calculated when the step needs them": "The step reads `p.grad`, and finds None there.",
        },
    ),
    Number(
        name="in-scientific-notation",
        prompt="Somebody writes `lr = 10e-5`, and wants a learning rate of 0.00001. How many times as large as that "
        "is it?",
        topic="learning rate",
        difficulty=1,
        section="Stepping With a Learning Rate",
        explanation="`10e-5` is 10 times 0.00001, which is 0.0001. 0.00001 itself is written `1e-5`.",
        answer=10,
    ),
    # Loss
    Number(
        name="gradient-of-accuracy",
        prompt="The predictions for three 3s are 0.2, 0.7 and 0.9, and a 3 is what is above 0.5. A tiny change of a "
        "weight makes all predictions grow by 0.001. What is the change of the accuracy, divided by the change of the "
        "weight?",
        topic="accuracy as a loss",
        difficulty=2,
        section=LOSS,
        explanation="0.201, 0.701 and 0.901: two are still right and one wrong. The accuracy has not changed, so rise "
        "over run is 0. A loss would have noticed that all three have become a bit better.",
        answer=0,
    ),
    Number(
        name="step-without-a-slope",
        prompt="A weight is 5 and the learning rate is 1. The loss doesn't notice small changes of the weight, so its "
        "gradient is 0. What is the weight after 100 steps of gradient descent?",
        topic="accuracy as a loss",
        difficulty=1,
        section=LOSS,
        explanation="Each step subtracts 1 · 0. Where the loss is flat, nothing is learned, and the predictions "
        "stay the same.",
        answer=5,
    ),
    Choice(
        name="loss-falls-accuracy-stays",
        prompt="From one epoch to the next, the loss has fallen from 0.30 to 0.28, and the accuracy has stayed at "
        "0.95. How can that be?",
        topic="loss and metric",
        difficulty=2,
        section=LOSS,
        explanation="The loss answers to small changes in how sure the model is, the accuracy only to predictions "
        "that change sides. The loss is a compromise between what we want and what has a useful gradient.",
        right=("predictions have become surer or less wrong, and as many as before are right",),
        wrong={
            "there is an error: they always change together": "They often go the same way, but they measure different "
            "things.",
            "the accuracy is calculated too early": "Nothing has to be wrong. Some predictions came nearer to their "
            "targets without crossing the threshold.",
            "the gradients were not set to zero": "That would spoil the steps. It is no reason for this.",
        },
    ),
    Number(
        name="loss-of-an-epoch",
        prompt="A mini-batch of 3 items has a mean loss of 1, and the last one, with a single item, a loss of 5. What "
        "is the mean loss over all items of the epoch?",
        topic="loss",
        difficulty=2,
        section=LOSS,
        explanation="(3 · 1 + 1 · 5) / 4. What is reported for an epoch is the mean over all items. The mean of the "
        "two means, 3, would count the single item as much as the other three together.",
        answer=2,
    ),
    # Mini-batches and networks
    Choice(
        name="why-shuffle",
        prompt="Why are the training items shuffled in each epoch, before the mini-batches are made?",
        topic="mini-batch",
        difficulty=1,
        section=BATCHES,
        explanation="What is varied during training helps the model to generalise. The simplest thing to vary is which "
        "items are together in a mini-batch.",
        right=("so that the mini-batches differ from epoch to epoch, which helps to generalise",),
        wrong={
            "so that the validation set is a different one each time": "Only the training items are shuffled among "
            "themselves. The validation set stays the same.",
            "so that each item is used only once in the whole training": "Each item is used once in every **epoch**, "
            "with or without shuffling.",
            "so that images and labels are combined anew": "Each image keeps its label. It is the pairs that are "
            "shuffled.",
            "so that the mini-batches can be calculated faster": "The order makes no difference to the time of a step.",
        },
    ),
    Choice(
        name="what-is-a-dataset",
        prompt="Which of these can serve as a `Dataset` of images and labels in PyTorch?",
        topic="Dataset",
        difficulty=2,
        section=BATCHES,
        explanation="A `Dataset` is a collection that gives a tuple of input and target for an index, and has a "
        "length. The `DataLoader` collects such tuples into mini-batches.",
        right=("`list(zip(images, labels))`",),
        wrong={
            "`images`": "That has only the inputs. For training it takes the targets as well.",
            "`(images, labels)`": "Its first item would be all the images, and it would have length 2. The items "
            "should be pairs.",
            "`zip(images, labels)`": "An iterator has no length and no index. `list` makes a collection of it.",
            "`DataLoader(images, batch_size=256)`": "That makes mini-batches from a dataset, here without labels.",
        },
    ),
    Number(
        name="matching-layers",
        prompt="In `simple_net`, `w1` has the shape (784, 30), and `res = (xb @ w1 + b1).max(tensor(0.0))`. How many "
        "rows must `w2` have, so that `res @ w2` can be calculated?",
        topic="matrix multiplication",
        difficulty=1,
        section=NONLINEARITY,
        explanation="The first layer gives 30 activations for each image, and they are the inputs of the second one. "
        "The max changes no shape.",
        answer=30,
    ),
    Choice(
        name="thirty-features",
        prompt="What does it mean that `w1` of `simple_net` has 30 columns?",
        topic="hidden layer",
        difficulty=2,
        section=NONLINEARITY,
        explanation="Each column mixes the 784 pixels in its own way. You may take more or fewer than 30, for a model "
        "that is more or less complex.",
        right=("the first layer makes 30 features, each of them another mix of the pixels",),
        wrong={
            "the model has 30 layers": "It has two linear layers with a ReLU between them. 30 is how wide the first "
            "one is.",
            "a mini-batch has 30 images": "The batch size has nothing to do with the weights.",
            "only 30 of the pixels are used": "Each column has a weight for all 784 pixels.",
            "the model can tell 30 classes apart": "How many classes there are, the last layer decides.",
        },
    ),
    Choice(
        name="linear-and-nonlinear-layers",
        prompt="How are linear and nonlinear layers usually arranged in a network?",
        topic="activation function",
        difficulty=1,
        section=JARGON,
        explanation="They alternate. Some people call a linear layer together with its nonlinearity a single layer, "
        "which is confusing.",
        right=("in turns: after a linear layer comes a nonlinear one",),
        wrong={
            "all linear layers first, then all nonlinear ones": "Linear layers in a row can do no more than a single "
            "one.",
            "linear ones only, the nonlinearity is in the loss": "Then the whole model would be one linear function.",
            "it makes no difference": "Without a nonlinearity between them, two linear layers are as good as one.",
        },
    ),
    Matching(
        name="by-hand-and-by-library",
        prompt="The chapter writes each piece by hand and then replaces it by the library's. Which one replaces which?",
        topic="counterparts",
        difficulty=2,
        section=NONLINEARITY,
        explanation="With the same numbers, each gives the same as the piece that it replaces. For targets of 0 and 1, "
        "`mnist_loss` is the distance between probability and target: the L1 loss. The exercise “What the library has "
        "for it” grades code for it.",
        pairs={
            "`mnist_loss(predictions, targets)`": "`F.l1_loss(predictions.sigmoid(), targets.float())`",
            "`init_params` and `linear1`": "`nn.Linear(28*28, 1)`",
            "`BasicOptim(params, lr)`": "`torch.optim.SGD(params, lr)`, or fastai's `SGD`",
            "`train_epoch` and `train_model`": "the method `fit` of fastai's `Learner`",
            "`res.max(tensor(0.0))`": "`F.relu(res)`",
            "`simple_net`": "`nn.Sequential` with two linear modules and an `nn.ReLU()` between them",
        },
    ),
    # All of MNIST, and images of rock
    Choice(
        name="where-is-the-validation-set",
        prompt="The full MNIST has the folders `training` and `testing`, and you want to choose the learning rate. "
        "Where does the validation set come from?",
        topic="validation set",
        difficulty=2,
        section=RESEARCH,
        explanation="A part of the training images is kept back to make choices with: that is the validation set. The "
        "test set is used once at the end. Who makes choices with it has no test any more.",
        right=("from a part of the images in `training`, which is not trained with",),
        wrong={
            "from the images in `testing`, used for every choice": "Then the choices would be fitted to the test set, "
            "and nothing would be left for a fair test at the end.",
            "from both folders, mixed and split at random": "Then test images would be among the training images.",
            "from all the images in `training`, after training with them": "The model has seen them. It may know "
            "them by heart.",
            "there is none, because no folder is called `valid`": "You make one yourself: split it off the training "
            "images.",
        },
    ),
    Choice(
        name="statistics-of-other-images",
        prompt="The digits of MNIST are normalised: a mean is subtracted, and then they are divided by a standard "
        "deviation. Whose mean and deviation should that be?",
        topic="normalising",
        difficulty=2,
        section=RESEARCH,
        explanation="Normalised numbers have a mean near 0 and a deviation near 1, if the statistics are those of the "
        "data that the model learns from. The validation set gets the same ones, and so does every later image.",
        right=("those of the training images",),
        wrong={
            "those of ImageNet, which are known for images": "They are the statistics of colour photos, for three "
            "channels. Use them with a model that was pretrained on ImageNet.",
            "those of each mini-batch": "Then the result for an image would depend on which others are with it.",
            "of each set its own": "Then the same image would get other numbers in training than in validation.",
        },
    ),
    Choice(
        name="outputs-of-segmentation",
        prompt="A model for segmentation finds where in an image of rock there is salt. What does it predict for one "
        "image?",
        topic="segmentation",
        difficulty=2,
        section=RESEARCH,
        explanation="A classifier answers once for an image. Segmentation answers for each pixel: salt or not. Put "
        "together, the answers are a mask of the same size as the image.",
        right=("for each pixel whether it is salt: a mask as large as the image",),
        wrong={
            "one number: whether there is salt in the image": "That would be a classifier. It doesn't say where the "
            "salt is.",
            "one number: how much of the image is salt": "Two images with salt in different places would get the same "
            "answer.",
            "the corners of a box around the salt": "That is object detection. Salt is rarely a rectangle.",
        },
    ),
]

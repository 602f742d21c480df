"""The chapter's questionnaire, second half: from automatic gradients to deeper networks, and the further research.

One question for each heading. Where a heading asks for code, an exercise grades it, and the question here asks for the
idea.
"""

from grader.quiz.questions import Choice, KeyPoint, Ordering, ShortAnswer, WrongStatement

CALCULATING = "Calculating Gradients"
LOSS = "The MNIST Loss Function"
BATCHES = "SGD and Mini-Batches"
TOGETHER = "Putting It All Together"
NONLINEARITY = "Adding a Nonlinearity"
RESEARCH = "Further Research"

questions = [
    ShortAnswer(
        name="gradients-yourself",
        prompt="Do you have to calculate the gradients of your model by hand? Say who does it, which call marks a "
        "tensor for it, and which call calculates.",
        topic="automatic gradients",
        difficulty=1,
        section=CALCULATING,
        explanation="It is good to know what a gradient is. But PyTorch records what is calculated with the marked "
        "tensors and works out the derivatives from it. The exercise “Gradients” grades code for it.",
        key_points=(
            KeyPoint(
                "no, PyTorch does it",
                (
                    "No, PyTorch calculates them for us",
                    "You don't need to, the library computes the derivatives automatically",
                    "Automatic differentiation does it",
                ),
            ),
            KeyPoint(
                "`requires_grad_` marks the tensor",
                (
                    "requires_grad_ tells PyTorch that we want gradients for this tensor",
                    "You tag the variable with requires_grad_()",
                    "With requires_grad=True PyTorch keeps track of the calculations on it",
                ),
            ),
            KeyPoint(
                "`backward` calculates the gradients",
                (
                    "backward() calculates the gradients",
                    "Call loss.backward() and the gradients are in the grad attribute",
                    "The backward method computes the derivatives",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("requires_grad_() calculates the gradients",),
                "It only marks the tensor, so that PyTorch records what is done with it. `backward` calculates.",
            ),
            WrongStatement(
                ("Yes, of course, you have to calculate the gradients yourself",),
                "PyTorch does it for you. What you have to know is what a gradient means.",
            ),
            WrongStatement(
                ("The optimizer calculates the gradients in its step",),
                "The step only uses the gradients that `backward` has calculated.",
            ),
        ),
        model_answer="No, PyTorch does it: `requires_grad_` marks the tensors for which it has to record the "
        "calculations, and `backward` calculates the gradients from the records.",
    ),
    # Loss
    ShortAnswer(
        name="no-accuracy-as-loss",
        prompt="Why can't accuracy be used as the loss function? Say what a small change of the weights does to the "
        "accuracy, and what follows for the gradients.",
        topic="accuracy as a loss",
        difficulty=2,
        section=LOSS,
        explanation="Accuracy has steps: it is flat, jumps when a prediction crosses the threshold, and is flat "
        "again. On the flat parts no weight is told where to go.",
        key_points=(
            KeyPoint(
                "a small change of the weights mostly leaves it as it is",
                (
                    "Accuracy only changes when a prediction changes from a 3 to a 7",
                    "A tiny change in the weights does not change any prediction",
                    "It is constant almost everywhere, except at the threshold",
                    "Accuracy is not sensitive to small changes of the parameters",
                ),
            ),
            KeyPoint(
                "so its gradient is 0 nearly everywhere, and the model can't learn from it",
                (
                    "Its derivative is zero almost everywhere",
                    "The gradients are 0 or infinite, which is useless for updating the model",
                    "With a gradient of zero the weights would not change",
                    "The slope is nil so SGD can't make a step",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Accuracy is true or false and not a function",),
                "It is a function: the share of right predictions, a number from 0 to 1. But it is flat nearly "
                "everywhere.",
            ),
            WrongStatement(
                ("Accuracy tells the direction but not how far to go",),
                "It tells neither: its gradient is 0 nearly everywhere.",
            ),
            WrongStatement(
                ("Accuracy can only be calculated on the validation set",),
                "It can be calculated on any images with labels. What is missing is a useful gradient.",
            ),
        ),
        model_answer="Accuracy changes only when a prediction crosses the threshold. A small change of the weights "
        "changes no prediction, so the gradient is 0 nearly everywhere and the weights learn nothing.",
    ),
    ShortAnswer(
        name="shape-of-the-sigmoid",
        prompt="What is special about the shape of the sigmoid function? Say between which numbers its results lie, "
        "and how its curve runs from left to right.",
        topic="sigmoid",
        difficulty=1,
        section="Sigmoid",
        explanation="It is 0.5 at 0, comes near to 0 far on the left and near to 1 far on the right. It has no jumps "
        "and no corners, so that it has a useful gradient. The exercise “Plots of a sigmoid, a ReLU and a training” "
        "grades a drawing of it.",
        key_points=(
            KeyPoint(
                "always between 0 and 1, whatever the input",
                (
                    "It always outputs a number between 0 and 1",
                    "Any input is squashed into the range from zero to one",
                    "It approaches 0 for very negative and 1 for very large inputs",
                ),
            ),
            KeyPoint(
                "a smooth curve that only rises, in the shape of an S",
                (
                    "It has an S shape",
                    "It is a smooth curve that only goes up",
                    "It increases monotonically and has no jumps",
                    "It is differentiable everywhere, which makes it easy to find meaningful gradients",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Its results lie between -1 and 1",),
                "That is tanh. The sigmoid never gives a negative number.",
            ),
            WrongStatement(
                ("It gives either 0 or 1", "The sigmoid is a step that jumps from 0 to 1"),
                "It takes all values in between, and goes from one to the other smoothly.",
            ),
            WrongStatement(
                ("The sigmoid of 0 is 0", "The sigmoid makes negative numbers zero"),
                "The sigmoid of 0 is 0.5, and of a negative number a bit less. ReLU makes negative numbers 0.",
            ),
            WrongStatement(
                ("The curve falls from 1 on the left to 0 on the right",),
                "It rises: the larger the input, the larger the result. Look at the sign in `1 / (1 + exp(-x))`.",
            ),
        ),
        model_answer="Its results always lie between 0 and 1. It rises smoothly in the shape of an S, through 0.5 at "
        "0, so it has a useful gradient.",
    ),
    ShortAnswer(
        name="loss-and-metric",
        prompt="What is the difference between a loss function and a metric? Say for each of them what or whom it is "
        "for, and what a loss must have that a metric need not.",
        topic="loss and metric",
        difficulty=2,
        section=LOSS,
        explanation="The loss is sometimes only a compromise between what we really want and what has a useful "
        "gradient. The metric is what we judge the model by. One function can be both, if it is smooth enough.",
        key_points=(
            KeyPoint(
                "the loss drives the learning of the model",
                (
                    "The loss is to drive automated learning",
                    "The loss is used to update the weights",
                    "SGD uses the loss to optimise the parameters",
                    "The loss is for the computer",
                ),
            ),
            KeyPoint(
                "the metric is for people",
                (
                    "The metric is to drive human understanding",
                    "Metrics are the numbers we care about",
                    "A metric such as accuracy tells us how good the model is",
                    "The metric is for humans to judge the model",
                ),
            ),
            KeyPoint(
                "the loss must have a useful gradient",
                (
                    "The loss needs a meaningful derivative",
                    "It must be reasonably smooth, without flat sections and large jumps",
                    "The loss has to be differentiable and respond to small changes",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The loss function is a smooth derivative",),
                "The loss is not a derivative. It must be smooth enough to **have** a useful one.",
            ),
            WrongStatement(
                ("The metric is used to update the weights",),
                "The weights are updated by the gradients of the loss. The metric is only printed.",
            ),
            WrongStatement(
                ("The metric is the loss on the training set", "The metric is the loss during training"),
                "A metric is a measure such as accuracy, and is generally calculated on the validation set.",
            ),
            WrongStatement(
                ("There is no difference between a loss and a metric",),
                "The same function may be used for both, but not every metric can be a loss: accuracy has no useful "
                "gradient.",
            ),
        ),
        model_answer="The loss drives the learning: SGD changes the weights by its gradients, so it must be smooth and "
        "have a useful derivative. The metric is for people, who want to know how good the model is.",
    ),
    # Step and mini-batches
    Choice(
        name="formula-of-the-step",
        prompt="Within `torch.no_grad()`, which line changes the weights `w` by a step of gradient descent with the "
        "learning rate `lr`?",
        topic="step",
        difficulty=1,
        section="Stepping With a Learning Rate",
        explanation="The new weights are the old ones minus the gradient times the learning rate. The exercise “A "
        "step of gradient descent” grades code for it.",
        right=("`w -= w.grad * lr`",),
        wrong={
            "`w -= w * lr`": "That takes a part of the weight away, whatever its gradient is. It is the gradient that "
            "is multiplied.",
            "`w += w.grad * lr`": "That goes uphill: the loss grows in the direction of the gradient.",
            "`w -= w.grad`": "The learning rate is missing: the step is as long as the gradient.",
            "`w.grad -= w * lr`": "That changes the gradient. The weights stay as they are.",
            "`w -= w.grad.lr`": "A dot is no multiplication: it looks for an attribute `lr`, and there is none.",
        },
    ),
    ShortAnswer(
        name="what-a-dataloader-does",
        prompt="What does PyTorch's `DataLoader` do with a collection? Say what it gives you when you loop over it, "
        "and what `shuffle=True` does.",
        topic="DataLoader",
        difficulty=1,
        section=BATCHES,
        explanation="`list(DataLoader(range(15), batch_size=5, shuffle=True))` is a list of three tensors with five "
        "numbers each, and other ones each time. The exercise “A DataLoader of your own” grades code for it.",
        key_points=(
            KeyPoint(
                "it makes an iterator over mini-batches out of it",
                (
                    "It takes a collection and turns it into an iterator over many batches",
                    "It gives one mini-batch after another",
                    "It splits the dataset into batches of the given size",
                    "Each turn of the loop gives a batch of inputs and targets as tensors",
                ),
            ),
            KeyPoint(
                "`shuffle=True`: the items come in a new random order in every epoch",
                (
                    "It shuffles the data before each epoch",
                    "The order of the items is random each time",
                    "With shuffle the batches contain different items in every epoch",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It divides the data into a training set and a validation set",),
                "It only cuts **one** set into mini-batches. There is one `DataLoader` for each of the two sets.",
            ),
            WrongStatement(
                ("It shuffles the items within each batch only",),
                "The whole collection is shuffled, and then cut into mini-batches. So a batch has other items each "
                "time.",
            ),
            WrongStatement(
                ("It applies transforms to the images",),
                "That is done before, by the data set or by fastai's data block. A plain `DataLoader` takes the items "
                "as they are.",
            ),
            WrongStatement(
                ("It holds the training and the validation loader together",),
                "That is fastai's `DataLoaders`, with an s. A `DataLoader` serves one set.",
            ),
            WrongStatement(
                ("It trains the model on the batches",),
                "It only hands out the mini-batches. The training loop does the rest.",
            ),
        ),
        model_answer="It turns a collection into an iterator over mini-batches. With `shuffle=True` the items are put "
        "into a new random order in every epoch.",
    ),
    Ordering(
        name="lines-of-an-epoch",
        prompt="These lines train a model for one epoch. Put them in order. Indentation is left out; the gradients are "
        "set to zero at the **end** of each mini-batch.",
        topic="epoch",
        difficulty=2,
        section=TOGETHER,
        explanation="Batch, predictions, loss, gradients, step, zero. Zeroing before `backward` instead would be as "
        "good; what must not happen is that it comes between `backward` and the step. The exercise “A step of gradient "
        "descent” grades code for it.",
        items=(
            "`for xb, yb in dl:`",
            "`preds = model(xb)`",
            "`loss = loss_func(preds, yb)`",
            "`loss.backward()`",
            "`for p in params: p.data -= p.grad * lr`",
            "`for p in params: p.grad.zero_()`",
        ),
    ),
    ShortAnswer(
        name="pairs-as-a-dataset",
        prompt="A function makes `[(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')]` from `[1, 2, 3, 4]` and `'abcd'`. What is "
        "special about this kind of list for machine learning, and what is it called in PyTorch?",
        topic="Dataset",
        difficulty=2,
        section=LOSS,
        explanation="With images for the numbers and labels for the letters, this is a data set: `dset[0]` is an image "
        "with its label. The exercise “A dataset is a list of pairs” grades code for the function.",
        key_points=(
            KeyPoint(
                "each item is a pair of an input and its target",
                (
                    "Each tuple contains an independent and a dependent variable",
                    "It pairs each x with its y",
                    "A list of tuples of input and label",
                    "Each element holds the data and the target that belongs to it",
                ),
            ),
            KeyPoint(
                "it is a `Dataset`",
                (
                    "PyTorch calls this a Dataset",
                    "That is what a Dataset looks like",
                    "It can be passed to a DataLoader as the dataset",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It is a dictionary",),
                "A dictionary is looked up by its keys. This is a list of tuples, looked up by position.",
            ),
            WrongStatement(
                ("zip itself returns this list",),
                "`zip` gives an iterator, which can be gone through once. `list` makes a list of it.",
            ),
            WrongStatement(
                ("It is a batch that can go into the model as it is",),
                "A batch has all inputs together in one tensor and all targets in another. The `DataLoader` makes it "
                "from such pairs.",
            ),
        ),
        model_answer="Each item is a tuple of an input and its target (independent and dependent variable). PyTorch "
        "calls such a collection a Dataset.",
    ),
    ShortAnswer(
        name="what-view-does",
        prompt="What does `view` do with a tensor, and what stays the same?",
        topic="view",
        difficulty=1,
        section=LOSS,
        explanation="`view(-1, 28*28)` turns images into rows of 784 numbers; -1 means: as many as are needed. The "
        "numbers are not even copied: the result looks at the same memory.",
        key_points=(
            KeyPoint(
                "it changes the shape",
                (
                    "It changes the shape of a tensor",
                    "It reshapes the tensor, for example from a matrix to a vector",
                    "It gives the tensor another rank or other sizes of its axes",
                ),
            ),
            KeyPoint(
                "the contents stay the same",
                (
                    "Without changing its contents",
                    "The numbers and their order stay the same",
                    "All elements are kept and share the same memory",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It can only flatten a tensor into a vector",),
                "That is one use. It gives any shape that has as many elements, such as (2, 3) for (3, 2).",
            ),
            WrongStatement(
                ("It resizes the image to more or fewer pixels",),
                "The number of elements stays the same. `view` only arranges them in another shape.",
            ),
            WrongStatement(
                ("It swaps rows and columns", "It transposes the tensor"),
                "When it is transposed, the numbers come in another order. `view` keeps the order.",
            ),
            WrongStatement(
                ("It displays the tensor",),
                "It shows nothing. It gives the tensor in another shape.",
            ),
        ),
        model_answer="It changes the shape of a tensor without changing its contents.",
    ),
    ShortAnswer(
        name="bias-parameters",
        prompt="What are the bias parameters of a neural network, and why are they needed?",
        topic="bias",
        difficulty=1,
        section=LOSS,
        explanation="`x * w` is 0 whenever x is 0, whatever w is. In `w * x + b`, the b moves the line up or down. "
        "Weights and biases together are the parameters. The exercise “The linear model” grades code for it.",
        key_points=(
            KeyPoint(
                "numbers that are added to the product of weights and inputs",
                (
                    "The bias is the b in w*x + b",
                    "It is a number that is added after multiplying inputs and weights",
                    "A learned constant added to the result of the matrix multiplication",
                    "A parameter which does not depend on the input and is added",
                ),
            ),
            KeyPoint(
                "without them the result is 0 whenever all inputs are 0",
                (
                    "Because otherwise the output would be 0 for inputs that are all zero",
                    "To make the model more flexible: the line need not go through the origin",
                    "It shifts the output up or down",
                    "weights*pixels is always 0 when the pixels are 0",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The bias breaks the symmetry between neurons",),
                "Random weights do that. The biases may all begin at 0.",
            ),
            WrongStatement(
                ("Bias means that the data prefer one class", "It is the error of the model"),
                "The word has these meanings, too. Here it is a parameter that is added.",
            ),
            WrongStatement(
                ("The bias is the function of the line",),
                "The line is `w * x + b`. The bias is only its b.",
            ),
            WrongStatement(
                ("The bias is multiplied with the input",),
                "Weights are multiplied. The bias is added.",
            ),
        ),
        model_answer="Numbers that are added to weights times inputs, and learned like the weights. Without them, the "
        "result would be 0 for every input of zeros; with them the model is more flexible.",
    ),
    Choice(
        name="what-at-does",
        prompt="What is `tensor([[1, 2], [3, 4]]) @ tensor([[5, 6], [7, 8]])`?",
        topic="matrix multiplication",
        difficulty=2,
        section=LOSS,
        explanation="`@` is the matrix multiplication: each row of the first times each column of the second, added "
        "up. Top left is 1·5 + 2·7 = 19.",
        right=("`tensor([[19, 22], [43, 50]])`",),
        wrong={
            "`tensor([[5, 12], [21, 32]])`": "That is `*`, which multiplies element by element.",
            "`tensor([[17, 23], [39, 53]])`": "That is rows times rows. It is the **columns** of the second matrix "
            "that count.",
            "`tensor(70)`": "That is the sum of the products of all elements: `(a * b).sum()`. The product of two "
            "matrices is a matrix.",
            "`tensor([[6, 8], [10, 12]])`": "That is the sum, element by element.",
        },
    ),
    # Training
    ShortAnswer(
        name="what-backward-does",
        prompt="What does `loss.backward()` do, and where is the result afterwards?",
        topic="backward pass",
        difficulty=1,
        section=CALCULATING,
        explanation="It stands for backpropagation: from the loss back through all layers, with the chain rule. The "
        "call itself gives None. The exercise “Gradients” grades code for it.",
        key_points=(
            KeyPoint(
                "it calculates the gradients of the loss for the parameters",
                (
                    "It calculates the gradients of the loss with respect to the weights",
                    "It does backpropagation, that is it calculates the derivative of each layer",
                    "It computes the derivatives using the chain rule",
                ),
            ),
            KeyPoint(
                "and adds them to the `grad` of each parameter",
                (
                    "The gradients are stored in the grad attribute",
                    "They are added to p.grad",
                    "Afterwards weights.grad holds the gradient",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It returns the gradients",),
                "It gives None. The gradients are in the `grad` of each parameter.",
            ),
            WrongStatement(
                ("It updates the weights", "backward makes the step of gradient descent"),
                "It changes no weight. The step comes afterwards and uses the gradients.",
            ),
            WrongStatement(
                ("It undoes the last step of training",),
                "Nothing is undone. Backwards refers to the order in which the gradients are calculated: from the loss "
                "to the input.",
            ),
        ),
        model_answer="It calculates the gradients of the loss for all parameters (backpropagation), and adds them to "
        "the `grad` of each parameter.",
    ),
    ShortAnswer(
        name="why-zero-the-gradients",
        prompt="Why do the gradients have to be set to zero for each mini-batch? Say what `backward` does with the "
        "gradients that are there already.",
        topic="zeroing gradients",
        difficulty=2,
        section=TOGETHER,
        explanation="Without it, each step would use the sum of the gradients of all mini-batches so far. The exercise "
        "“Gradients that add up, and the accuracy” grades code for it.",
        key_points=(
            KeyPoint(
                "`backward` adds to the gradients that are there",
                (
                    "loss.backward adds the new gradients to the stored ones",
                    "PyTorch accumulates gradients",
                    "The gradients are summed up with those currently in grad",
                ),
            ),
            KeyPoint(
                "so the step would use gradients of earlier mini-batches, too",
                (
                    "Otherwise the gradients of the previous batch would be included",
                    "The step would be wrong because it contains old gradients",
                    "Then the update would not be based on the current batch only",
                    "The gradients would get mixed with those of the last batch",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Zeroing the gradients resets the weights",),
                "The weights stay as they are. Only the stored gradients are set to zero.",
            ),
            WrongStatement(
                ("backward replaces the old gradients by new ones",),
                "It adds to them. If it replaced them, nobody would have to set them to zero.",
            ),
            WrongStatement(
                ("So that the gradient begins at the minimum",),
                "A gradient of 0 in `grad` only means that nothing has been added yet.",
            ),
            WrongStatement(
                ("To save memory",),
                "Gradients that are zero take as much memory. It is about not adding old ones to new ones.",
            ),
        ),
        model_answer="`backward` adds the new gradients to those that are in `grad` already. Without zeroing, a step "
        "would use the gradients of earlier mini-batches as well.",
    ),
    Choice(
        name="what-a-learner-gets",
        prompt="Which of these does the chapter pass to fastai's `Learner` because it needs them?",
        topic="Learner",
        difficulty=1,
        section="Creating an Optimizer",
        explanation="`Learner(dls, model, opt_func=SGD, loss_func=mnist_loss, metrics=batch_accuracy)`. The metrics "
        "are optional: they are only printed. (fastai has an optimiser, Adam, for those who pass none.) The exercise "
        "“A Learner of your own” grades code for it.",
        right=("the `DataLoaders`", "the model", "the optimisation function", "the loss function"),
        wrong={
            "the training `Dataset` alone": "The `Learner` gets `DataLoaders`: mini-batches of the training and of the "
            "validation set.",
            "the metrics": "They are optional. Without them the model is trained all the same, and only the losses are "
            "printed.",
            "the number of epochs": "That is what `fit` gets.",
            "the gradients": "They are calculated during the training, anew for each mini-batch.",
        },
    ),
    ShortAnswer(
        name="steps-of-a-training-loop",
        prompt="What are the basic steps of a training loop? Name in order what is done with each mini-batch, and say "
        "how often all of it is repeated.",
        topic="training loop",
        difficulty=2,
        section=TOGETHER,
        explanation="The gradients may as well be set to zero at the beginning of each mini-batch. The exercises “A "
        "step of gradient descent” and “Gradients that add up, and the accuracy” grade code for it.",
        key_points=(
            KeyPoint(
                "predict",
                (
                    "Pass the batch through the model to get predictions",
                    "preds = model(xb)",
                    "Do the forward pass",
                ),
            ),
            KeyPoint(
                "calculate the loss",
                (
                    "Calculate the loss from predictions and targets",
                    "loss = loss_func(preds, yb)",
                    "Compare the predictions with the labels using the loss function",
                ),
            ),
            KeyPoint(
                "calculate the gradients",
                ("Calculate the gradients", "loss.backward()", "Do the backward pass", "calc_grad(xb, yb, model)"),
            ),
            KeyPoint(
                "step: change the parameters",
                (
                    "Update the weights with the gradients and the learning rate",
                    "p.data -= p.grad*lr",
                    "Make a step with the optimizer",
                ),
            ),
            KeyPoint(
                "set the gradients to zero",
                ("Zero the gradients", "p.grad.zero_()", "Reset the gradients for the next batch", "opt.zero_grad()"),
            ),
            KeyPoint(
                "for all mini-batches, and that for several epochs",
                (
                    "Repeat for every batch and for several epochs",
                    "for xb, yb in dl, and this for each epoch",
                    "Go on with the next batches and epochs until the model is good enough",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The parameters are initialised again at the beginning of each epoch",),
                "They are initialised once, before the first epoch. Otherwise what was learned would be lost.",
            ),
            WrongStatement(
                ("The gradients are set to zero after backward and before the step",),
                "Then the step would find nothing but zeros. First the step, then zeroing.",
            ),
            WrongStatement(
                ("The gradients are multiplied by p.grad.lr",),
                "A dot looks for an attribute. It is `p.grad * lr`.",
            ),
        ),
        model_answer="For each mini-batch: predict, calculate the loss, calculate the gradients, change the "
        "parameters by the gradients times the learning rate, set the gradients to zero. All mini-batches are an "
        "epoch, and there are several epochs.",
    ),
    # Networks
    ShortAnswer(
        name="what-is-relu",
        prompt="What does ReLU stand for, what does it do, and why does a network need it or something like it?",
        topic="ReLU",
        difficulty=2,
        section="Adding a Nonlinearity",
        explanation="Two linear layers in a row are again one linear layer. Only with a nonlinearity between them can "
        "the second one do something that the first could not. The exercise “Plots of a sigmoid, a ReLU and a "
        "training” grades a drawing of it.",
        key_points=(
            KeyPoint(
                "rectified linear unit",
                ("ReLU stands for rectified linear unit", "It is the rectified linear function"),
            ),
            KeyPoint(
                "negative numbers become 0, the others stay",
                (
                    "It replaces every negative number with zero",
                    "It gives the larger one of x and 0",
                    "max(x, 0)",
                    "It is 0 for negative inputs and x itself for positive ones",
                ),
            ),
            KeyPoint(
                "without a nonlinearity several linear layers are as good as one",
                (
                    "A series of linear layers can be replaced by a single linear layer",
                    "It adds a nonlinearity, without which the network could only be a line",
                    "Without it the whole model would still be linear",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It turns numbers into values between 0 and 1", "It normalises the input to -1 to 1"),
                "ReLU has no upper limit: 100 stays 100. It is the sigmoid that gives numbers between 0 and 1.",
            ),
            WrongStatement(
                ("It makes all numbers positive by dropping the minus sign",),
                "That is the absolute value. ReLU gives 0 for every negative number.",
            ),
        ),
        model_answer="ReLU is the rectified linear unit: it replaces negative numbers by 0 and leaves the others as "
        "they are. Between two linear layers it is the nonlinearity without which both could be replaced by a single "
        "linear one.",
    ),
    ShortAnswer(
        name="what-an-activation-function-is",
        prompt="What is an activation function? Say where it stands in a network, what kind of function it is, and "
        "name one.",
        topic="activation function",
        difficulty=2,
        section=NONLINEARITY,
        explanation="It is also called a nonlinearity. The linear layers are `xb @ w + b`; the activation function "
        "comes after them and has no parameters to learn. The exercise “A neural network” grades code for it.",
        key_points=(
            KeyPoint(
                "it stands between the linear layers, and is applied to their results",
                (
                    "It comes between two linear layers",
                    "It is applied to the output of a linear layer",
                    "It takes the result of batch@weights + bias as its input",
                ),
            ),
            KeyPoint(
                "it is not linear",
                (
                    "It is a nonlinear function",
                    "A nonlinearity",
                    "It makes the network able to represent more than a straight line",
                ),
            ),
            KeyPoint(
                "such as ReLU or sigmoid",
                ("For example ReLU", "The sigmoid is one", "Such as max(x, 0)", "tanh"),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It is the equation batch@weights + bias", "It is the fundamental linear equation of the network"),
                "That is the linear layer. The activation function is applied to what it gives.",
            ),
            WrongStatement(
                ("An activation function can be linear as well",),
                "Then the linear layers around it could be replaced by a single one. What it is for is that it is not "
                "linear.",
            ),
            WrongStatement(
                ("It decides whether a neuron fires or not",),
                "That is a picture from biology. Its result is a number, not yes or no.",
            ),
            WrongStatement(
                ("It normalises all values to between -1 and 1",),
                "Some give such values, such as tanh. ReLU has no upper limit.",
            ),
            WrongStatement(
                ("It is the function that makes the prediction",),
                "The whole model makes the prediction. The activation function is one part of it.",
            ),
        ),
        model_answer="A nonlinear function that stands between the linear layers and is applied to their results, such "
        "as ReLU.",
    ),
    ShortAnswer(
        name="function-and-module-of-relu",
        prompt="What do `F.relu` and `nn.ReLU` have in common, what is the difference, and which of them goes into "
        "`nn.Sequential`?",
        topic="F.relu and nn.ReLU",
        difficulty=2,
        section=NONLINEARITY,
        explanation="`F.relu(x)` is called with the numbers at once. `nn.ReLU()` makes a module first, which is called "
        "with the numbers later. The exercises “A neural network” and “What the library has for it” grade code for it.",
        key_points=(
            KeyPoint(
                "both calculate the same",
                (
                    "They do exactly the same thing",
                    "Both replace negative numbers with zero",
                    "The result is the same",
                ),
            ),
            KeyPoint(
                "`F.relu` is a function, `nn.ReLU` a module",
                (
                    "F.relu is a function and nn.ReLU is a PyTorch module",
                    "nn.ReLU is a class that has to be instantiated first",
                    "One is a Python function, the other one an object of class nn.Module",
                ),
            ),
            KeyPoint(
                "`nn.Sequential` takes the module",
                (
                    "In nn.Sequential you need nn.ReLU()",
                    "Sequential requires the module version",
                    "nn.ReLU is used when building a model with Sequential",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("F.relu is from fastai and nn.ReLU is from PyTorch",),
                "Both are PyTorch's: `F` is `torch.nn.functional`.",
            ),
            WrongStatement(
                ("F.relu calls nn.ReLU",),
                "It is the other way round: the module calls the function.",
            ),
            WrongStatement(
                ("nn.ReLU has parameters that are learned",),
                "Neither of them has any parameters.",
            ),
        ),
        model_answer="Both calculate the same. `F.relu` is a function, `nn.ReLU` is a module, and `nn.Sequential` "
        "needs the module.",
    ),
    ShortAnswer(
        name="why-more-than-one-nonlinearity",
        prompt="With a single nonlinearity between two linear layers, any function can be approximated as closely as "
        "needed. Why do we normally use more layers all the same?",
        topic="universal approximation",
        difficulty=3,
        section="Going Deeper",
        explanation="The theorem only says that large enough matrices exist. It says nothing about how large they "
        "are, or how long it takes to train them.",
        key_points=(
            KeyPoint(
                "a deeper model needs fewer parameters",
                (
                    "With more layers we do not need as many parameters",
                    "We can use smaller matrices with more layers",
                    "One layer would have to be extremely wide",
                    "Deeper networks need less memory",
                ),
            ),
            KeyPoint(
                "it performs better: quicker to train, or with better results",
                (
                    "The reason is performance",
                    "Deeper models get better results",
                    "It can be trained more quickly",
                    "More layers reach a better accuracy in the same time",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Because more layers make the model more nonlinear",),
                "One nonlinearity is already enough for any function. What more layers change is the price: parameters "
                "and time.",
            ),
            WrongStatement(
                ("Because real problems are too complex for one nonlinearity",),
                "The theorem covers them as well. But it might take an enormous number of parameters.",
            ),
            WrongStatement(
                ("Because the theorem is not true in practice",),
                "It is true. It just doesn't say that such a network is small or easy to train.",
            ),
        ),
        model_answer="For performance: with more layers, smaller matrices and so fewer parameters are enough, the "
        "model trains more quickly, and gets better results.",
    ),
    # Further research
    ShortAnswer(
        name="tasks-of-a-learner",
        prompt="You write a `Learner` of your own. What does it have to keep from its creation, what does its `fit` do "
        "in each epoch with the training set, and what with the validation set?",
        topic="a Learner of your own",
        difficulty=3,
        section=RESEARCH,
        explanation="The exercise “A Learner of your own” grades code for it.",
        key_points=(
            KeyPoint(
                "it keeps the data loaders, the model, the optimizer and the loss function",
                (
                    "It stores dls, model, opt_func, loss_func and metrics",
                    "In its init it saves the model, the data, the loss and the optimizer",
                    "The arguments are kept as attributes of self",
                ),
            ),
            KeyPoint(
                "training set: for each mini-batch loss, gradients, step, zeroing",
                (
                    "It loops over the training batches, calculates the gradients and updates the weights",
                    "For every batch: predictions, loss, backward, step, zero_grad",
                    "It trains one epoch with the optimizer",
                ),
            ),
            KeyPoint(
                "validation set: it calculates and shows the metrics, without changing the weights",
                (
                    "After each epoch it validates and prints the metrics",
                    "It computes the accuracy on the validation batches",
                    "On the validation set it only evaluates the model, with no_grad",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("It creates a new model in each epoch", "fit initialises the weights again for each epoch"),
                "Then nothing would be learned from one epoch to the next. The model stays, and gets better.",
            ),
            WrongStatement(
                ("It makes steps on the validation batches as well",),
                "Then the validation set would be a part of the training set, and couldn't show overfitting any more.",
            ),
            WrongStatement(
                ("The learning rate is part of the model",),
                "It belongs to the training: `fit` gets it and hands it to the optimizer.",
            ),
        ),
        model_answer="It keeps the data loaders, the model, the optimizer function, the loss function and the "
        "metrics. In each epoch `fit` goes through the training mini-batches (loss, gradients, step, zeroing), and "
        "then calculates the metrics on the validation set without changing the weights.",
    ),
    ShortAnswer(
        name="from-two-digits-to-ten",
        prompt="What has to change when the model that tells 3s from 7s shall tell all ten digits apart? Think of the "
        "outputs of the model, of the loss, and of how a prediction is read for the accuracy.",
        topic="all ten digits",
        difficulty=3,
        section=RESEARCH,
        explanation="Cross-entropy in PyTorch takes the plain outputs and contains the softmax already; the targets "
        "are whole numbers from 0 to 9, of shape (N,). The full data set has the folders `training` and `testing`: "
        "keep some training images back for validation. The exercise “All ten digits” grades code for it.",
        key_points=(
            KeyPoint(
                "ten outputs, one for each digit",
                (
                    "The last layer needs 10 outputs",
                    "The model gives ten numbers per image, one per class",
                    "nn.Linear(30, 10) as the final layer",
                ),
            ),
            KeyPoint(
                "a loss for several classes, such as cross-entropy with its softmax",
                (
                    "Use cross-entropy loss",
                    "Replace the sigmoid and mnist_loss by softmax and log likelihood",
                    "F.cross_entropy instead of the binary loss",
                    "A loss for multiple classes such as nn.CrossEntropyLoss",
                    "log_softmax and nll_loss",
                    "Binary cross-entropy over ten one-hot outputs",
                ),
            ),
            KeyPoint(
                "the prediction is the digit with the largest output",
                (
                    "The predicted digit is the argmax of the outputs",
                    "The class with the highest activation is the prediction",
                    "Accuracy compares preds.argmax(dim=1) with the labels",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("A prediction is right if the output is greater than 0.5 and equals the label",),
                "True and False equal only the labels 1 and 0. With ten classes, the largest of the ten outputs "
                "counts.",
            ),
            WrongStatement(
                ("The activation of 8.2 means that the digit is an 8",),
                "An activation is no digit. Which of the ten outputs is the largest says which digit it is.",
            ),
            WrongStatement(
                ("A softmax layer must come before F.cross_entropy",),
                "`F.cross_entropy` contains the softmax. With a second one the model learns slowly.",
            ),
            WrongStatement(
                ("mnist_loss can stay as it is",),
                "It only knows whether a target is 1. With ten classes it takes a loss that looks at the output of the "
                "right class, compared with the others.",
            ),
            WrongStatement(
                ("The test images can be used for training as well",),
                "What the model was trained on can't test it. Split the validation set off the training images.",
            ),
        ),
        model_answer="The model needs ten outputs, one for each digit. The loss is cross-entropy (with softmax) "
        "instead of the sigmoid loss, and the prediction is the digit with the largest output.",
    ),
]

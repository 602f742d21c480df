"""The chapter's vocabulary, from ReLU to parameters: what the words mean, and what they are mistaken for."""

from grader.quiz.questions import Choice, KeyPoint, Matching, Number, ShortAnswer, WrongStatement

JARGON = "Jargon Recap"
SUMMARY = "Summarizing Gradient Descent"

questions = [
    # The words
    Matching(
        name="terms-of-training",
        prompt="Which definition belongs to which term?",
        topic="gradient descent",
        difficulty=1,
        section=JARGON,
        explanation="In the order of a training step: forward pass, loss, backward pass (which calculates the "
        "gradients), and the step against them, whose length the learning rate decides.",
        pairs={
            "forward pass": "applying the model to inputs, which gives predictions",
            "loss": "a number that is the smaller, the better the predictions are",
            "backward pass": "calculating the gradients of the loss for all parameters",
            "gradient": "how the loss changes when a parameter grows a little",
            "gradient descent": "moving the parameters a little against their gradients, again and again",
            "learning rate": "the number by which the gradients are multiplied in a step",
        },
    ),
    Matching(
        name="terms-of-networks",
        prompt="Which definition belongs to which term?",
        topic="parameters",
        difficulty=1,
        section=JARGON,
        explanation="Parameters are what the model keeps and learns. Activations are what it calculates from an input, "
        "and are other ones for the next input.",
        pairs={
            "parameters": "the numbers in a model that training changes",
            "activations": "the numbers that a layer calculates from its input",
            "mini-batch": "a small group of inputs together with their targets",
            "ReLU": "a function that makes negative numbers 0 and leaves the others as they are",
            "bias": "a parameter that is added, whatever the input is",
        },
    ),
    # Activations and parameters
    Choice(
        name="which-are-parameters",
        prompt="In `xb @ weights + bias`, which of these are parameters?",
        topic="parameters",
        difficulty=1,
        section=JARGON,
        explanation="Parameters belong to the model: they are initialised once and then changed by training. The input "
        "comes from the data, and the result is calculated.",
        right=("`weights`", "`bias`"),
        wrong={
            "`xb`": "`xb` is the input, a mini-batch of the data. Training does not change it.",
            "the result of `xb @ weights + bias`": "The result is calculated anew for every input: it holds "
            "activations.",
        },
    ),
    Choice(
        name="which-are-activations",
        prompt="A network is `nn.Sequential(nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 1))`. What are its "
        "activations?",
        topic="activations",
        difficulty=2,
        section=JARGON,
        explanation="Everything that a layer calculates is an activation, of linear layers as well as of nonlinear "
        "ones. What the layer calculates with, its weights and biases, are parameters.",
        right=("the numbers that its layers give for an input, those of the linear layers included",),
        wrong={
            "the weights and biases of the linear layers": "Those are the parameters: they are kept from one input to "
            "the next.",
            "only what comes out of the ReLU": "The results of linear layers are activations, too.",
            "whether a neuron fires or not": "An activation is a number. Nothing in the network is merely on or off.",
            "the pixels of the images": "Those are the inputs. No layer has calculated them.",
        },
    ),
    Number(
        name="count-parameters",
        prompt="How many parameters has `nn.Sequential(nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 1))`? Count each "
        "number for itself.",
        topic="parameters",
        difficulty=2,
        section="Adding a Nonlinearity",
        explanation="784 · 30 weights and 30 biases in the first layer, 30 · 1 weights and 1 bias in the last: "
        "23,520 + 30 + 30 + 1. A ReLU has no parameters.",
        answer=23_581,
    ),
    Choice(
        name="why-bias",
        prompt="Why does a linear layer have a bias as well as weights?",
        topic="parameters",
        difficulty=2,
        section="The MNIST Loss Function",
        explanation="Without a bias, `x @ weights` is 0 for every input that is 0, whatever the weights are. The bias "
        "moves the line up or down.",
        right=("so that the result need not be 0 when all inputs are 0",),
        wrong={
            "to break the symmetry between the neurons": "That is done by initialising the weights at random. The "
            "biases may all begin at 0.",
            "it is the function of the line itself": "The line is weights times input plus bias. The bias is only the "
            "number that is added.",
            "to make up for classes with few images": "That kind of bias is a property of the data. This one is a "
            "parameter.",
            "it makes the layer nonlinear": "Adding a number leaves the line straight. For a bend it takes a "
            "nonlinearity such as ReLU.",
        },
    ),
    # ReLU
    Choice(
        name="relu-of-three-numbers",
        prompt="What is `F.relu(tensor([-2., 0., 3.]))`?",
        topic="ReLU",
        difficulty=1,
        section="Adding a Nonlinearity",
        explanation="The rectified linear unit makes every negative number 0 and leaves the others as they are.",
        right=("`tensor([0., 0., 3.])`",),
        wrong={
            "`tensor([2., 0., 3.])`": "That is the absolute value. ReLU does not turn the sign round.",
            "`tensor([0., 0., 1.])`": "That is a step: it only says which numbers are positive. ReLU keeps their size.",
            "`tensor([-2., 0., 0.])`": "That is the smaller one of x and 0. ReLU takes the larger one.",
            "`tensor([-1., 0., 1.])`": "That is the sign of the numbers. ReLU never gives anything negative.",
        },
    ),
    Choice(
        name="f-relu-and-nn-relu",
        prompt="What is the difference between `F.relu` and `nn.ReLU`?",
        topic="ReLU",
        difficulty=2,
        section="Adding a Nonlinearity",
        explanation="Both are PyTorch's and calculate the same. `F.relu(x)` is a call of a function. `nn.ReLU()` "
        "makes a module, which can stand in `nn.Sequential` and is called with x afterwards.",
        right=("`F.relu` is a function, `nn.ReLU` is a class of modules; they calculate the same",),
        wrong={
            "`F.relu` is fastai's and `nn.ReLU` is PyTorch's": "Both are PyTorch's: `F` is `torch.nn.functional`.",
            "`F.relu` calls `nn.ReLU`": "It is the other way round: the module calls the function.",
            "`nn.ReLU` has parameters that are learned": "Neither of them has any parameters.",
            "either can stand in `nn.Sequential`": "`nn.Sequential` takes modules only: `F.relu` in it is a TypeError.",
        },
    ),
    Choice(
        name="activation-function",
        prompt="What is an activation function?",
        topic="activations",
        difficulty=2,
        section="Adding a Nonlinearity",
        explanation="ReLU and sigmoid are activation functions. They have no parameters, and stand between linear "
        "layers or at the end.",
        right=("a nonlinear function between the linear layers of a network, such as ReLU",),
        wrong={
            "`batch @ weights + bias`": "That is a linear layer. An activation function is applied to its result.",
            "the function that makes the prediction": "The whole model makes the prediction. The activation function "
            "is one layer in it.",
            "a function that says whether a neuron fires or not": "Its result is a number, not yes or no: ReLU gives 3 "
            "for 3.",
            "a function that brings all numbers between -1 and 1": "Some do, such as tanh. ReLU has no upper limit.",
        },
    ),
    Choice(
        name="why-more-layers",
        prompt="One nonlinearity between two linear layers can already come as near to any function as you like. Why "
        "do networks have more layers?",
        topic="ReLU",
        difficulty=3,
        section="Going Deeper",
        explanation="The theorem says that a wide enough layer exists, not that it is small or easy to train. Deeper "
        "networks get the same with fewer parameters, and better results in the same time.",
        right=("with more layers, fewer parameters do, and training is faster and gives better results",),
        wrong={
            "because more layers are more nonlinear": "One nonlinearity is enough to come near to any function. The "
            "question is at what price.",
            "because the theorem holds for small images only": "It holds for any number of inputs.",
            "because problems in practice are more complex": "However complex the function is, the theorem covers it. "
            "What differs is how many parameters it takes.",
        },
    ),
    # Mini-batch and forward pass
    Number(
        name="count-mini-batches",
        prompt="A dataset has 12,396 images. How many mini-batches does `DataLoader(dataset, batch_size=256)` give in "
        "one epoch?",
        topic="mini-batch",
        difficulty=1,
        section="SGD and Mini-Batches",
        explanation="12,396 / 256 is 48.4: 48 full mini-batches and a last one with the 108 images that are left over.",
        answer=49,
    ),
    Choice(
        name="forward-pass",
        prompt="What happens in the forward pass?",
        topic="forward pass",
        difficulty=1,
        section=JARGON,
        explanation="Input in, predictions out: layer after layer. Nothing changes in the model.",
        right=("the model is applied to inputs, and predictions come out",),
        wrong={
            "the parameters are moved forward by the learning rate": "That is the step. The forward pass leaves the "
            "parameters alone.",
            "the gradients are calculated": "That is the backward pass.",
            "the data are loaded, shuffled and cut into mini-batches": "The `DataLoader` does that, before the model "
            "gets them.",
        },
    ),
    # Loss
    Choice(
        name="what-loss-says",
        prompt="The loss has gone from 0.5 to 2.3. What does it say?",
        topic="loss",
        difficulty=1,
        section="The MNIST Loss Function",
        explanation="The smaller the loss, the better. Some losses stay between 0 and 1, such as the chapter's "
        "`mnist_loss`; in general, and with cross-entropy, there is no upper limit.",
        right=("the predictions have become worse",),
        wrong={
            "the model has become better": "It is the accuracy that grows when a model gets better. The loss falls.",
            "there is an error, because a loss is between 0 and 1": "`mnist_loss` is, because of its sigmoid. Others, "
            "such as cross-entropy, can be as large as they like.",
            "2.3 of the predictions are wrong": "The loss counts nothing. It measures how far the predictions are off.",
        },
    ),
    Choice(
        name="accuracy-as-loss",
        prompt="Why can't accuracy be the loss?",
        topic="loss",
        difficulty=2,
        section="The MNIST Loss Function",
        explanation="Accuracy changes only when a prediction crosses the threshold. A tiny change of the weights "
        "changes no prediction, so the gradient is 0 nearly everywhere, and no weight is told where to go.",
        right=("its gradient is 0 nearly everywhere",),
        wrong={
            "it is true or false and not a function": "It is a function: the share of right predictions, from 0 to 1. "
            "But its slope is 0 nearly everywhere.",
            "it says in which direction to go, but not how far": "It says neither: a small change of the weights "
            "leaves it as it is.",
            "it can be calculated on the validation set only": "It can be calculated on any labelled data.",
            "it would have to fall, and accuracy has to rise": "That could be mended by a minus sign. The gradient "
            "would still be 0.",
        },
    ),
    # Gradient and backward pass
    Number(
        name="gradient-of-a-square",
        prompt="`x = tensor(3.).requires_grad_()`, then `(x**2).backward()`. What is `x.grad`?",
        topic="gradient",
        difficulty=1,
        section="Calculating Gradients",
        explanation="The derivative of x² is 2x, and at 3 it is 6: near 3 the square grows six times as fast as x.",
        answer=6,
    ),
    Choice(
        name="what-is-a-gradient",
        prompt="The gradient of a weight is 4. What does that mean?",
        topic="gradient",
        difficulty=2,
        section="Calculating Gradients",
        explanation="Rise over run: if the weight grows by a tiny bit, the loss grows by four times as much. How far "
        "the weight is then moved depends on the learning rate, too.",
        right=("if the weight grows a little, the loss grows by about four times as much",),
        wrong={
            "the weight has to be changed by 4": "The change is the gradient times the learning rate, with a minus.",
            "the loss is 4": "The gradient is how the loss changes, not how large it is.",
            "the smallest loss lies 4 further on": "The gradient knows the slope here. It doesn't know where the "
            "minimum is.",
            "the weight points in the direction of the minimum": "A positive gradient says that the loss grows with "
            "the weight: the way down is the other way.",
        },
    ),
    Choice(
        name="requires-grad",
        prompt="What does `w.requires_grad_()` do?",
        topic="gradient",
        difficulty=2,
        section="Calculating Gradients",
        explanation="It marks the tensor. From then on PyTorch remembers what is calculated with it, and `backward` "
        "uses these records to calculate gradients.",
        right=("from now on PyTorch records what is calculated with `w`, so that `backward` can give a gradient",),
        wrong={
            "it calculates the gradient of `w`": "Nothing is calculated yet: `w.grad` is still None. `backward` "
            "calculates it.",
            "it sets the gradient of `w` to zero": "That is what `w.grad.zero_()` does.",
            "it protects `w` from being changed": "It may still be changed, within `torch.no_grad()` or through "
            "`w.data`.",
        },
    ),
    Choice(
        name="what-backward-returns",
        prompt="What does `grads = loss.backward()` put into `grads`?",
        topic="backward pass",
        difficulty=2,
        section="Calculating Gradients",
        explanation="`backward` gives nothing back. It adds each gradient to the `grad` of its parameter.",
        right=("None: the gradients are in the `grad` of each parameter",),
        wrong={
            "the gradients of all parameters": "They are added to the `grad` of each parameter. The call gives None.",
            "the loss": "The loss was there before. `backward` gives None.",
            "the new parameters": "`backward` changes no parameter. That is the step, which comes afterwards.",
        },
    ),
    Number(
        name="backward-twice",
        prompt="`w = tensor(1.).requires_grad_()`. The line `(3 * w).backward()` is run twice, and nothing else. "
        "What is `w.grad`?",
        topic="backward pass",
        difficulty=2,
        section="Stochastic Gradient Descent (SGD)",
        explanation="`backward` adds to the gradient that is there: 3 + 3. That is why a training loop sets the "
        "gradients to zero after each step.",
        answer=6,
    ),
    Choice(
        name="who-calculates-gradients",
        prompt="Do you need to calculate the gradients of your model yourself?",
        topic="backward pass",
        difficulty=1,
        section="Calculating Gradients",
        explanation="PyTorch records the forward pass and calculates all gradients from it, however many parameters "
        "the model has.",
        right=("no, `backward` does it",),
        wrong={
            "yes, with the derivative of each layer": "PyTorch knows the derivatives of its functions, and "
            "chains them.",
            "yes, by changing one weight at a time": "That would take a forward pass for each weight. `backward` does "
            "all of them in one go.",
            "no, `requires_grad_` calculates them": "`requires_grad_` only marks a tensor. `backward` calculates.",
        },
    ),
    # Gradient descent and learning rate
    Number(
        name="one-step",
        prompt="A weight is 5, its gradient is 2 and the learning rate 0.1. What is the weight after one step of "
        "gradient descent?",
        topic="gradient descent",
        difficulty=1,
        section=SUMMARY,
        explanation="5 - 0.1 · 2. The gradient is positive, so the loss grows with the weight: the weight has "
        "to shrink.",
        answer=4.8,
        tolerance=1e-6,
    ),
    Choice(
        name="direction-of-a-step",
        prompt="Why does the step **subtract** the gradient times the learning rate?",
        topic="gradient descent",
        difficulty=2,
        section=SUMMARY,
        explanation="The gradient points to where the loss grows fastest. Whoever wants down goes the other way.",
        right=("the gradient points to where the loss grows, and it should shrink",),
        wrong={
            "the gradient points to the minimum": "Then one would have to add it. It points uphill.",
            "weights should become smaller, so that none dominates": "A weight with a negative gradient grows in the "
            "step.",
            "gradients are negative, and so the weight grows": "A gradient can have either sign.",
        },
    ),
    ShortAnswer(
        name="sgd-and-backpropagation",
        prompt="What is stochastic gradient descent (SGD), and how does it differ from backpropagation?",
        topic="gradient descent",
        difficulty=3,
        section="Stochastic Gradient Descent (SGD)",
        explanation="Backpropagation answers: which way is up? SGD goes down. It is called stochastic because each "
        "step sees a random mini-batch only.",
        key_points=(
            KeyPoint(
                "SGD changes the parameters against the gradient, step by step",
                (
                    "SGD updates the weights a little in the direction opposite to the gradient",
                    "It moves the parameters by the learning rate times the gradient to lower the loss",
                ),
            ),
            KeyPoint(
                "stochastic: each step uses a random mini-batch",
                (
                    "Each step uses a randomly chosen batch instead of the whole dataset",
                    "Stochastic because the gradient comes from a random mini-batch",
                ),
            ),
            KeyPoint(
                "backpropagation only calculates the gradients",
                (
                    "Backpropagation computes the derivatives, layer by layer from the end",
                    "The backward pass calculates gradients and changes no weights",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("SGD is another word for backpropagation", "SGD calculates the gradients"),
                "Backpropagation calculates the gradients, SGD uses them for a step.",
            ),
            WrongStatement(
                ("It moves the weights in the direction of the gradient",),
                "In the direction of the gradient the loss grows. The step goes the opposite way.",
            ),
        ),
        model_answer="SGD moves each parameter a little against its gradient, by the learning rate times the gradient, "
        "and takes a random mini-batch for each step. Backpropagation is how the gradients are calculated; it changes "
        "no parameter.",
    ),
    Choice(
        name="learning-rate-too-high",
        prompt="What can happen if the learning rate is too high?",
        topic="learning rate",
        difficulty=2,
        section="Stepping With a Learning Rate",
        explanation="A step that is too long lands beyond the minimum, where the slope may be steeper: the next one is "
        "longer still. It may also bounce from side to side.",
        right=("the loss bounces from side to side", "the loss grows from step to step"),
        wrong={
            "the weights hardly change from step to step": "That is what a learning rate does that is too **low**.",
            "the model overfits": "Overfitting comes from training too long on too little data. Here the training "
            "itself fails.",
            "the gradients are calculated less precisely": "The learning rate comes in after the gradients were "
            "calculated.",
        },
    ),
    Choice(
        name="what-the-learning-rate-does",
        prompt="The learning rate is doubled. What is certain about the next step?",
        topic="learning rate",
        difficulty=1,
        section="Stepping With a Learning Rate",
        explanation="The step is the learning rate times the gradient. The learning rate is chosen by you, and is no "
        "parameter: training does not change it.",
        right=("it is twice as long",),
        wrong={
            "its gradient is twice as large": "The gradient depends on the model and the data. It is multiplied "
            "afterwards.",
            "it uses twice as many images": "That is the batch size.",
            "the weights are doubled": "Not the weights, only their change is doubled.",
            "the loss falls twice as far": "For tiny steps that is about right. But a longer step "
            "may as well go too far, and the loss grows.",
        },
    ),
]

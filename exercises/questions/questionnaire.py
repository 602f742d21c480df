"""The chapter's questionnaire, first half: from images to the gradient, one question for each of its headings.

The second half is in `questionnaire_training`. Where a heading asks for code, an exercise grades it, and the question
here asks for the idea.
"""

from grader.quiz.questions import Choice, KeyPoint, Ordering, ShortAnswer, WrongStatement

PIXELS = "Pixels: The Foundations of Computer Vision"
SIMILARITY = "First Try: Pixel Similarity"
TENSORS = "NumPy Arrays and PyTorch Tensors"
METRICS = "Computing Metrics Using Broadcasting"
SGD = "Stochastic Gradient Descent (SGD)"

questions = [
    # Images and folders
    ShortAnswer(
        name="grey-and-colour-images",
        prompt="How does a computer hold a greyscale image, and how a colour image? Say how the numbers are arranged, "
        "what the smallest and the largest number mean in a greyscale image, and what a pixel of a colour image "
        "consists of.",
        topic="images",
        difficulty=1,
        section=PIXELS,
        explanation="Usually 0 is black and 255 is white. The book shows MNIST the other way round, with 0 as white "
        "and 255 as black. Either is right if you say which one you mean. After a division by 255 the same numbers lie "
        "between 0 and 1. The exercise “Images are numbers” grades code for it.",
        key_points=(
            KeyPoint(
                "a grid of numbers, one for each pixel",
                (
                    "A greyscale image is a two-dimensional array with one number per pixel",
                    "It is a matrix of numbers with rows and columns, height by width",
                    "Each pixel is stored as a single number in a 2D grid",
                    "A list of lists of pixel values, one inner list per row",
                ),
            ),
            KeyPoint(
                "from 0 for one end to 255 for the other, greys in between",
                (
                    "0 is black and 255 is white, and the numbers in between are shades of grey",
                    "White pixels are 0 and black pixels are 255, with greys between the two",
                    "Values go from 0 to 255, from black to white",
                    "8-bit integers from 0 (darkest) to 255 (brightest)",
                    "As floats the pixels go from 0.0 for black to 1.0 for white",
                ),
            ),
            KeyPoint(
                "colour: three numbers for each pixel, red, green and blue",
                (
                    "A colour image has three channels: red, green and blue",
                    "Each pixel has an RGB value, three numbers from 0 to 255",
                    "It is three grids on top of each other, one each for red, green and blue",
                    "A rank-3 tensor with a red, a green and a blue layer",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                (
                    "In a colour image 255 is the darkest red, green or blue, and 0 is the lightest",
                    "0 in red, green and blue together gives white",
                ),
                "In a colour channel the number says how much light there is of this colour: 0 is none, 255 is the "
                "most. Three times 0 is black, three times 255 is white.",
            ),
            WrongStatement(
                ("Every pixel is either black or white", "There are only two values, 0 and 255"),
                "That would be an image without greys. All whole numbers from 0 to 255 occur, 256 shades.",
            ),
            WrongStatement(
                ("A greyscale image is one long list of numbers without rows and columns",),
                "Before you flatten it, an image has rows and columns: its numbers are arranged in two dimensions.",
            ),
            WrongStatement(
                ("A colour image has one number per pixel that names its colour",),
                "In the chapter's way of storing colours there are three numbers for each pixel, one each for red, "
                "green and blue.",
            ),
        ),
        model_answer="A greyscale image is a grid of numbers, one for each pixel, from 0 (black) to 255 (white), with "
        "the greys in between; MNIST is shown the other way round. A colour image has three numbers for each pixel, "
        "for red, green and blue.",
    ),
    ShortAnswer(
        name="folders-of-mnist-sample",
        prompt="How are the files and folders of `MNIST_SAMPLE` arranged, from the top folder down to the images? Why "
        "are there two folders at the top, and what are the names of the folders within them good for?",
        topic="files and folders",
        difficulty=1,
        section=PIXELS,
        explanation="Many data sets look like this, so that tools can load them and results can be compared. The file "
        "`labels.csv` beside the folders is not used in the chapter. The exercise “A data set in folders” grades code "
        "for it.",
        key_points=(
            KeyPoint(
                "at the top one folder for training and one for validation",
                (
                    "There is a train folder and a valid folder",
                    "The top level has separate folders for the training set and the validation set",
                    "It is divided into training data and validation data",
                ),
            ),
            KeyPoint(
                "in each of them one folder for each digit, with its images",
                (
                    "Inside each of them is a folder of 3s and a folder of 7s",
                    "Both contain one folder per class, with the image files in it",
                    "train/3, train/7, valid/3 and valid/7 hold the pictures",
                ),
            ),
            KeyPoint(
                "why two: the model is tried on images that it was not trained on",
                (
                    "So that the model can be tested on images it has not seen in training",
                    "We train on the training set and check the performance on the validation set",
                    "Keeping them apart shows whether the model overfits",
                ),
            ),
            KeyPoint(
                "the names of the inner folders are the labels",
                (
                    "The folder names 3 and 7 are the labels",
                    "The name of the folder says which digit the images show",
                    "You get the target of an image from its parent folder",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Each digit has its own folder, with a train and a valid folder inside",),
                "It is the other way round: `train` and `valid` are at the top, and the digits are inside each of "
                "them.",
            ),
            WrongStatement(
                ("The folders are called training and testing",),
                "Those are the folders of the full MNIST. In `MNIST_SAMPLE` they are called `train` and `valid`.",
            ),
            WrongStatement(
                ("The model is trained on the images of both folders",),
                "It is trained on `train` only. The images in `valid` are kept back to see how good it is.",
            ),
        ),
        model_answer="`train` and `valid` are at the top, and in each of them are the folders `3` and `7` with the "
        "images. The model learns from `train` and is tried on `valid`, whose images it has not seen. The names `3` "
        "and `7` are the labels.",
    ),
    # Pixel similarity
    ShortAnswer(
        name="pixel-similarity",
        prompt="How does the “pixel similarity” approach tell 3s from 7s? Say what is made of the training images, and "
        "what is done with a new image.",
        topic="pixel similarity",
        difficulty=1,
        section=SIMILARITY,
        explanation="It is a baseline: simple, quick to write, and about 95 % right. It has no weights, so it can't "
        "get better by learning. The exercises “The ideal 3 and the ideal 7” and “A baseline: nearest to the ideal "
        "digit” grade code for it.",
        key_points=(
            KeyPoint(
                "for each digit the mean of every pixel is taken: an ideal 3 and an ideal 7",
                (
                    "We average every pixel over all the 3s and do the same for the 7s",
                    "The mean image of all training 3s is the ideal 3",
                    "Compute the average value of each pixel for both digits to get two ideal images",
                    "Stack the images and take the mean over the first axis",
                ),
            ),
            KeyPoint(
                "the new image is compared with both, pixel by pixel",
                (
                    "For a new image we measure the distance to each of the two ideal digits",
                    "Take the mean absolute difference of the pixels between the image and each ideal",
                    "Calculate how similar the image is to the ideal 3 and to the ideal 7",
                ),
            ),
            KeyPoint(
                "it is classified as the one that it is nearer to",
                (
                    "It is a 3 if the distance to the ideal 3 is smaller",
                    "The image belongs to the digit whose ideal it is most similar to",
                    "Whichever distance is lower is the prediction",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                (
                    "The mean brightness of the image is compared with the mean brightness of the 3s",
                    "We compare the average pixel intensity of the whole image, one number each",
                ),
                "The pixels are compared one by one, at the same place. With one mean for the whole image, a 3 "
                "with shuffled pixels would still be a 3.",
            ),
            WrongStatement(
                ("The ideal digits are the average of the validation images",),
                "They come from the training images. The validation images are for testing only.",
            ),
            WrongStatement(
                ("The model learns weights for the pixels by gradient descent",),
                "That is the second approach of the chapter. Pixel similarity has no weights to learn.",
            ),
        ),
        model_answer="The mean of each pixel over all training 3s gives an ideal 3, and likewise an ideal 7. A new "
        "image is compared with both, pixel by pixel, and gets the label of the one at the smaller distance.",
    ),
    ShortAnswer(
        name="what-is-a-list-comprehension",
        prompt="What is a list comprehension? Say what it makes, what stands before the `for`, what an `if` behind it "
        "does, and how one finds out in Python whether a whole number is odd.",
        topic="list comprehensions",
        difficulty=2,
        section=SIMILARITY,
        explanation="`[len(w) for w in words if w != 'the']` goes through the words, skips each “the”, and collects "
        "the lengths of the others. The exercise “List comprehensions” grades code for it.",
        key_points=(
            KeyPoint(
                "an expression that makes a new list from another collection",
                (
                    "A short way to make a new list from an existing list in one line",
                    "It builds a list by looping over a collection inside square brackets",
                    "A compact for loop that creates a list",
                ),
            ),
            KeyPoint(
                "before the `for`: what is put into the list for each item",
                (
                    "The part before for says what is done with each element",
                    "First comes the expression that is collected",
                    "Before the for stands the value to add, for example the item times two",
                ),
            ),
            KeyPoint(
                "`if`: only the items for which it is true",
                (
                    "The if at the end filters the items",
                    "Only elements that fulfil the condition are taken",
                    "The condition selects which items are used",
                ),
            ),
            KeyPoint(
                "odd: the remainder of a division by 2 is not 0",
                (
                    "A number is odd if n % 2 is 1",
                    "Use the modulo operator: x % 2 != 0",
                    "Odd numbers leave a remainder when divided by two",
                    "n & 1 is true for odd numbers",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("o//2 != 0 tests whether a number is odd", "A number is odd if dividing it by 2 with // is not zero"),
                "`//` is the division without the remainder: `4//2` is 2, which is not 0, and `1//2` is 0. It is the "
                "remainder, `%`, that tells odd from even.",
            ),
            WrongStatement(
                ("A number is odd if x % 2 == 0",),
                "A remainder of 0 means that the number can be halved: it is even.",
            ),
            WrongStatement(
                ("It changes the elements of the list in place",),
                "It makes a new list. The old one stays as it was.",
            ),
            WrongStatement(
                ("It can only make a plain copy of its inputs", "A list comprehension is a list of tensors"),
                "It may collect anything, of any type: the expression before the `for` decides what.",
            ),
        ),
        model_answer="A list comprehension makes a new list from a collection in one expression: before the `for` "
        "stands what is collected for each item, and an `if` at the end says which items are used. A number is odd if "
        "its remainder `n % 2` is 1.",
    ),
    # Tensors
    ShortAnswer(
        name="rank-3-tensor",
        prompt="What is a rank-3 tensor? Give an example from the chapter, and say what each of its axes counts.",
        topic="rank-3 tensor",
        difficulty=1,
        section=SIMILARITY,
        explanation="`stacked_threes` has the shape (6131, 28, 28): images, rows, columns. A single colour image is of "
        "rank 3, too. The exercise “Rank and shape” grades code for it.",
        key_points=(
            KeyPoint(
                "a tensor with three axes",
                (
                    "A tensor with three dimensions",
                    "A three-dimensional array",
                    "It has 3 axes, so you need three indices to get a number",
                    "A tensor whose shape has length 3",
                    "A cuboid or cube of numbers",
                ),
            ),
            KeyPoint(
                "an example whose axes are named, such as image, row and column",
                (
                    "The stack of 3s: number of images, height and width",
                    "The first axis is the image, the second the row, the third the column",
                    "A colour image with channels, height and width",
                    "stacked_threes with 6131 images of 28 by 28 pixels",
                    "A stack of matrices, one for each image",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("A tensor that holds three numbers", "A tensor with three elements"),
                "Three numbers in a row are a tensor of rank 1. The rank counts the axes, not the numbers.",
            ),
            WrongStatement(
                ("A rank-3 tensor is the length of a tensor's shape",),
                "The length of the shape is the **rank**, which is just the number 3. The rank-3 tensor is the tensor "
                "that has such a shape.",
            ),
            WrongStatement(
                ("A vector with three coordinates in space",),
                "A vector has one axis, however many coordinates: it is of rank 1.",
            ),
        ),
        model_answer="A tensor with three axes. An example is the stack of all 3s: its first axis counts the images, "
        "the second one the rows, and the third one the columns.",
    ),
    ShortAnswer(
        name="rank-and-shape",
        prompt="What is the difference between the rank and the shape of a tensor, and how do you get the rank from "
        "the shape?",
        topic="rank and shape",
        difficulty=1,
        section=SIMILARITY,
        explanation="A tensor of shape (1010, 28, 28) has rank 3. `t.ndim` and `t.dim()` give the same as "
        "`len(t.shape)`. The exercise “Rank and shape” grades code for it.",
        key_points=(
            KeyPoint(
                "rank: the number of axes",
                (
                    "The rank is the number of axes of a tensor",
                    "Rank is how many dimensions it has",
                    "Rank says how many indices you need",
                ),
            ),
            KeyPoint(
                "shape: the size of each axis",
                (
                    "The shape is the size of each axis",
                    "Shape tells how long every dimension is",
                    "Shape gives the number of elements along each axis",
                    "The shape is for example 28 by 28",
                ),
            ),
            KeyPoint(
                "the rank is the length of the shape",
                (
                    "The length of the shape is the rank",
                    "rank = len(t.shape)",
                    "Count how many numbers the shape has",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The rank is the number of elements of the tensor",),
                "That is `t.numel()`. The rank is the number of axes: for a 28 by 28 image it is 2, not 784.",
            ),
            WrongStatement(
                ("The rank is the size of the first axis", "You get the rank with shape[0]"),
                "`shape[0]` is the size of the first axis. The rank is how many sizes there are.",
            ),
            WrongStatement(
                ("The rows of a tensor may be of different lengths, such as 5, 7 and 2",),
                "A tensor is regular: along an axis, everything has the same length.",
            ),
        ),
        model_answer="The rank is the number of axes, the shape is the size of each of them. The rank is the length of "
        "the shape, `len(t.shape)`.",
    ),
    ShortAnswer(
        name="rmse-and-l1",
        prompt="What are RMSE and the L1 norm as distances between two images? Say for both what is done with the "
        "differences of the pixels, in the right order.",
        topic="RMSE and L1 norm",
        difficulty=2,
        section=SIMILARITY,
        explanation="RMSE: square, mean, root. L1: absolute values, mean. In mathematics the L1 norm is the **sum** of "
        "the absolute values; the book takes their mean, which is as good for comparing images of the same size. Both "
        "are right if you say which one you mean. The exercise “How far apart are two images?” grades code for it.",
        key_points=(
            KeyPoint(
                "RMSE: the root of the mean of the squared differences",
                (
                    "RMSE is the square root of the mean of the squared differences",
                    "Square the differences, take the mean, then take the square root",
                    "((a - b) ** 2).mean().sqrt()",
                    "Root mean squared error: the mean of the squares, and then the root, which undoes the squaring",
                ),
            ),
            KeyPoint(
                "L1: the mean (or the sum) of the absolute differences",
                (
                    "L1 is the mean of the absolute values of the differences",
                    "Mean absolute difference",
                    "(a - b).abs().mean()",
                    "The L1 norm is the sum of the absolute differences",
                    "Replace negative differences by positive ones and average them",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("RMSE takes the root of each squared difference and then the mean",),
                "The root of a square is the absolute value again: this way you get the mean absolute difference. The "
                "mean comes before the root.",
            ),
            WrongStatement(
                ("RMSE is the root of the sum of the squared differences",),
                "The M stands for mean: the sum is divided by the number of pixels before the root is taken.",
            ),
            WrongStatement(
                ("L1 adds the weights to the loss to avoid overfitting", "L1 is a kind of regularisation"),
                "The L1 norm of the **weights** is used like that elsewhere. Here it measures the distance between two "
                "images.",
            ),
            WrongStatement(
                ("L1 is the mean of the differences", "Positive and negative differences cancel each other out in L1"),
                "They would, without the absolute value. It makes all differences positive before the mean is taken.",
            ),
        ),
        model_answer="RMSE: the differences are squared, then their mean is taken, then the square root. L1: the mean "
        "of the absolute values of the differences (in mathematics, their sum).",
    ),
    ShortAnswer(
        name="many-numbers-at-once",
        prompt="How do you calculate with thousands of numbers thousands of times faster than in a Python loop? Say "
        "what you write instead of the loop, and what makes it fast.",
        topic="array computing",
        difficulty=1,
        section=TENSORS,
        explanation="The loop is still there, but it runs in compiled code: in C, or in CUDA on a GPU. "
        "The exercise “Broadcasting” lets you try it.",
        key_points=(
            KeyPoint(
                "operations on whole arrays or tensors",
                (
                    "Use NumPy arrays or PyTorch tensors instead of loops",
                    "Write the operation once for the whole tensor, such as a - b",
                    "With vectorised operations and broadcasting",
                    "Put the numbers into a tensor and use its methods",
                ),
            ),
            KeyPoint(
                "which run in optimised compiled code, or in parallel on a GPU",
                (
                    "The calculation is done in C, which is compiled and fast",
                    "They run on the GPU in parallel",
                    "PyTorch calls optimised C or CUDA code",
                    "The library is a wrapper around compiled low-level code",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("You have to write a wrapper for compiled C code yourself",),
                "Others have done that: NumPy and PyTorch are such wrappers. You only write the operation on tensors.",
            ),
            WrongStatement(
                ("A list comprehension runs thousands of times faster than a loop",),
                "It is still Python code for each single number, and only a little faster than a loop.",
            ),
            WrongStatement(
                ("It only works on a GPU",),
                "A GPU is faster still, but the compiled code on the CPU is already far faster than a Python loop.",
            ),
        ),
        model_answer="By operations on whole NumPy arrays or PyTorch tensors, such as `a - b`. They run in optimised "
        "C, or in parallel on a GPU in CUDA.",
    ),
    Choice(
        name="which-slices",
        prompt="`t = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) * 2`. Which of these select the four numbers at the "
        "bottom right, as a 2 by 2 tensor?",
        topic="slicing",
        difficulty=1,
        section=TENSORS,
        explanation="Rows come first, columns second, and a slice without an end goes to the last one. Negative "
        "indices count from the end. The exercise “The bottom-right corner” grades code for it.",
        right=("`t[1:, 1:]`", "`t[-2:, -2:]`", "`t[1:3, 1:3]`"),
        wrong={
            "`t[2:]`": "That is the last row with all its columns: 14, 16, 18.",
            "`t[:2, :2]`": "That is the top left: a slice without a start begins at 0.",
            "`t[0, 2], t[1, 2], t[2, 1:2]`": "That is a tuple of three: 6, 12 and 16. Two slices, one for the rows and "
            "one for the columns, select a block.",
            "`t[:, -2]`": "That is one column, the last but one: 4, 10, 16.",
            "`t[1:2, 1:2]`": "The end of a slice is not included: that is the number in the middle alone.",
        },
    ),
    ShortAnswer(
        name="what-is-broadcasting",
        prompt="What is broadcasting? Say when it happens, what it does to the smaller tensor, and whether anything is "
        "copied.",
        topic="broadcasting",
        difficulty=2,
        section=METRICS,
        explanation="The shapes are compared from the last axis on: sizes must be equal, or one of them 1 or missing. "
        "The exercise “Broadcasting” grades code for it.",
        key_points=(
            KeyPoint(
                "when an operation gets tensors of different shapes",
                (
                    "When you add or subtract two tensors of different ranks",
                    "It happens in arithmetic between tensors whose shapes differ",
                    "Combining a tensor of shape (1010, 28, 28) with one of shape (28, 28)",
                ),
            ),
            KeyPoint(
                "the smaller one is treated as if it had the size of the larger one",
                (
                    "The tensor with the smaller rank is automatically expanded to the size of the larger one",
                    "The smaller tensor is stretched to match the bigger one",
                    "PyTorch pretends that the small one was repeated along the missing axes",
                ),
            ),
            KeyPoint(
                "nothing is copied",
                (
                    "It does not actually copy the data",
                    "No additional memory is allocated for the expanded tensor",
                    "The expansion is only virtual",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The smaller tensor is copied in memory until it is as large as the other one",),
                "It only looks as if it were. PyTorch uses the same numbers again and again and allocates no memory "
                "for copies.",
            ),
            WrongStatement(
                ("It only works with a tensor and a single number",),
                "That is the simplest case. A stack of images and one image work as well.",
            ),
            WrongStatement(
                ("It works for tensors of any two shapes",),
                "Counted from the last axis, the sizes must be equal, or one of them 1 or missing. Shapes (3,) and "
                "(4,) don't go together.",
            ),
            WrongStatement(
                ("Broadcasting just means that it is very fast", "It is a fast way of calculating"),
                "It is fast, but that is not what the word means: broadcasting makes tensors of different shapes fit "
                "together.",
            ),
            WrongStatement(
                ("Broadcasting means that the calculation is done on the GPU",),
                "It works on the CPU, too. Broadcasting is about shapes.",
            ),
        ),
        model_answer="In an operation on tensors of different shapes, PyTorch treats the smaller one as if it were "
        "expanded to the shape of the larger one, and then works element by element. Nothing is really copied.",
    ),
    ShortAnswer(
        name="metrics-on-which-set",
        prompt="On which set are metrics generally calculated, the training set or the validation set, and why?",
        topic="validation set",
        difficulty=1,
        section=METRICS,
        explanation="A model can know its training images by heart and be useless for others. The validation set is "
        "what shows it.",
        key_points=(
            KeyPoint(
                "on the validation set",
                (
                    "Metrics are calculated on the validation set",
                    "Using the validation set",
                    "On data that was not used for training",
                ),
            ),
            KeyPoint(
                "because it shows how the model does on images that it hasn't seen, and whether it overfits",
                (
                    "So that we notice when the model overfits",
                    "To make sure it does not only work well on the training data",
                    "To see how it performs on unseen data",
                    "A model could simply memorise the training set",
                    "We want to know whether it generalises",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("Metrics are calculated on the training set",),
                "On the training set a model that has learned it by heart would look perfect. The validation set tells "
                "the truth.",
            ),
            WrongStatement(
                ("The model updates its weights with the validation set",),
                "The weights are updated with the training set only. Otherwise the validation set would be no test any "
                "more.",
            ),
        ),
        model_answer="On the validation set: the model was not trained on it, so it shows how well the model does on "
        "new images, and whether it overfits.",
    ),
    # Gradient descent
    ShortAnswer(
        name="what-is-sgd",
        prompt="What is SGD? Say what the letters stand for, what it does with the weights, and what tells it in which "
        "direction.",
        topic="SGD",
        difficulty=2,
        section=SGD,
        explanation="SGD is how the machine learns without anybody telling it the weights: predict, measure the "
        "loss, calculate gradients, and change the weights a little, again and again. The exercise “A roller coaster, "
        "from beginning to end” grades code for it.",
        key_points=(
            KeyPoint(
                "stochastic gradient descent",
                ("SGD stands for stochastic gradient descent", "Stochastic Gradient Descent"),
            ),
            KeyPoint(
                "it changes the weights step by step, so that the loss becomes smaller",
                (
                    "It updates the weights automatically to make the loss smaller",
                    "An optimisation method that improves the parameters a little in each step",
                    "It adjusts the weights again and again to minimise the loss",
                    "A mechanism for learning by updating weights",
                ),
            ),
            KeyPoint(
                "the gradients tell the direction: the step goes against them",
                (
                    "The gradient of the loss tells in which direction to change each weight",
                    "It steps in the direction opposite to the gradient",
                    "It goes downhill along the slope of the loss",
                    "It subtracts the gradient times the learning rate",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("SGD is the calculation of the gradients", "SGD is the same as backpropagation"),
                "Calculating the gradients is backpropagation. SGD uses them to change the weights.",
            ),
            WrongStatement(
                ("SGD compares an image with an ideal image",),
                "That is pixel similarity. SGD finds weights, and needs no ideal image.",
            ),
            WrongStatement(
                ("SGD finds the best weights in one step",),
                "Each step makes them a little better. It takes many of them.",
            ),
            WrongStatement(
                ("SGD changes the weights at random until the loss is small",),
                "What is random is which items are in a mini-batch. The direction of a step comes from the gradients.",
            ),
        ),
        model_answer="Stochastic gradient descent: it changes the weights a little in each step, against the gradient "
        "of the loss of a random mini-batch, so that the loss becomes smaller.",
    ),
    ShortAnswer(
        name="why-mini-batches",
        prompt="Why does each step use a mini-batch, rather than all items or a single one?",
        topic="mini-batch",
        difficulty=2,
        section="SGD and Mini-Batches",
        explanation="It is a compromise: large enough for a steady gradient and for the hardware, small enough for "
        "many steps in each epoch.",
        key_points=(
            KeyPoint(
                "all items take too long for one step",
                (
                    "Calculating the gradient over the whole dataset would take a very long time",
                    "The whole dataset is slow and may not fit into memory",
                ),
            ),
            KeyPoint(
                "a single item gives an imprecise gradient",
                (
                    "A single item gives an unstable and imprecise gradient",
                    "With one image the gradient is very noisy",
                    "One data item would not use much information",
                ),
            ),
            KeyPoint(
                "GPUs need enough work at a time",
                (
                    "A GPU works well only if it has lots of work to do at a time",
                    "Accelerators compute many items in parallel",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The whole dataset gets stuck in a local minimum",),
                "The gradient over all items is the most precise one. What speaks against it is the time for "
                "each step.",
            ),
        ),
        model_answer="The gradient over all items is precise, but takes long to calculate for a single step. One item "
        "alone gives a noisy gradient, and leaves a GPU nearly idle. A mini-batch is between the two.",
    ),
    Ordering(
        name="seven-steps",
        prompt="Put the steps of gradient descent in order.",
        topic="gradient descent",
        difficulty=1,
        section="Stochastic Gradient Descent (SGD)",
        explanation="Initialise once. Then predict, loss, gradient, step, over and over, until you stop. The exercise "
        "“The seven steps” grades code for it.",
        items=(
            "initialise the parameters",
            "predict with the current parameters",
            "calculate the loss of the predictions",
            "calculate the gradient of each parameter",
            "move each parameter against its gradient",
            "go back and predict again",
            "stop when the model is good enough, or time is up",
        ),
    ),
    ShortAnswer(
        name="initial-weights",
        prompt="A model is trained from scratch. What are its weights at the beginning, and why is it no problem that "
        "they are far from the best ones?",
        topic="initialisation",
        difficulty=1,
        section=SGD,
        explanation="`torch.randn(size)` gives such numbers. The other way to begin is with the weights of a model "
        "that was trained for something else: transfer learning.",
        key_points=(
            KeyPoint(
                "random numbers",
                (
                    "We initialise the parameters to random values",
                    "The weights are random",
                    "With torch.randn, that is random numbers from a normal distribution",
                ),
            ),
            KeyPoint(
                "training makes them better, wherever they begin",
                (
                    "Because the training improves them step by step",
                    "SGD has a routine to update them, so the starting point matters little",
                    "Gradient descent moves them towards better values anyway",
                    "The model learns better weights from the data",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("All weights are set to zero",),
                "A linear model could learn from there. In a network with a hidden layer all neurons would stay alike: "
                "random weights make them different.",
            ),
            WrongStatement(
                ("We choose the weights by hand from how black the pixels are",),
                "Nobody has to choose them. They are random, and SGD finds better ones.",
            ),
            WrongStatement(
                ("The weights are initialised again in each epoch",),
                "Then everything learned would be lost. It happens once, before the first epoch.",
            ),
        ),
        model_answer="They are random numbers. Training changes them step by step in the direction that makes the loss "
        "smaller, so it may begin nearly anywhere.",
    ),
    ShortAnswer(
        name="what-is-loss",
        prompt="What is the loss? Say what it is calculated from, and what a small and a large loss mean.",
        topic="loss",
        difficulty=1,
        section=SGD,
        explanation="The word is used for the function as well as for the number that it gives. The exercise “A loss "
        "for threes and sevens” grades code for it.",
        key_points=(
            KeyPoint(
                "a number calculated from predictions and targets",
                (
                    "It compares the predictions with the targets",
                    "A function that returns a number from the predictions and the labels",
                    "It measures how far the predictions are from the true values",
                    "A function of the difference between what the model says and what it should say",
                ),
            ),
            KeyPoint(
                "small if the model is good, large if it is bad",
                (
                    "The number is small if the performance of the model is good",
                    "The lower the loss the better the model",
                    "A high loss means that the predictions are bad",
                    "It tells how wrong the model is",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The higher the loss the better the model", "A large loss means that the model is good"),
                "It is the other way round: training makes the loss smaller.",
            ),
            WrongStatement(
                ("The loss is always between 0 and 1",),
                "The chapter's `mnist_loss` is, because of its sigmoid. Others, such as cross-entropy, may be larger.",
            ),
            WrongStatement(
                ("The loss is the number of wrong predictions",),
                "That would change in jumps only. The loss changes with every small change of a prediction.",
            ),
        ),
        model_answer="The loss is a number calculated from the predictions and the targets: small if the predictions "
        "are good, large if they are bad.",
    ),
    ShortAnswer(
        name="high-learning-rate",
        prompt="Why can't we always use a high learning rate? Say what happens to the steps, and what happens to the "
        "loss.",
        topic="learning rate",
        difficulty=2,
        section="Stepping With a Learning Rate",
        explanation="A long step jumps over the minimum. If it lands nearer than before, the loss bounces its way down "
        "slowly; if it lands further away, the loss grows from step to step. Both happen.",
        key_points=(
            KeyPoint(
                "the steps are so long that they go beyond the minimum",
                (
                    "The step is too big and jumps over the minimum",
                    "It overshoots the lowest point",
                    "We skip past the best value of the weights",
                    "The weights land on the other side of the valley",
                ),
            ),
            KeyPoint(
                "the loss grows, or bounces instead of getting to the minimum",
                (
                    "The loss gets worse instead of better",
                    "It diverges",
                    "The loss bounces around and does not reach the minimum",
                    "Training does not converge",
                    "It oscillates from side to side and takes many steps",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The loss never diverges, it only bounces", "The loss bounces instead of diverging"),
                "Either can happen. If the steps are just a bit too long, the loss bounces. If each one lands further "
                "from the minimum than the one before, it grows without limit.",
            ),
            WrongStatement(
                ("The model overfits if the learning rate is high",),
                "Overfitting means that the training set is learned too well. With too high a learning rate, not even "
                "that is learned.",
            ),
            WrongStatement(
                ("The learning rate makes the gradient itself larger",),
                "The gradient is calculated first and doesn't know the learning rate. The **step** is the gradient "
                "times the learning rate.",
            ),
        ),
        model_answer="The steps become too long and jump beyond the minimum. The loss then bounces from side to side, "
        "or even grows from step to step.",
    ),
    ShortAnswer(
        name="meaning-of-a-gradient",
        prompt="What is a gradient in deep learning? Say what it measures, and how many there are in a model with many "
        "weights.",
        topic="gradient",
        difficulty=2,
        section="Calculating Gradients",
        explanation="In mathematics, the derivative is another function. In deep learning, a gradient is usually the "
        "**value** of this function for the weights as they are now. The exercise “Gradients” grades code for it.",
        key_points=(
            KeyPoint(
                "how the loss changes when a weight changes a little",
                (
                    "It tells how much the loss changes if the weight is changed a little bit",
                    "The derivative of the loss with respect to a weight",
                    "The slope of the loss function at the current weights",
                    "Rise over run: the change of the loss divided by the change of the parameter",
                    "A small change in the loss with respect to a small change in a weight",
                ),
            ),
            KeyPoint(
                "one for each weight",
                (
                    "There is a gradient for every weight",
                    "As many as there are parameters",
                    "Each parameter has its own gradient",
                    "It is a vector with one value per weight",
                ),
            ),
        ),
        wrong_statements=(
            WrongStatement(
                ("The gradient is the amount by which a weight must be changed",),
                "The change is the gradient times the learning rate, with a minus sign. The gradient is the slope.",
            ),
            WrongStatement(
                ("The gradient points to the minimum of the loss",),
                "It points to where the loss grows fastest, and knows only the slope here. The step goes the opposite "
                "way.",
            ),
            WrongStatement(
                ("The gradient is a differential function",),
                "The derivative is a function. A gradient here is a number: the value of the derivative at the current "
                "weights.",
            ),
            WrongStatement(
                ("There is one gradient for the whole model",),
                "There is one for each weight: some have to grow and others to shrink.",
            ),
        ),
        model_answer="The gradient of a weight says how the loss changes when this weight changes a little: the slope, "
        "or derivative, at the current weights. There is one for every weight.",
    ),
]

"""The oracle: chapter 4 of the fast.ai book, "Under the Hood: Training a Digit Classifier", as it should be.

Read in this order; every module is one step of the chapter, and a lesson of its own.

Data
    mnist                the MNIST files that come with the project, as tensors, archives and PNG folders
    folder_tree          images in folders: where the labels are
    salt                 images of rock with and without salt, made by the project
    course_data          both, prepared for a notebook
    built_aside          how they are written: whole or not at all

Warming up
    pixels               an image as an array of bytes: shape, channels, crop, negative, difference
    list_comprehensions  select and transform a list in one expression
    tensors              rank, shape, view, slices
    broadcasting         how two shapes become one, and what it does not cost

A baseline
    pixel_similarity     the distance between images

Learning
    gradients            how fast a function changes, calculated and tried out
    quadratic_sgd        gradient descent from beginning to end, for three numbers
    seven_steps          the order of it all, and when to stop
    linear_model         one weight for each pixel, and a bias
    mnist_loss           the sigmoid, a loss for two classes, and why it is not the accuracy
    sgd                  loss, gradient, step: the chapter's training loop
    training_loop        gradients that add up, and the accuracy on data not learned from
    optimizer            the step and the zeroing as an object, and a model of PyTorch's
    datasets             a dataset is a list of pairs
    data_loader          mini-batches from a dataset
    learner              the loop, its optimizer and its records, put together
    plots                a sigmoid, a ReLU and a training, drawn
    counterparts         what the chapter makes by hand, as PyTorch has it
    simple_net           two linear layers with a nonlinearity between them
    digit_training       an epoch and a validation for ten digits: loss, modes, means over all items
    full_mnist           the chapter's project: all ten digits, from the data to the model
    trainings            four models, trained with all of the above, and how good they become
    library_trainings    the same with PyTorch's own classes, number for number

Learning fast
    one_cycle            a learning rate that climbs, then falls to nothing
    adam                 a step of its own size for every weight
    digit_nets           networks for ten digits that train in seconds
    recipes              how they are trained, and how good they become
    fast_training        where the time of a training goes, and how not to spend it
    training_record      what a training leaves behind
    inspection           what a model takes for what, and what it looks for
    devices              where to train, and what to say if that can't be
    phases               how long a part of the work takes
    recipe_training      a recipe followed, from the images to the record
    chapter_training     the same for the chapter's models for two digits
    course_training      the trainings of this course, by the models' names

Beyond digits
    segmentation         not what an image shows, but where: masks and their measures

Everything here needs torch, numpy and Pillow only, `plots` matplotlib as well. Nothing here is random without a
seed that the caller can set (`torch.manual_seed`, or an argument), and nothing but `prepare` writes files.
Source of all: Howard and Gugger, "Deep Learning for Coders with fastai and PyTorch", chapter 4.
"""

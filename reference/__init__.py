"""The oracle: chapter 4 of the fast.ai book, "Under the Hood: Training a Digit Classifier", as it should be.

Read in this order; every module is one step of the chapter, and a lesson of its own.

Data
    mnist                the MNIST files that come with the project, as tensors, archives and PNG folders

Warming up
    list_comprehensions  select and transform a list in one expression
    tensors              rank, shape, view, slices
    broadcasting         how two shapes become one, and what it does not cost

A baseline
    pixel_similarity     the distance between images

Learning
    linear_model         one weight for each pixel, and a bias
    sgd                  loss, gradient, step: the chapter's training loop
    training_loop        gradients that add up, and the accuracy on data not learned from
    optimizer            the step and the zeroing as an object, and a model of PyTorch's
    datasets             a dataset is a list of pairs
    data_loader          mini-batches from a dataset
    learner              the loop, its optimizer and its records, put together
    simple_net           two linear layers with a nonlinearity between them
    full_mnist           the same for all ten digits

Everything here needs torch, numpy and Pillow only. Nothing here is random without a seed that the caller can
set (`torch.manual_seed`, or an argument), and nothing but `mnist.prepare` writes files.
Source of all: Howard and Gugger, "Deep Learning for Coders with fastai and PyTorch", chapter 4.
"""

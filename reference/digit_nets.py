"""Networks for all ten digits that train in seconds: two linear layers, or convolutions before them.

What lets them learn in one or two passes over the images is *batch normalisation*: every feature's values, over the
mini-batch, are brought to mean 0 and standard deviation 1, then scaled and moved by two numbers that are learned. The
layer after it meets the same range all along, whatever the steps change before it, and the steps may be larger.

A *convolution* looks at a small window, at every place of the image, with the same few weights: it need not learn a
stroke again for every place where a stroke can be. Its cost is counted in multiplications, and most of them fall
where the image is still large. So the first one moves on by two pixels at a time, which leaves a quarter of the places.

Source: fast.ai book, chapter 4, "Adding a Nonlinearity"; chapter 13, "Convolutional Neural Networks" and "Batch
Normalization".
"""

from torch import nn


def digit_mlp(hidden: int = 128) -> nn.Module:
    """A new network of two linear layers, the first one normalised, with random weights.

    hidden: features between the layers. Takes images as float 0 to 1, (n, 28, 28), and gives logits (n, 10).
    The first layer needs no bias: the normalisation would subtract it again, and adds one of its own.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity"; chapter 13, "Batch Normalization".
    """
    return nn.Sequential(nn.Flatten(), *linear_block(28 * 28, hidden), nn.Linear(hidden, 10))


def small_cnn(first: int = 16, second: int = 32, hidden: int = 128) -> nn.Module:
    """A new network of two convolutions and two linear layers, with random weights.

    first, second: channels of the convolutions, of 5 x 5 and 3 x 3 pixels; hidden: features between the linear
    layers. Takes images as float 0 to 1, (n, 28, 28), and gives logits (n, 10).
    Source: fast.ai book, chapter 13, "Our First Convolutional Neural Network" and "Batch Normalization".
    """
    return nn.Sequential(
        nn.Unflatten(1, (1, 28)),  # one channel of 28 x 28
        *conv_block(nn.Conv2d(1, first, 5, stride=2, bias=False)),  # 12 x 12
        *conv_block(nn.Conv2d(first, second, 3, bias=False), pool=2),  # 10 x 10, then 5 x 5
        nn.Flatten(),
        *linear_block(second * 5 * 5, hidden),
        nn.Linear(hidden, 10),
    )


def conv_block(convolution: nn.Conv2d, pool: int = 1) -> tuple[nn.Module, ...]:
    """A convolution, normalised and bent. pool: of how many pixels each way only the largest value is kept.

    Pooled first, for there is less to normalise then; ReLU is as well after it, since the larger stays the larger.
    """
    pooling = (nn.MaxPool2d(pool),) if pool > 1 else ()
    return convolution, *pooling, nn.BatchNorm2d(convolution.out_channels), nn.ReLU()


def linear_block(features: int, hidden: int) -> tuple[nn.Module, ...]:
    """A linear layer, normalised and bent: (n, features) to (n, hidden)."""
    return nn.Linear(features, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()

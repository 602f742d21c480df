"""Networks for all ten digits that train in seconds: two linear layers, or two convolutions before them.

A convolution looks at a small window, at every place of the image, with the same few weights: it need not learn a
stroke again for every place where a stroke can be. What it costs is counted in multiplications, and most of them fall
where the image is still large. So the first convolution, over 28 x 28 pixels, has few channels.

Source: fast.ai book, chapter 4, "Adding a Nonlinearity", and chapter 13, "Convolutional Neural Networks".
"""

from torch import nn


def small_cnn(first: int = 8, second: int = 24, hidden: int = 128) -> nn.Module:
    """A new network of two convolutions and two linear layers, with random weights.

    first, second: channels of the convolutions, of 5 x 5 and 3 x 3 pixels; hidden: features between the linear
    layers. Takes images as float 0 to 1, (n, 28, 28), and gives logits (n, 10).
    Batch normalisation keeps every channel's values near 0 and 1, which lets the learning rate be large.
    Source: fast.ai book, chapter 13, "Batch Normalization".
    """
    return nn.Sequential(
        nn.Unflatten(1, (1, 28)),  # (n, 1, 28, 28): one channel
        nn.Conv2d(1, first, 5, bias=False),  # 24 x 24
        nn.BatchNorm2d(first),
        nn.ReLU(),
        nn.MaxPool2d(2),  # 12 x 12
        nn.Conv2d(first, second, 3, bias=False),  # 10 x 10
        nn.BatchNorm2d(second),
        nn.ReLU(),
        nn.MaxPool2d(2),  # 5 x 5
        nn.Flatten(),
        nn.Linear(second * 25, hidden, bias=False),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, 10),
    )

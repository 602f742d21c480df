"""Adam: a step of its own size for every weight.

SGD multiplies every gradient by the same learning rate. Adam keeps two running averages for each weight: of its
gradients (the momentum: where to go) and of their squares (how large they usually are), and divides the one by the
root of the other. A weight of a pixel that is hardly ever inked then moves as far as one of the middle.

Here, all weights of the model lie in one long vector, and so do their gradients: a step is a handful of operations
over one tensor, however many layers there are. Its learning rate and momentum may be tensors, so that a step that a
GPU has recorded once can be replayed with other values.

Source: Kingma and Ba, "Adam", 2015, algorithm 1; torch.optim.Adam gives the same numbers.
"""

import torch
from torch import Tensor, nn

SQUARES = 0.999  # how much of the squares' average is kept in a step
EPSILON = 1e-8  # against a division by zero


class FlatAdam:
    """The optimizer of one model, whose parameters it lays out in one vector.

    model: its parameters and their gradients become views of `weights` and `gradients`, both (parameters,) float32;
    they keep their shapes, strides, names and values. Move the model to its device and memory format before.
    """

    def __init__(self, model: nn.Module) -> None:
        parameters = list(model.parameters())
        self.weights = parameters[0].new_zeros(sum(parameter.numel() for parameter in parameters)).detach()
        self.gradients = torch.zeros_like(self.weights)
        self.averages, self.squares = torch.zeros_like(self.weights), torch.zeros_like(self.weights)
        self.steps = self.weights.new_zeros(1)
        offset = 0
        for parameter in parameters:
            size, stride = parameter.size(), parameter.stride()
            mine = self.weights.as_strided(size, stride, offset)
            mine.copy_(parameter.detach())
            parameter.data, parameter.grad = mine, self.gradients.as_strided(size, stride, offset)
            offset += parameter.numel()

    def zero_grad(self) -> None:
        """Forget the gradients, in place: backward() adds to what is there."""
        self.gradients.zero_()

    def step(self, lr: Tensor, momentum: Tensor) -> None:
        """Change the weights by one step along the gradients.

        lr, momentum: (1,) float32, on the model's device. The averages start at zero, so that they are too small
        at first: dividing by 1 - momentum ** steps makes up for it.
        """
        self.steps += 1
        self.averages.lerp_(self.gradients, 1 - momentum)
        self.squares.mul_(SQUARES).addcmul_(self.gradients, self.gradients, value=1 - SQUARES)
        usual = self.squares.sqrt().div_((1 - SQUARES**self.steps).sqrt()).add_(EPSILON)
        self.weights.addcdiv_(self.averages * (-lr / (1 - momentum**self.steps)), usual)

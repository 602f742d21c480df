import copy

import torch
from torch.nn import functional as F

from reference import mnist
from reference.adam import FlatAdam
from reference.digit_nets import small_cnn


def test_flat_adam_is_torchs_adam_with_a_rate_and_momentum_that_change() -> None:
    mine = small_cnn(2, 3, 4).to(torch.float64, memory_format=torch.channels_last)
    theirs = copy.deepcopy(mine)
    flat, theirs_adam = FlatAdam(mine), torch.optim.Adam(theirs.parameters())
    images, labels = (tensor[:32] for tensor in mnist.load("train"))
    x = images.double() / 255

    for step in range(1, 11):
        lr, momentum = 0.001 * step, 0.95 - 0.01 * step
        flat.zero_grad()
        F.cross_entropy(mine(x), labels).backward()
        flat.step(*torch.tensor([[lr], [momentum]], dtype=torch.float64))
        theirs_adam.zero_grad()
        F.cross_entropy(theirs(x), labels).backward()
        theirs_adam.param_groups[0].update(lr=lr, betas=(momentum, 0.999))
        theirs_adam.step()

    for parameter, expected in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(parameter, expected)


def test_flat_adam_keeps_values_shapes_and_strides_and_all_lie_in_one_vector() -> None:
    model = small_cnn(2, 3, 4).to(memory_format=torch.channels_last)
    before = [(parameter.detach().clone(), parameter.stride()) for parameter in model.parameters()]
    optimizer = FlatAdam(model)

    for parameter, (values, stride) in zip(model.parameters(), before, strict=True):
        assert torch.equal(parameter, values)
        assert parameter.stride() == stride
    optimizer.weights.fill_(7)
    assert all((parameter == 7).all() for parameter in model.parameters())

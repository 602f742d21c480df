import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference.one_cycle import one_cycle


@settings(max_examples=20)
@given(steps=st.integers(2, 60), warm_up=st.floats(0.1, 0.9))
def test_one_cycle_is_torchs(steps: int, warm_up: float) -> None:
    assume(warm_up * steps != 1)  # torch divides by zero then
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.1, steps, pct_start=warm_up, div_factor=25, final_div_factor=4000, cycle_momentum=False
    )
    rates = []
    for _ in range(steps):
        rates.append(cycle.get_last_lr()[0])
        optimizer.step()
        cycle.step()

    torch.testing.assert_close(one_cycle(0.1 / 25, 0.1, 1e-6, steps, warm_up), torch.tensor(rates))


def test_one_cycle_climbs_then_falls_from_the_start_over_the_top_to_the_end() -> None:
    values = one_cycle(0.1, 1.0, 0.0, 40, warm_up=0.25)

    assert (values[0].item(), values[-1].item()) == pytest.approx((0.1, 0.0))
    assert (values.argmax().item(), values.max().item()) == (9, 1.0)
    assert (values[:10].diff() > 0).all()
    assert (values[9:].diff() < 0).all()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_cycle_of_few_steps_has_them_all(steps: int) -> None:
    assert one_cycle(0.1, 1.0, 0.0, steps).isfinite().sum() == steps

import torch

from reference.datasets import make_dataset


def test_a_dataset_pairs_what_has_the_same_index() -> None:
    assert make_dataset("abc", [1, 2, 3]) == [("a", 1), ("b", 2), ("c", 3)]


def test_a_dataset_of_tensors_has_their_rows_as_items() -> None:
    x, y = torch.rand(5, 784), torch.ones(5, 1)
    dataset = make_dataset(x, y)
    assert len(dataset) == 5
    assert torch.equal(dataset[3][0], x[3])
    assert dataset[3][1].shape == (1,)


def test_a_dataset_can_be_gone_through_twice() -> None:
    dataset = make_dataset([1, 2], [3, 4])
    assert list(dataset) == list(dataset)

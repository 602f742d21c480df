import pytest
import torch

from reference.chapter_training import CHAPTER_RECIPES
from reference.course_training import MODELS, train
from reference.digit_nets import digit_mlp
from reference.recipes import RECIPES, Recipe, quickest


def test_the_quickest_recipe_is_the_first_that_reaches_the_target() -> None:
    slow, good, other = (
        Recipe(model, "", digit_mlp, reaches, 1, 8, 0.1, (0.9, 0.8))
        for model, reaches in (("a", 0.9), ("a", 0.95), ("b", 0.99))
    )
    recipes = (slow, good, other)

    assert [quickest(target, recipes) for target in (0, 0.9, 0.91, 0.95, 0.96)] == [slow, slow, good, good, other]
    assert quickest(0, recipes, "b") is other


@pytest.mark.parametrize("model", ["", *MODELS])
def test_a_target_that_no_recipe_reaches_names_the_best(model: str) -> None:
    with pytest.raises(ValueError, match=r"No recipe.* reaches an accuracy of 0.9999.* reaches 0.9"):
        train(model, target=0.9999)


def test_every_model_has_a_recipe_and_every_recipe_its_model() -> None:
    assert {recipe.model for recipe in (*CHAPTER_RECIPES, *RECIPES)} == set(MODELS)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.model} {recipe.reaches}")
def test_every_recipes_network_takes_images_and_gives_ten_scores(recipe: Recipe) -> None:
    assert recipe.make()(torch.rand(5, 28, 28)).shape == (5, 10)

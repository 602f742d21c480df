"""The trainings of this course, by their models' names: what `grader train` runs and shows.

Source: fast.ai book, chapter 4, "Adding a Nonlinearity" and "Further Research".
"""

from reference.chapter_training import CHAPTER_RECIPES, train_as_in_the_chapter
from reference.devices import existing_device, memory_error_for, one_thread
from reference.recipe_training import Tell, train_by_recipe
from reference.recipes import RECIPES, quickest
from reference.training_record import Training

MODELS = {
    "linear": "one weight for each pixel, and a bias: 3 or 7",
    "simple_net": "two linear layers with a ReLU between them: 3 or 7",
    "mlp": "the same, wider and normalised: all ten digits",
    "cnn": "two convolutions before that: all ten digits",
}


def train(
    model: str = "", *, device: str = "cpu", target: float = 0.0, seed: int = 42, tell: Tell = lambda *_: None
) -> Training:
    """What is left of a model's training: how it went and what it reads.

    model: one of MODELS, or "" for the quickest that reads all ten digits and reaches target. device: "cpu" or
    "cuda". target: the accuracy on the test set to reach, 0 to 1; with 0, the model's usual recipe is followed.
    tell(step, steps, loss, accuracy) is called now and then; the accuracy is nan until it was measured once.
    On a CPU it runs in one thread, and the same seed gives the same model on the same machine. torch's own random state
    and number of threads are afterwards what they were before.
    Raises ValueError for an unknown model, a target that no recipe reaches or a device that isn't there, and
    MemoryError if the device's memory is full.
    """
    if model and model not in MODELS:
        raise ValueError(f"{model}: no such model. There are: {', '.join(MODELS)}.")
    place = existing_device(device)
    if any(recipe.model == model for recipe in CHAPTER_RECIPES):
        chapters = quickest(target, CHAPTER_RECIPES, model)
        with one_thread(), memory_error_for(place, chapters.batch_size):
            return train_as_in_the_chapter(chapters, place, seed, tell)
    recipe = quickest(target, RECIPES, model)
    with one_thread(), memory_error_for(place, recipe.batch_size):
        return train_by_recipe(recipe, place, seed, tell)

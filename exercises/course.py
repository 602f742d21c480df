"""The course: chapter 4 of the fast.ai book, its exercises in the order of the notebook."""

from grader.exercise import Course

INTRODUCTION = """\
# Chapter 4 in exercises: under the hood of a digit classifier

Each exercise below has a cell with `...` in it: replace the dots by your answer, and run the cell. Then run the
cell below it: it tells you what is right, and explains what is not. You may add cells wherever you like, and work on
the exercises in any order.

Where you are stuck, `grader.hint("pixels")` gives a hint, and with each call one more; `grader.progress()` shows how
far you are. To see how the whole notebook is doing, save it and run

    grader check chapter4.ipynb

in a terminal. It runs the notebook from top to bottom and writes a report.
"""

SETUP = """\
import os
from pathlib import Path

import numpy as np
import torch
from torch import nn, tensor
import torch.nn.functional as F

# The MNIST digits: mnist_train.npz, and the folders mnist_sample (3s and 7s) and mnist_png (all ten; its
# testing/ is the end of the training set, since your model will be measured with the official test set).
# For the last exercise: salt, images of rock.
path = Path(os.environ.get("GRADER_DATA", r"{data}"))
"""

course = Course(
    title="Under the hood: training a digit classifier",
    exercises=[
        "pixels",
        "folder_tree",
        "list_comprehensions",
        "mean_digits",
        "rank_and_shape",
        "distances",
        "bottom_right",
        "broadcasting",
        "mnist_distance",
        "baseline",
        "gradients",
        "quadratic_sgd",
        "seven_steps",
        "zip_pairs",
        "linear_model",
        "mnist_loss",
        "data_loader",
        "sgd_step",
        "training_loop",
        "optimizer",
        "learner",
        "simple_net",
        "plots",
        "counterparts",
        "digit_training",
        "full_mnist",
        "segmentation",
    ],
    starter="chapter4.ipynb",
    introduction=INTRODUCTION,
    setup=SETUP,
    prepare="course_data:prepare",
    training="course_training",
    questions=["questionnaire", "vocabulary", "ideas", "shapes", "outputs", "code", "drawings", "generated"],
    questionnaire="questionnaire",
    book="https://nbviewer.org/github/fastai/fastbook/blob/master/04_mnist_basics.ipynb",
)

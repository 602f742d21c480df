"""For tests with the real fastai where only a CPU build of torch is at hand: copy it into the venv's site-packages.

torchvision's compiled operators are built against torch's CUDA build and don't load beside another one; importing
torchvision then fails as it describes operators that nobody has declared. Declared they are here, without code: none
of them is called by the chapter. An isolated notebook gets no PYTHONPATH, so it has to lie in site-packages.
"""

import importlib.abc
import sys

SCHEMAS = ("nms", "qnms")


class Declaring(importlib.abc.MetaPathFinder):
    """Declares the operators when torchvision is first looked for; finds nothing itself."""

    library = None

    def find_spec(self, name, path=None, target=None):
        if name == "torchvision" and Declaring.library is None:
            from torch.library import Library

            Declaring.library = Library("torchvision", "DEF")
            for operator in SCHEMAS:
                Declaring.library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


sys.meta_path.insert(0, Declaring())

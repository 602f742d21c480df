"""What honest notebooks do goes on working behind walls."""

from grader.limits import Limits
from tests.hostile.attacks import CORNER, DISTANCE, Attack

LIMITS = Limits(cell_s=60, notebook_s=120)
HARMLESS = {
    "a program": """
import subprocess
assert 'usr' in subprocess.run(['ls', '/'], capture_output=True, text=True, check=True).stdout""",
    "the shell": "said = !echo said\nassert said == ['said']",
    "a shell's output": "!echo shown",
    "the clock": "%time sum(range(10))\n%timeit -n 1 -r 1 pass",
    "another language": "%%bash\necho in bash",
    "own files": """
import os
from pathlib import Path
Path('mine.txt').write_text('mine')
assert Path('mine.txt').read_text() == open(os.path.join(os.getcwd(), 'mine.txt')).read() == 'mine'""",
    "the home folder": "Path.home().joinpath('mine.txt').write_text('mine')",
    "temporary files": """
import tempfile
with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
    file.write(b'mine')""",
    "own modules": "Path('helper.py').write_text('seven = 7')\nfrom helper import seven\nassert seven == 7",
    "saving tensors": """
import torch
torch.save({'weights': torch.ones(3)}, 'model.pt')
assert torch.load('model.pt')['weights'].sum() == 3""",
    "the course's data": "assert len(list(Path(os.environ['GRADER_DATA']).iterdir())) > 1",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    assert list(pool.map(abs, range(-3, 0))) == [3, 2, 1]""",
    "many threads in torch": """
torch.set_num_threads(4)
assert (torch.ones(500, 500) @ torch.ones(500, 500)).sum() == 500**3""",
    "forked processes": """
import multiprocessing
def square(number): return number * number
with multiprocessing.get_context('fork').Pool(2) as pool:
    assert pool.map(square, [1, 2, 3]) == [1, 4, 9]""",
    "spawned processes": """
import math
with multiprocessing.get_context('spawn').Pool(2) as pool:
    assert pool.map(math.sqrt, [1, 4, 9]) == [1, 2, 3]""",
    "shared memory": """
from multiprocessing import shared_memory
shared = shared_memory.SharedMemory(create=True, size=2**20)
shared.close()
shared.unlink()""",
    "workers of a data loader": """
from torch.utils.data import DataLoader, TensorDataset
images = torch.arange(64 * 28 * 28).view(64, 28, 28)
loaded = [batch for (batch,) in DataLoader(TensorDataset(images), batch_size=16, num_workers=2)]
assert torch.cat(loaded).equal(images)""",
    "training": """
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    model(torch.randn(8, 4)).pow(2).mean().backward()
    optimizer.step()
    optimizer.zero_grad()""",
    "awaiting": "import asyncio\nawait asyncio.gather(*[asyncio.sleep(0.01) for _ in range(3)])",
    "a task": "task = asyncio.create_task(asyncio.sleep(0.01))\nawait task",
    "warnings": "import warnings\nwarnings.warn('careful')",
    "a log": "import logging\nlogging.warning('careful')",
    "a socket": """
import socket
with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
    server.bind('here')
    server.listen()
    client.connect('here')
    client.sendall(b'hello')
    assert server.accept()[0].recv(5) == b'hello'""",
    "who and where": """
import getpass, platform, sys
print(getpass.getuser(), platform.platform(), sys.executable, os.cpu_count())""",
    "the time zone": "import datetime\ndatetime.datetime.now().astimezone()",
    "random numbers": "import numpy, random, secrets\nrandom.random(), numpy.random.rand(), secrets.token_hex(4)",
    "a database": "import sqlite3\nsqlite3.connect('mine.db').execute('create table numbers (number)')",
    "a picture in a file": """
import matplotlib.pyplot as plt
plt.imshow(torch.rand(28, 28), cmap='gray')
plt.savefig('digit.png')
assert Path('digit.png').read_bytes().startswith(b'\\x89PNG')""",
    "a plot": "plt.plot([1, 2, 3])\nplt.show()",
}


def test_what_honest_notebooks_do_works(attack: Attack) -> None:
    outcome = attack(CORNER, *HARMLESS.values(), DISTANCE, limits=LIMITS)

    names = ["first", *HARMLESS, "last"]
    cells = dict(zip(names, outcome.grade.notebook, strict=True))
    assert {name: cell.error for name, cell in cells.items() if cell.error} == {}
    assert cells["a plot"].pictures
    assert cells["a shell's output"].text.strip() == "shown"
    assert cells["another language"].text == "in bash\n"
    assert "careful" in cells["warnings"].text
    assert "careful" in cells["a log"].text
    assert outcome.is_full("bottom_right")
    assert outcome.is_full("mnist_distance")
    assert outcome.grade.notes == ()


def test_input_is_explained(attack: Attack) -> None:
    outcome = attack("name = input('Your name?')", DISTANCE)

    error = outcome.grade.notebook[0].error
    assert error is not None
    assert "without input()" in error.explanation
    assert outcome.is_full("mnist_distance")

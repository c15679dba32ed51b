"""Run by valgrind in a process of its own: batches of ten new leads, decided and written.

Arguments: a tree, its sample (`batch_sample.py`), and how many batches are done after the first,
which loads what a start puts off. All submissions are read beforehand, so that two runs differ by
the batches alone.
"""

import importlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BATCH = 10
tree, sample_file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
sys.path[:0] = [str(tree / "shared")]

from leadloop.act import Failure, act  # noqa: E402 - of the tree
from leadloop.model.submission import Submission  # noqa: E402
from leadloop.playbook import compiled  # noqa: E402
from leadloop.playbook.model import Playbook  # noqa: E402

compiled_module: Any = compiled
compile_playbook = getattr(compiled_module, "CompiledPlaybook", None) or compiled_module.Compiled
in_memory = (
    "memory_table" if (tree / "shared/leadloop/store/memory_table.py").exists() else "memory"
)
table = importlib.import_module(f"leadloop.store.{in_memory}").MemoryTable()
sample = json.loads(sample_file.read_text())
playbook = compile_playbook(Playbook.model_validate_json(sample["playbook"]))
submissions = [Submission.model_validate_json(each) for each in sample["submissions"]]
for start in range(0, (count + 1) * BATCH, BATCH):
    results = act(
        submissions[start : start + BATCH],
        table=table,
        playbook=playbook,
        clock=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC),
        pause=lambda _: None,
    )
    assert not [each for each in results if isinstance(each, Failure)], results

"""Run in a process of its own: the playbook, posts and submissions of some batches of new leads.

Arguments: a tree, a file with the people's names, and the file to write. The tree is this one, or
f3eae10's, which is compared with it and named a few things otherwise.
"""

import json
import sys
from pathlib import Path
from typing import Any

tree, names_file, sample_file = map(Path, sys.argv[1:])
sys.path[:0] = [str(tree / "shared"), str(tree / "functions"), str(tree)]

from leadloop.playbook import versions  # noqa: E402 - of the tree
from tests.bench import inquiries  # noqa: E402
from tests.stories import world  # noqa: E402

modules: tuple[Any, Any] = (inquiries, world)
build_submission = getattr(modules[0], "build_submission", None) or modules[0].submission
compile_acme = getattr(modules[1], "compile_acme", None) or modules[1].acme
build_post = getattr(modules[0], "build_post", None) or modules[0].post
names = json.loads(names_file.read_text())
submissions = [build_submission(n, name=name).model_dump_json() for n, name in enumerate(names)]
sample = {
    "playbook": versions.dump(compile_acme().playbook).decode(),
    "submissions": submissions,
    "posts": [build_post(n, name=name) for n, name in enumerate(names)],
}
sample_file.write_text(json.dumps(sample))

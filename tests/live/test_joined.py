"""Modules that became one file are what they were: run by node, where it is there."""

import json
import os
import shutil
import subprocess
import sys
from graphlib import CycleError

import pytest

from bnviz.live.page.assets import FOLDER, MODULES, _files
from bnviz.live.page.joined import _EXPORT, _IMPORT, joined

MODULES_OF_A_BOARD = {
    "a.js": 'import { two, Box as Case } from "./b.js";\nimport {\n  later,\n} from "./c.js";\n'
    "const own = 3; // of this file\nexport default function mount() { return [new Case(two).held, own, later.name]; }",
    "b.js": "const own = 2;\nexport const two = own;\nexport class Box {\n  constructor(held) { this.held = held; }\n}",
    "c.js": "export async function later() {}\nexport function* each() {}",
}


def run(*lines):
    """What node prints for a module of these lines, as JSON."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not here")
    done = subprocess.run([node, "--input-type=module"], input="\n".join(lines), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_module_has_what_it_exports_and_keeps_what_is_its_own():
    said = run(
        joined(MODULES_OF_A_BOARD),
        'const named = Object.entries(modules).map(([name, part]) => [name, Object.keys(part)]);',
        'console.log(JSON.stringify([modules["a.js"].default(), Object.fromEntries(named)]));',
    )
    assert said == [[2, 3, "later"], {"a.js": ["default"], "b.js": ["two", "Box"], "c.js": ["later", "each"]}]


def test_a_module_of_another_folder_and_a_default_are_found_by_their_paths():
    said = run(
        joined({
            "live/board/a.js": "export default function mount() { return 7; }",
            "export/b.js": 'import mount from "../live/board/a.js";\nexport const got = mount();',
        }),
        'console.log(JSON.stringify(modules["export/b.js"].got));',
    )
    assert said == 7


def test_a_module_runs_after_those_that_it_imports():
    text = joined(MODULES_OF_A_BOARD)
    assert text.index('modules["b.js"] =') < text.index('modules["a.js"] =')


def test_modules_that_import_each_other_are_refused():
    with pytest.raises(CycleError):
        joined({"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'})


def test_nothing_of_the_board_is_imported_or_exported_any_more():
    lines = _files()[MODULES].decode().splitlines()
    assert [line for line in lines if line.startswith(("import ", "export "))] == ["export const modules = {};"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_what_a_module_of_the_board_imports_another_one_exports(path):
    for default, names, other in _IMPORT.findall(path.read_text()):
        wanted = {name.strip().partition(" as ")[0] for name in names.split(",") if name.strip()}
        given = _EXPORT.findall((FOLDER / other).read_text())
        assert wanted <= {own for *_, own in given} and (not default or any(its for its, *_ in given)), other


def test_the_file_has_every_module_of_the_board():
    text = _files()[MODULES].decode()
    assert all(f'modules["{path.name}"] = ' in text for path in FOLDER.glob("*.js"))


def test_every_process_joins_them_in_the_same_order():
    says = "from bnviz.live.page.assets import board_url; print(board_url())"
    addresses = {
        subprocess.run(
            [sys.executable, "-c", says], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(addresses) == 1

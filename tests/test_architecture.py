"""A module imports from floors below, never sideways between rooms, never up; heavy libraries have one home each."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "experiment": 0, "quantities": 0, "snapshot": 0, "table": 0, "axes": 0,
    "link": 0, "broken_link": 0, "grid_link": 0, "view_link": 0, "playlist": 0, "choices": 0, "rate_changes": 0,
    "study": 0, "sweeps": 0, "device": 0, "folders": 0, "settings": 0, "machine": 0, "fields": 0, "run": 0,
    "datasets": 0, "strides": 0, "code": 0, "flat": 0, "streams": 0, "about": 0, "inside": 0, "shown_network": 0,
    "messages": 0, "run_file": 0, "history_file": 0, "named": 0, "progress": 0, "schedules": 0,
    "own_words": 0, "own_data": 0, "own_functions": 0, "own_schedule": 0,
    "csv_table": 0, "drawn": 0, "language": 0, "wording": 0,
    "testing": 1,
    "engine": 1, "charts": 1, "lessons": 1,
    "service": 2, "recordings": 2, "close_ups": 2, "recorded_grids": 2,
    "live": 3,
    "export": 4,
    "ui": 5,
    "commands": 5,
    "pages": 6, "app": 6, "cli": 6,
    "__main__": 7,
}
HOMES = {
    "torch": ("bnviz/engine/",),
    "plotly": ("bnviz/charts/",),
    "streamlit": ("bnviz/ui/", "bnviz/live/component.py", "pages/", "app.py"),
    "sklearn": ("bnviz/engine/",),
}
FILES = sorted(
    path.relative_to(ROOT)
    for path in [*ROOT.glob("bnviz/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    if path != ROOT / "bnviz/__init__.py"
)


def imported(path):
    """Every module that a file imports anywhere, as dotted names (``from a import b`` gives a.b)."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(dotted):
    """The room of a dotted name inside the project: ``bnviz.engine.stack`` lives in ``engine``."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "bnviz" and len(parts) > 1 else parts[0]


def home(path):
    return path.parts[1].removesuffix(".py") if path.parts[0] == "bnviz" else path.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_module_imports_only_from_its_own_room_and_from_floors_below(path):
    rooms = {room(name) for name in imported(path) if name.startswith("bnviz.")} & set(FLOORS)
    own = home(path)
    assert own in FLOORS, f"{own} has no floor yet"
    up = {other for other in rooms - {own} if FLOORS[other] >= FLOORS[own] and FLOORS[own] > 0}
    assert not up, f"{path} (floor {FLOORS[own]}) imports {up}"
    assert FLOORS[own] > 0 or all(FLOORS[other] == 0 for other in rooms)


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_is_imported_only_where_it_lives(library):
    users = {str(path) for path in FILES if any(name.split(".")[0] == library for name in imported(path))}
    assert users, f"nothing imports {library}"
    assert not {user for user in users if not user.startswith(HOMES[library])}


WEB = ("charts", "lessons", "service", "recordings", "recorded_grids", "live", "export", "ui")
WEB_MODULES = [
    ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    for path in FILES
    if home(path) in WEB and "worker" not in path.parts
]
"""All that the web process can come to import; a worker's own modules are not among them."""


def test_the_web_process_never_imports_torch():
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    assert 'torch' not in sys.modules, name\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *WEB_MODULES], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", [path for path in FILES if home(path) in ("pages", "app")], ids=str)
def test_a_page_imports_nothing_that_the_web_process_does_not(path):
    ours = {name for name in imported(path) if name.startswith("bnviz.")}
    assert ours and {room(name) for name in ours} <= {*WEB, *(name for name, floor in FLOORS.items() if floor == 0)}


def test_importing_bnviz_imports_nothing_heavy():
    code = (
        "import sys, bnviz; bnviz.Run, bnviz.Experiment;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'plotly', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_every_public_name_opens():
    import bnviz

    for name in bnviz.__all__:
        assert getattr(bnviz, name).__name__ == name
    with pytest.raises(AttributeError, match="its public names are"):
        _ = bnviz.nonsense


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[0] == "pages"], ids=str)
def test_a_page_is_a_storyboard(path):
    tree = ast.parse((ROOT / path).read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.If | ast.For | ast.While | ast.FunctionDef)]


def test_a_class_name_stands_once():
    names = [node.name for path in FILES for node in ast.parse((ROOT / path).read_text()).body
             if isinstance(node, ast.ClassDef)]  # fmt: skip
    assert sorted({name for name in names if names.count(name) > 1}) == []


POLLS = {".py": ("run_every",), ".js": ("setInterval", "fetch(")}


@pytest.mark.parametrize("kind", POLLS)
def test_no_page_asks_again_and_again(kind):
    files = [path for folder in ("bnviz", "pages") for path in ROOT.glob(f"{folder}/**/*{kind}")]
    assert files
    assert not [path.name for path in files if any(word in path.read_text() for word in POLLS[kind])]

"""The notebooks run from top to bottom in Jupyter, show their pictures, and leave nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import nbclient
import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LEAST_PICTURES = {"01-first-anomaly": 2, "02-vibration-to-fault": 5, "03-when-normal-moves": 5}

pytestmark = pytest.mark.filterwarnings("default")  # Jupyter's own are not ours to mend


def test_all_notebooks_are_known() -> None:
    assert sorted(LEAST_PICTURES) == [path.stem for path in NOTEBOOKS]


def pictures(notebook: nbformat.NotebookNode) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_in_jupyter(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(work)}})
    client.execute()
    if keep := os.environ.get("TWINBIT_NOTEBOOKS"):  # to look at what it shows
        nbformat.write(notebook, Path(keep) / path.name)
    assert pictures(notebook) >= LEAST_PICTURES[path.stem]
    warned = [
        output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"
    ]
    assert not warned
    assert not list(work.iterdir())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_output(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None

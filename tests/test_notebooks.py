"""The notebooks run from top to bottom, and what is saved of them shows their pictures."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

FOLDER = Path(__file__).parents[1] / "notebooks"


@pytest.mark.browser
@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.ipynb")))
def test_a_notebook_runs_and_its_saved_html_shows_the_pictures(name, chromium, tmp_path):
    notebook = nbformat.read(FOLDER / name, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "commit notebooks without their outputs"
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        store_widget_state=False,  # as JupyterLab saves a notebook
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.output_type == "error"] == []
    plots = sum("image/png" in output.get("data", {}) for output in outputs)
    assert plots == sum("plt.show()" in cell.source for cell in notebook.cells)
    viewed = sum("graph.view(" in cell.source for cell in notebook.cells if cell.cell_type == "code")
    html, _ = HTMLExporter().from_notebook_node(notebook)
    (tmp_path / "saved.html").write_text(html, "utf-8")
    tab = chromium.new_page()
    # What the exporter's own page asks of the network is not to be had here.
    tab.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    tab.goto((tmp_path / "saved.html").as_uri(), wait_until="domcontentloaded")
    for at in range(viewed):
        frame = tab.frame_locator("iframe").nth(at) if viewed > 1 else tab.frame_locator("iframe")
        frame.locator("[data-ready]").wait_for(state="attached")
        frame.locator("tbody tr").nth(3).wait_for(state="attached")
    tab.close()

"""What the tests of GLEIF share: a file written, and read as a register."""

import pytest

from kg.importers.registers import register
from tests.importers.gleif import files


@pytest.fixture
def written(tmp_path):
    """Write bytes to a file, and return its path."""

    def write(data, name="file"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def taken(written):
    """Return the chunks of records, read from a file of the format."""

    def take(*trees, form="xml", **told):
        path = written(files.FORMATS[form](list(trees)), f"gleif.{form}")
        return list(register("gleif", path, **told).chunks())

    return take

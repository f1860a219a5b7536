import json

import pytest

from graph.errors import InvalidError
from graph.manifest import read_manifest


def test_the_fields_are_those_that_were_written(tmp_path):
    (tmp_path / "model.json").write_text(json.dumps({"format": 2, "id": "m"}))
    assert read_manifest(tmp_path / "model.json", "model", format=2)["id"] == "m"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "holds no model"),
        ("{", "holds no model"),
        ('{"format": 1}', "has format 1, not 2"),
    ],
)
def test_a_folder_of_something_else_says_how_to_mend_it(tmp_path, written, told):
    if written is not None:
        (tmp_path / "model.json").write_text(written)
    with pytest.raises(InvalidError, match=told) as caught:
        read_manifest(tmp_path / "model.json", "model", format=2)
    assert "whyrec train" in caught.value.fix

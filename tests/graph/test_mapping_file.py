import pytest

from graph.errors import InvalidError
from graph.mapping_file import MappingFile


def test_labels_and_relations_follow_from_the_column(tmp_path):
    file = tmp_path / "mapping.toml"
    file.write_text(
        'ignore = ["code"]\n[fields]\ntitle = "product"\n'
        '[[rules]]\ncolumn = "heelTypes"\n'
        '[[rules]]\ncolumn = "launched"\nlabel = "Decade"\n'
        'relation = "FROM_DECADE"\ntransform = "decade"\n'
    )

    read = MappingFile.read(file)

    assert read.preset is None
    assert read.ignored == ("code",)
    assert read.fields == {"title": "product"}
    assert [(r.column, r.label, r.relation, r.transform) for r in read.rules] == [
        ("heelTypes", "HeelType", "HAS_HEEL_TYPE", None),
        ("launched", "Decade", "FROM_DECADE", "decade"),
    ]


@pytest.mark.parametrize("text", ["[]", "rules = 1", "rules = [1]", "{"])
def test_what_is_no_mapping_is_refused(tmp_path, text):
    file = tmp_path / ("mapping.json" if text in {"[]", "{"} else "mapping.toml")
    file.write_text(text)

    with pytest.raises(InvalidError):
        MappingFile.read(file)

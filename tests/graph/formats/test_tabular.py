import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import InvalidError
from graph.formats.lines import Problem
from graph.formats.source import listing
from graph.formats.tabular import open_source, recognises
from graph.mapping import AttributeMapping

MAPPING = AttributeMapping.for_preset("generic")


def read(path, mapping=MAPPING):
    return [row for part in open_source(path, mapping).parts for row in part.read()]


def write(tmp_path, **files):
    for name, content in files.items():
        stem, _, suffix = name.rpartition("_")
        (tmp_path / f"{stem}.{suffix}").write_text(content, encoding="utf-8")
    return tmp_path


def test_every_kind_of_table(tmp_path):
    write(
        tmp_path,
        items_csv="item,name,name_zh,description,brand,sizes\n1,Boot,靴子,Warm,Nike,38|39\n2,,,,,\n",
        entities_tsv="label\tname\tname_zh\taliases\nbrand\tNike\t耐克\tNIKE Inc|swoosh\n",
        users_csv="user_id,age,gender\nu1,24,F\n",
        events_csv="user_id,item_id,rating,timestamp\nu1,1,4.5,881250949\n",
        triples_csv="head,relation,tail,weight\n1,goes with,2,0.5\n1,goes with,3,\n",
    )

    assert read(tmp_path) == [
        (2, Entity("brand:nike", "Brand", "Nike", {"zh": "耐克"}, ("NIKE Inc", "swoosh"))),
        (2, Item("1", "Boot", {"zh": "靴子"}, "Warm", {"brand": "Nike", "sizes": (38, 39)})),
        (3, Item("2", "2")),
        (2, User("u1", {"age": 24, "gender": "F"})),
        (2, Interaction("u1", "1", "rating", 4.5, 881250949)),
        (2, Triple("1", "GOES_WITH", "2", 0.5)),
        (3, Triple("1", "GOES_WITH", "3")),
    ]


def test_trust_differs_by_name(tmp_path):
    write(
        tmp_path,
        train_tsv="user\titem\n",
        events_tsv="user\titem\n",
        kg_tsv="head\trelation\ttail\n",
        triples_tsv="head\trelation\ttail\n",
        candidates_tsv="item\n",
    )

    parts = open_source(tmp_path, MAPPING).parts

    assert [(part.file.name, part.creates) for part in parts] == [
        ("candidates.tsv", False),
        ("events.tsv", False),
        ("train.tsv", True),
        ("triples.tsv", False),
        ("kg.tsv", True),
    ]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("head,relation,tail", Triple),
        ("user,item,value", Interaction),
        ("label,name,aliases", Entity),
        ("item_id,title,brand", Item),
        ("user_id,age", User),
    ],
)
def test_one_file_of_any_name_is_known_by_its_columns(tmp_path, columns, kind):
    path = tmp_path / "export.csv"
    path.write_text(f"{columns}\n{','.join('1' * (columns.count(',') + 1))}\n")

    ((_, record),) = read(path)

    assert isinstance(record, kind)


def test_columns_that_say_nothing_are_refused_with_all_headers(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("foo,bar\n1,2\n")

    with pytest.raises(InvalidError, match=r"foo, bar.*triples: head, relation, tail"):
        read(path)


def test_other_names_of_item_columns(tmp_path):
    write(tmp_path, items_csv="SKU,product,product_zh,blurb,id\n7,Boot,靴,Warm,x\n")
    mapping = AttributeMapping(fields={"id": "sku", "title": "Product", "text": "blurb"})

    assert read(tmp_path, mapping) == [(2, Item("7", "Boot", {"zh": "靴"}, "Warm", {"id": "x"}))]


def test_bad_cells_are_problems(tmp_path):
    write(
        tmp_path,
        events_csv="user,item,value,at\nu,1,five,1\nu,1,5,noon\n",
        triples_csv="head,relation,tail,weight\n1,,2,\n1,r,2,heavy\n",
        entities_csv="id,label,name\n,Brand,\n",
    )

    rows = read(tmp_path)

    assert all(isinstance(row, Problem) for row in rows)
    assert [row.line for row in rows] == [2, 2, 3, 2, 3]


def test_what_is_recognised(tmp_path):
    assert not recognises(listing(tmp_path))
    write(tmp_path, movies_csv="a\n", ratings_csv="b\n")
    assert not recognises(listing(tmp_path))
    assert recognises(listing(tmp_path / "movies.csv"))
    write(tmp_path, items_csv="id\n")
    assert recognises(listing(tmp_path))

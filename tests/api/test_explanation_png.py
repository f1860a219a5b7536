import subprocess
from io import BytesIO

import numpy as np
import pytest

from api.explanation_png import as_png
from graph.errors import UnsupportedError
from graph.presets import preset

FILMS = preset("films")


def pixels(png):
    import matplotlib.image

    return matplotlib.image.imread(BytesIO(png), format="png")


def chinese_font():
    try:
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return bool(listed.stdout)


needs_font = pytest.mark.skipif(not chinese_font(), reason="no Chinese font on this machine")


def test_a_picture_of_twice_the_size(explained):
    image = pixels(as_png(explained(), preset=FILMS))
    assert image.shape[1] == 1920
    assert image[400:-300].min() < 0.9


def test_latin_text_is_drawn_without_any_font_of_the_machine(explained):
    with_text = as_png(explained(), preset=FILMS, system_fonts=False)
    head = pixels(with_text)[50:110, 60:400, :3]
    assert (head < 0.5).all(axis=2).sum() > 500


def test_a_name_that_no_font_can_write_is_an_error_that_says_what_to_install(explained):
    with pytest.raises(UnsupportedError, match="fonts-noto-cjk"):
        as_png(explained(person="王家卫"), preset=FILMS, system_fonts=False)
    with pytest.raises(UnsupportedError, match="svg"):
        as_png(explained(), preset=FILMS, language="zh", system_fonts=False)


@needs_font
def test_chinese_characters_are_drawn_and_not_as_boxes(explained):
    def picture(name):
        return pixels(as_png(explained(person=name, title="Thief"), preset=FILMS, language="zh"))

    one, other, again = picture("王家卫"), picture("陈凯歌"), picture("王家卫")
    assert one.shape == other.shape
    assert np.array_equal(one, again)
    differing = np.abs(one - other).max(axis=2) > 0.2
    assert differing.sum() > 400


def test_hostile_names_make_a_picture(explained, hostile_names):
    for name in hostile_names:
        try:
            png = as_png(explained(film=name), preset=FILMS, zoom=0.5)
        except UnsupportedError:
            assert not chinese_font()
        else:
            assert png.startswith(b"\x89PNG")

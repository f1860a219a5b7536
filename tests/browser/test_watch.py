"""The watch of the browser tests sees what it is there for."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

BAD = {
    "script: ": "<script>throw new Error('no')</script>",
    "error: said": "<script>console.error('said')</script>",
    "dialog: asked": "<script>alert('asked')</script>",
    "another host: http://198.51.100.1/a.png": "<img src='http://198.51.100.1/a.png'>",
    "another host: http://example.org/b.png": "<img src='http://example.org/b.png'>",
    "404: ": "<img src='/not/there.png'>",
}


@pytest.mark.parametrize("problem", BAD)
def test_it_sees_what_goes_wrong(problem, visitor):
    page = visitor.opens("/health/live")
    page.evaluate(
        "html => { document.open(); document.write(html); document.close(); }", BAD[problem]
    )
    page.wait_for_load_state("networkidle")
    assert [seen for seen in visitor.watch.unexpected() if seen.startswith(problem)]
    visitor.watch.problems.clear()


def test_a_page_without_faults_has_none(visitor):
    visitor.opens("/health/live").wait_for_load_state("networkidle")
    assert visitor.watch.unexpected() == []

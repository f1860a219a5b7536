from api.console.job_progress import error_of, figures
from api.job_files import Job


def test_figures_are_written_out():
    progress = {"done": 20480, "total": 51200, "unit": "rows", "values": {"loss": 0.3125}}
    assert figures(progress) == "20,480 of 51,200 rows · loss 0.312"
    assert figures({"done": 3, "total": None, "unit": "epochs"}) == "3 epochs"
    assert figures({}) == ""


def test_a_failed_job_says_what_happened_and_how_to_mend_it():
    job = Job("load-1", "load", "queued", 0.0).failed(kind="invalid", detail="No.", fix="Do this.")
    error = error_of(job)
    assert (error.detail, error.fix) == ("No.", "Do this.")

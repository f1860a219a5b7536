"""Uploaded files end where a job finds them, and nowhere when something is wrong with them."""

import asyncio
from pathlib import Path

import pytest

from api.job_files import Job
from api.jobs import Jobs
from api.schemas import LoadRequest
from api.uploads import MAX_FILES, Upload, start_load
from graph.errors import InvalidError


def upload(name: str, content: bytes = b"item_id\ttitle\n") -> Upload:
    async def save(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, content)

    return Upload(name, save)


@pytest.fixture
def settings(settings_at, tmp_path):
    return settings_at(tmp_path)


@pytest.fixture
async def jobs(settings):
    async def taken_in() -> None:
        pass

    jobs = Jobs(settings, taken_in)
    yield jobs
    await jobs.close()


@pytest.fixture
def send(settings, jobs):
    async def send(*files: Upload, mapping: Upload | None = None) -> Job:
        asked = LoadRequest(path="files")
        return await start_load(files, asked, mapping=mapping, settings=settings, jobs=jobs)

    return send


async def test_one_file_is_loaded_itself_and_several_as_their_folder(send):
    assert (await send(upload("items.tsv"))).arguments["path"] == "files/items.tsv"
    several = await send(upload("items.tsv"), upload("events.tsv"), mapping=upload("map.toml"))
    assert several.arguments["path"] == "files"
    assert several.arguments["mapping"] == "mapping/map.toml"


async def test_a_name_cannot_lead_elsewhere(send, settings):
    job = await send(upload("../../..\\evil/items.tsv"))
    assert job.arguments["path"] == "files/items.tsv"
    assert Path(job.folder).parent == settings.uploads_folder.resolve()


@pytest.mark.parametrize("name", ["", ".hidden", "a\nb.tsv", "x" * 201])
async def test_a_file_without_usable_name_is_refused_and_nothing_is_left(send, settings, name):
    with pytest.raises(InvalidError, match="no usable name"):
        await send(upload(name))
    assert list(settings.uploads_folder.iterdir()) == []


async def test_two_files_of_one_name_are_refused(send):
    with pytest.raises(InvalidError, match="Two uploaded files"):
        await send(upload("items.tsv"), upload("items.tsv"))


@pytest.mark.parametrize("count", [0, MAX_FILES + 1])
async def test_too_few_and_too_many_are_refused(send, count):
    with pytest.raises(InvalidError, match=f"{count} files"):
        await send(*[upload(f"{number}.tsv") for number in range(count)])

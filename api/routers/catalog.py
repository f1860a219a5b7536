"""Catalog loads, as jobs beside the serving."""

import shutil
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.answer_models import JobStarted
from api.deps import JobsDep, ServicesDep, json_response
from api.job_files import Job
from api.jobs import Jobs
from api.problem_types import documented
from api.problems import ForbiddenError, MediaTypeError
from api.schemas import LoadRequest
from api.settings import Settings
from api.uploads import MAX_FILES, Upload, start_load
from graph.errors import InvalidError, NotFoundError

LOADS = "/v1/catalog/loads"
router = APIRouter(tags=["catalog"])

_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "One file or several; their names tell what they are.",
        },
        "mapping": {
            "type": "string",
            "format": "binary",
            "description": "File that maps columns to entities.",
        },
        "format": {"type": "string", "default": "auto"},
        "preset": {"type": "string"},
        "strict": {"type": "boolean", "default": False},
        "dry_run": {"type": "boolean", "default": False},
    },
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/LoadRequest"},
            "example": {"path": "films", "format": "whyrec", "preset": "films"},
        },
        "multipart/form-data": {"schema": _FORM},
    },
}


@router.post(
    LOADS,
    status_code=202,
    summary="Load a catalog",
    description=(
        "Starts a job; follow it at `/v1/jobs/{job_id}` or `/v1/jobs/{job_id}/events`. When "
        "it has succeeded, what it brought is in recommendations. Loading the same files "
        "again changes nothing."
    ),
    responses={
        202: {"model": JobStarted},
        **documented(
            "malformed",
            "forbidden",
            "not_found",
            "too_large",
            "unsupported_media_type",
            "unavailable",
        ),
    },
    openapi_extra={"requestBody": _BODY},
)
async def load(request: Request, services: ServicesDep, jobs: JobsDep) -> Response:
    """Start a job that loads uploaded files, or files of the import folder."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        job = await _load_by_path(await request.body(), services.settings, jobs)
    elif media_type == "multipart/form-data":
        async with request.form(max_files=MAX_FILES + 1, max_fields=20) as form:
            job = await _load_upload(form, services.settings, jobs)
    else:
        raise MediaTypeError(
            f"A catalog cannot come as {media_type or 'an unnamed media type'!r}.",
            fix="Send multipart/form-data with files, or application/json with a path.",
        )
    return json_response({"job_id": job.id, "status": job.status}, status=202)


async def _load_by_path(body: bytes, settings: Settings, jobs: Jobs) -> Job:
    try:
        asked = LoadRequest.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error
    folder = settings.imports
    if folder is None:
        raise ForbiddenError(
            "This server loads no files by path.",
            fix="Upload the files, or set WHYREC_IMPORTS to the folder that may be loaded from.",
        )
    await run_in_threadpool(_check_inside, folder, asked.path)
    if asked.mapping is not None:
        await run_in_threadpool(_check_inside, folder, asked.mapping)
    return await jobs.start("load", asked.model_dump(), folder=str(folder.resolve()))


def _check_inside(folder: Path, name: str) -> None:
    """Refuse what lies outside the import folder, also by way of links."""
    try:
        target = (folder / name).resolve()
    except (OSError, ValueError) as error:
        raise NotFoundError("file", name[:80]) from error
    if not target.is_relative_to(folder.resolve()):
        raise ForbiddenError(
            f"{name[:80]!r} is not inside the import folder.", fix="Name a file inside it."
        )
    if not target.exists():
        raise NotFoundError("file", name[:80], fix="Paths start at the import folder.")


async def _load_upload(form: FormData, settings: Settings, jobs: Jobs) -> Job:
    files = [_upload(part) for part in form.getlist("file") if isinstance(part, UploadFile)]
    if not files:
        raise InvalidError("The form has no files.", fix="Send them in the field 'file'.")
    mapping = form.get("mapping")
    return await start_load(
        files,
        _form_fields(form),
        mapping=_upload(mapping) if isinstance(mapping, UploadFile) else None,
        settings=settings,
        jobs=jobs,
    )


def _upload(part: UploadFile) -> Upload:
    def write(path: Path) -> None:
        with path.open("xb") as target:
            shutil.copyfileobj(part.file, target, 1024 * 1024)

    async def save(path: Path) -> None:
        await run_in_threadpool(write, path)

    return Upload(part.filename or "", save)


def _form_fields(form: FormData) -> LoadRequest:
    texts = {
        name: value
        for name, value in form.items()
        if isinstance(value, str) and name in {"format", "preset", "strict", "dry_run"}
    }
    try:
        return LoadRequest.model_validate({"path": "files", **texts}, strict=False)
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> RequestValidationError:
    return RequestValidationError([
        {**line, "loc": ("body", *line["loc"])} for line in error.errors()
    ])

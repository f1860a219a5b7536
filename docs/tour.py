"""Plays the tour of the README against the demo and writes what it printed into the README.

    .venv/bin/python docs/tour.py [HOME_OF_A_DEMO]

Draws the picture of the README anew as well. Run it when answers have changed for good; the test
``tests/e2e/test_tour.py`` plays the same commands.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from api.demo_server import Client, running_server

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HEADING, ADDRESS = "## A five-minute tour", "http://127.0.0.1:8000"
BLOCK = re.compile(r"```sh\n(.*?)```(\n\n```text\n.*?```)?", re.DOTALL)
PICTURE = ROOT / "docs" / "pictures" / "explanation.svg"
PICTURED = ("--user", "312", "--item", "tt0044079", "--query", "a thriller by Alfred Hitchcock")


def played(commands: str, *, before: str, client: Client, environment: dict[str, str]) -> str:
    """Run the commands of one block and return what they printed."""
    script = f"set -eu\n{before}{commands}".replace(ADDRESS, f"http://127.0.0.1:{client.port}")
    outcome = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    # What curl prints has no end of line; what follows it begins a line of its own here.
    apart = re.sub(r"(?<=\})(?= {4})", "\n\n", outcome.stdout.strip("\n"))
    return "\n".join(line.rstrip() for line in apart.splitlines())


def with_outputs(section: str, client: Client, environment: dict[str, str]) -> str:
    """Return the tour with the output of every block that promises one."""
    exports = ""

    def filled(block: re.Match[str]) -> str:
        nonlocal exports
        commands = block[1]
        printed = played(commands, before=exports, client=client, environment=environment)
        exports += "".join(
            line for line in commands.splitlines(keepends=True) if line.startswith("export ")
        )
        return block[0] if block[2] is None else f"```sh\n{commands}```\n\n```text\n{printed}\n```"

    return BLOCK.sub(filled, section)


def draw(environment: dict[str, str]) -> None:
    """Draw the explanation that the README shows."""
    explained = subprocess.run(
        [ROOT / "run", "whyrec", "explain", *PICTURED, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    drawn = subprocess.run(
        [sys.executable, ROOT / "docs" / "pictures" / "make.py"],
        input=explained.stdout,
        stdout=subprocess.PIPE,
        check=True,
    )
    PICTURE.write_bytes(drawn.stdout)


def main(demo: Path) -> None:
    """Play the tour on the data of a demo."""
    head, _, rest = README.read_text().partition(HEADING)
    section, mark, tail = rest.partition("\n## ")
    environment = {name: value for name, value in os.environ.items() if "WHYREC" not in name}
    with tempfile.TemporaryDirectory() as user, running_server(demo) as client:
        folder = Path(user, ".local", "share", "whyrec")
        folder.mkdir(parents=True)
        (folder / "demo").symlink_to(demo.resolve())
        section = with_outputs(section, client, environment | {"HOME": user})
        draw(environment | {"WHYREC_HOME": str(demo)})
    README.write_text(head + HEADING + section + mark + tail)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "~/.local/share/whyrec/demo").expanduser())

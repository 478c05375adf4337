"""Write requirements.lock: every package that requirements.txt brings, pinned, with the hashes it may have.

PyTorch comes in two builds of one version. The lock is for the one without
CUDA, which needs nothing else; the hashes of the ordinary wheels are allowed
as well. A wheel that cannot be asked for from here keeps the hash it had.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
TORCH_INDEX = os.environ.get("TORCH_INDEX", "https://download.pytorch.org/whl/cpu")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")
HEAD = """\
# What requirements.txt brings, every package pinned with its hashes, PyTorch without CUDA. Written by `make lock`;
# the Dockerfile shows how to install it.
"""


def compiled(torch: str) -> str:
    """What pip-compile makes of requirements.txt with the build of PyTorch that has no CUDA."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text((ROOT / "requirements.txt").read_text().replace(f"torch=={torch}\n", f"torch=={torch}+cpu\n"))
        quiet = ["--quiet", "--no-header", "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
        subprocess.run(
            [sys.executable, "-m", "piptools", "compile", "--generate-hashes", "--allow-unsafe", "--strip-extras",
             "--no-annotate", *quiet, "--output-file=requirements.lock", "requirements.txt"],
            cwd=folder, check=True, env={**os.environ, "PIP_EXTRA_INDEX_URL": TORCH_INDEX},
        )  # fmt: skip
        return Path(folder, "requirements.lock").read_text()


def wheel_hash(wheel: str, platform: str) -> str | None:
    """The hash under which pip would install this wheel on this platform; None where it finds none."""
    asked = ["--dry-run", "--no-deps", "--ignore-installed", "--report=-", "--only-binary=:all:", "--target=unused"]
    report = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", *asked, f"--platform={platform}", "--python-version=3.11",
         wheel],
        capture_output=True, text=True, env={**os.environ, "PIP_EXTRA_INDEX_URL": TORCH_INDEX},
    )  # fmt: skip
    if report.returncode:
        return None
    return str(json.loads(report.stdout)["install"][0]["download_info"]["archive_info"]["hashes"]["sha256"])


def entry(lock: str, name: str) -> list[str]:
    """The hashes that a lock file has for a package."""
    found = re.search(rf"^{name}==.*\n(?:    --hash=.*\n)*", lock, re.MULTILINE)
    return re.findall(r"sha256:(\w{64})", found[0]) if found else []


def main() -> None:
    """Compile, then give PyTorch the hashes of each of its builds."""
    torch = re.search(r"^torch==(.*)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)[1]  # type: ignore[index]
    before = LOCK.read_text() if LOCK.exists() else ""
    lock = compiled(torch)
    known = {*entry(lock, "torch"), *(entry(before, "torch") if f"\ntorch=={torch} " in before else [])}
    for platform in PLATFORMS:
        for build in (f"torch=={torch}+cpu", f"torch==={torch}"):
            found = wheel_hash(build, platform)
            print(f"{build} for {platform}: {'found' if found else 'not to be had from here'}", file=sys.stderr)
            known |= {found} if found else set()
    lines = [f"torch=={torch} \\", *(f"    --hash=sha256:{one} \\" for one in sorted(known))]
    entry_of_torch = "\n".join(lines).removesuffix(" \\") + "\n"
    LOCK.write_text(HEAD + re.sub(r"^torch==.*\n(?:    --hash=.*\n)*", entry_of_torch, lock, flags=re.MULTILINE))


if __name__ == "__main__":
    main()

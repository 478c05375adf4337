"""Ask the database of known vulnerabilities about every package of requirements.lock. A finding is a failure."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
KNOWN = "PYSEC-2023-228"
PROBE = f"https://api.osv.dev/v1/vulns/{KNOWN}"
"""An entry that has been there for years: who answers with it is the database, and not something on the way to it."""


def reachable(address: str = PROBE) -> bool:
    """Whether the database answers with an entry that it is known to have."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return bool(json.load(answer)["id"] == KNOWN)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def audit(lock: Path = LOCK) -> int:
    """0 when nothing is known against any package; a package that could not be asked about is a failure, too."""
    words = ["--strict", "--vulnerability-service=osv", "--disable-pip", "--require-hashes", f"--requirement={lock}"]
    return subprocess.run([sys.executable, "-m", "pip_audit", *words]).returncode


def main() -> int:
    """Audit, or say that it was not possible."""
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=__doc__)
    parser.add_argument("--where-reachable", action="store_true", help="a database out of reach is no failure")
    chosen = parser.parse_args()
    if reachable():
        return audit()
    print("Nothing was audited: the database of vulnerabilities cannot be reached from here.", file=sys.stderr)
    return 0 if chosen.where_reachable else 1


if __name__ == "__main__":
    sys.exit(main())

"""``python -m appsync_lint`` is ``appsync-lint``."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # Python puts the working directory first. What a stranger's project holds there is linted, never imported.
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]

    from .cli import main

    sys.exit(main())

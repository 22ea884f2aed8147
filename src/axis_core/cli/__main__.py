"""``python -m axis_core.cli``: the same as ``axis``."""

import sys

from axis_core.cli.app import main


if __name__ == "__main__":
    sys.exit(main())

"""``python -m agentgrid``: the command, where it is not on PATH."""

import sys

from agentgrid.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m xxmfg`: the command line without its script."""

import sys

from xxmfg.cli import main

if __name__ == "__main__":
    sys.exit(main())

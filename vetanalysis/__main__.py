"""`python -m vetanalysis`: the same command as `vetanalysis`."""

import sys

from vetanalysis.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

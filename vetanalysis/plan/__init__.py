"""The plan as data: a folder read, checked as a whole and frozen.

`loading` reads a folder into one `Plan`; `model` holds the records, `files` reads what is written, `checks`, `tables`,
`crosswalk` and `findings` say what is wrong with it, `errors` words it.
"""

from vetanalysis.plan.read import *  # noqa: F403
from vetanalysis.plan.read import __all__  # noqa: F401

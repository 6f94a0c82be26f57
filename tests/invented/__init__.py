"""Three invented plans that differ from the model case, each with its figures and the right answers to them.

`schools`: school years, two tiers, three levels, milestones, three vintages of every quarter. `unemployment`: one
yearly rate with an upper limit and a language of its own. `vaccinations`: a count by month in hundreds of districts,
milestones and a total over three years. Every place, unit and number is made up and marked as illustrative.

Each module writes its plan as a user would (`vetanalysis new-plan`, then the files edited) with `write`, and works out
by plain sums what must come out of it; nothing in these sums is taken from the package. From a terminal, here in
`tests/`: `python -m invented FOLDER [--full]`.
"""

from invented import schools, unemployment, vaccinations

__all__ = ["schools", "unemployment", "vaccinations"]

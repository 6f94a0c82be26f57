"""What districts, institutions and departments send: forms, reading, repair, checks and the ledger.

A file is looked at (`files`) and opened as grids of cells (`grid`). What they say is collected in a draft
(`draft`), found by the hidden sheets of our own form (`own_form`) or by the words of a table that is not ours
(`foreign`, `layouts`, `meanings`, `table_rows`, `above`, `mapping`). The draft becomes a reading (`read`, `readings`),
which is checked alone (`checks`) and kept (`read_all`). All readings are held against each other (`together`) and make
the ledger (`ledger`, `matrix`).

The form: its tables (`form_layout`), its sheets as cells, which writing and reading follow
(`form_sheets`), its words (`form_words`), its file (`form_book`), which one a unit gets (`template`). Who owes which
figures: `lists`. Rules are data: `rules.yaml`, read by `findings`. All words are lines of `language/`: `returns.yaml`,
`rules.yaml`, `form.yaml`, `names.yaml`.
"""

"""Reports as Word, HTML, PDF and workbook, and the page that lists them.

`model` is what a report is; each writer lays the same model out in its own form.
"""

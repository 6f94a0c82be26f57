"""Reports as Word, HTML, PDF and workbook, and the page that lists them.

What a report is stands in `vetanalysis.blocks`; each writer lays the same document out in its own form.
"""

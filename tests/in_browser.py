"""A page opened in chromium, measured at the width of a telephone, a tablet and a screen, and as it is printed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")), reason="needs chromium and its driver"
)
MM = 96 / 25.4  # px
PRINTED = {False: round(165 * MM), True: round(247 * MM)}  # px between the margins of A4, upright and across

# What is wider than its box, and a column that holds one word a line
_TOO_WIDE = """
const out = [];
const wide = document.documentElement.scrollWidth;
if (wide > window.innerWidth) out.push(['page', wide, window.innerWidth]);
for (const one of document.querySelectorAll('main *')) {
  const box = one.getBoundingClientRect();
  if (box.right > window.innerWidth + 1 && box.width && !one.closest('.scroll'))
    out.push([one.tagName + '.' + one.className, box.right, one.textContent.slice(0, 40)]);
}
return out;
"""
_SINGLE_WORDS = """
const out = [];
for (const one of document.querySelectorAll('tbody th, tbody td.left')) {
  const words = one.textContent.trim().split(/\\s+/).length, line = parseFloat(getComputedStyle(one).lineHeight);
  const pad = parseFloat(getComputedStyle(one).paddingTop) * 2;
  const range = document.createRange(); range.selectNodeContents(one);
  const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top / line))).size;
  if (words >= 4 && lines >= words) out.push([one.textContent.trim(), lines]);
}
return out;
"""
_PRINTED = """
return [...document.querySelectorAll('figure.table')].map(one => [
  one.classList.contains('wide'), one.querySelector('table').scrollWidth,
  one.querySelector('caption').textContent.slice(0, 40)]);
"""


@contextmanager
def chromium(profile: Path) -> Iterator:
    """A browser without a window."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = shutil.which("chromium")
    for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                f"--user-data-dir={profile}"):  # fmt: skip
        options.add_argument(one)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def _width(browser, width: int) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def faults(browser, path: Path) -> list:
    """What does not fit at 375, 768 and 1400 px or on paper, and columns of one word a line on a screen."""
    found = []
    browser.get(path.as_uri())
    for width in (375, 768, 1400):
        _width(browser, width)
        found += [[width, *one] for one in browser.execute_script(_TOO_WIDE)]
    found += [["one word a line", *one] for one in browser.execute_script(_SINGLE_WORDS)]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for across, room in PRINTED.items():
        _width(browser, room)
        tables = browser.execute_script(_PRINTED)
        found += [["print", room, *one] for one in tables if one[0] == across and one[1] > room + 1]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    return found

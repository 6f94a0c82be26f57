"""Makes the pictures of README.md anew from what the package gives: `python .ci/refresh_pictures.py [report notebook]`.

Needs LibreOffice, poppler and chromium (`.ci/run` installs them), selenium (`make test`) and JupyterLab (`make lab`).
JupyterLab slows every notebook of the environment that holds it and may stand in one of its own, whose Python is
`LAB_PYTHON`: there the package is installed, too, and `.ci/etc` copied.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from vetanalysis import open_study, show
from vetanalysis.cli.notebooks import copy_notebooks
from vetanalysis.documents.pdf import write_pdf
from vetanalysis.documents.word import write_word
from vetanalysis.report import document_of

FOLDER = Path(__file__).resolve().parent.parent / "reports"
QUESTION = {"plan": "lang-son-2023", "as_of": "2023-start", "returns": "none"}


def store(picture: bytes, name: str, width: int) -> None:
    """Write a picture in `reports/`, this many pixels wide, with few colours so that it stays small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    image.quantize(96).save(FOLDER / name, optimize=True)


def rate() -> None:
    """The fan of the trained-labour rate."""
    made = show.picture(open_study(**QUESTION, lang="en"), "trained_rate")
    (FOLDER / "lang-son-2023-trained-rate.png").write_bytes(made.data)


def report() -> None:
    """Page one of the report in Vietnamese, as LibreOffice lays it out."""
    with TemporaryDirectory() as folder:
        word = write_word(document_of(open_study(**QUESTION, lang="vi")), Path(folder, "report.docx"))
        pdf = write_pdf(word, Path(folder, "report.pdf"))
        page = ["-png", "-r", "130", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run(["pdftoppm", *page, str(pdf), str(pdf.with_suffix(""))], check=True)
        store(pdf.with_suffix(".png").read_bytes(), "report-page.png", 620)


def notebook() -> None:
    """The first notebook in JupyterLab, in English, all its cells run."""
    with TemporaryDirectory() as folder:
        copy_notebooks(folder, "en")
        python = os.environ.get("LAB_PYTHON", sys.executable)
        call = [python, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"]
        first = "--LabApp.default_url=/lab/tree/0_start_here.ipynb"
        server = subprocess.Popen([*call, first], cwd=folder, stderr=subprocess.PIPE)
        try:
            store(screenshot(address(server.stderr)), "notebook.png", 760)
        finally:
            server.terminate()


def address(lines: Iterable[bytes]) -> str:
    """The address that JupyterLab tells of itself; where it ends without one, what it told instead."""
    told = []
    for line in lines:
        told.append(line.decode())
        if found := re.search(r"http://127\S+token=\w+", told[-1]):
            return found[0]
    raise SystemExit(f"JupyterLab did not start (`make lab` installs it):\n{''.join(told[-5:])}")


def screenshot(url: str) -> bytes:
    """JupyterLab without its side bar after all cells have run, scrolled to where the calls begin."""
    options = webdriver.ChromeOptions()
    for one in ("--headless=new", "--no-sandbox", "--window-size=1100,1300"):
        options.add_argument(one)
    options.binary_location = shutil.which("chromium")
    with webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver"))) as browser:
        browser.get(url)
        time.sleep(12)
        for menu, item in (("View", "File Browser"), ("Run", "Run All Cells")):
            choose(browser, menu, item)
        time.sleep(40)
        cells = browser.find_elements(By.CSS_SELECTOR, ".jp-CodeCell")
        browser.execute_script("arguments[0].scrollIntoView({block: 'start'})", cells[1])
        time.sleep(2)
        return browser.get_screenshot_as_png()


def choose(browser: webdriver.Chrome, menu: str, item: str) -> None:
    """Click an item of JupyterLab's menu bar, where it is there."""
    bar = "//li[contains(@class, 'lm-MenuBar-item')]//*[text()='{}']"
    browser.find_element(By.XPATH, bar.format(menu)).click()
    time.sleep(1)
    for label in browser.find_elements(By.CSS_SELECTOR, ".lm-Menu-itemLabel"):
        if label.text == item:
            label.click()
            break
    time.sleep(1)


if __name__ == "__main__":
    asked = sys.argv[1:] or ["rate", "report", "notebook"]
    for make in (rate, report, notebook):
        if make.__name__ in asked:
            print(f"making {make.__name__}", flush=True)
            make()

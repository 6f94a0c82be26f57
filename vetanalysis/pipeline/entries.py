"""The index page's list, read from the manifests of the reports that are in their places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vetanalysis.attainment import status_words
from vetanalysis.documents.index import IndexEntry, IndexFile, IndexTarget
from vetanalysis.text import LANGUAGES, Text

FORMS = {"report.docx": "Word", "report.html": "HTML", "report.pdf": "PDF", "report.xlsx": "Excel"}


def entries_under(root: Path) -> list[IndexEntry]:
    """One entry per plan, cut-off and unit with a finished report; folders without a readable manifest are left out."""
    by_unit: dict[Path, dict[str, dict[str, Any]]] = {}
    for path in sorted(root.glob("*/*/*/*/manifest.json")):
        manifest = _read(path)
        if manifest is not None and path.parent.name in LANGUAGES:
            by_unit.setdefault(path.parent.parent, {})[path.parent.name] = manifest
    return [_entry(root, folder, manifests) for folder, manifests in by_unit.items()]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _entry(root: Path, folder: Path, manifests: dict[str, dict[str, Any]]) -> IndexEntry:
    first = next(iter(manifests.values()))
    about = first["about"]
    return IndexEntry(
        plan=about["plan"],
        plan_title=Text(**about["plan_title"]),
        period=about["as_of"],
        period_label=Text(**about["period_name"]),
        unit=about["unit"],
        unit_name=Text(**about["unit_name"]),
        targets=tuple(_target(one) for one in first["answers"]),
        files=tuple(_files(root, folder, manifests)),
        illustrative=about["illustrative"],
    )


def _target(answer: dict[str, Any]) -> IndexTarget:
    words = Text(*(status_words(answer["status"], lang, answer["probability"]) for lang in LANGUAGES))
    return IndexTarget(
        answer["target"], Text(**answer["label"]), answer["status"], words, answer["probability"]
    )


def _files(root: Path, folder: Path, manifests: dict[str, dict[str, Any]]) -> Iterator[IndexFile]:
    for lang in manifests:
        for name, label in FORMS.items():
            path = folder / lang / name
            if path.is_file():
                yield IndexFile(path.relative_to(root).as_posix(), label, lang)

"""Every text of a report, and what no text of a report may hold: leavings of a program, or the other language."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from vetanalysis.blocks import Document, Figure, Heading, OfficePlace, Paragraph, Table

_LEAVINGS = re.compile(
    r"\b(?:nan|NaN|None(?! of the)|NaT|inf|True|False|null|Text|Sentence)\b"
    r"|[{}]|  |\.\.\.\.$|\s[,.;:]|,,|;;|\(\)|^\s|\s$"
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|is|are|was|were|for|with|by|people|units?|target|rate|figures?|quota|level|year|quarter"
    r"|report|no|not|from|than|chance|district|province|final|provisional|estimate|source|returns?)\b"
)
_VIETNAMESE_LETTER = re.compile(
    r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]"
)
VIET_NAM = re.compile(
    r"viet ?nam|socialist|independence - freedom|people's committee|central level|/BC\b|\bdong\b|\bprovinc|decree"
    r"|copies to|\bcommune|\bVND\b|lang son|lạng sơn|việt|đồng|tỉnh|kính gửi|nơi nhận|ủy ban|results of task"
    r"|college places|farming|motor vehicle",
    re.IGNORECASE,
)
_BLANKS = " " * 8  # left for the clerk


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """(where, text) of everything a reader reads, the pictures' descriptions included."""
    head = document.head
    if head.parent_body:  # a ministry has none above it
        yield "head.parent_body", head.parent_body
    for name in ("issuing_body", "number_line", "place_date", "kind", "subject"):
        yield f"head.{name}", getattr(head, name).replace(_BLANKS, "…")
    yield from (("addressee", one) for one in head.addressee)
    blocks = [*document.blocks, *(block for one in document.appendices for block in one.blocks)]
    for one in document.appendices:
        yield "appendix", f"{one.title} {one.attached_to.replace('........', '…')}"
    for block in blocks:
        match block:
            case Heading():
                yield "heading", block.text
            case Paragraph():
                yield from ((one.id, one.text.replace(_BLANKS, "…")) for one in block.sentences)
            case OfficePlace():
                yield from (("office", one) for one in (block.prompt, *block.words))
            case Table():
                yield block.id, block.title
                yield from ((f"{block.id}.head", column.heading) for column in block.columns)
                yield from ((f"{block.id}.note", one) for one in block.notes)
                yield from (
                    (f"{block.id}.cell", cell) for row in block.rows for cell in row if cell not in ("", "..")
                )
            case Figure():
                yield from ((f"figure.{block.id}", one) for one in (block.title, block.alt, block.caption))
    signature = document.signature
    yield from (
        ("signature", one) for one in (*signature.lines, signature.recipients_label, *signature.recipients)
    )


def leavings(document: Document) -> list[tuple[str, str]]:
    """Texts that hold what a program left in them: nan, None, a brace, two spaces, a space before a comma."""
    return [(where, text) for where, text in texts_of(document) if not text or _LEAVINGS.search(text)]


def in_the_other_language(document: Document) -> list[tuple[str, str]]:
    """English words in a Vietnamese report; Vietnamese sentences in an English one, where they are not quoted."""
    found = []
    for where, text in texts_of(document):
        bare = re.sub(r"“[^”]*”", "", text)
        if document.lang == "vi":
            wrong = bool(_ENGLISH.search(bare))
        else:
            small = re.findall(r"\b[a-zăâđêôơư]\w*", re.sub(r"\w*[/-]\w+", "", bare))  # names begin large
            wrong = any(_VIETNAMESE_LETTER.search(word) for word in small)
        if wrong:
            found.append((where, text))
    return found


def empty_sections(document: Document) -> list[str]:
    """Headings that nothing follows before the next heading of the same or a higher level."""
    found = []
    for here, after in zip(document.blocks, [*document.blocks[1:], None], strict=True):
        if isinstance(here, Heading) and (
            after is None or (isinstance(after, Heading) and after.level <= here.level)
        ):
            found.append(here.text)
    return found


def found_in(text: str) -> list[str]:
    """What of Viet Nam stands in a text, with what stands about it."""
    return [text[max(hit.start() - 40, 0) : hit.end() + 40] for hit in VIET_NAM.finditer(text)]


def text_of_file(path: Path) -> str:
    """What a reader sees in a file of a report: Word, workbook, page, notebook."""
    if path.suffix in (".docx", ".xlsx"):
        package = zipfile.ZipFile(path)
        names = [name for name in package.namelist() if name.endswith(".xml")]
        return "\n".join(re.sub(r"<[^>]+>", "\n", package.read(name).decode("utf-8")) for name in names)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return re.sub(r"(?s)<style.*?</style>|base64,[A-Za-z0-9+/=]+", "", text)
    parts: list[str] = []
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "markdown":
            parts.append("".join(cell["source"]))
        for one in cell.get("outputs", []):
            parts += ["".join(part) for kind, part in one.get("data", {}).items() if kind.startswith("text")]
            parts.append("".join(one.get("text", "")))
    return "\n".join(parts)


LONGEST = {"vi": 70, "en": 45}  # syllables, words
_RUN, _TIMES = 6, 5


def body_sentences(document: Document) -> list[str]:
    """The sentences of a report's body; quoted words of others are left out."""
    texts = [one.text for block in document.blocks if isinstance(block, Paragraph) for one in block.sentences]
    bare = (re.sub(r"“[^”]*”", "", text.replace(_BLANKS, "…")) for text in texts)
    return [sentence for text in bare for sentence in re.split(r"(?<=\.) (?=[^\W\d_]|\(\d\) )", text)]


def too_long(document: Document) -> list[str]:
    """Sentences of the body that nobody reads to the end: over 70 syllables in Vietnamese, 45 words in English."""
    return [text for text in body_sentences(document) if len(text.split()) > LONGEST[document.lang]]


def said_too_often(document: Document, names: Iterable[str] = ()) -> dict[str, int]:
    """Runs of six words that stand more than five times in the body; `names` of units and targets are one word each."""
    known = sorted({name.casefold() for name in names if " " in name}, key=len, reverse=True)
    runs: Counter[str] = Counter()
    for text in body_sentences(document):
        words = text.casefold()
        for name in known:
            words = words.replace(name, "…")
        found = words.split()
        runs.update(" ".join(found[at : at + _RUN]) for at in range(len(found) - _RUN + 1))
    return {run: times for run, times in runs.items() if times > _TIMES}

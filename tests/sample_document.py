"""An invented report in both languages for the tests of the document writers; no figure in it is real."""

from __future__ import annotations

import struct
import zlib

from vetanalysis.blocks import (
    Appendix,
    Column,
    Document,
    Figure,
    Head,
    Heading,
    OfficePlace,
    Paragraph,
    Sentence,
    Signature,
    Table,
    Text,
)

HOSTILE = (
    '=HYPERLINK("http://x.invalid","<script>alert(1)</script>")'
    "\x07\x0b & <b>{{ 7*7 }}</b> $\\alpha$ \u202eabc\ud800"
)
TITLE = Text("Báo cáo thử nghiệm 9 tháng năm 2023", "Trial report, nine months of 2023")
BANNER = Text("SỐ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THẬT", "ILLUSTRATIVE FIGURES, NOT REAL DATA")
ALT = Text("Đường tăng từ 40% đến 45%", "A line rising from 40% to 45%")
BODY = Text(
    "Lũy kế 9 tháng năm 2023, toàn tỉnh đào tạo 9.870 người, đạt 73,1% kế hoạch năm.",
    "In nine months of 2023 the province trained 9,870 people, 73.1% of the yearly plan.",
)


def tiny_png(width: int = 40, height: int = 20) -> bytes:
    """A grey picture, made here."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\x99" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def sentence(text: str) -> Sentence:
    return Sentence("test", text)


def small_table(lang: str) -> Table:
    words = Text("Chỉ tiêu của Kế hoạch", "Targets of the plan").get(lang)
    return Table(
        "targets",
        words,
        (
            Column("TT", align="center", width=0.5),
            Column(Text("Chỉ tiêu", "Target").get(lang), align="left", width=3),
            Column(Text("Kế hoạch", "Plan").get(lang), measure="%"),
        ),
        (
            ("1", Text("Tỷ lệ lao động qua đào tạo", "Trained-labour rate").get(lang), "62"),
            ("2", HOSTILE, ".."),
        ),
        notes=(Text("Nguồn: số liệu minh họa.", "Source: illustrative figures.").get(lang),),
        bold_rows=frozenset({0}),
        values=(
            (1, Text("Tỷ lệ lao động qua đào tạo", "Trained-labour rate").get(lang), 62.0),
            (2, HOSTILE, None),
        ),
    )


def wide_table(lang: str, rows: int = 40) -> Table:
    done = Text("Thực hiện", "Done").get(lang)
    plan = Text("Kế hoạch", "Plan").get(lang)
    return Table(
        "districts",
        Text("Kết quả theo huyện", "Results by district").get(lang),
        (
            Column(Text("Đơn vị", "Unit").get(lang), align="left", width=2),
            Column("QI", group=done),
            Column("QII", group=done),
            Column("QI", group=plan),
            Column("QII", group=plan),
            Column("% KH"),
        ),
        tuple((f"Huyện {number}", "10", "20", "30", "40", "66,7") for number in range(rows)),
        landscape=True,
    )


def sample(lang: str = "vi", illustrative: bool = True, rows: int = 40) -> Document:
    body = Paragraph((sentence(BODY.get(lang)), sentence(BODY.get(lang))))
    return Document(
        lang=lang,
        title=TITLE.get(lang),
        head=Head(
            parent_body="UBND TỈNH THỬ NGHIỆM",
            issuing_body="SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
            number_line="Số:        /BC-SLĐTBXH",
            place_date="Thử Nghiệm, ngày      tháng      năm 2023",
            kind=Text("BÁO CÁO", "REPORT").get(lang),
            subject=Text(
                "Kết quả công tác giáo dục nghề nghiệp 9 tháng đầu năm 2023 trên địa bàn tỉnh Thử Nghiệm",
                "Vocational education and training in the first nine months of 2023 in the trial province",
            ).get(lang),
            addressee=("Ủy ban nhân dân tỉnh Thử Nghiệm.",),
            national_title="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            motto="Độc lập - Tự do - Hạnh phúc",
        ),
        blocks=(
            Paragraph((sentence("Căn cứ Kế hoạch thử nghiệm;"),), "legal"),
            Heading(1, "I. Tình hình chỉ đạo"),
            body,
            OfficePlace("Nêu các văn bản chỉ đạo"),
            Heading(1, "II. Kết quả thực hiện"),
            Heading(2, "1. Chỉ tiêu chủ yếu"),
            small_table(lang),
            Figure("line", "Tỷ lệ theo năm", tiny_png(), ALT.get(lang), "Nguồn: minh họa, 30/9/2023", 120),
            Heading(3, "a) Theo huyện"),
            Paragraph((sentence("Huyện A: 12 người"), sentence(HOSTILE)), "list"),
            Heading(2, "2. Theo địa bàn"),
            wide_table(lang, rows),
            body,
            OfficePlace("Lời của đơn vị", (HOSTILE,)),
            Paragraph((sentence("Trân trọng báo cáo."),)),
        ),
        signature=Signature(
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn Mẫu", "Nơi nhận:", ("Như trên;", "Lưu: VT.")
        ),
        appendices=(
            Appendix(
                "I", "Theo huyện", "(Kèm theo Báo cáo số    /BC)", (wide_table(lang, 5),), landscape=True
            ),
            Appendix("II", "Theo chỉ tiêu", "(Kèm theo Báo cáo số    /BC)", (small_table(lang), body)),
        ),
        illustrative=illustrative,
        banner=BANNER.get(lang),
        meta={"plan": "trial", "as_of": "2023-9M"},
    )

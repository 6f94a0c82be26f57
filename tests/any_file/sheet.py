"""A sheet while it is written, with what each of its figures truly says; what the made-up tables have in common."""

from __future__ import annotations

from tests.any_file.paper import Figure, Known, Paper
from vetanalysis.returns.key import place_of

ENROLLED, GRADUATED, IN_TRAINING = "people_enrolled", "people_graduated", "people_in_training"
ASSIGNED, DISBURSED = "budget_assigned", "budget_disbursed"
FEMALE = ("sex", "female")
UPPER = ["UBND HUYỆN CAO LỘC", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
PERIOD = "2023-9M"
WHEN = "9 tháng đầu năm 2023"


class Sheet:
    """One sheet while it is written: each row of cells, the figures among them with what they say."""

    def __init__(self, known: Known | None = None, name: str = "Biểu 1") -> None:
        self.known = Known() if known is None else known
        self.paper = Paper(name)
        self.known.papers.append(self.paper)
        self.row = 0

    def line(self, *cells: object) -> int:
        """Write a row; its number."""
        for column, cell in enumerate(cells):
            if cell is not None:
                self.paper.cells[self.row, column] = cell
        self.row += 1
        return self.row

    def merge(self, *ranges: str) -> None:
        """Merge ranges such as "A1:B2"."""
        for one in ranges:
            first, last = (place_of(end) or (0, 0) for end in one.split(":"))
            self.paper.merged.append((*first, *last))

    def true(
        self, cell: str, unit: str, indicator: str, value: float, *parts: tuple[str, str], **other: str
    ) -> None:
        """Say what a cell truly holds."""
        period = other.pop("period", PERIOD)
        self.known.figures[self.paper.name, place_of(cell) or (0, 0)] = Figure(
            unit, period, indicator, value, parts=frozenset(parts), **other
        )

    def signed(self) -> None:
        """The signatures below a table."""
        self.line()
        self.line(None, None, None, "Lạng Sơn, ngày 15 tháng 9 năm 2023")
        self.line(None, "NGƯỜI LẬP BIỂU", None, "THỦ TRƯỞNG ĐƠN VỊ")
        self.line(None, "Nguyễn Thị Mai", None, "Trần Văn Bình")


def level(code: str) -> tuple[str, str]:
    return "level", code


DISTRICTS = (
    ("183", "Huyện Cao Lộc"),
    ("185", "Huyện Bắc Sơn"),
    ("187", "Huyện Chi Lăng"),
    ("189", "Huyện Đình Lập"),
)

"""PDF files for tests, made by fpdf2."""

import importlib.util
from pathlib import Path

from fpdf import FPDF

[_MATPLOTLIB] = importlib.util.find_spec("matplotlib").submodule_search_locations
FONTS = Path(_MATPLOTLIB) / "mpl-data" / "fonts" / "ttf"


class Pdf(FPDF):
    """A4 pages in a font that has all letters of French, with a running head and foot where `head` is given."""

    def __init__(self, head="", size=11, **options):
        super().__init__(**options)
        self.add_font("Sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("Sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.head, self.size = head, size
        self.set_font("Sans", "", size)
        self.add_page()

    def header(self):
        if self.head:
            self.set_font("Sans", "", 8)
            self.cell(0, 6, f"{self.head} {self.page_no()}", align="C")
            self.ln(12)
            self.set_font("Sans", "", self.size)

    def footer(self):
        if self.head:
            self.set_y(-15)
            self.set_font("Sans", "", 8)
            self.cell(0, 6, f"- {self.page_no()} -", align="C")

    def heading(self, text, size=16):
        self.set_font("Sans", "B", size)
        self.multi_cell(0, None, text)
        self.ln(4)
        self.set_font("Sans", "", self.size)

    def paragraph(self, text, width=0, align="J", space=4.0):
        self.multi_cell(width, None, text, align=align)
        self.ln(space)

    def columns(self, paragraphs, count=2):
        with self.text_columns(ncols=count, text_align="J", gutter=8) as columns:
            for text in paragraphs:
                with columns.paragraph(bottom_margin=4) as paragraph:
                    paragraph.write(text)

    def bytes(self):
        return bytes(self.output())


def article(text, columns=1):
    """An article as a PDF: its first line is the heading."""
    heading, *paragraphs = [line for line in text.splitlines() if line.strip()]
    pdf = Pdf()
    pdf.heading(heading)
    if columns == 1:
        for paragraph in paragraphs:
            pdf.paragraph(paragraph)
    else:
        pdf.columns(paragraphs, columns)
    return pdf.bytes()

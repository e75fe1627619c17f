"""The register of certificates as an Excel file, as it lies beside the papers. In Chinese, as filing rules are."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from contracts.programme import Programmes
from evaluation.printing.commands import Paper

HEAD = (
    "证书编号", "姓名", "证件号码", "证书类别", "职业", "职业编码", "等级", "发证机构", "发证日期", "查验地址", "备注",
)  # fmt: skip
WIDTHS = (26, 14, 22, 14, 18, 14, 16, 24, 12, 72, 28)


def register(
    papers: Sequence[Paper], without: Sequence[tuple[Paper, str]], programmes: Programmes, public_url: str
) -> bytes:
    """One row a certificate, by number; those that could not be printed stand in it with the reason."""
    rows = sorted([(each, "") for each in papers] + list(without), key=lambda row: row[0].certificate.number)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        bold, page = book.add_format({"bold": True}), book.add_worksheet("证书登记")
        for column, (words, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
            page.write_string(0, column, words, bold)
            page.set_column(column, column, width)
        for at, (paper, lacks) in enumerate(rows, 1):
            for column, words in enumerate(_row(paper, lacks, programmes, public_url)):
                page.write_string(at, column, words)
        page.freeze_panes(1, 0)
    return out.getvalue()


def _row(paper: Paper, lacks: str, programmes: Programmes, public_url: str) -> tuple[str, ...]:
    of = paper.certificate
    occupation = programmes.occupations.get(of.occupation)
    notes = [*(["演示编号"] if of.demo else []), *([f"未打印，缺字：{lacks}"] if lacks else [])]
    return (
        of.number, paper.holder, paper.id_masked, of.kind, occupation.name_zh if occupation else "", of.occupation,
        programmes.levels[of.level].name_zh, of.issuer, of.issued_on.isoformat(),
        f"{public_url}/c/{of.number}?k={of.proof}", "；".join(notes),
    )  # fmt: skip

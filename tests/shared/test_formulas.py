"""What somebody typed never becomes a formula in somebody's spreadsheet."""

import pytest

from shared.sheets.formulas import FORMULA, harmless


@pytest.mark.parametrize("first", FORMULA)
def test_a_cell_that_would_begin_a_formula_is_text(first: str) -> None:
    cell = f"{first}HYPERLINK(0)"
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "张三", "1=1", "安消转〔2026〕1号", "'=1"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell

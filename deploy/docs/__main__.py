"""Write the pages anew: `python -m deploy.docs` (make docs)."""

from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.docs import access, permissions

FOLDER = Path(__file__).parents[2] / "docs"
PAGES: Mapping[str, Callable[[], str]] = {
    "access.md": access.text,
    "permissions.md": permissions.text,
}

if __name__ == "__main__":
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")

"""The letter as a Word document: the kept template, filled in where nothing can run."""

import io
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from services.notification.domain.letter import Letter

TEMPLATE = Path(__file__).parents[1] / "letters" / "forwarding.docx"


def word_document(letter: Letter) -> bytes:
    """Fill in the template. Whatever a person wrote comes out as text, never as markup."""
    template = DocxTemplate(TEMPLATE)
    environment = SandboxedEnvironment(autoescape=True)
    template.render({"letter": letter}, environment, autoescape=True)
    made = io.BytesIO()
    template.save(made)
    return made.getvalue()

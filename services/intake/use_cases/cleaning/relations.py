"""What parts of a document refer to (ECMA-376 part 2, 9.3): nothing that calls somebody unasked."""

from xml.etree import ElementTree as ET

from services.intake.use_cases.cleaning.faults import DamagedError

NAMES = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATION = f"{{{NAMES}}}Relationship"
LINK = "/hyperlink"
NOWHERE = "about:blank"

ET.register_namespace("", NAMES)


def calling_nobody(content: bytes) -> bytes:
    """The same relations; what lies elsewhere and is no link to be pressed leads nowhere.

    A template or a picture from elsewhere is fetched when the document is opened, which tells a
    stranger who opens it, from where and when. Raises DamagedError for what cannot be read.
    """
    try:
        tree = ET.fromstring(content)  # noqa: S314 - declarations were refused before
    except ET.ParseError as error:
        raise DamagedError from error
    called = [one for one in tree.iter(RELATION) if is_called(one)]
    if not called:
        return content
    for one in called:
        one.set("Target", NOWHERE)
    made: bytes = ET.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return made


def is_called(relation: ET.Element) -> bool:
    """Whether a programme goes there by itself."""
    outside = relation.get("TargetMode", "").lower() == "external"
    return outside and not relation.get("Type", "").endswith(LINK)

"""What every chart is drawn with: the picture, its words, its blocks and the key to its series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from markupsafe import Markup

HALF_WIDTH = 7.2  # pixels of a half-width character


@dataclass(frozen=True, slots=True)
class Series:
    """One named run of values, in the order of the chart's labels."""

    name: str
    values: Sequence[float]


def width(words: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in words)


def svg(key: str, words: tuple[str, str], height: float, parts: Iterable[str]) -> Markup:
    title, about = map(escape, words)
    named = f'role="img" aria-labelledby="{key}-title" aria-describedby="{key}-about"'
    start = f'<svg class="chart" {named} width="100%" height="{height:g}">'
    heads = f'<title id="{key}-title">{title}</title>', f'<desc id="{key}-about">{about}</desc>'
    # Every word that came from outside was escaped where it was written into its part.
    return Markup("\n".join((start, *heads, *parts, "</svg>")))  # noqa: S704 - as just said


def text(
    at: tuple[float, float], words: str, kind: str, anchor: str = "start", shift: int = 0
) -> str:
    x, y = at
    place = f'x="{x:.2f}%" y="{y:g}" dx="{shift}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def legend(series: Sequence[Series]) -> Iterable[str]:
    for place, one in enumerate(series):
        x, y = (1, 50)[place % 2], 24 * (place // 2) + 4
        yield marker(place + 1, x + 1, y + 8)
        yield text((x, y + 12), one.name, "name", shift=22)


def below_legend(series: Sequence[Series]) -> int:
    return 24 * ((len(series) + 1) // 2) + 16


def block(number: int, box: tuple[float, float, str, float]) -> str:
    x, y, width, height = box
    place = f'x="{x:.2f}%" y="{y:g}" width="{width}" height="{height:g}"'
    return f'<rect class="f{number}" {place}/>'


def marker(number: int, x: float, y: float) -> str:
    if number % 2:
        return f'<circle class="f{number}" cx="{x:.2f}%" cy="{y:.1f}" r="4.5"/>'
    box = f'x="{x:.2f}%" y="{y:.1f}" width="8" height="8"'
    return f'<rect class="f{number}" {box} transform="translate(-4 -4)"/>'

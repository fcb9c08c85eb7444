"""Pages: one Jinja environment over the templates of all services and the shared ones."""

from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.api_tokens import ACTIONS
from shared.clock import local_day
from shared.i18n import ROOT, TAGS, counted, speaking, translated
from shared.web import words
from shared.web.callers import noted
from shared.web.csrf import FIELD, form_token_of
from shared.web.requests import (
    asked,
    language_of,
    options_of,
    secure_cookies,
    service_of,
)
from shared.web.static_files import static_url

FOLDERS = ("services/*/templates", "shared/web/templates")
A_YEAR = 365 * 24 * 3600
PREFERENCES = {"lang": frozenset({"zh", "en"}), "large": frozenset({"0", "1"})}


@cache
def environment() -> Environment:
    """The templates, with escaping, translation and our filters."""
    folders = [str(folder) for pattern in FOLDERS for folder in sorted(ROOT.glob(pattern))]
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    translation: Any = made  # the i18n extension adds its methods at run time
    translation.install_gettext_callables(translated, counted, newstyle=True)
    for name in ("full_day", "iso", "yuan", "number"):
        made.filters[name] = getattr(words, name)
    made.filters |= {"day": _day, "moment": _moment}
    made.globals |= {"due_pill": words.due_pill, "static": _static, "form_token": _form_token}
    made.globals |= {"here": _here}
    return made


@pass_context
def _day(context: Context, value: date | datetime | None) -> str:
    return words.day(value, context.get("legal_day"))


@pass_context
def _moment(context: Context, value: datetime | None) -> str:
    return words.moment(value, context.get("legal_day"))


@pass_context
def _static(context: Context, name: str) -> str:
    return static_url(service_of(context["request"]), name)


@pass_context
def _form_token(context: Context) -> Markup:
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(FIELD, form_token_of(context["request"]))


@pass_context
def _here(context: Context, **changed: Any) -> str:
    """The address of this page with some of its query changed; None takes a name away."""
    request: Request = context["request"]
    kept = dict(request.query_params.multi_items())
    kept |= {name: str(value) for name, value in changed.items() if value is not None}
    left = {name: value for name, value in kept.items() if changed.get(name, "") is not None}
    query = urlencode(left)
    # One slash first: two would name another host.
    own = "/" + quote(request.scope["path"].lstrip("/"))
    return f"{own}?{query}" if query else own


def page(request: Request, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
    """Render a template in the reader's language and remember what the reader chose."""
    language = language_of(request)
    choice = asked(request)
    who = noted(request)
    large = choice.get("large", request.cookies.get("large", "0")) == "1"
    around: dict[str, Any] = {
        "request": request,
        "who": who,
        "may": lambda action: who is not None and who.rights.may(ACTIONS[action]),
        "at_desk": who is not None and who.rights.at_desk,
        "lang": language,
        "tag": TAGS[language],
        "large": large,
        "path": request.url.path,
        "legal_day": local_day(request.app.state.database.clock()),
        "service": service_of(request),
        "site": options_of(request).site,
        "demo": options_of(request).site.demo or (who is not None and who.body == "demo"),
        "typed": {},
        "wrong": {},
    }
    with speaking(language):
        text = environment().get_template(template).render(around | context)
    headers = {"Content-Language": TAGS[language], "Vary": "Accept-Language, Cookie"}
    response = HTMLResponse(text, status_code, headers)
    for name, allowed in PREFERENCES.items():
        if choice.get(name) in allowed:
            secure = secure_cookies(request)
            response.set_cookie(
                name, choice[name], max_age=A_YEAR, secure=secure, httponly=True, samesite="lax"
            )
    return response


def local_path(request: Request) -> str:
    """`next=` and this address, for the login."""
    query = request.url.query
    return urlencode({"next": request.url.path + (f"?{query}" if query else "")})

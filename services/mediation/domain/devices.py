"""What a browser says of itself, and where it calls from, in words a person recognises (设备)."""

from ipaddress import ip_address

PROGRAMS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
)
"""A mark in the header `User-Agent`, and the program: the first that fits, as most name others."""
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
MOST_READ = 500


def device_of(user_agent: str) -> str:
    """Program and system, such as `Firefox · Linux`; empty where neither is known."""
    said = user_agent[:MOST_READ]
    found = (
        next((name for mark, name in known if mark in said), "") for known in (PROGRAMS, SYSTEMS)
    )
    return " · ".join(one for one in found if one)


def network_of(address: str) -> str:
    """`local`, `private` or `public`; empty for what is no address."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.is_loopback:
        return "local"
    return "private" if known.is_private else "public"

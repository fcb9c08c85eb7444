"""What the facts of `redress status` say is wrong."""

from typing import Any

from deploy.cli.say import Facts


def troubles(facts: Facts) -> list[str]:
    """What is wrong, in a line each."""
    return [line for name, one in facts["services"].items() for line in wrong_with(name, one)]


def wrong_with(name: str, facts: dict[str, Any]) -> list[str]:
    if facts.get("unreachable"):
        return [f"{name}: {facts['unreachable']}"]
    lines = [f"{name}: {work} falls: {why}" for work, why in facts.get("troubles", {}).items()]
    if dead := facts.get("dead_letters"):
        lines.append(f"{name}: {dead} dead letters; see /{name}/dead-letters, redress replay")
    if unknown := facts.get("words_unknown_to_intake"):
        lines.append(f"{name}: intake does not know {unknown} of its complaints; asked again")
    schema = facts.get("migration", {})
    if schema.get("at") != schema.get("newest"):
        lines.append(f"{name}: schema {schema.get('at')}, wanted {schema.get('newest')}")
    return lines

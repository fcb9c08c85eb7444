"""`redress demo`: fictitious complaints in, and out again, where the data is."""

from deploy.cli import apart, say
from deploy.cli.operations import Facts
from deploy.cli.reach import ask
from deploy.cli.urls import is_distributed
from shared.settings import CommonSettings


async def make_demo(common: CommonSettings, count: int, seed: int) -> Facts:
    """Make those of a seed that are not there yet."""
    asked = {"complaints": count, "seed": seed}
    with say.bar("demo") as shown:
        task = shown.add_task("demo", total=count)

        def progress(done: int, of: int) -> None:
            shown.update(task, completed=done, total=of)

        if is_distributed():
            return await apart.demo(common, asked, progress)
        return await ask(common, "demo", asked, progress)


async def remove_demo(common: CommonSettings) -> Facts:
    """Take all of them out again."""
    if is_distributed():
        return await apart.demo_removed(common)
    return await ask(common, "demo-remove")

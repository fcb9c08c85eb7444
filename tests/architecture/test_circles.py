"""The house has floors: no module needs, by whatever detour, a module that needs it."""

from graphlib import CycleError, TopologicalSorter

import grimp

ROOMS = ("shared", "services", "deploy")


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    needs = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise AssertionError(f"these modules import each other: {circle}") from None

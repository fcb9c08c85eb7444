"""Programs of other makers, run as our children: started, asked to stop, or made to."""

from deploy.processes.errors import ClusterError, MissingError
from deploy.processes.ports import answers, free_port, is_free, wait_for_ports
from deploy.processes.program import Program, end, start

__all__ = [
    "ClusterError",
    "MissingError",
    "Program",
    "answers",
    "end",
    "free_port",
    "is_free",
    "start",
    "wait_for_ports",
]

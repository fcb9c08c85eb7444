"""The distributed mode on one machine, without containers: `redress cluster up|down|status`."""

from deploy.cluster.commands import down, status, up
from deploy.processes import ClusterError, MissingError

__all__ = ["ClusterError", "MissingError", "down", "status", "up"]

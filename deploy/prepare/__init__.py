"""What must be there before a service of the distributed mode starts."""

from deploy.prepare.installation import prepare

__all__ = ["prepare"]

"""The front: nginx with one configuration, here and in docker-compose."""

from deploy.front.nginx import Front, nginx

__all__ = ["Front", "nginx"]

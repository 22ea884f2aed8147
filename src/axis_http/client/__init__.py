"""A typed client of the HTTP service: upload, submit, follow, download. Needs httpx, and nothing of the server.

::

    from axis_http.client import Client

    with Client("http://127.0.0.1:8420", key="axf_live_...") as axis:
        job = axis.process("hero.glb", platform="unity", progress=print)
        axis.download(job.export_id, "hero.glb")
"""

from axis_http.client.blocking import Client
from axis_http.client.concurrent import AsyncClient
from axis_http.client.replies import RemoteError, RemoteJob


__all__ = ["AsyncClient", "Client", "RemoteError", "RemoteJob"]

"""Whether it runs, whether it can answer, and its numbers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from page.desk import Desk
from page.door.metrics import KIND
from page.door.refusals import asked_language, outward, told_problem


def build_health(desk: Desk) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthy() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def ready(request: Request) -> Response:
        problem = desk.problem()
        if problem is None:
            return JSONResponse({"status": "ready"})
        told = told_problem(request.scope, *outward(problem, asked_language(request.scope)))
        return JSONResponse({"status": "unready", **told}, 503)

    @router.get("/metrics")
    def metrics() -> Response:
        desk.reception.metrics.generation.set(desk.generation())
        return Response(desk.reception.metrics.text(), media_type=KIND)

    return router

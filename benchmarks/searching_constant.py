"""The yardstick: a FastAPI endpoint that returns so many constant bytes, and nothing else."""

from functools import cache

from fastapi import FastAPI, Response

app = FastAPI()


@cache
def _body(size: int) -> bytes:
    return b'"' + b"." * (size - 2) + b'"'


@app.get("/constant")
async def constant(size: int) -> Response:
    """As many bytes as the hub's answer to the same question has."""
    return Response(_body(size), media_type="application/json")

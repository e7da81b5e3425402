"""The plain aiokafka loop with a count in place of the fold."""

import asyncio

import uvloop

from bench.contenders.counting import CountJob
from bench.contenders.job import Task
from bench.contenders.plain_aiokafka import run

if __name__ == "__main__":
    uvloop.install()
    asyncio.run(run(Task.given(), CountJob()))

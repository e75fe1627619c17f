"""A process of its own for CPU-bound jobs, that ends with its parent however that ends."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any


class CpuPool:
    """One process, started by the first job. One that died (memory) is made anew for the next."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[[Any], Any], given: Any) -> Any:
        """The work's answer; `BrokenExecutor` when the process died under it."""
        executor = self._executor
        if executor is None:
            # "spawn": a forked child would inherit the event loop and the connections
            context = multiprocessing.get_context("spawn")
            executor = ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)
            self._executor = executor
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, work, given)
        except BrokenExecutor:
            if self._executor is executor:
                self._executor = None
            raise

    def stop(self) -> None:
        """End it, whatever it computes: the job's row is still there."""
        if self._executor is None:
            return
        self._executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.kill()


def _end_with_parent() -> None:
    """In the child: a parent that is killed cannot tell; the pipe between the two closes, on every system."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()

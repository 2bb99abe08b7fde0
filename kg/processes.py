"""Worker processes: how one is started, talked to and ended.

Work on texts and queries of strangers runs in other processes, which may crash, hang or be killed without harm to
this one. All of them are forked from one *fork server*, a process that has loaded what they need and has no threads.
See https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods.
"""

import multiprocessing
import multiprocessing.forkserver
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.settings import changed_environment, setting

__all__ = ["WorkerProcess", "check_socket_folder", "start_fork_server"]

_ENVIRONMENT = {"PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1"}
_LOWEST_PRIORITY = 19
_LONGEST_FOLDER = (107 if sys.platform == "linux" else 103) - 32
"""Bytes of the folder for temporary files: the name of a socket there has 32 more."""


def check_socket_folder() -> None:
    """Raise `KgError` where the folder for temporary files has too long a name: processes are talked to in it."""
    folder = tempfile.gettempdir()
    if len(os.fsencode(folder)) > _LONGEST_FOLDER:
        raise KgError(
            f"no process can be started with the temporary folder {folder}: the name of a socket in it would be too "
            f"long; set TMPDIR to a folder of at most {_LONGEST_FOLDER} bytes"
        )


def start_fork_server(module: str) -> None:
    """Start the process that workers are forked from, and let it import a module first.

    A fork server that runs already stays as it is. It and its children ignore Ctrl-C, which this process handles;
    they import nothing from the working folder, which may hold anything; and each computes on one core.

    Args:
        module: the name of the module that loads what all workers share, such as "kg.server.preload".

    Raises:
        KgError: as `check_socket_folder` does.

    """
    check_socket_folder()
    multiprocessing.get_context("forkserver").set_forkserver_preload([module])
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with changed_environment(_ENVIRONMENT):
            multiprocessing.forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class WorkerProcess:
    """A process that runs one function, and the connection to it.

    Example, where `serve(connection, folder)` receives questions and sends answers::

        worker = WorkerProcess.start(serve, folder)
        worker.send("a question")
        answer = worker.receive()
        worker.kill()
        worker.join()
    """

    def __init__(self, process: ForkServerProcess, connection: Connection) -> None:
        self._process = process
        self._connection = connection
        self._exit_code: int | None = None

    @classmethod
    def start(cls, target: Callable[..., None], *arguments: Any, own_group: bool = False) -> "WorkerProcess":
        """Start a process that runs `target(connection, *arguments)`, and return it at once.

        What the process writes to standard error is dropped, unless KG_DEBUG is set: what matters comes back over
        the connection. It ends with this process at the latest, if this process ends in good order.

        Args:
            target: a function at the top level of a module.
            arguments: what can be pickled.
            own_group: whether it leads a process group of its own, apart from the terminal's. Then Ctrl-C does not
                reach it, and `lower_priority` slows down all its threads.

        Raises:
            OSError: where the system has no room for another process.

        """
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe()
        process = context.Process(target=_run, args=(theirs, target, arguments, own_group, _told()), daemon=True)
        try:
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return cls(process, ours)

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the process has sent something or has ended."""
        return self._connection.fileno()

    def send(self, message: Any) -> None:
        """Send an object; raise `EOFError` where the process has ended."""
        try:
            self._connection.send(message)
        except OSError as error:
            raise EOFError from error

    def receive(self) -> Any:
        """Wait for the next object that the process sends; raise `EOFError` where it has ended."""
        try:
            return self._connection.recv()
        except OSError as error:
            raise EOFError from error

    async def receive_async(self) -> Any:
        """Wait as `receive` does, without holding up the event loop."""
        import asyncio

        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        descriptor = self.fileno()
        loop.add_reader(descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(descriptor)
        return self.receive()

    def processor_seconds(self) -> float | None:
        """Return how long the process has computed, all its threads together; None where the system does not tell."""
        try:
            # Linux, proc_pid_stat(5): the name, which may hold anything, ends with the last parenthesis.
            fields = Path(f"/proc/{self._process.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def lower_priority(self) -> None:
        """Let all other processes of the machine go first. Only for one with `own_group`; it cannot be undone."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self._process.pid or 0, _LOWEST_PRIORITY)

    def kill(self) -> None:
        """End the process at once, whatever it does; `join` waits for that."""
        if self._exit_code is None:
            self._process.kill()

    def join(self) -> int:
        """Wait for the end of the process, and return its exit code; one that a signal ended has -signal."""
        if self._exit_code is None:
            self._process.join()
            self._exit_code = self._process.exitcode or 0
            self._process.close()
            self._connection.close()
        return self._exit_code


def _told() -> dict[str, str]:
    """The settings of this process that may have changed since the fork server started, which keeps those of then."""
    weights = setting("KG_WEIGHTS")
    # The fork server keeps its working folder, too.
    return {"KG_WEIGHTS": "" if weights is None else os.path.abspath(weights)}  # noqa: PTH100 - links stay


def _run(
    connection: Connection,
    target: Callable[..., None],
    arguments: tuple[Any, ...],
    own_group: bool,  # noqa: FBT001 - it is passed on by multiprocessing
    told: dict[str, str],
) -> None:
    if own_group:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if setting("KG_DEBUG") is None:
        # What libraries print would tear the progress bar and the log.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with changed_environment(told):
        target(connection, *arguments)

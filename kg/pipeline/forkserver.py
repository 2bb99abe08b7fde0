"""The process that workers are forked from."""

import multiprocessing
import multiprocessing.forkserver
import os
import signal

__all__ = ["start_server"]

_ENVIRONMENT = {"PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1"}


def start_server(module: str) -> None:
    """Start the process that workers are forked from, with `module` loaded; one that runs already stays as it is.

    It and its children never hear Ctrl-C, which is this process's to answer; they load no module from
    the working folder, which may hold anything; and each computes on one core.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload([module])
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(_ENVIRONMENT)
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

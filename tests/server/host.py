"""Runs `kg serve` many times over in one process, which has imported and forked but once what each of them needs.

What is read is JSON, a line each: a list of options, with which a server starts, or null, which ends the newest.
What is written is what the command writes, and "ended" once a server has.
"""

import json
import sys
import threading


def main():
    # Each worker imports this file, too, and is to find nothing to import in it.
    from kg.cli.serve import serve
    from kg.server import service

    running, create = [], service.create_server

    def noted(application, config):
        running.append((threading.current_thread(), create(application, config)))
        return running[-1][1]

    service.create_server = noted
    for line in sys.stdin:
        options = json.loads(line)
        if options is not None:
            threading.Thread(target=serve.main, args=(options,), kwargs={"standalone_mode": False}).start()
            continue
        thread, server = running.pop()
        server.should_exit = True
        thread.join()
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

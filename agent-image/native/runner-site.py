"""The sitecustomize of the runner (runner.c): what Python imports last when it starts, before it reads its program.

It comes to its end in steps only, each a fork. There it puts right what the runner was started with, and takes itself
out of sight: from then on a step cannot tell its interpreter from one that was started for it.
"""

import os, site, sys

HERE = os.path.dirname(__file__)

try:
    import _runner

    preloaded = list(filter(None, os.environ.get("LONGSHORE_STEP_PRELOAD", "").split(",")))
    for name in preloaded:
        try:
            __import__(name)
        except Exception:
            pass  # a step that wants it will say why
    arguments, environment = _runner.wait_for_step(int(os.environ["LONGSHORE_AGENT"]))
except BaseException:
    os._exit(125)  # whatever it was, process 1 must not go on and run a program

try:
    os.environ.clear()
    os.environ.update(each.split("=", 1) for each in environment)
    site.USER_BASE = site.USER_SITE = None
    places = [os.path.dirname(arguments[1]), *os.environ["PYTHONPATH"].split(":")] if preloaded else []
    own = {each.split(".")[0] for place in places for each in os.listdir(place)}
    if os.path.isdir(site.getusersitepackages()) or not own.isdisjoint(sys.modules):
        # A step has installed packages for its user, and they may do anything when an interpreter starts; or the job
        # has a module of its own by the name of one that is loaded.
        os.execvp(arguments[0], arguments)
    sys.orig_argv[:] = arguments
    sys.argv[:] = arguments[1:]
    sys.path[:] = os.environ["PYTHONPATH"].split(":") + [each for each in sys.path if each != HERE]
    sys.path_importer_cache.pop(HERE, None)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # unlike `random` it does not see to it itself in a fork
    del sys.modules["_runner"], sys.modules["sitecustomize"]
except BaseException as error:
    os.write(2, f"launch: python3: {error!r}\n".encode())
    os._exit(125)

import sitecustomize  # the system's own, if there is one: its name is free again

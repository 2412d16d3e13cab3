"""The sitecustomize of the runner (runner.c): what Python imports last when it starts, before it reads its program.

It comes to its end in steps only, each a fork. There it puts right what the runner was started with, and takes itself
out of sight: from then on a step cannot tell its interpreter from one that was started for it.
"""

import os, site, sys

HERE = os.path.dirname(__file__)

try:
    import _runner

    preloaded = list(filter(None, os.environ.get("LONGSHORE_STEP_PRELOAD", "").split(",")))
    # Some modules keep files there, or make a place of their own where they cannot. Nothing of a job's is in it yet.
    if preloaded:
        os.environ["HOME"] = "/tmp"
    for name in preloaded:
        try:
            __import__(name)
        except Exception:
            pass  # a step that wants it will say why
    has_gc = "gc" in sys.modules
    import gc

    # At its end an interpreter looks at all that it has, and writes to it: each page of a fork would be copied for that.
    # Not with modules that were asked for: steps may hang what is theirs on such a module's classes, and what is frozen
    # keeps it for ever, so that a file which nobody closed would lack its end.
    gc.collect()
    if not preloaded:
        gc.freeze()
    arguments, environment = _runner.wait_for_step(int(os.environ["LONGSHORE_AGENT"]))
except BaseException:
    os._exit(125)  # whatever it was, process 1 must not go on and run a program

try:
    asked = dict(each.split("=", 1) for each in environment)
    others = {name for name, value in asked.items() if os.environ.get(name) != value} - {"PYTHONPATH"}
    os.environ.clear()
    os.environ.update(asked)
    site.USER_BASE = site.USER_SITE = None

    def is_told_otherwise():
        """Whether one of the loaded modules might be another, or have read another variable, in this job's own
        interpreter."""
        if any(not name.startswith("LONGSHORE_") for name in others):
            return True
        places = [os.path.dirname(arguments[1]), *os.environ["PYTHONPATH"].split(":")]
        try:
            own = {each.split(".")[0] for place in places for each in os.listdir(place)}
        except OSError:
            return True
        return not own.isdisjoint(sys.modules)

    # Packages that a step has installed for its user may do anything when an interpreter starts.
    if os.path.isdir(site.getusersitepackages()) or (preloaded and is_told_otherwise()):
        os.execvp(arguments[0], arguments)
    sys.orig_argv[:] = arguments
    sys.argv[:] = arguments[1:]
    sys.path[:] = os.environ["PYTHONPATH"].split(":") + [each for each in sys.path if each != HERE]
    sys.path_importer_cache.pop(HERE, None)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # unlike `random` it does not see to it itself in a fork
    if not has_gc:
        del sys.modules["gc"]
    del sys.modules["_runner"], sys.modules["sitecustomize"]
except BaseException as error:
    os.write(2, f"launch: python3: {error!r}\n".encode())
    os._exit(125)

import sitecustomize  # the system's own, if there is one: its name is free again

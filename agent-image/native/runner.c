/*
 * _runner: the module by which process 1, now an interpreter of Python, waits for steps (starter.h). It is called while
 * that interpreter starts (runner-site.py), before it reads the program that it was started with. In a step, a fork,
 * it returns, and what an interpreter does next is read its program: so a step is run by just the same code as by
 * `python3 <file>`, with nothing on its stack, and ends the same way.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <fcntl.h>
#include <sys/prctl.h>

#include "starter.h"

static void after_fork(int is_child) {
  if (is_child) PyOS_AfterFork_Child();
  else PyOS_AfterFork_Parent();
}

/* What the interpreter was started with becomes what the step asks for. Only the file's name is not in `sys`. */
static int set_program(const char *path) {
  /* safety: the interpreter's own, const in the API as it is not meant to change after the start. It is read next
   * when the program is, by Py_RunMain, in the order of Modules/main.c. */
  PyConfig *config = (PyConfig *)_Py_GetConfig();
  if (!config->run_filename || config->argv.length < 1) return PyErr_SetString(PyExc_RuntimeError, "no program"), -1;
  if (PyStatus_Exception(PyConfig_SetBytesString(config, &config->run_filename, path))) return PyErr_NoMemory(), -1;
  if (PyStatus_Exception(PyConfig_SetBytesString(config, &config->argv.items[0], path))) return PyErr_NoMemory(), -1;
  return 0;
}

static PyObject *list_strings(char **strings) {
  PyObject *list = PyList_New(0);
  for (; list && *strings; strings++) {
    PyObject *text = PyUnicode_DecodeFSDefault(*strings);
    if (!text || PyList_Append(list, text) < 0) Py_CLEAR(list);
    Py_XDECREF(text);
  }
  return list;
}

/* The module that the step's program will be was there before all was frozen (runner-site.py), and what is frozen no
 * collector looks at. What its globals hold, such as files that nobody closed, would then never come to its end where a
 * function of the program keeps them, as each does. */
static int thaw_main(void) {
  PyObject *main = PyImport_AddModule("__main__");
  if (!main) return -1;
  PyObject *thawed[] = {main, PyModule_GetDict(main)};
  for (size_t i = 0; i < sizeof thawed / sizeof *thawed; i++) {
    PyObject_GC_UnTrack(thawed[i]);
    PyObject_GC_Track(thawed[i]);
  }
  return 0;
}

/* Nothing of a step was read until here, and no step runs (init.c). */
static void shut(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0) _exit(125);
  close(null);
  prctl(PR_SET_NAME, "init", 0, 0, 0); /* `pkill python3` means a step's programs */
}

static PyObject *wait_for_step(PyObject *self, PyObject *argument) {
  (void)self;
  long agent = PyLong_AsLong(argument);
  if (PyErr_Occurred()) return NULL;
  shut();
  const struct starter starter = {.agent = agent, .before_fork = PyOS_BeforeFork, .after_fork = after_fork};
  struct step step = serve(&starter);
  prctl(PR_SET_NAME, "python3", 0, 0, 0);
  if (!step.arguments[1] || set_program(step.arguments[1]) < 0 || thaw_main() < 0) return NULL;
  PyObject *arguments = list_strings(step.arguments), *environment = list_strings(step.environment);
  if (!arguments || !environment) return NULL;
  return Py_BuildValue("(NN)", arguments, environment);
}

static PyMethodDef methods[] = {
    {"wait_for_step", wait_for_step, METH_O, "Returns in a step, with its arguments and its environment."},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_runner", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__runner(void) { return PyModule_Create(&module); }

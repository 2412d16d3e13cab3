/*
 * shut.node: an addon of Node that shuts its process while it is loaded. A process that is not dumpable keeps its
 * memory, descriptors and environment in /proc from others of its uid, which a sandbox's steps are. The mode 0711
 * of a program's file does the same under runc; where that is not to be had (gVisor cannot start such a file,
 * google/gvisor#160), only this does it. Node has no call for it.
 *
 * The name is what Node looks for in an addon (Node-API, "Module registration"); nothing of Node's headers is needed.
 */
#include <stddef.h>
#include <sys/prctl.h>

void *napi_register_module_v1(void *environment, void *exports) {
  (void)environment;
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return exports;
}

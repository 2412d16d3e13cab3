/** Where things are in the Sandbox. The image puts them there. */
export const workspace = "/workspace";
export const temporary = "/tmp";
export const launcher = "/opt/longshore/launch";

/** Descriptors that the agent inherits from process 1 (native/starter.h). */
export const controlFd = 3;
export const stdoutPipeFd = 4;
export const stderrPipeFd = 5;

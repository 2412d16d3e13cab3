/** Where things are in the Sandbox. The image puts them there. */
export const workspace = "/workspace";
export const temporary = "/tmp";
export const launcher = "/opt/longshore/launch";

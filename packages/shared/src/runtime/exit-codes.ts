/** A fault of the configuration or the environment, which starting again does not mend (EX_CONFIG of sysexits.h). */
export const exitCodeMisconfigured = 78;

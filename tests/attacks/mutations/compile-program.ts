const step = "restrict.c step-filter.c step-rules.c";

/**
 * What Steps are kept from is the same files in all three programs that start them. The third is the runner, for which
 * the image lacks Python's headers: where another is built anew, it is what starts the Steps, Python ones too.
 */
const programs = {
  init: { file: "init", sources: `init.c starter.c ${step}`, instead: "RUN rm -r /opt/longshore/runner" },
  launcher: { file: "launch", sources: `launcher.c ${step}`, instead: "ENV LONGSHORE_STEP_RUNNER=off" },
} as const;

/** Lines of a Dockerfile that build a program of the image once more, after an edit of its sources by sed. */
export function compileProgram(program: keyof typeof programs, edit = ""): readonly string[] {
  const { file, sources, instead } = programs[program];
  const target = `/opt/longshore/${file}`;
  return [
    "COPY *.c *.h /tmp/native/",
    `RUN cd /tmp/native && sed -i '${edit}' ${sources} && gcc -std=gnu17 -O2 -static -o ${target} ${sources} && chmod 0755 ${target}`,
    instead,
  ];
}

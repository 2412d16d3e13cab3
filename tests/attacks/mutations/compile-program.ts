const programs = {
  init: { file: "init", sources: "init.c" },
  launcher: { file: "launch", sources: "launcher.c step-filter.c step-rules.c" },
} as const;

/** Lines of a Dockerfile that build a program of the image once more, after an edit of its sources by sed. */
export function compileProgram(program: keyof typeof programs, edit = ""): readonly string[] {
  const { file, sources } = programs[program];
  const target = `/opt/longshore/${file}`;
  return [
    "COPY *.c *.h /tmp/native/",
    `RUN cd /tmp/native && sed -i '${edit}' ${sources} && gcc -std=gnu17 -O2 -static -o ${target} ${sources} && chmod 0755 ${target}`,
  ];
}

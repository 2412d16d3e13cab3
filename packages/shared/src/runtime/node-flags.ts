/**
 * Flags of Node for the API and the worker. V8's defaults let a process of ours idle at some 270 MB and grow by 170 MB
 * more in a flood of log lines, nearly all of it garbage; a small young generation and an early full collection keep it
 * at 130 MB and under 30 MB more (Node 24.21, 2 cores). How small: at 2 MB a flood of lines spent more time on garbage
 * than on anything else, 26,000 to 49,000 lines a second where 4 MB gave 43,000 and 8 MB 50,000 to 56,000 (`npm run bench
 * -- --quick 9` on a busy machine); the worker grew by 29, 28 and 41 MB.
 */
export const nodeFlags = ["--max-semi-space-size=4", "--heap-growing-percent=20"] as const;

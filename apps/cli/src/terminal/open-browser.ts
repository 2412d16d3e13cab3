import { spawn } from "node:child_process";

/** After this long without an error, what was started is taken for a browser that stays. */
const startMs = 1_500;

/** Opens the address in the user's browser. False where there is none, or it does not start. */
export async function openBrowser(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const command = browserCommand(env);
  if (command === null) return false;
  const [file, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, [...args, address], { detached: true, stdio: "ignore", env: { ...env } });
    child.unref();
    const timer = setTimeout(() => resolve(true), startMs);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once("error", () => settle(false));
    child.once("exit", (code) => settle(code === 0));
  });
}

function browserCommand(
  env: Readonly<Record<string, string | undefined>>,
): readonly [string, ...(readonly string[])] | null {
  const {
    BROWSER: named = "",
    DISPLAY: x11 = "",
    WAYLAND_DISPLAY: wayland = "",
    SSH_CONNECTION: remote = "",
  } = env;
  if (named !== "") return [named];
  if (process.platform === "darwin") return ["open"];
  // An empty first argument, as start takes the first that is quoted for a title.
  if (process.platform === "win32") return ["cmd.exe", "/c", "start", '""'];
  const hasScreen = x11 !== "" || wayland !== "";
  return hasScreen && remote === "" ? ["xdg-open"] : null;
}

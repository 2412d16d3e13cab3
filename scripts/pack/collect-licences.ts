import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** The licences of the packages that are part of a bundle, as they ask for: name, version, and their own words. */
export async function collectLicences(source: string, metafile: Metafile): Promise<string> {
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((path) => {
      const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(join(source, path)) ?? [];
      return folder === undefined ? [] : [folder];
    }),
  );
  const texts = await Promise.all([...folders].toSorted().map((folder) => describeLicence(folder)));
  return `This package has in it parts of the packages below.\n\n${texts.join("\n")}`;
}

async function describeLicence(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  // safety: npm has installed it by these.
  const { name, version, license } = manifest as Readonly<Record<"name" | "version" | "license", string>>;
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(each));
  const words = file === undefined ? "" : await readFile(join(folder, file), "utf8");
  return `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${words.trim()}\n`;
}

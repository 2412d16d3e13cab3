# The images of the API and of the worker: `docker build --target api .` and `--target worker .` They run the same
# bundle, on the same Node, as a checkout does. No BuildKit features: builds with and without it.
#
# TOOLS builds and is thrown away: any image of Debian's family; where it brings no npm, Debian's is installed.
# BASE is what the images start from. Behind a proxy with a certificate of its own, TOOLS must trust that, and name it in
# NODE_EXTRA_CA_CERTS.
ARG TOOLS=node:24-bookworm-slim
ARG BASE=debian:bookworm-slim

FROM ${TOOLS} AS tools
RUN export PATH=$PATH:/usr/sbin:/sbin DEBIAN_FRONTEND=noninteractive && apt-get update \
 && apt-get install -y --no-install-recommends binutils ca-certificates libstdc++6 $(command -v npm >/dev/null || echo npm) \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The Node that package.json pins, and an npm to run on it, whatever TOOLS brings: of what is optional, npm leaves out what is
# not for the Node that it runs on itself, and Debian's is too old for the binary of the dashboard's bundler.
COPY package.json ./
RUN mkdir /node /npm && cd /node \
 && version=$(node -p 'require("/app/package.json").optionalDependencies.node') \
 && archive=$(npm pack --loglevel error "node-linux-$(node -p process.arch)@$version") \
 && tar -xzf "$archive" --strip-components 2 package/bin/node && rm "$archive" \
 && strip node && ./node --version \
 && cd /npm && archive=$(npm pack --loglevel error npm@11.19.1) \
 && tar -xzf "$archive" --strip-components 1 && rm "$archive" \
 && ln -s /npm/bin/npm-cli.js /node/npm && chmod +x /npm/bin/npm-cli.js
ENV PATH=/node:$PATH
# The bundler that package.json pins, as it comes: its binary is a package, and needs no script.
RUN mkdir /bundler && cd /bundler \
 && npm install --ignore-scripts --no-audit --no-fund "esbuild@$(node -p 'require("/app/package.json").dependencies.esbuild')"
# npm wants to see every workspace that the lock file names, and installs those that it is asked for.
COPY package-lock.json ./
COPY agent-image/package.json agent-image/
COPY apps/api/package.json apps/api/
COPY apps/web/package.json apps/web/
COPY apps/cli/package.json apps/cli/
COPY apps/worker/package.json apps/worker/
COPY bench/package.json bench/
COPY packages/client/package.json packages/client/
COPY packages/shared/package.json packages/shared/

FROM tools AS dashboard-files
RUN npm ci --workspace apps/web --ignore-scripts --no-audit --no-fund
COPY packages/client packages/client
COPY apps/web apps/web
RUN cd apps/web && node ../../node_modules/vite/bin/vite.js build --logLevel warn

FROM tools AS api-files
# Nothing that is installed has to be compiled or to run a script. What is removed is for compilers and debuggers.
RUN npm ci --workspace apps/api --omit dev --omit optional --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.md' \) -delete
COPY migrations migrations
COPY packages packages
COPY apps/api apps/api
COPY scripts/programs scripts/programs
RUN ln -s /bundler/node_modules/esbuild node_modules/esbuild \
 && node -e 'import("/app/scripts/programs/ensure-program.mjs").then((of) => of.ensureProgram("/app", { name: "api", entry: "apps/api/src/main.ts" }))' \
 && rm node_modules/esbuild

FROM ${BASE} AS runtime
RUN export PATH=$PATH:/usr/sbin:/sbin DEBIAN_FRONTEND=noninteractive && apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* \
 && groupadd --gid 10001 longshore && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app longshore \
 && mkdir -p -m 0700 /data && chown longshore:longshore /data \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=tools /node/node /usr/local/bin/node
# Both parts keep the archives in this folder, and must see the same one: one volume, or one file system.
ENV NODE_ENV=production DATA_DIR=/data
USER 10001:10001

FROM runtime AS api
COPY --from=api-files /app /app
COPY --from=dashboard-files /app/.longshore/dashboard /app/.longshore/dashboard
WORKDIR /app/apps/api
# The flags, here and below, are those of packages/shared/src/runtime/node-flags.ts, which says why.
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "/app/.longshore/programs/api.mjs"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

FROM tools AS worker-files
RUN npm ci --workspace apps/worker --omit dev --omit optional --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.md' \) -delete
COPY migrations migrations
COPY packages packages
COPY apps/worker apps/worker
COPY scripts/programs scripts/programs
RUN ln -s /bundler/node_modules/esbuild node_modules/esbuild \
 && node -e 'import("/app/scripts/programs/ensure-program.mjs").then((of) => of.ensureProgram("/app", { name: "worker", entry: "apps/worker/src/main.ts" }))' \
 && rm node_modules/esbuild

FROM runtime AS worker
COPY --from=worker-files /app /app
WORKDIR /app/apps/worker
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "/app/.longshore/programs/worker.mjs"]
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["node", "src/check-health.ts"]

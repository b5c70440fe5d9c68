# The daemon with its HTTP door and its data in one volume (docs/how-to/run-in-a-container.md), and, with --target relay, the relay (docs/how-to/run-a-relay.md).
FROM node:24.21.0-bookworm-slim AS console

# What the console is made from stays in here: the image has only what comes out.
WORKDIR /opt/steward
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY packages ./packages
COPY apps ./apps
RUN npm ci --ignore-scripts \
  && npm run build --workspace apps/console

FROM node:24.21.0-bookworm-slim AS steward

# git for the git tools and for checkpoints.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/steward
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
COPY apps ./apps
RUN npm ci --omit=dev \
  && npm cache clean --force \
  && install --directory --owner=node --group=node node_modules/.cache /data
COPY --from=console /opt/steward/apps/console/dist ./apps/console/dist

USER node
VOLUME /data
ENTRYPOINT ["node", "apps/cli/bin/steward.mjs"]

FROM steward AS relay
ENV STEWARD_RELAY_HOME=/data/relay
EXPOSE 3005
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "--eval", "fetch('http://127.0.0.1:3005/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Plain HTTP, also for others: what it carries is sealed, but tokens are not, so a proxy with TLS belongs in front.
CMD ["relay", "start", "--host", "0.0.0.0", "--port", "3005"]

# The last one is what is built when none is named.
FROM steward AS daemon
ENV STEWARD_HOME=/data/steward STEWARD_WORKSPACE_ROOT=/data/workspace
EXPOSE 7777
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "--eval", "fetch('http://127.0.0.1:7777/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# In here an address that is not the loopback is how a published port gets in, hence --insecure-http. Who can reach it is decided where the port
# is published: compose.yaml does so for this machine alone. For others give --tls-cert and --tls-key instead, or put a proxy with TLS in front.
CMD ["daemon", "start", "--foreground", "--http", "--host", "0.0.0.0", "--port", "7777", "--insecure-http"]

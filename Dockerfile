# The daemon with its HTTP door and its data in one volume. How to run it: docs/how-to/run-in-a-container.md
FROM node:24.21.0-bookworm-slim

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

ENV STEWARD_HOME=/data/steward STEWARD_WORKSPACE_ROOT=/data/workspace
USER node
VOLUME /data
EXPOSE 7777
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "--eval", "fetch('http://127.0.0.1:7777/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "apps/cli/bin/steward.mjs"]
# In here an address that is not the loopback is how a published port gets in, hence --insecure-http. Who can reach it is decided where the port
# is published: compose.yaml does so for this machine alone. For others give --tls-cert and --tls-key instead, or put a proxy with TLS in front.
CMD ["daemon", "start", "--foreground", "--http", "--host", "0.0.0.0", "--port", "7777", "--insecure-http"]

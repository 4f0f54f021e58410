# The service in one image: `docker build -t token-deployer .`. Nothing is fetched but Debian's tini and the packages of
# package-lock.json, whose checksums npm verifies.

# Node's long-term support release on Debian. A mirror, or a digest, goes in here.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY LICENSE nest-cli.json tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY schemas schemas
RUN npm run build
# Readable for every user, writable for root alone, regardless of the modes in the working tree.
RUN rm -f dist/*.tsbuildinfo && chmod -R a+rX,go-w dist package.json LICENSE

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && rm node_modules/.package-lock.json

# Process 1 of a container gets no default signal actions and inherits orphans: tini takes that place.
FROM ${NODE_IMAGE} AS init
RUN apt-get update && apt-get install --yes --no-install-recommends tini

FROM ${NODE_IMAGE}
# What installs packages has no business in a running service.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn*
COPY --from=init /usr/bin/tini-static /usr/local/bin/tini
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/LICENSE /app/package.json ./
COPY --from=build /app/dist dist

ARG NODE_IMAGE
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="hokusai-token-deployer" \
      org.opencontainers.image.description="Turns every model approved by the Hokusai ML Platform into exactly one ERC-20 token on an EVM chain" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"

ENV NODE_ENV=production
EXPOSE 3000
# By number: Kubernetes' runAsNonRoot cannot tell whether a name is root.
USER 1000:1000
ENTRYPOINT ["/usr/local/bin/tini", "--"]
CMD ["node", "--enable-source-maps", "dist/apps/token-deployer/src/main.js"]

# syntax=docker/dockerfile:1
# mulu with the drivers of all engines, as a user without rights, on a root that may be
# read-only: only /var/lib/mulu (the ledger, or snapshots beside the servers) and /tmp are
# written. No secret is built in; without a file of tokens it does not start.

FROM node:22.17.0-bookworm-slim AS portal
WORKDIR /build
COPY . .
WORKDIR /build/portal
RUN npm ci --no-audit --no-fund && npm run generate && npm run build

FROM python:3.11.13-slim-bookworm AS build
WORKDIR /build
COPY constraints.txt ./
RUN python -m venv /opt/mulu
COPY . .
COPY --from=portal /build/api/portal api/portal
RUN /opt/mulu/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt ".[fast,neo4j,elastic]"

FROM python:3.11.13-slim-bookworm
RUN groupadd --system --gid 10001 mulu \
    && useradd --system --uid 10001 --gid mulu --home-dir /var/lib/mulu --no-log-init mulu \
    && install -d -o mulu -g mulu -m 0750 /var/lib/mulu /etc/mulu
COPY --from=build /opt/mulu /opt/mulu
# MULU_TOKENS names a file, and is no secret:
# hadolint ignore=DL3064
ENV PATH=/opt/mulu/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    MULU_DATA=/var/lib/mulu \
    MULU_TOKENS=/etc/mulu/tokens.toml \
    MULU_HOST=0.0.0.0 \
    MULU_PORT=8000
USER 10001:10001
WORKDIR /var/lib/mulu
VOLUME ["/var/lib/mulu", "/etc/mulu"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["mulu"]
CMD ["serve"]

# Two stages on one image: uv builds the environment from the lock file, the second stage only carries it.
FROM python:3.13-slim AS build

ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=0

RUN pip install --no-cache-dir uv==0.13.9

WORKDIR /build
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --extra postgres --no-install-project
COPY bot ./bot
RUN uv sync --locked --no-dev --extra postgres --no-editable

FROM python:3.13-slim

# CA certificates: the OpenAI client uses the system's trust store. Fonts: pictures of stories are drawn with them.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates fonts-dejavu-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin newsbot \
    && install --directory --owner=newsbot --group=newsbot --mode=0750 /data

WORKDIR /app
COPY --from=build /build/.venv /build/.venv
COPY prompts ./prompts
COPY seeds ./seeds

ENV PATH=/build/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NEWSBOT_DATA_DIR=/data

USER newsbot
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["newsbot", "status", "--alive"]
ENTRYPOINT ["newsbot"]
CMD ["run"]

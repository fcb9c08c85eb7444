# One image for all four services; which one it is, the command says.
# Two stages, so that what builds is not in what runs.

FROM python:3.11-slim-bookworm AS built
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN python -m venv /redress && /redress/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY shared shared
COPY services services
COPY deploy deploy
RUN /redress/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data redress \
    && install -d -o redress -g redress -m 0700 /data /key /erased
COPY --from=built /redress /redress
ENV PATH=/redress/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    REDRESS_DATA=/data \
    REDRESS_KEY_FILE=/key/redress.key \
    REDRESS_ERASED_FILE=/erased/redress.erased
USER 10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
ENTRYPOINT ["redress"]
CMD ["--help"]

# compose.yaml runs this with all its settings; docs/operators.md tells the steps. By itself:
#
# docker build -t mujaz .
# docker run --stop-timeout 30 -v mujaz:/data -v ./token:/run/secrets/telegram_token:ro \
#     -e MUJAZ_TELEGRAM__TOKEN_FILE=/run/secrets/telegram_token mujaz
#
# /data holds the database, its backups and, when you want one, config.toml; user 10001 must be able
# to write it. There is no HEALTHCHECK here: without [web] nothing answers, and a check that always
# passes is a lie. compose.yaml opens [web] and asks.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/mujaz && python -m venv /opt/build
COPY requirements/run.txt requirements/build.txt requirements/
RUN /opt/mujaz/bin/pip install --require-hashes -r requirements/run.txt \
    && /opt/build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /opt/build/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/mujaz/bin/pip install --no-index --no-deps /wheels/*.whl \
    && /opt/mujaz/bin/python -m compileall -q /opt/mujaz/lib

FROM python:3.13-slim-bookworm
ENV PATH=/opt/mujaz/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mujaz \
    && install -d -o mujaz -g mujaz /data
COPY --from=build /opt/mujaz /opt/mujaz
USER 10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["mujaz"]
CMD ["run"]

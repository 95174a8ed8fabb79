# A small image of the playground: no compiler, no package cache, not root, and the engine already compiled.
#
#   docker build -t hyperplane . && docker run -p 8000:8000 hyperplane
#
# tests/packaging/test_dockerfile.py checks this file and runs what its RUN lines do, without Docker.

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY app app
COPY engine engine
COPY hyperplane hyperplane
COPY static static
COPY templates templates
# Older releases of pip read the first for the build's own tools too, newer ones the second.
ENV PIP_CONSTRAINT=/src/constraints.txt PIP_BUILD_CONSTRAINT=/src/constraints.txt PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/hyperplane \
    && /opt/hyperplane/bin/python -m pip wheel --no-deps --wheel-dir ../wheels . \
    && /opt/hyperplane/bin/python -m pip install ../wheels/hyperplane-*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home hyperplane
COPY --from=build /opt/hyperplane /opt/hyperplane
ENV PATH=/opt/hyperplane/bin:$PATH PYTHONUNBUFFERED=1 HYPERPLANE_CACHE=/home/hyperplane/.cache/hyperplane MALLOC_ARENA_MAX=2
WORKDIR /home/hyperplane
USER 10001
# For the CPU that builds the image; on another kind of CPU the first start compiles once more, into the same folder.
RUN python -m engine.warm_up
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["hyperplane", "serve", "--host", "0.0.0.0", "--port", "8000"]

# One image for every process. The CPU build of torch is small; the GPU profile asks for the other,
# and for the C compiler with which Triton builds its launcher.
FROM python:3.11-slim

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG BUILD_PACKAGES=
RUN if [ -n "$BUILD_PACKAGES" ]; then \
      apt-get update && apt-get install --yes --no-install-recommends $BUILD_PACKAGES \
      && rm -rf /var/lib/apt/lists/*; \
    fi

# What it depends on, first: a change of the sources downloads nothing anew.
WORKDIR /build
COPY pyproject.toml constraints.txt ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' > requirements.txt \
    && pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" --constraint constraints.txt --requirement requirements.txt

COPY README.md LICENSE ./
COPY models models
COPY fhir_mapping fhir_mapping
COPY worker worker
COPY gateway gateway
COPY migrations migrations
RUN pip install --no-cache-dir --no-deps .

# Who runs it owns where its data and its models lie, and nothing else.
RUN useradd --create-home biomed && install --directory --mode 0700 --owner biomed /data /cache
USER biomed
WORKDIR /data
VOLUME /data
ENV XDG_DATA_HOME=/data HF_HOME=/cache BIOMED_HEALTH_FILE=/tmp/biomed-ner-at-work
ENTRYPOINT ["biomed-ner"]

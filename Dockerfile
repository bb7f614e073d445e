# One image for every process. The CPU build of torch is small; the GPU profile asks for the other,
# and for the C compiler with which Triton builds its launcher.
FROM python:3.11-slim

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG BUILD_PACKAGES=
RUN if [ -n "$BUILD_PACKAGES" ]; then \
      apt-get update && apt-get install --yes --no-install-recommends $BUILD_PACKAGES \
      && rm -rf /var/lib/apt/lists/*; \
    fi

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY models models
COPY fhir_mapping fhir_mapping
COPY worker worker
COPY gateway gateway
COPY migrations migrations
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" --constraint constraints.txt .

RUN useradd --create-home biomed && mkdir /cache && chown biomed /cache
USER biomed
ENV HF_HOME=/cache
ENTRYPOINT ["biomed-ner"]

# One image for every process. The CPU build of torch is small; the GPU profile asks for the other.
FROM python:3.11-slim

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

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

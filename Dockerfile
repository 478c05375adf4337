# bnviz in a container: only what runs it, as nobody in particular, on a tree that nobody can write to.
#
#   docker build -t bnviz .
#   docker run --read-only --tmpfs /tmp -p 8501:8501 bnviz
FROM python:3.11.14-slim-bookworm AS packages
# Where PyTorch without CUDA comes from.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY requirements /tmp/requirements
RUN python -m venv /opt/bnviz
RUN /opt/bnviz/bin/pip install --quiet --no-cache-dir --require-hashes --only-binary=:all: -r /tmp/requirements/app.txt
RUN /opt/bnviz/bin/pip install --quiet --no-cache-dir --no-deps --only-binary=:all: --index-url "$TORCH_INDEX" -r /tmp/requirements/torch.txt

FROM python:3.11.14-slim-bookworm
COPY --from=packages /opt/bnviz /opt/bnviz
COPY .streamlit /srv/bnviz/.streamlit
COPY app.py /srv/bnviz/app.py
COPY pages /srv/bnviz/pages
COPY bnviz /srv/bnviz/bnviz
RUN /opt/bnviz/bin/python -m compileall -q /srv/bnviz
# Where a volume for the kept runs can be mounted.
RUN install --directory --owner=1000 --group=1000 /cache
# A login shell, which is how KubeRay starts things, finds the same programs.
RUN echo 'PATH=/opt/bnviz/bin:$PATH' > /etc/profile.d/bnviz.sh
ENV PATH=/opt/bnviz/bin:/usr/local/bin:/usr/bin:/bin
ENV HOME=/tmp TMPDIR=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENV PORT=8501
WORKDIR /srv/bnviz
USER 1000:1000
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import os, urllib.request as ask; ask.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/_stcore/health', timeout=4)"]
CMD ["sh", "-c", "exec streamlit run app.py --server.address=0.0.0.0 --server.port=$PORT --server.headless=true --browser.serverAddress=localhost"]

# The image of the Dockerfile with Ray, for deploy/kuberay.yaml:
#
#   docker build -t bnviz . && docker build -t bnviz:ray -f deploy/ray.Dockerfile .
FROM bnviz
USER 0:0
COPY requirements /tmp/requirements
RUN /opt/bnviz/bin/pip install --quiet --no-cache-dir --require-hashes --only-binary=:all: -r /tmp/requirements/ray.txt
# KubeRay starts ray from a login shell, which knows only the system's own folders.
RUN ln -s /opt/bnviz/bin/ray /usr/local/bin/ray
USER 1000:1000

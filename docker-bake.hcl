# Images: docker buildx bake [carbon|local]. REGISTRY=registry.example/ TAG=… by the environment.

variable "REGISTRY" {
  default = ""
}

variable "TAG" {
  default = "0.1.0"
}

# The base, by a digest where builds must be repeatable: BASE=docker.io/library/node@sha256:…
variable "BASE" {
  default = "docker.io/library/node:26-bookworm-slim"
}

group "default" {
  targets = ["carbon"]
}

# For a registry: both architectures, with provenance and a bill of materials.
target "carbon" {
  context    = "."
  dockerfile = "docker/Dockerfile"
  target     = "carbon"
  platforms  = ["linux/amd64", "linux/arm64"]
  args = {
    BASE    = BASE
    VERSION = TAG
  }
  tags   = ["${REGISTRY}254carbon/carbon:${TAG}"]
  attest = ["type=provenance,mode=max", "type=sbom"]
}

# For this machine's own Docker, as docker-compose.yml and a cluster on this machine want it.
target "local" {
  inherits  = ["carbon"]
  platforms = []
  attest    = []
  output    = ["type=docker"]
}

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

target "image" {
  context    = "."
  dockerfile = "docker/Dockerfile"
  target     = "carbon"
  args = {
    BASE    = BASE
    VERSION = TAG
  }
  tags = ["${REGISTRY}254carbon/carbon:${TAG}"]
}

# For a registry (--push): both architectures, with provenance and a bill of materials.
target "carbon" {
  inherits  = ["image"]
  platforms = ["linux/amd64", "linux/arm64"]
  attest    = ["type=provenance,mode=max", "type=sbom"]
}

# For this machine's own Docker, as docker-compose.yml and a cluster on this machine want it. Docker takes no attestations.
target "local" {
  inherits = ["image"]
  output   = ["type=docker"]
}

# syntax=docker/dockerfile:1

# Overtime needs no inbound port, and one volume if it keeps its history in SQLite:
#
#   docker build -t overtime --build-arg VERSION="$(git describe --tags --always)" .
#   docker run --env-file config.env -v overtime:/data overtime
#
# docker's --env-file takes values as they are: write them there without quotes.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
ARG VERSION=dev
# SQLite is pure Go, so that the binary needs no C library.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/overtime ./cmd/overtime
RUN --mount=type=cache,target=/go/pkg/mod \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH cmd/overtime/deploy/licences /out/licences
# A new volume takes the owner of the folder that it covers; 65532 is distroless' nonroot.
RUN mkdir -p /out/data && chown 65532:65532 /out/data

# Distroless static holds CA certificates, time zones and the user, and no shell.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/overtime /usr/local/bin/overtime
COPY --from=build /out/licences /licences
COPY --from=build --chown=65532:65532 /out/data /data
# To use DATABASE_URL_FILE instead, take this away with -e DATABASE_URL=
ENV DATABASE_URL=/data/overtime.db
# A probe comes from outside of the container, so loopback alone would not do.
ENV HTTP_ADDR=:8080
EXPOSE 8080
# The image has no shell and no curl, so that the binary asks /readyz itself. Kubernetes has probes of its own.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/overtime", "health"]
ARG VERSION=dev
LABEL org.opencontainers.image.title="Overtime" \
      org.opencontainers.image.description="A Slack bot that keeps Huawei Cloud meetings from being cut off" \
      org.opencontainers.image.source="https://github.com/overtime-bot/overtime" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="Apache-2.0"
VOLUME /data
WORKDIR /data
USER nonroot:nonroot
ENTRYPOINT ["/usr/local/bin/overtime"]

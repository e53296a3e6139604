package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// readDeploy reads a file of the folder deploy.
func readDeploy(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func parseDeploy[T any](t *testing.T, name string) (parsed T) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readDeploy(t, name)), &parsed); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return parsed
}

type composeFile struct {
	Services map[string]struct {
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		Secrets     []string          `yaml:"secrets"`
		ReadOnly    bool              `yaml:"read_only"`
	} `yaml:"services"`
	Secrets map[string]struct{ File string } `yaml:"secrets"`
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

type container struct {
	Resources struct{ Limits struct{ Memory string } }
	Env       []struct{ Name, Value string }
	Ports     []struct {
		Name string
		Port int `yaml:"containerPort"`
	}
	Startup   probe `yaml:"startupProbe"`
	Liveness  probe `yaml:"livenessProbe"`
	Readiness probe `yaml:"readinessProbe"`
	Security  struct {
		Escalation bool `yaml:"allowPrivilegeEscalation"`
		ReadOnly   bool `yaml:"readOnlyRootFilesystem"`
	} `yaml:"securityContext"`
	Mounts []struct {
		Path string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

type deployment struct {
	Spec struct {
		Replicas int
		Strategy struct{ Type string }
		Template struct {
			Spec struct {
				Security struct {
					NonRoot bool `yaml:"runAsNonRoot"`
				} `yaml:"securityContext"`
				Containers []container
			}
		}
	}
}

// memoryLimit is how many bytes Kubernetes gives the bot.
func memoryLimit(t *testing.T) float64 {
	t.Helper()
	text := parseDeploy[deployment](t, "kubernetes/base/deployment.yaml").Spec.Template.Spec.Containers[0].Resources.Limits.Memory
	number, ok := strings.CutSuffix(text, "Mi")
	mebibytes, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil {
		t.Fatalf("the limit of memory is %q", text)
	}
	return mebibytes * (1 << 20)
}

// environOf are the variables that each way to deploy sets.
func environOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	ways := map[string]map[string]string{
		"compose": parseDeploy[composeFile](t, "compose/compose.yaml").Services["bot"].Environment, "kubernetes": {}, "systemd": {}, "image": {},
	}
	for _, variable := range parseDeploy[deployment](t, "kubernetes/base/deployment.yaml").Spec.Template.Spec.Containers[0].Env {
		ways["kubernetes"][variable.Name] = variable.Value
	}
	for _, match := range regexp.MustCompile(`(?m)^Environment=(\w+)=(.*)$`).FindAllStringSubmatch(readDeploy(t, "systemd/overtime.service"), -1) {
		ways["systemd"][match[1]] = match[2]
	}
	for _, match := range regexp.MustCompile(`(?m)^ENV (\w+)=(.*)$`).FindAllStringSubmatch(readDeploy(t, "../"+moduleRoot+"/Dockerfile"), -1) {
		ways["image"][match[1]] = match[2]
	}
	return ways
}

// Every variable that a file sets is one that the bot reads, and with files for the secrets the bot takes them all.
func TestDeploySetsWhatTheBotReads(t *testing.T) {
	var known []string
	for _, variable := range Variables() {
		known = append(known, variable.Name)
		if variable.Secret {
			known = append(known, variable.Name+secretFileSuffix)
		}
	}
	secrets := map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-2-abc", "MEETING_PASSWORD": "secret",
		"DATABASE_URL": "postgres://overtime:secret@database:5432/overtime",
	}
	for way, environment := range environOf(t) {
		environ := []string{"MEETING_ACCOUNT=bot", "ALLOWED_USERS=*"}
		for name, value := range environment {
			if !slices.Contains(known, name) {
				t.Errorf("%s sets %s, which the bot does not read", way, name)
			}
			if secret := secrets[strings.TrimSuffix(name, secretFileSuffix)]; strings.HasSuffix(name, secretFileSuffix) {
				value = filepath.Join(t.TempDir(), "secret")
				if err := os.WriteFile(value, []byte(secret+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			environ = append(environ, name+"="+value)
		}
		if way == "image" { // which holds no secrets
			environ = append(environ, "SLACK_BOT_TOKEN="+secrets["SLACK_BOT_TOKEN"], "SLACK_APP_TOKEN="+secrets["SLACK_APP_TOKEN"], "MEETING_PASSWORD=x")
		}
		config, warnings, err := LoadConfig(environ, os.DevNull)
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v %q", way, err, warnings)
		}
		if want := ":8080"; way != "systemd" && config.HTTPAddr != want {
			t.Errorf("%s: HTTP_ADDR is %q, want %q", way, config.HTTPAddr, want)
		}
		replicated := way == "compose" || way == "kubernetes"
		if postgres := strings.HasPrefix(config.DatabaseURL.Reveal(), "postgres://"); postgres != replicated {
			t.Errorf("%s: Postgres is %v", way, postgres)
		}
	}
}

// Each secret that a file names is one that is handed to the bot, at that path.
func TestDeployHandsSecretsOver(t *testing.T) {
	compose := parseDeploy[composeFile](t, "compose/compose.yaml")
	bot := parseDeploy[deployment](t, "kubernetes/base/deployment.yaml").Spec.Template.Spec.Containers[0]
	kustomization := readDeploy(t, "kubernetes/base/kustomization.yaml")
	unit := readDeploy(t, "systemd/overtime.service")
	for way, environment := range environOf(t) {
		for name, file := range environment {
			if !strings.HasSuffix(name, secretFileSuffix) {
				continue
			}
			secret := filepath.Base(file)
			handed := map[string]bool{
				"compose":    file == "/run/secrets/"+secret && slices.Contains(compose.Services["bot"].Secrets, secret) && compose.Secrets[secret].File == "secrets/"+secret,
				"kubernetes": file == bot.Mounts[0].Path+"/"+secret && strings.Contains(kustomization, "- secrets/"+secret),
				"systemd":    file == "%d/"+secret && strings.Contains(unit, "\nLoadCredential="+secret+":"),
			}
			if !handed[way] {
				t.Errorf("%s: %s=%s is handed over by nobody", way, name, file)
			}
		}
	}
	if state := "/var/lib/overtime/"; !strings.Contains(unit, "\nStateDirectory=overtime\n") || !strings.HasPrefix(environOf(t)["systemd"]["DATABASE_URL"], state) {
		t.Errorf("the unit may write in %s alone, and the database has to be there", state)
	}
}

// Several replicas share one database, which SQLite cannot be.
func TestKubernetesNeedsPostgres(t *testing.T) {
	environment := environOf(t)["kubernetes"]
	if url, set := environment["DATABASE_URL"]; !set || url != "" {
		t.Errorf("DATABASE_URL is %q: the image's path of an SQLite file has to be taken away", url)
	}
	for _, name := range []string{"kubernetes/base/kustomization.yaml", "README.md"} {
		if !regexp.MustCompile(`database_url.{1,30}postgres://`).MatchString(readDeploy(t, name)) {
			t.Errorf("%s does not say that database_url must be postgres://…", name)
		}
	}
	if parseDeploy[deployment](t, "kubernetes/base/deployment.yaml").Spec.Replicas != 3 {
		t.Error("three replicas are promised")
	}
}

func TestKubernetesIsHardenedAndProbed(t *testing.T) {
	spec := parseDeploy[deployment](t, "kubernetes/base/deployment.yaml").Spec
	bot := spec.Template.Spec.Containers[0]
	for what, fine := range map[string]bool{
		"rolling update":     spec.Strategy.Type == "RollingUpdate",
		"not root":           spec.Template.Spec.Security.NonRoot,
		"read-only root":     bot.Security.ReadOnly && !bot.Security.Escalation,
		"startup":            bot.Startup.HTTPGet.Path == "/healthz",
		"liveness is alone":  bot.Liveness.HTTPGet.Path == "/healthz",
		"readiness":          bot.Readiness.HTTPGet.Path == "/readyz",
		"port":               bot.Ports[0].Port == 8080 && bot.Ports[0].Name == bot.Liveness.HTTPGet.Port && bot.Ports[0].Name == bot.Readiness.HTTPGet.Port,
		"service":            strings.Contains(readDeploy(t, "kubernetes/base/service.yaml"), "port: 8080\n      targetPort: "+bot.Ports[0].Name),
		"monitor":            strings.Contains(readDeploy(t, "kubernetes/service-monitor/servicemonitor.yaml"), "port: http\n      path: /metrics"),
		"those not ready":    strings.Contains(readDeploy(t, "kubernetes/base/service.yaml"), "\n  publishNotReadyAddresses: true "),
		"the namespace":      strings.Contains(readDeploy(t, "kubernetes/base/namespace.yaml"), "\n    pod-security.kubernetes.io/enforce: restricted\n"),
		"eviction":           strings.Contains(readDeploy(t, "kubernetes/base/poddisruptionbudget.yaml"), "\n  unhealthyPodEvictionPolicy: AlwaysAllow\n"),
		"compose: port":      slices.Contains(parseDeploy[composeFile](t, "compose/compose.yaml").Services["bot"].Ports, "127.0.0.1:8080:8080"),
		"compose: read-only": parseDeploy[composeFile](t, "compose/compose.yaml").Services["bot"].ReadOnly,
	} {
		if !fine {
			t.Errorf("Kubernetes or Compose: %s", what)
		}
	}
}

// Every file that a kustomization names is there, and each file is named.
func TestKustomizationsAreWhole(t *testing.T) {
	for _, folder := range []string{"base", "service-monitor"} {
		named := parseDeploy[struct{ Resources []string }](t, "kubernetes/"+folder+"/kustomization.yaml").Resources
		files, err := filepath.Glob(filepath.Join("deploy", "kubernetes", folder, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for _, file := range files {
			name := filepath.Base(file)
			if parsed := parseDeploy[map[string]any](t, "kubernetes/"+folder+"/"+name); parsed["kind"] == nil || parsed["apiVersion"] == nil {
				t.Errorf("%s/%s is no object", folder, name)
			}
			if name != "kustomization.yaml" {
				there[name] = true
			}
		}
		if got := slices.Sorted(maps.Keys(there)); !slices.Equal(got, slices.Sorted(slices.Values(named))) {
			t.Errorf("%s: %v are there, %v are named", folder, got, named)
		}
	}
}

func TestImageIsLabelledAndChecked(t *testing.T) {
	text := strings.ReplaceAll(readDeploy(t, "../"+moduleRoot+"/Dockerfile"), "\\\n", "")
	for _, line := range []string{
		`HEALTHCHECK .*CMD \["/usr/local/bin/overtime", "health"\]`, `EXPOSE 8080`, `USER nonroot:nonroot`,
		`RUN .* CGO_ENABLED=0 GOOS=\$TARGETOS GOARCH=\$TARGETARCH +go build -trimpath -ldflags "-s -w -X main.version=\$VERSION" `,
		`COPY --from=build --chown=65532:65532 /out/data /data`, `LABEL .*org.opencontainers.image.licenses="Apache-2.0"`,
		`LABEL .*org.opencontainers.image.title=.*org.opencontainers.image.source=.*org.opencontainers.image.version=.*org.opencontainers.image.licenses=`,
	} {
		if !regexp.MustCompile(`(?m)^` + line).MatchString(text) {
			t.Errorf("the Dockerfile has no %s", line)
		}
	}
}

package main

import (
	"encoding/base64"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type kubeDeployment struct {
	kubeObject `yaml:",inline"`
	Spec       struct {
		Replicas int
		Selector kubeSelector
		Strategy struct {
			Type          string
			RollingUpdate struct {
				MaxSurge       int `yaml:"maxSurge"`
				MaxUnavailable int `yaml:"maxUnavailable"`
			} `yaml:"rollingUpdate"`
		}
		Template struct {
			Metadata kubeMeta
			Spec     kubePod
		}
	}
}

type kubePod struct {
	Token          bool   `yaml:"automountServiceAccountToken"`
	ServiceAccount string `yaml:"serviceAccountName"`
	Grace          int    `yaml:"terminationGracePeriodSeconds"`
	Security       struct {
		NonRoot bool                  `yaml:"runAsNonRoot"`
		User    int                   `yaml:"runAsUser"`
		Group   int                   `yaml:"runAsGroup"`
		FSGroup int                   `yaml:"fsGroup"`
		Seccomp struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Spread []struct {
		Skew     int          `yaml:"maxSkew"`
		Key      string       `yaml:"topologyKey"`
		When     string       `yaml:"whenUnsatisfiable"`
		Selector kubeSelector `yaml:"labelSelector"`
	} `yaml:"topologySpreadConstraints"`
	Containers []kubeContainer
	Volumes    []struct {
		Name   string
		Secret struct {
			Name string `yaml:"secretName"`
			Mode int    `yaml:"defaultMode"`
		}
	}
}

type kubeContainer struct {
	Name, Image string
	Env         []struct{ Name, Value string }
	EnvFrom     []struct {
		ConfigMapRef struct{ Name string } `yaml:"configMapRef"`
	} `yaml:"envFrom"`
	Ports []struct {
		Name string
		Port int `yaml:"containerPort"`
	}
	Startup   kubeProbe `yaml:"startupProbe"`
	Liveness  kubeProbe `yaml:"livenessProbe"`
	Readiness kubeProbe `yaml:"readinessProbe"`
	Resources struct{ Requests, Limits map[string]string }
	Security  struct {
		Escalation   bool                         `yaml:"allowPrivilegeEscalation"`
		ReadOnly     bool                         `yaml:"readOnlyRootFilesystem"`
		Capabilities struct{ Add, Drop []string } `yaml:"capabilities"`
	} `yaml:"securityContext"`
	Mounts []struct {
		Name     string
		Path     string `yaml:"mountPath"`
		ReadOnly bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

type kubeProbe struct {
	HTTPGet          struct{ Path, Port string } `yaml:"httpGet"`
	Period           int                         `yaml:"periodSeconds"`
	Timeout          int                         `yaml:"timeoutSeconds"`
	FailureThreshold int                         `yaml:"failureThreshold"`
}

// The pod is what the namespace's policy, restricted, lets in, and ends after the bot has finished.
func TestKustomizeRendersAHardenedPod(t *testing.T) {
	slow(t)
	spec := decodeStrictly[kubeDeployment](t, render(t, withMonitor), "Deployment").Spec
	pod := spec.Template.Spec
	bot, update := pod.Containers[0], spec.Strategy.RollingUpdate
	for what, fine := range map[string]bool{
		"three replicas":       spec.Replicas == 3,
		"rolling update":       spec.Strategy.Type == "RollingUpdate" && update.MaxUnavailable == 0 && update.MaxSurge == 1,
		"user":                 pod.Security.NonRoot && pod.Security.User == 65532 && pod.Security.Group == 65532,
		"seccomp":              pod.Security.Seccomp.Type == "RuntimeDefault",
		"no token":             !pod.Token,
		"time to finish":       pod.Grace > 20,
		"read-only root":       bot.Security.ReadOnly && !bot.Security.Escalation,
		"capabilities":         slices.Equal(bot.Security.Capabilities.Drop, []string{"ALL"}) && len(bot.Security.Capabilities.Add) == 0,
		"limits":               bot.Resources.Limits["memory"] != "" && bot.Resources.Requests["memory"] != "",
		"one container":        len(pod.Containers) == 1,
		"startup":              bot.Startup.HTTPGet.Path == "/healthz" && bot.Startup.Period*bot.Startup.FailureThreshold >= 30,
		"liveness":             bot.Liveness.HTTPGet.Path == "/healthz" && bot.Liveness.FailureThreshold > 1,
		"readiness":            bot.Readiness.HTTPGet.Path == "/readyz" && bot.Readiness.Timeout > int(readyWithin.Seconds()),
		"probes at the port":   bot.Startup.HTTPGet.Port == bot.Ports[0].Name && bot.Liveness.HTTPGet.Port == bot.Ports[0].Name && bot.Readiness.HTTPGet.Port == bot.Ports[0].Name,
		"secrets by the group": pod.Security.FSGroup == pod.Security.Group && pod.Volumes[0].Secret.Mode == 0o440,
		"secrets mounted":      len(bot.Mounts) == 1 && bot.Mounts[0].Name == pod.Volumes[0].Name && bot.Mounts[0].ReadOnly,
	} {
		if !fine {
			t.Errorf("%s: %+v", what, spec)
		}
	}
}

// The bot starts with the environment and the files that the pod gets, on Postgres, and no secret is outside the Secret.
func TestKustomizeRendersSecretsAsFiles(t *testing.T) {
	slow(t)
	objects := render(t, withMonitor)
	secret := decodeStrictly[struct {
		kubeObject `yaml:",inline"`
		Type       string
		Data       map[string]string
	}](t, objects, "Secret")
	if got, want := slices.Sorted(maps.Keys(secret.Data)), slices.Sorted(maps.Keys(kubeSecrets)); !slices.Equal(got, want) {
		t.Errorf("the Secret has %v, want %v", got, want)
	}
	folder := t.TempDir()
	for name, encoded := range secret.Data {
		value, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), value, 0o600); err != nil {
			t.Fatal(err)
		}
		for kind, document := range objects {
			if kind != "Secret" && (strings.Contains(string(document), encoded) || strings.Contains(string(document), string(value)+"\n")) {
				t.Errorf("%s shows %s", kind, name)
			}
		}
	}
	bot := decodeStrictly[kubeDeployment](t, objects, "Deployment").Spec.Template.Spec.Containers[0]
	environ := []string{"MEETING_ACCOUNT=bot"}
	for name, value := range decodeStrictly[struct {
		kubeObject `yaml:",inline"`
		Data       map[string]string
	}](t, objects, "ConfigMap").Data {
		environ = append(environ, name+"="+value)
	}
	for _, variable := range bot.Env {
		if strings.HasSuffix(variable.Name, secretFileSuffix) {
			if path.Dir(variable.Value) != bot.Mounts[0].Path {
				t.Errorf("%s is not where the secrets are: %s", variable.Name, variable.Value)
			}
			variable.Value = filepath.Join(folder, path.Base(variable.Value))
		}
		environ = append(environ, variable.Name+"="+variable.Value)
	}
	config, warnings, err := LoadConfig(environ, os.DevNull)
	if err != nil || len(warnings) > 0 || config.HTTPAddr != ":8080" || !strings.HasPrefix(config.DatabaseURL.Reveal(), "postgres://") {
		t.Errorf("%v %q, at %q with the database %q", err, warnings, config.HTTPAddr, config.DatabaseURL.Reveal())
	}
}

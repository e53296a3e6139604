package main

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// kubeObject is what each object has.
type kubeObject struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   kubeMeta
}

type kubeMeta struct {
	Name, Namespace string
	Labels          map[string]string
}

type kubeSelector struct {
	MatchLabels map[string]string `yaml:"matchLabels"`
}

// rendered are the objects by their kind, as kubectl sends them to a cluster.
type rendered map[string][]byte

// render has kustomize put a folder of deploy/kubernetes together, with the files that the operator adds.
func render(t *testing.T, kustomization string) rendered {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("deploy/kubernetes")); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"base/config.env": "ALLOWED_USERS=*\n", "theirs/kustomization.yaml": kustomization}
	for name, secret := range kubeSecrets {
		files["base/secrets/"+name] = secret
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "go", "tool", "-modfile=.ci/kubernetes/go.mod", "kustomize", "build", filepath.Join(folder, "theirs"))
	command.Dir = moduleRoot
	var trouble bytes.Buffer
	command.Stderr = &trouble
	output, err := command.Output()
	if err != nil || trouble.Len() > 0 {
		t.Fatalf("kustomize: %v\n%s", err, &trouble)
	}
	return byKind(t, output)
}

var kubeSecrets = map[string]string{
	"slack_bot_token": "xoxb-1-2-abc", "slack_app_token": "xapp-1-A1-2-abc", "meeting_password": "secret",
	"database_url": "postgres://overtime:secret@database:5432/overtime",
}

func byKind(t *testing.T, output []byte) rendered {
	t.Helper()
	objects := make(rendered)
	for document := range bytes.SplitSeq(output, []byte("\n---\n")) {
		var object kubeObject
		if err := yaml.Unmarshal(document, &object); err != nil {
			t.Fatal(err)
		}
		if objects[object.Kind] != nil {
			t.Fatalf("two of the kind %s", object.Kind)
		}
		objects[object.Kind] = document
	}
	return objects
}

// decodeStrictly refuses fields that the type does not have: misspelt ones, or ones that no test looks at.
func decodeStrictly[T any](t *testing.T, objects rendered, kind string) (object T) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(objects[kind]))
	decoder.KnownFields(true)
	if err := decoder.Decode(&object); err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%s: %v", kind, err)
	}
	return object
}

type kubeBudget struct {
	kubeObject `yaml:",inline"`
	Spec       struct {
		Selector     kubeSelector
		MinAvailable int    `yaml:"minAvailable"`
		Unhealthy    string `yaml:"unhealthyPodEvictionPolicy"`
	}
}

type kubeService struct {
	kubeObject `yaml:",inline"`
	Spec       struct {
		ClusterIP string `yaml:"clusterIP"`
		NotReady  bool   `yaml:"publishNotReadyAddresses"`
		Selector  map[string]string
		Ports     []struct {
			Name       string
			Port       int
			TargetPort string `yaml:"targetPort"`
		}
	}
}

type kubeMonitor struct {
	kubeObject `yaml:",inline"`
	Spec       struct {
		Selector  kubeSelector
		Endpoints []struct{ Port, Path, Interval string }
	}
}

const withMonitor = "resources: [../base]\ncomponents: [../service-monitor]\n"

// What selects, selects the pods of the deployment; what names another object, names one that is there.
func TestKustomizeRendersWhatFitsTogether(t *testing.T) {
	slow(t)
	objects := render(t, withMonitor)
	bot := decodeStrictly[kubeDeployment](t, objects, "Deployment")
	pods := bot.Spec.Template.Metadata.Labels
	budget := decodeStrictly[kubeBudget](t, objects, "PodDisruptionBudget")
	service := decodeStrictly[kubeService](t, objects, "Service")
	monitor := decodeStrictly[kubeMonitor](t, objects, "ServiceMonitor")
	for what, selector := range map[string]map[string]string{
		"the deployment": bot.Spec.Selector.MatchLabels, "the service": service.Spec.Selector, "the budget": budget.Spec.Selector.MatchLabels,
		"the spread": bot.Spec.Template.Spec.Spread[0].Selector.MatchLabels,
	} {
		if len(selector) == 0 || !maps.Equal(selector, pods) {
			t.Errorf("%s selects %v, and the pods have %v", what, selector, pods)
		}
	}
	if selector := monitor.Spec.Selector.MatchLabels; len(selector) == 0 || !maps.Equal(selector, service.Metadata.Labels) {
		t.Errorf("the monitor selects %v, and the service has %v", selector, service.Metadata.Labels)
	}
	container := bot.Spec.Template.Spec.Containers[0]
	port := service.Spec.Ports[0]
	if port.TargetPort != container.Ports[0].Name || monitor.Spec.Endpoints[0].Port != port.Name || monitor.Spec.Endpoints[0].Path != "/metrics" {
		t.Errorf("ports: %+v, %+v, %+v", container.Ports, port, monitor.Spec.Endpoints)
	}
	if budget.Spec.Unhealthy != "AlwaysAllow" || budget.Spec.MinAvailable >= bot.Spec.Replicas {
		t.Errorf("the budget lets no pod go: %+v of %d", budget.Spec, bot.Spec.Replicas)
	}
	names := make(map[string]string)
	for kind, document := range objects {
		var object kubeObject
		if err := yaml.Unmarshal(document, &object); err != nil {
			t.Fatal(err)
		}
		names[kind] = object.Metadata.Name
		if kind != "Namespace" && object.Metadata.Namespace != "overtime" {
			t.Errorf("%s is in the namespace %q", kind, object.Metadata.Namespace)
		}
	}
	spec := bot.Spec.Template.Spec
	for kind, used := range map[string]string{
		"ServiceAccount": spec.ServiceAccount, "ConfigMap": container.EnvFrom[0].ConfigMapRef.Name, "Secret": spec.Volumes[0].Secret.Name, "Namespace": "overtime",
	} {
		if names[kind] != used || used == "" {
			t.Errorf("%s: %q is used, %q is there", kind, used, names[kind])
		}
	}
}

// The monitor is for those who ask for it: elsewhere, a cluster without the operator refuses everything.
func TestServiceMonitorComesWithItsComponent(t *testing.T) {
	slow(t)
	kinds := slices.Sorted(maps.Keys(render(t, "resources: [../base]\n")))
	want := strings.Fields("ConfigMap Deployment Namespace PodDisruptionBudget Secret Service ServiceAccount")
	if !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
}

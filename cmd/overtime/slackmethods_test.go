package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// The metrics, the watch over the bot token and the tests of refusals go by slackMethods: it names what this build calls,
// no more and no less.
func TestSlackMethodsAreWhatIsCalled(t *testing.T) {
	called := []string{slackResponse}
	for _, wrapper := range slackWrappers(t) {
		called = append(called, methodOf(t, wrapper))
	}
	slices.Sort(called)
	called = slices.Compact(called)
	if listed := slices.Sorted(slices.Values(slackMethods)); !slices.Equal(listed, called) {
		t.Errorf("slackMethods are\n%q, and the program calls\n%q", listed, called)
	}
}

// slackWrappers are the methods of *slack.Client that the program calls, through an interface or not. What doctor alone
// calls is left out: nothing counts its calls.
func slackWrappers(t *testing.T) []string {
	t.Helper()
	client := reflect.TypeFor[*slack.Client]()
	names := make(map[string]bool)
	walk := func(file string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "doctor") ||
			strings.Contains(file, "slacksim") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if selected, ok := node.(*ast.SelectorExpr); ok && strings.HasSuffix(selected.Sel.Name, "Context") {
				if _, ok := client.MethodByName(selected.Sel.Name); ok {
					names[selected.Sel.Name] = true
				}
			}
			return true
		})
		return nil
	}
	for _, folder := range []string{"bot", "cmd", "meeting", "scheduler"} {
		if err := filepath.WalkDir(filepath.Join(moduleRoot, folder), walk); err != nil {
			t.Fatal(err)
		}
	}
	if len(names) < 10 {
		t.Errorf("the program calls only %v", names)
	}
	var found []string
	for name := range names {
		found = append(found, name)
	}
	return found
}

var errRecorded = errors.New("recorded")

// methodOf calls a method of *slack.Client with something in every argument, and tells which method of the Web API it asks for.
func methodOf(t *testing.T, wrapper string) (asked string) {
	t.Helper()
	transport := roundTrip(func(request *http.Request) (*http.Response, error) {
		asked = path.Base(request.URL.Path)
		return nil, errRecorded
	})
	api := slack.New("xoxb-1", slack.OptionAppLevelToken("xapp-1"), slack.OptionHTTPClient(&http.Client{Transport: transport}))
	method := reflect.ValueOf(api).MethodByName(wrapper)
	arguments := []reflect.Value{reflect.ValueOf(t.Context())}
	for at := 1; at < method.Type().NumIn(); at++ {
		if method.Type().IsVariadic() && at == method.Type().NumIn()-1 {
			break
		}
		arguments = append(arguments, filled(method.Type().In(at)))
	}
	method.Call(arguments)
	if asked == "" {
		t.Errorf("%s asks for nothing", wrapper)
	}
	return asked
}

// filled is a value with text in its fields, so that no check for what is missing stops it.
func filled(kind reflect.Type) reflect.Value {
	value := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.String:
		value.SetString("x")
	case reflect.Pointer:
		value.Set(reflect.New(kind.Elem()))
		value.Elem().Set(filled(kind.Elem()))
	case reflect.Struct:
		for at := range kind.NumField() {
			if field := kind.Field(at); field.IsExported() && field.Type.Kind() == reflect.String {
				value.Field(at).SetString("x")
			}
		}
	}
	return value
}

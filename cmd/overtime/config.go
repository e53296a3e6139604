package main

import (
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/overtime-bot/overtime/meeting"
)

// Config is everything that can be configured. Its tags are the one list of the variables: names, defaults, bounds and
// help. The tag "default" is ours: the library's own would replace a variable that is set and empty.
type Config struct {
	Slack           SlackConfig
	Meeting         MeetingConfig
	DatabaseURL     meeting.Secret `env:"DATABASE_URL" default:"overtime.db" help:"path of the SQLite file, or postgres://… for several replicas"`
	HTTPAddr        string         `env:"HTTP_ADDR" default:"127.0.0.1:8080" help:"where /healthz, /readyz and /metrics listen; empty = nowhere"`
	Access          AccessConfig
	Limits          LimitsConfig
	AutoExtend      AutoExtendConfig
	NotifyChannel   string `env:"NOTIFY_CHANNEL" help:"channel ID for prompts and warnings; empty = the host by direct message"`
	DefaultLanguage string `env:"DEFAULT_LANGUAGE" default:"en" oneof:"en es zh" help:"language of channels, and of people whose own is not spoken"`
	HistoryDays     int    `env:"HISTORY_DAYS" default:"400" range:"1 36500" help:"days that the history of extensions is kept, with the titles of their meetings"`
	Sockets         int    `env:"SOCKETS" default:"2" range:"1 10" help:"connections to Slack that are held open at once"`
	Log             LogConfig
}

// SlackConfig connects to the workspace.
type SlackConfig struct {
	BotToken meeting.Secret `env:"SLACK_BOT_TOKEN" required:"true" help:"bot token, xoxb-…"`
	AppToken meeting.Secret `env:"SLACK_APP_TOKEN" required:"true" help:"app-level token with connections:write, xapp-…"`
	APIURL   string         `env:"SLACK_API_URL" default:"https://slack.com/api/" help:"base URL of Slack's Web API"` // ends in a slash
	Command  string         `env:"SLACK_COMMAND" default:"/extend" help:"name of the slash command, as the Slack app has it"`
}

// MeetingConfig connects to Huawei Cloud Meeting. Either Account and Password are set, or AppID and AppKey.
type MeetingConfig struct {
	APIURL   string         `env:"MEETING_API_URL" default:"https://api.meeting.huaweicloud.com" help:"base URL of the meeting service"` // without a slash at the end
	Account  string         `env:"MEETING_ACCOUNT" help:"account to log in with, together with MEETING_PASSWORD"`
	Password meeting.Secret `env:"MEETING_PASSWORD" password:"true" help:"password of MEETING_ACCOUNT"`
	AppID    string         `env:"MEETING_APP_ID" help:"App ID to log in with, together with MEETING_APP_KEY"`
	AppKey   meeting.Secret `env:"MEETING_APP_KEY" password:"true" help:"key of MEETING_APP_ID"`
	UserID   string         `env:"MEETING_USER_ID" help:"user that the App ID acts as; empty = the enterprise's default administrator"`
	CorpID   string         `env:"MEETING_CORP_ID" help:"enterprise that the App ID acts in; only for App IDs of service providers"`
	QueryAll bool           `env:"MEETING_QUERY_ALL" default:"true" help:"see all the enterprise's meetings, not only the account's own"`
	Timeout  time.Duration  `env:"MEETING_TIMEOUT" default:"10s" range:"100ms 2m" help:"time limit of one call to the meeting service"`
	Rate     int            `env:"MEETING_RATE" default:"100" range:"0 100000" help:"most calls in 60 seconds to one API path; 0 = no limit of our own"`
}

// AccessConfig says who may extend. The lists hold Slack IDs; AllowedUsers may hold "*".
type AccessConfig struct {
	AllowedUsers    []string `env:"ALLOWED_USERS" help:"IDs of users who may extend any meeting; * = every member"`
	AllowedGroups   []string `env:"ALLOWED_GROUPS" help:"IDs of user groups whose members may extend any meeting"`
	AllowedChannels []string `env:"ALLOWED_CHANNELS" help:"IDs of channels in which everybody may extend any meeting"`
	DeniedUsers     []string `env:"DENIED_USERS" help:"IDs of users who may not, whatever else holds"`
	AdminUsers      []string `env:"ADMIN_USERS" help:"IDs of users who may also pause and resume all automation"`
	AdminGroups     []string `env:"ADMIN_GROUPS" help:"IDs of user groups whose members are admins"`
	HostsMayExtend  bool     `env:"HOSTS_MAY_EXTEND" default:"true" help:"the host of a meeting may extend it"`
}

// LimitsConfig is how much anybody may extend, in minutes.
type LimitsConfig struct {
	MaxMinutes      int    `env:"MAX_MINUTES" default:"120" range:"1 1440" help:"most minutes of one extension"`
	MaxTotalMinutes int    `env:"MAX_TOTAL_MINUTES" default:"240" range:"1 10080" help:"most minutes added to one run of a meeting"`
	DailyMinutes    int    `env:"DAILY_MINUTES" default:"0" range:"0 10080" help:"most minutes that one person adds in a day; 0 = no limit"`
	ApprovalChannel string `env:"APPROVAL_CHANNEL" help:"channel ID where administrators approve what is beyond a limit of minutes; empty = nothing is approved"`
	DefaultMinutes  int    `env:"DEFAULT_MINUTES" default:"15" range:"1 1440" help:"minutes of a command that names none"`
	PersonRate      int    `env:"PERSON_RATE" default:"10" range:"0 1000" help:"extensions a minute by one person; 0 = no limit"`
}

// AutoExtendConfig is what the bot does with meetings that nobody watches.
type AutoExtendConfig struct {
	Mode      string        `env:"AUTO_EXTEND" default:"off" oneof:"off ask auto" help:"what happens before a meeting ends that nobody watches"`
	Schedule  string        `env:"AUTO_EXTEND_SCHEDULE" default:"* * * * *" help:"when to look at the meetings, as cron has it"`
	Lead      time.Duration `env:"AUTO_EXTEND_LEAD" default:"10m" range:"1m 24h" help:"how long before the end to ask or act"`
	Minutes   int           `env:"AUTO_EXTEND_MINUTES" default:"15" range:"1 1440" help:"minutes of one automatic extension"`
	Max       int           `env:"AUTO_EXTEND_MAX" default:"60" range:"1 10080" help:"most minutes added automatically to one run, before it asks"`
	MinPeople int           `env:"AUTO_EXTEND_MIN_PEOPLE" default:"2" range:"0 10000" help:"people that must be in; with fewer the meeting may end"`
}

// LogConfig is how the log looks on standard error.
type LogConfig struct {
	Level  slog.Level `env:"LOG_LEVEL" default:"info" help:"least level that is written: debug, info, warn or error"`
	Format string     `env:"LOG_FORMAT" default:"text" oneof:"text json" help:"text for people, json for machines"`
}

// Variable documents one variable of the environment.
type Variable struct {
	Name     string
	Default  string // empty if there is none
	Help     string // one line, without a full stop
	Required bool
	Secret   bool // can also be given as the path of a file, in Name + "_FILE"

	password bool   // may hold any character
	bounds   string // "least most", as the variable is written; empty = any
	oneOf    string // separated by spaces; empty = any
	kind     reflect.Type
}

// file is the variable that can hold the path of the secret's file instead.
func (v Variable) file() Variable {
	return Variable{Name: v.Name + secretFileSuffix, kind: reflect.TypeFor[string]()}
}

func (v Variable) isList() bool { return v.kind.Kind() == reflect.Slice }

// Variables lists everything that is read, in the order of the documentation. What has no effect yet has no help.
func Variables() []Variable {
	var variables []Variable
	eachField(reflect.ValueOf(Config{}), func(field reflect.StructField, _ reflect.Value) {
		variables = append(variables, Variable{
			Name:     field.Tag.Get("env"),
			Default:  field.Tag.Get("default"),
			Help:     field.Tag.Get("help"),
			Required: field.Tag.Get("required") == "true",
			Secret:   field.Type == reflect.TypeFor[meeting.Secret](),
			password: field.Tag.Get("password") == "true",
			bounds:   field.Tag.Get("range"),
			oneOf:    field.Tag.Get("oneof"),
			kind:     field.Type,
		})
	})
	return variables
}

// eachField visits the fields that are variables, including those of nested groups.
func eachField(group reflect.Value, visit func(reflect.StructField, reflect.Value)) {
	for field, value := range group.Fields() {
		switch {
		case field.Tag.Get("env") != "":
			visit(field, value)
		case field.Type.Kind() == reflect.Struct:
			eachField(value, visit)
		}
	}
}

// LoadConfig reads the configuration from environ ("NAME=value", like os.Environ), on top of the file envFile. Without an
// envFile it reads config.env of the working directory, if there is one. The error is a *ConfigError with all faults.
// Warnings are sentences for the operator, and come with and without an error.
func LoadConfig(environ []string, envFile string) (config Config, warnings []string, err error) {
	config, load := readConfig(environ, envFile)
	if faults := told(load.faults); len(faults) > 0 {
		return Config{}, load.warnings, &ConfigError{Faults: faults}
	}
	return config, load.warnings, nil
}

// readConfig reads what there is. Where the load has a fault with a variable, its value in the Config means nothing.
func readConfig(environ []string, envFile string) (Config, *configLoad) {
	load := newConfigLoad()
	path, file := load.readEnvFile(envFile)
	load.file = path
	if load.hasFault(path) {
		load.unread = path
	}
	environment := load.gather(file, environ)
	load.environment = environment
	load.checkNames(path, file, environment)
	warnOfNoFile(load, path, file)
	warnOfHidden(load, path, file, environment)
	load.checkProxies(file, environment)
	load.checkFlaws()
	load.readSecretFiles()
	config := load.parse()
	load.check(&config)
	if len(load.faults) == 0 {
		load.warnOfAccess(config)
	}
	return config, load
}

// loadOnly reads the configuration for what needs some variables alone: faults of others are none here.
func loadOnly(environ []string, envFile string, names ...string) (Config, error) {
	config, load := readConfig(environ, envFile)
	needed := func(name string) bool { return slices.Contains(names, strings.TrimSuffix(name, secretFileSuffix)) }
	others := func(fault Fault) bool {
		if fault.Name == load.file {
			return fault.meant != "" && !needed(fault.meant)
		}
		return !needed(fault.Name)
	}
	if faults := slices.DeleteFunc(told(load.faults), others); len(faults) > 0 {
		return Config{}, &ConfigError{Faults: faults}
	}
	return config, nil
}

// gather puts the real environment on top of the file.
func (l *configLoad) gather(file map[string]string, environ []string) (environment map[string]string) {
	environment = env.ToMap(environ)
	maps.Copy(l.values, file)
	maps.Copy(l.values, environment)
	return environment
}

func newConfigLoad() *configLoad {
	return &configLoad{variables: Variables(), values: make(map[string]string), flawed: make(map[string]bool)}
}

// configLoad collects values, faults and warnings while one configuration is read.
type configLoad struct {
	variables   []Variable
	values      map[string]string // by name; some are not ours
	environment map[string]string
	file        string          // the env file
	unread      string          // the same, if it cannot be read
	flawed      map[string]bool // have a fault of checkFlaws, and need no other
	warnings    []string
	faults      []Fault
}

// parse gives every variable its default and its type. A variable that is set and empty stays empty. One that does not
// have its type is a fault, and gets its default so that the others can still be checked.
func (l *configLoad) parse() Config {
	typed := map[string]string{}
	for _, variable := range l.variables {
		if _, set := l.values[variable.Name]; !set && variable.Default != "" {
			l.values[variable.Name] = variable.Default
		}
		value := l.values[variable.Name]
		if !variable.accepts(value) {
			l.fault(variable.Name, "%s: write %s, or remove it for %s",
				l.stated(variable.Name), variable.form(), variable.Default)
			value = variable.Default
		}
		typed[variable.Name] = value
	}
	var config Config
	if err := env.ParseWithOptions(&config, env.Options{Environment: typed}); err != nil {
		panic(fmt.Sprintf("tags of Config: %v", err)) // each value was parsed before: only a tag can be wrong
	}
	return config
}

// LogValue shows the configuration in the log without its secrets.
func (c Config) LogValue() slog.Value {
	var attrs []slog.Attr
	eachField(reflect.ValueOf(c), func(field reflect.StructField, value reflect.Value) {
		var text string
		switch shown := value.Interface().(type) {
		case []string:
			text = strings.Join(shown, ",")
		case meeting.Secret:
			if shown.Reveal() != "" {
				text = shown.String()
			}
		default:
			text = fmt.Sprint(shown)
		}
		attrs = append(attrs, slog.String(field.Tag.Get("env"), text))
	})
	return slog.GroupValue(attrs...)
}

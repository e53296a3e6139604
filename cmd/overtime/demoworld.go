package main

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// The demo's people and places. The page starts as Alice, who hosts 914083136.
const (
	demoTeam    = "T0ACME"
	demoAlice   = "U0ALICE"
	demoBob     = "U0BOB"
	demoChen    = "U0CHEN"
	demoDana    = "U0DANA"
	demoErik    = "U0ERIK"
	demoGina    = "U0GINA"
	demoGeneral = "C0GENERAL"
	demoOps     = "C0OPS"
	demoFacil   = "S0FACILITIES"
)

// demoSecrets are new at each start, and open nothing but the stand-ins.
type demoSecrets struct {
	botToken, appToken, account, password, appID, appKey string
}

func newDemoSecrets() demoSecrets {
	return demoSecrets{
		botToken: "xoxb-demo-" + rand.Text(), appToken: "xapp-1-A0OVERTIME-" + rand.Text(),
		account: "overtime@acme", password: "demo-" + rand.Text(), appID: "demo-app", appKey: rand.Text(),
	}
}

// environ is the configuration of the demo's bot.
func (s demoSecrets) environ(slackURL, meetingURL, database string) []string {
	return []string{
		"SLACK_API_URL=" + slackURL, "MEETING_API_URL=" + meetingURL,
		"SLACK_BOT_TOKEN=" + s.botToken, "SLACK_APP_TOKEN=" + s.appToken,
		"MEETING_ACCOUNT=" + s.account, "MEETING_PASSWORD=" + s.password,
		"DATABASE_URL=" + database, "HTTP_ADDR=", "LOG_LEVEL=warn",
		"ADMIN_USERS=" + demoDana, "ALLOWED_GROUPS=" + demoFacil,
		"AUTO_EXTEND=ask", "NOTIFY_CHANNEL=" + demoOps,
	}
}

// addDemoPeople fills the workspace with people and channels.
func addDemoPeople(sim *slacksim.Server) {
	people := []slacksim.User{
		{ID: demoAlice, Name: "alice", RealName: "Alice Ng", Email: "alice@acme.example", Locale: "en-US", TZ: "Europe/Berlin", Title: "hosts 914083136"},
		{ID: demoBob, Name: "bob", RealName: "Bob Ruiz", Email: "bob@acme.example", Locale: "es-ES", TZ: "Europe/Madrid", Title: "in the group @facilities, which may extend"},
		{ID: demoChen, Name: "chen", RealName: "陈伟", Email: "chen@acme.example", Locale: "zh-CN", TZ: "Asia/Shanghai", Title: "hosts 季度规划会议"},
		{ID: demoDana, Name: "dana", RealName: "Dana Okafor", Email: "dana@acme.example", Locale: "en-GB", TZ: "Europe/London", Title: "administrator"},
		{ID: demoErik, Name: "erik", RealName: "Erik Lund", Email: "erik@acme.example", Locale: "en-US", TZ: "Europe/Stockholm", Title: "hosts nothing, may nothing"},
		{ID: demoGina, Name: "gina", RealName: "Gina (guest)", Email: "gina@visitor.example", Locale: "en-US", TZ: "America/New_York", Title: "guest", Restricted: true},
	}
	var members []string
	for _, person := range people {
		sim.AddUser(person)
		members = append(members, person.ID)
	}
	for _, channel := range demoChannels() {
		if channel.ID == demoGeneral {
			channel.Members = append(members, slacksim.BotUserID)
		}
		sim.AddChannel(channel)
	}
	sim.AddGroup(slacksim.Group{ID: demoFacil, Handle: demoFacilName, Name: "Facilities", Members: []string{demoBob}})
}

const demoFacilName = "facilities"

// demoChannels are the channels; all people are in general.
func demoChannels() []slacksim.Channel {
	return []slacksim.Channel{
		{ID: demoGeneral, Name: "general"},
		{ID: demoOps, Name: "meeting-ops", Members: []string{demoAlice, demoBob, demoDana, slacksim.BotUserID}},
	}
}

// demoHosts schedule the demo's meetings. A constant table.
var demoHosts = []meetingtest.Host{
	{UUID: "a11ce000000000000000000000000001", Account: "alice@acme", Name: "Alice Ng", Email: "alice@acme.example"},
	{UUID: "b0b00000000000000000000000000002", Account: "bob@acme", Name: "Bob Ruiz", Email: "bob@acme.example"},
	{UUID: "c0e00000000000000000000000000003", Account: "chen@acme", Name: "陈伟", Email: "chen@acme.example"},
	{UUID: "da0a0000000000000000000000000004", Account: "dana@acme", Name: "Dana Okafor", Email: "dana@acme.example"},
}

func demoHostNames() []string {
	var names []string
	for _, host := range demoHosts {
		names = append(names, host.Name)
	}
	return names
}

func demoHost(name string) (meetingtest.Host, bool) {
	for _, host := range demoHosts {
		if host.Name == name {
			return host, true
		}
	}
	return meetingtest.Host{}, false
}

// demoUser is the ID of a person of the demo, by the name that --as takes.
func demoUser(name string) string { return "U0" + strings.ToUpper(name) }

// addDemoMeetings adds meetings with different ends, hosts and languages. The platform extends one of them itself, one is
// empty, one hides its host password from the account, and one has not started.
func addDemoMeetings(service *meetingtest.Server, now time.Time) {
	now = now.Truncate(time.Minute)
	alice, bob, chen, dana := demoHosts[0], demoHosts[1], demoHosts[2], demoHosts[3]
	onTime, prolonged := 0, 15
	running := func(id, subject string, host meetingtest.Host, began, left time.Duration, people int) meetingtest.Meeting {
		return meetingtest.Meeting{
			ID: id, Subject: subject, Host: host, Start: now.Add(-began), End: now.Add(left), People: people, ProlongMinutes: &onTime,
		}
	}
	room := running("955512340", "Customer call: Łódź plant", alice, 20*time.Minute, 41*time.Minute, 3)
	room.RoomID = "881234567"
	itself := running("962274518", "季度规划会议", chen, 50*time.Minute, 6*time.Minute, 9)
	itself.ProlongMinutes = &prolonged
	hidden := running("938840127", "Board preparation", dana, 30*time.Minute, 19*time.Minute, 4)
	hidden.HideChair = true
	coming := running("971103355", "All hands", dana, -time.Hour, 2*time.Hour, 0)
	coming.Scheduled = true
	for _, m := range []meetingtest.Meeting{
		running("914083136", "Weekly product sync", alice, 48*time.Minute, 12*time.Minute, 5),
		running("920417765", "Revisión de diseño: panel de salas", bob, 35*time.Minute, 25*time.Minute, 7),
		running("947731902", "Standup (everybody has left)", bob, 25*time.Minute, 9*time.Minute, 0),
		room, itself, hidden, coming,
	} {
		service.Add(m)
	}
}

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asks are what people asked of systems like this one, in public threads, as far as it concerns Slack; and the tests that
// hold our answer to each.
var asks = []struct {
	ask   string
	tests []string
}{
	{"warn before the end, and let us extend", []string{"TestAPromptFromItsTickToItsEnd", "TestPromptOnPage"}},
	{"a command to extend, with sane steps", []string{"TestParseReadsAmounts", "TestExtendEndToEnd"}},
	{"cap it, so that nobody extends for ever", []string{"TestLimits", "TestAutoThenAsk", "TestDayOfTheWisher"}},
	{"no double bookings", []string{"TestNoExtensionReachesIntoTheNextBooking", "TestNextBooking"}},
	{"commands run twice", []string{"TestRepeatedEnvelopeIsDropped", "TestRepeatsAndReordersChangeNothing", "TestReplicasThatAllGetEachEnvelope"}},
	{"dropping retries loses commands", []string{"TestSweepTakesWhatDeadWorkersLeft", "TestEnvelopeThatCrossesTheCloseIsNotLost"}},
	{"clicking a button acts several times", []string{"TestTenPeoplePressAPrompt", "TestThirtyPressesAreOneExtension"}},
	{"a button does nothing after a restart, or for people without rights", []string{"TestPressThatWasLeftUndone", "TestButtonAsksWhoPresses", "TestNeverSilent"}},
	{"a timeout, a second try, and it is done twice", []string{"TestEqualCommandsUnderWayAreOne", "TestFirstWordWhenTheServiceIsSlow"}},
	{"the socket dies quietly", []string{"TestDeadSocketIsNoticed", "TestFatalErrors"}},
	{"restrict who may, by person and group and not only by channel", []string{"TestPolicyRules", "TestPolicyStanding"}},
	{"a missing scope must not stop the start", []string{"TestStandInHasTheAppOfTheManifest", "TestWhatSlackDoesNotTell", "TestWhatIsNotToldGivesNoRight"}},
	{"names are not identity; nobody approves their own wish", []string{"TestActorIsThePerson", "TestBothIDsAreTheSamePerson"}},
	{"show who did it", []string{"TestPromptSaysWhatWasDone", "TestStages"}},
	{"tell me when it ended", []string{"TestStages", "TestFollows"}},
	{"stale requests hang around", []string{"TestButtonsEndWithWhatTheyWereOfferedFor", "TestCommandThatWaitedTooLong"}},
	{"rate limits delay everything", []string{"TestThrottledMessageWaitsAsLongAsSlackSays", "TestPromptInTimeAfterOne429"}},
	{"messages that are too long are lost", []string{"TestLongestList", "TestLongestReply", "TestEverySceneIsFitForSlack"}},
	{"permission denied, without the right that is missing", []string{"TestWhomToAsk", "TestAFailedLookupOfTheHostSaysSo"}},
	{"times in UTC confuse", []string{"TestDateToken", "TestUntilIsInThePersonsZone"}},
	{"posting in a huge channel by accident; posting without rights", []string{"TestAnswerAtItsAddress", "TestWatchFromWhereItMayNotPost"}},
	{"the wrong meeting, or a wrong duration shown", []string{"TestNextRunIsNotExtendedForTheLast", "TestExtendConfirmsWhatItReadBack"}},
	{"cron fires on each replica", []string{"TestRestartsAndReplicas", "TestReplicasThatAreKilled"}},
	{"confirm what is dangerous", []string{"TestMoreThanAnHourIsConfirmed"}},
}

// Each ask has tests, and they are there.
func TestAsksAreAnswered(t *testing.T) {
	there := testsOf(t)
	for _, row := range asks {
		if len(row.tests) == 0 {
			t.Errorf("%s: no test", row.ask)
		}
		for _, name := range row.tests {
			if !there[name] {
				t.Errorf("%s: there is no %s", row.ask, name)
			}
		}
	}
}

// testsOf are the names of all tests of the module.
func testsOf(t *testing.T) map[string]bool {
	found := make(map[string]bool)
	err := filepath.WalkDir(moduleRoot, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok && strings.HasPrefix(function.Name.Name, "Test") {
				found[function.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

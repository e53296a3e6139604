package store

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// plans are the statements that are run often, and what SQLite's plans of them must have.
var plans = map[string][]string{
	selectTally: {
		"extensions_open", "extensions_key", "COVERING INDEX extensions_run",
		"COVERING INDEX extensions_person (team=? AND person=? AND created_at>?)", "COVERING INDEX extensions_attempts (key=?)",
		"COVERING INDEX extensions_wisher (wisher_team=? AND wisher_person=? AND created_at>?)",
	},
	selectDaily: {
		"COVERING INDEX extensions_person (team=? AND person=? AND created_at>?)",
		"COVERING INDEX extensions_wisher (wisher_team=? AND wisher_person=? AND created_at>?)",
	},
	upsertRule:       {"COVERING INDEX prompts_answered"},
	insertExtension:  {},
	selectDue:        {"INDEX extensions_settle (settle_at>?)"},
	selectUnsettled:  {"SCAN extensions USING INDEX extensions_open"},
	selectNextSettle: {"COVERING INDEX extensions_settle"},
	selectAwaited:    {"USING INDEX extensions_"},
	selectAdded: {
		"COVERING INDEX extensions_run (run=?)", "COVERING INDEX extensions_person (team=? AND person=? AND created_at>?)",
		"COVERING INDEX extensions_wisher (wisher_team=? AND wisher_person=? AND created_at>?)",
	},
	selectHistory:    {"SCAN extensions"},
	selectHistoryOf:  {"INDEX extensions_meeting (meeting_id=?)"},
	selectPast:       {"PRIMARY KEY (rowid<?)"},
	selectPastOf:     {"INDEX extensions_meeting (meeting_id=? AND id<?)"},
	selectPastBy:     {"INDEX extensions_of_person (team=? AND person=? AND id<?)"},
	selectPastHosted: {"INDEX extensions_of_host (host=? AND id<?)"},
	selectPastIn:     {"INDEX extensions_of_room (room=? AND id<?)"},
	updateAim:        {"PRIMARY KEY"},
	updateShorter:    {"PRIMARY KEY"},
	updateMove:       {"PRIMARY KEY"},
	updateRevive:     {"PRIMARY KEY", "INDEX extensions_run (run=?)"},
	updateAbandon:    {"PRIMARY KEY"},
	insertEnvelope:   {},
	selectEnvelope:   {"envelopes_1 (id=?)"},
	upsertConcluded:  {},
	upsertAnswered:   {},
	updateTaken:      {"PRIMARY KEY", "SCAN envelopes USING COVERING INDEX envelopes_waiting"}, // all that are not answered,
	updateOwed:       {"PRIMARY KEY", "INDEX extensions_owed (owed_at>?)"},
	updateTold:       {"PRIMARY KEY"},
	forgetOwed:       {"PRIMARY KEY", "INDEX extensions_owed (owed_at>? AND owed_at<?)"},
	selectAsked: {
		"INDEX extensions_key (key=?)", "INDEX extensions_attempts (key=?)", "INDEX extensions_envelope (envelope=?)",
	},
	updateClaims + "(?, ?)":  {"envelopes_1 (id=?)"},
	selectOffered:            {"PRIMARY KEY (rowid=?)"},
	selectAction:             {"PRIMARY KEY (id=?)"},
	removeActions:            {"PRIMARY KEY (id=?)", "COVERING INDEX actions_expired (expires_at<?)"},
	selectDialog:             {"PRIMARY KEY (id=?)"},
	eraseDialogURL:           {"PRIMARY KEY (id=?)"},
	eraseDialogURLs:          {"PRIMARY KEY (id=?)", "INDEX dialogs_answerable (created_at<?)"},
	removeDialogs:            {"PRIMARY KEY (id=?)", "COVERING INDEX dialogs_expired (expires_at<?)"},
	insertDialog:             {},
	deleteLease:              {"PRIMARY KEY (name=?)"},
	lastExtension:            {"PRIMARY KEY (rowid>?)"},
	lastEnvelope:             {"PRIMARY KEY (rowid>?)"},
	removeExtensions:         {"PRIMARY KEY (rowid>? AND rowid<?)"},
	removeEnvelopes:          {"PRIMARY KEY (rowid>? AND rowid<?)"},
	erasePayloads:            {"INDEX envelopes_payload (stored_at<?)"},
	selectRulesOf:            {"PRIMARY KEY (rule_of=?)"},
	selectRules:              {"SCAN rules"}, // all of them are wanted
	holdRule:                 {"PRIMARY KEY (rule_of=?)"},
	deleteRule:               {"PRIMARY KEY (rule_of=?)"},
	pauseRule:                {"PRIMARY KEY (rule_of=?)"},
	updateSeen + "(?, ?)":    {"PRIMARY KEY (rule_of=?)"},
	selectUnseen:             {"SCAN rules"}, // once a day
	removeRules:              {"PRIMARY KEY (rule_of=?)", "SCAN rules"},
	selectPause:              {"PRIMARY KEY (rowid=?)"},
	holdPause:                {"PRIMARY KEY (rowid=?)"},
	deletePause:              {"PRIMARY KEY (rowid=?)"},
	selectQuiet:              {"PRIMARY KEY (team=? AND person=?)"},
	deleteQuiet:              {"PRIMARY KEY (team=? AND person=?)"},
	selectRuns + "(?, ?)":    {"INDEX extensions_run (run=?)"},
	selectPrompts + "(?, ?)": {"INDEX prompts_once (run=?)"},
	selectPrompt:             {"PRIMARY KEY (rowid=?)"},
	selectPromptOf:           {"INDEX prompts_once (run=? AND end_at=? AND kind=? AND meant_for=?)"},
	selectFollowed:           {"INDEX prompts_open (state=?)"},
	updatePosted:             {"PRIMARY KEY (rowid=?)"},
	deleteUnposted:           {"PRIMARY KEY (rowid=?)"},
	updateUnposted:           {"PRIMARY KEY (rowid=?)"},
	updateUnsure:             {"PRIMARY KEY (rowid=?)", "INDEX prompts_open (state=?)"},
	updateShown:              {"PRIMARY KEY (rowid=?)"},
	updateAnswer:             {"PRIMARY KEY (rowid=?)"},
	updateLapsed:             {"PRIMARY KEY (rowid=?)"},
	updateClosed:             {"PRIMARY KEY (rowid=?)"},
	insertApproval:           {},
	selectApproval:           {"PRIMARY KEY (rowid=?)"},
	selectApprovalAsked:      {"INDEX approvals_envelope (envelope=?)"},
	selectApprovalSame:       {"INDEX approvals_waiting (run=? AND end_at=? AND minutes=? AND team=? AND person=?)"},
	selectApprovals:          {"SCAN approvals"},
	selectApprovalsOf:        {"INDEX approvals_meeting (meeting_id=?)"},
	selectApprovalsIn:        {"INDEX approvals_of_room (room=?)"},
	updateDecided:            {"PRIMARY KEY (rowid=?)"},
	updateOutcome:            {"PRIMARY KEY (rowid=?)"},
	updateCard:               {"PRIMARY KEY (rowid=?)"},
	updateTellings:           {"PRIMARY KEY (rowid=?)"},
	updateRest:               {"PRIMARY KEY (rowid=?)"},
	updateDueApprovals:       {"PRIMARY KEY (rowid=?)", "INDEX approvals_due (due_at>?)"},
	lastApproval:             {"PRIMARY KEY (rowid>?)"},
	removeApprovals:          {"PRIMARY KEY (rowid>? AND rowid<?)"},
}

func TestPlansUseTheirIndexes(t *testing.T) {
	s, _, _ := opened(t)
	for text, want := range plans {
		checkPlan(t, s.database.(*probed).database.(*sqliteDatabase).reading, text, want)
	}
}

// checkPlan looks for what the plan of a query must have; a plan must not sort or walk through a table, unless
// the walk is wanted.
func checkPlan(t *testing.T, on *sql.DB, text string, want []string) {
	t.Helper()
	text = forSQLite(text).text
	rows, err := on.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?"))...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	for _, part := range want {
		if !strings.Contains(plan.String(), part) {
			t.Errorf("%s\nis run without %q:\n%s", text, part, plan.String())
		}
	}
	wanted := strings.Join(want, " ")
	for step := range strings.Lines(plan.String()) {
		step = strings.TrimSpace(step)
		walks := strings.HasPrefix(step, "SCAN ") && step != "SCAN CONSTANT ROW"
		if strings.Contains(step, "TEMP B-TREE") || walks && !strings.Contains(wanted, step) {
			t.Errorf("%s\nwalks or sorts: %s", text, step)
		}
	}
}

// PostgresPlans are the server's plans of all statements that are run often, where it walks through a table only if it
// has no other way.
func PostgresPlans(t *testing.T, s *Store) map[string]string {
	t.Helper()
	d := s.database.(*probed).database.(*postgresDatabase)
	conn, err := d.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	found := map[string]string{}
	for text := range plans {
		found[text] = postgresPlan(t, conn, forPostgres(text).text)
	}
	return found
}

func postgresPlan(t *testing.T, conn *sql.Conn, text string) string {
	t.Helper()
	nothing := strings.TrimSuffix(strings.Repeat("NULL, ", strings.Count(text, "$")), ", ")
	for _, before := range []string{
		"SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", "DEALLOCATE ALL", "PREPARE plan AS " + text,
	} {
		if _, err := conn.ExecContext(t.Context(), before, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", before, err)
		}
	}
	explain := "EXPLAIN EXECUTE plan"
	if nothing != "" {
		explain += "(" + nothing + ")"
	}
	rows, err := conn.QueryContext(t.Context(), explain, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var step string
		if err := rows.Scan(&step); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

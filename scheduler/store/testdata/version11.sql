PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(4,3,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(5,4,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(6,5,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(7,6,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(8,7,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(9,8,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(10,9,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(11,10,1,'2026-11-27 07:03:28');
INSERT INTO goose_db_version VALUES(12,11,1,'2026-11-27 07:03:28');
CREATE TABLE extensions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT    NOT NULL,
    attempt    INTEGER NOT NULL,
    envelope   TEXT    NOT NULL,
    run        TEXT    NOT NULL,
    meeting_id TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    team       TEXT    NOT NULL,
    person     TEXT    NOT NULL, -- empty for automation
    minutes    INTEGER NOT NULL,
    platform   INTEGER NOT NULL,
    state      TEXT    NOT NULL
        CHECK (state IN ('sent', 'unknown', 'confirmed', 'accepted', 'refused', 'void', 'unclear')),
    reason     TEXT    NOT NULL DEFAULT '',
    before_end INTEGER NOT NULL DEFAULT 0,
    target_end INTEGER NOT NULL DEFAULT 0,
    after_end  INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    settle_at  INTEGER NOT NULL, -- 0: nothing to settle
    freed      INTEGER NOT NULL DEFAULT 0, -- 1: its key may be used again
    counted    INTEGER NOT NULL, owed_at INTEGER NOT NULL DEFAULT 0, token TEXT NOT NULL DEFAULT '', rule_of TEXT NOT NULL DEFAULT '',           -- minutes that count against the limits
    CHECK (freed = (state IN ('refused', 'void', 'unclear'))),
    CHECK (counted = CASE WHEN state IN ('refused', 'void') THEN 0 ELSE minutes END),
    CHECK (settle_at > 0 OR state NOT IN ('sent', 'unknown'))
);
INSERT INTO extensions VALUES(1,'envelope-0',1,'envelope-0','914000001@1795768200','914000001','command','T0TEAM','U0ALICE',30,0,'confirmed','for the test',1795773600000,1795775400000,1795775400000,1795770001000,1795770001000,0,0,30,0,'HGKYG42RDZY7R2I5ONOIAGJQR3','');
INSERT INTO extensions VALUES(2,'envelope-1',1,'envelope-1','914000002@1795768200','914000002','command','T0TEAM','U0ALICE',30,0,'accepted','for the test',1795773600000,1795775400000,0,1795770002000,1795770002000,1795770015000,0,30,0,'URQGHW5Z42ATCIUVVKPKR6QOW3','');
INSERT INTO extensions VALUES(3,'envelope-2',1,'envelope-2','914000003@1795768200','914000003','command','T0TEAM','U0ALICE',30,0,'refused','for the test',1795773600000,1795775400000,0,1795770003000,1795770003000,0,1,0,0,'47AVBPL36W2DA4UXP6I5X2MTTM','');
INSERT INTO extensions VALUES(4,'envelope-3',1,'envelope-3','914000004@1795768200','914000004','command','T0TEAM','U0ALICE',30,0,'void','for the test',1795773600000,1795775400000,0,1795770004000,1795770004000,0,1,0,0,'SWW5OF75W2255M4KYHKYG3E6W2','');
INSERT INTO extensions VALUES(5,'envelope-4',1,'envelope-4','914000005@1795768200','914000005','command','T0TEAM','U0ALICE',30,0,'unclear','for the test',1795773600000,1795775400000,0,1795770005000,1795770005000,0,1,30,0,'EEGRPR53AP2RZREDIBLHCNQEF5','');
INSERT INTO extensions VALUES(6,'envelope-5',1,'envelope-5','914000006@1795768200','914000006','command','T0TEAM','U0ALICE',30,0,'unknown','for the test',1795773600000,1795775400000,0,1795770006000,1795770006000,1795770019000,0,30,0,'ULMSPW7ALEZMQE6GECAEZY5636','');
INSERT INTO extensions VALUES(7,'envelope-6',1,'envelope-6','914000007@1795768200','914000007','command','T0TEAM','U0ALICE',30,0,'sent','',1795773600000,1795775400000,0,1795770007000,1795770007000,1795770020000,0,30,0,'3G2UAUKNM5SUQXZRV36VY3226V','');
INSERT INTO extensions VALUES(8,'914000008@1795768200 until 1795773600',1,'','914000008@1795768200','914000008','tick','','',30,0,'confirmed','for the test',1795773600000,1795775400000,1795775400000,1795770008000,1795770008000,0,0,30,1795770038000,'HLFIL3WYXA34PDUJMG5RYGOGG6','25587');
CREATE TABLE envelopes (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT    NOT NULL UNIQUE, -- envelope_id of Slack
    type          TEXT    NOT NULL,
    payload       BLOB, -- NULL once erased
    owner         TEXT    NOT NULL, -- the replica that works on it
    stored_at     INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL,
    answered_at   INTEGER NOT NULL DEFAULT 0 -- 0: not answered
);
INSERT INTO envelopes VALUES(1,'envelope-20','slash_commands',NULL,'replica-1',1795770198000,1795770258000,1795770198000);
INSERT INTO envelopes VALUES(2,'envelope-21','slash_commands',X'7b22636f6d6d616e64223a222f657874656e64222c2274657874223a22393134303030303031203330227d','replica-1',1795770198000,1795770258000,0);
INSERT INTO envelopes VALUES(3,'envelope-22','slash_commands',X'7b22636f6d6d616e64223a222f657874656e64222c2274657874223a22393134303030303031203330227d','replica-1',1795770198000,1795770198000,0);
CREATE TABLE actions (
    id          TEXT    NOT NULL PRIMARY KEY, -- what the button says; random
    verb        TEXT    NOT NULL,
    run         TEXT    NOT NULL,
    meeting_id  TEXT    NOT NULL,
    minutes     INTEGER NOT NULL,
    command     TEXT    NOT NULL, -- canonical text of the command to send again
    offered_end INTEGER NOT NULL, -- 0: none
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
, prompt INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO actions VALUES('AAAAAAAAAAAAAAAAAAAAAAAAAA','extend','914000103@1795768200','914000103',15,'',1795773600000,1795770198000,1795816800000,3);
INSERT INTO actions VALUES('BBBBBBBBBBBBBBBBBBBBBBBBBB','keep','914000103@1795768200','914000103',0,'',1795773600000,1795770198000,1795816800000,3);
INSERT INTO actions VALUES('CCCCCCCCCCCCCCCCCCCCCCCCCC','again','','',0,'914000004 30',0,1795770198000,1795773798000,0);
CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL, -- the replica that holds it, while held_until is to come
    held_until INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO leases VALUES('tick','replica-1',1795770090000);
CREATE TABLE rules (
    rule_of       TEXT    NOT NULL PRIMARY KEY, -- ID of the meeting or of the cloud room
    mode          TEXT    NOT NULL CHECK (mode IN ('off', 'ask', 'auto')),
    minutes       INTEGER NOT NULL,
    max_minutes   INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    team          TEXT    NOT NULL, -- with person: the owner
    person        TEXT    NOT NULL,
    paused        TEXT    NOT NULL, -- why; empty while the rule is in force
    paused_team   TEXT    NOT NULL,
    paused_person TEXT    NOT NULL,
    paused_at     INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO rules VALUES('25587','auto',15,60,'C0WATCH','T0TEAM','U0BOB','','','',0,1795770000000);
INSERT INTO rules VALUES('914000001','ask',0,0,'C0WATCH','T0TEAM','U0ALICE','','','',0,1795770000000);
INSERT INTO rules VALUES('914000003','auto',0,0,'','T0TEAM','U0BOB','owner-left','','',1795770000000,1795770000000);
INSERT INTO rules VALUES('914000004','off',0,0,'C0WATCH','T0TEAM','U0ALICE','','','',0,1795770000000);
CREATE TABLE automation_pause (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    paused    TEXT    NOT NULL,
    team      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    paused_at INTEGER NOT NULL
);
INSERT INTO automation_pause VALUES(1,'admin','T0TEAM','U0ALICE',1795770000000);
CREATE TABLE prompts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('ask', 'auto', 'trouble')),
    run        TEXT    NOT NULL,
    meeting_id TEXT    NOT NULL,
    end_at     INTEGER NOT NULL, -- the end that it is about
    rule_of    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('posting', 'posted', 'unsure', 'closed')),
    channel    TEXT    NOT NULL DEFAULT '',
    ts         TEXT    NOT NULL DEFAULT '', -- of the message, as Slack has it
    shown      TEXT    NOT NULL DEFAULT '',
    answer     TEXT    NOT NULL DEFAULT '' CHECK (answer IN ('', 'keep', 'end', 'stop')),
    team       TEXT    NOT NULL DEFAULT '', -- with person: who answered
    person     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
, lapsed INTEGER NOT NULL DEFAULT 0);
INSERT INTO prompts VALUES(1,'ask','914000101@1795768200','914000101',1795773600000,'914000001','unsure','','','','','','',1795770008000,0);
INSERT INTO prompts VALUES(2,'ask','914000102@1795768200','914000102',1795773600000,'914000001','posting','','','','','','',1795770188000,0);
INSERT INTO prompts VALUES(3,'ask','914000103@1795768200','914000103',1795773600000,'914000001','posted','C0WATCH','1764234000.000101','to C0WATCH ask open 1795773600 by','','','',1795770189000,0);
INSERT INTO prompts VALUES(4,'ask','914000104@1795768200','914000104',1795773600000,'914000001','posted','D0BOB','1764234000.000102','host U0BOB ask open 1795773600 by','','','',1795770190000,0);
INSERT INTO prompts VALUES(5,'ask','914000105@1795768200','914000105',1795773600000,'914000001','posted','D0ALICE','1764234000.000103','to U0ALICE ask answered 1795773600 by U0BOB end','end','T0TEAM','U0BOB',1795770191000,0);
INSERT INTO prompts VALUES(6,'ask','914000106@1795768200','914000106',1795773600000,'914000001','posted','C0WATCH','1764234000.000104','to C0WATCH ask answered 1795773600 by U0BOB keep','keep','T0TEAM','U0BOB',1795770192000,0);
INSERT INTO prompts VALUES(7,'ask','914000107@1795768200','914000107',1795773600000,'914000001','posted','C0WATCH','1764234000.000105','to C0WATCH ask answered 1795773600 by U0BOB keep lapsed','keep','T0TEAM','U0BOB',1795770193000,1);
INSERT INTO prompts VALUES(8,'ask','914000108@1795768200','914000108',1795773600000,'914000001','posted','C0WATCH','1764234000.000106','to C0WATCH ask open 1795773600 by unsure','','','',1795770194000,0);
INSERT INTO prompts VALUES(9,'ask','914000109@1795768200','914000109',1795773600000,'914000001','posted','C0WATCH','1764234000.000107','to C0WATCH ask extended 1795775400 by U0ALICE','','','',1795770195000,0);
INSERT INTO prompts VALUES(10,'auto','914000110@1795768200','914000110',1795773600000,'914000001','posted','C0WATCH','1764234000.000108','to C0WATCH auto answered 1795775400 by U0BOB stop accepted','stop','T0TEAM','U0BOB',1795770196000,0);
INSERT INTO prompts VALUES(11,'trouble','914000111@1795768200','914000111',1795773600000,'914000001','posted','D0BOB','1764234000.000109','host U0BOB trouble elsewhere 1795776300 by','','','',1795770197000,0);
INSERT INTO prompts VALUES(12,'ask','914000112@1795768200','914000112',1795773600000,'914000001','closed','C0WATCH','1764234000.000110','to C0WATCH ask over 1795773600 by','','','',1795770198000,0);
CREATE TABLE quiet (
    team   TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (team, person)
) WITHOUT ROWID;
INSERT INTO quiet VALUES('T0TEAM','U0BOB');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',12);
INSERT INTO sqlite_sequence VALUES('extensions',8);
INSERT INTO sqlite_sequence VALUES('prompts',12);
INSERT INTO sqlite_sequence VALUES('envelopes',3);
CREATE UNIQUE INDEX extensions_open ON extensions (run) WHERE state IN ('sent', 'unknown');
CREATE UNIQUE INDEX extensions_key ON extensions (key) WHERE freed = 0;
CREATE UNIQUE INDEX extensions_attempts ON extensions (key, attempt) WHERE freed = 1;
CREATE INDEX extensions_run ON extensions (run, counted);
CREATE INDEX extensions_person ON extensions (team, person, created_at, counted) WHERE person <> '';
CREATE INDEX extensions_settle ON extensions (settle_at) WHERE settle_at > 0;
CREATE INDEX extensions_meeting ON extensions (meeting_id);
CREATE INDEX envelopes_waiting ON envelopes (claimed_until) WHERE answered_at = 0;
CREATE INDEX envelopes_payload ON envelopes (stored_at) WHERE payload IS NOT NULL;
CREATE INDEX extensions_owed ON extensions (owed_at) WHERE owed_at > 0;
CREATE INDEX extensions_envelope ON extensions (envelope) WHERE envelope <> '' AND envelope <> key;
CREATE INDEX actions_expired ON actions (expires_at);
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind);
CREATE INDEX prompts_open ON prompts (state, created_at) WHERE state <> 'closed';
COMMIT;

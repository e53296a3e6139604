package meeting

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// loginMode is whom the App ID login acts as. Each has a string-to-sign of its own (page meeting_20_0011).
type loginMode int

const (
	oneEnterprise   loginMode = iota // appId:userId:expireTime:nonce; without userId its administrator
	spEnterprise                     // appId:corpId:userId:expireTime:nonce; without userId its administrator
	spAdministrator                  // appId:::expireTime:nonce
)

// modeOf reads the mode from the configuration: a CorpID means SP mode.
func modeOf(config Config) loginMode {
	switch {
	case config.SPAdmin:
		return spAdministrator
	case config.CorpID != "":
		return spEnterprise
	}
	return oneEnterprise
}

// appLogin is what is signed. The request's body must carry the same values.
type appLogin struct {
	mode                  loginMode
	appID, corpID, userID string
	expireTime            int64 // Unix seconds
	nonce                 string
}

// stringToSign joins the parts by colons; empty parts keep theirs.
func (l appLogin) stringToSign() string {
	parts := []string{l.appID}
	switch l.mode {
	case oneEnterprise:
		parts = append(parts, l.userID)
	case spEnterprise:
		parts = append(parts, l.corpID, l.userID)
	case spAdministrator:
		parts = append(parts, "", "")
	}
	parts = append(parts, strconv.FormatInt(l.expireTime, 10), l.nonce)
	return strings.Join(parts, ":")
}

// authorisation is the header's value: the signature in lower-case hex and the base64 App ID.
func (l appLogin) authorisation(key Secret) string {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte(l.stringToSign()))
	return "HMAC-SHA256 signature=" + hex.EncodeToString(mac.Sum(nil)) +
		",access=" + base64.StdEncoding.EncodeToString([]byte(l.appID))
}

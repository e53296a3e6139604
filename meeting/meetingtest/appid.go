package meetingtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

type appLoginRequest struct {
	AppID      *string `json:"appId"`
	ClientType *int    `json:"clientType"`
	ExpireTime *int64  `json:"expireTime"` // Unix seconds; 0 is never
	Nonce      *string `json:"nonce"`
	UserID     string  `json:"userId"`
	CorpID     *string `json:"corpId"`
}

// appLogin is CreateAppIdToken [0311].
func (s *Server) appLogin(c *call) answer {
	var body appLoginRequest
	if refused, fine := c.decode(&body, badLogin, badLogin); !fine {
		return refused
	}
	if body.AppID == nil || body.ClientType == nil || body.ExpireTime == nil || body.Nonce == nil ||
		len(*body.Nonce) < 32 || len(*body.Nonce) > 64 {
		return badLogin.answer()
	}
	if !s.signed(c.request.Header.Get("Authorization"), body) {
		return appRefused.answer()
	}
	if *body.ExpireTime != 0 && c.now.Unix() > *body.ExpireTime {
		return signatureExpired.answer()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok(s.opened(s.accounts.thirdParty(body.UserID), *body.ClientType, c))
}

// signed checks the header HMAC-SHA256 signature=<hex>,access=<base64 of the App ID>. The short form
// without access is refused: the reference calls it mandatory.
func (s *Server) signed(header string, body appLoginRequest) bool {
	parts, found := strings.CutPrefix(header, "HMAC-SHA256 signature=")
	signature, access, both := strings.Cut(parts, ",access=")
	text, known := s.stringToSign(body)
	if !found || !both || !known || s.config.AppID == "" || *body.AppID != s.config.AppID {
		return false
	}
	if access != base64.StdEncoding.EncodeToString([]byte(s.config.AppID)) {
		return false
	}
	given, err := hex.DecodeString(signature)
	mac := hmac.New(sha256.New, []byte(s.config.AppKey))
	mac.Write([]byte(text))
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// stringToSign has the five forms. One enterprise: appId:userId:… and appId::…, and no corpId at all.
// Service provider: appId:corpId:userId:…, appId:corpId::… and appId:::….
func (s *Server) stringToSign(b appLoginRequest) (string, bool) {
	parts := []string{*b.AppID, b.UserID, strconv.FormatInt(*b.ExpireTime, 10), *b.Nonce}
	if s.config.CorpID == "" {
		return strings.Join(parts, ":"), b.CorpID == nil
	}
	corp := ""
	if b.CorpID != nil {
		corp = *b.CorpID
	}
	known := corp == s.config.CorpID || corp == "" && b.UserID == ""
	return strings.Join([]string{parts[0], corp, parts[1], parts[2], parts[3]}, ":"), known
}

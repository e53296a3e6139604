package meetingtest

// loginResponse is the answer of both logins, of refresh and of validate. Its units are mixed: periods
// and expiries are seconds, creations milliseconds.
type loginResponse struct {
	AccessToken        string    `json:"accessToken,omitempty"`
	TokenIP            string    `json:"tokenIp"`
	ValidPeriod        int64     `json:"validPeriod"`
	ExpireTime         int64     `json:"expireTime"`
	CreateTime         int64     `json:"createTime"`
	RefreshToken       string    `json:"refreshToken,omitempty"`
	RefreshValidPeriod int64     `json:"refreshValidPeriod"`
	RefreshExpireTime  int64     `json:"refreshExpireTime"`
	RefreshCreateTime  int64     `json:"refreshCreateTime"`
	TokenType          int       `json:"tokenType"`
	ClientType         int       `json:"clientType"`
	ForceLoginInd      int       `json:"forceLoginInd"`
	FirstLogin         bool      `json:"firstLogin"`
	PwdExpired         bool      `json:"pwdExpired"`
	DaysPwdAvailable   int       `json:"daysPwdAvailable"`
	DelayDelete        bool      `json:"delayDelete"`
	User               *userWire `json:"user,omitempty"`
	ProxyToken         any       `json:"proxyToken,omitempty"`
}

type userWire struct {
	UserID         string `json:"userId"`
	UcloginAccount string `json:"ucloginAccount"`
	ServiceAccount string `json:"serviceAccount"`
	NumberHA1      string `json:"numberHA1"`
	Alias1         string `json:"alias1"`
	CompanyID      string `json:"companyId"`
	SpID           string `json:"spId"`
	CompanyDomain  string `json:"companyDomain"`
	Realm          string `json:"realm"`
	UserType       int    `json:"userType"`
	AdminType      int    `json:"adminType"`
	Name           string `json:"name"`
	NameEn         string `json:"nameEn"`
	IsBindPhone    bool   `json:"isBindPhone"`
	FreeUser       bool   `json:"freeUser"`
	ThirdAccount   string `json:"thirdAccount"`
	AppID          string `json:"appId,omitempty"`
	Status         int    `json:"status"`
	CorpType       int    `json:"corpType"`
}

func (s *session) wire(c *call, config Config) loginResponse {
	r := loginResponse{
		AccessToken: s.access, TokenIP: "127.0.0.1",
		ValidPeriod: int64(s.expires.Sub(c.now).Seconds()), ExpireTime: s.expires.Unix(), CreateTime: s.created.UnixMilli(),
		RefreshToken: s.refresh, RefreshValidPeriod: int64(s.refreshUntil.Sub(c.now).Seconds()),
		RefreshExpireTime: s.refreshUntil.Unix(), RefreshCreateTime: s.created.UnixMilli(),
		ClientType: s.clientType, DaysPwdAvailable: 180, User: s.user.wire(config),
	}
	r.ProxyToken = map[string]any{
		"accessToken": token(16), "longAccessToken": token(32), "validPeriod": r.ValidPeriod,
		"middleEndUrl": "127.0.0.1", "middleEndInnerUrl": "127.0.0.1", "enableRerouting": false,
	}
	return r
}

func (u *user) wire(c Config) *userWire {
	return &userWire{
		UserID: u.uuid, UcloginAccount: u.account, ServiceAccount: sipNumber(u.uuid), CompanyID: "651543334",
		SpID: "8a8df0a174a1c6680174a26f578b0000", CompanyDomain: "example.com", Realm: "huaweicloud.com",
		UserType: 2, AdminType: u.adminType, Name: u.name, NameEn: u.name,
		ThirdAccount: u.thirdAccount, AppID: c.AppID,
	}
}

// told leaves out what the service may not tell.
func (s *Server) told(response loginResponse) loginResponse {
	if s.readings.AccountUntold {
		response.User = nil
	}
	return response
}

// refresh is UpdateToken [0307]: X-Access-Token carries the refresh token.
func (s *Server) refresh(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.accounts.refresh[c.request.Header.Get("X-Access-Token")]
	if session == nil || !c.now.Before(session.refreshUntil) {
		return s.readings.badToken().answer()
	}
	s.accounts.renew(session, c.now, s.config)
	return ok(s.told(session.wire(c, s.config)))
}

type validateRequest struct {
	Token           *string `json:"token"`
	NeedGenNewToken bool    `json:"needGenNewToken"`
	NeedAccountInfo bool    `json:"needAccountInfo"`
}

// validate is CheckToken [0308].
func (s *Server) validate(c *call) answer {
	var body validateRequest
	if refused, fine := c.decode(&body, badLogin, badLogin); !fine {
		return refused
	}
	if body.Token == nil {
		return badLogin.answer()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.accounts.sessionOf(*body.Token, c.now)
	if session == nil {
		return s.readings.badToken().answer()
	}
	if body.NeedGenNewToken {
		session = s.accounts.open(session.user, session.clientType, c.now, s.config)
	}
	response := session.wire(c, s.config)
	if !body.NeedAccountInfo {
		response.User = nil
	}
	return ok(s.told(response))
}

// logout is DeleteToken [0309].
func (s *Server) logout(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.accounts.sessionOf(c.request.Header.Get("X-Access-Token"), c.now)
	if session == nil {
		return s.readings.badToken().answer()
	}
	s.accounts.close(session)
	return answer{status: 200}
}

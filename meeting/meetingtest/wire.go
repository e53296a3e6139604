package meetingtest

import (
	"fmt"
	"time"
)

// conferenceInfo is a meeting as the lists and details give it.
type conferenceInfo struct {
	ConferenceID         string          `json:"conferenceID"`
	ConfUUID             string          `json:"confUUID,omitempty"`
	Subject              string          `json:"subject"`
	Size                 int             `json:"size"`
	TimeZoneID           string          `json:"timeZoneID"`
	StartTime            wireTimestamp   `json:"startTime"`
	EndTime              wireTimestamp   `json:"endTime"`
	MediaTypes           string          `json:"mediaTypes"`
	ConferenceState      string          `json:"conferenceState"`
	Language             string          `json:"language"`
	AccessNumber         string          `json:"accessNumber"`
	PasswordEntry        []passwordEntry `json:"passwordEntry"`
	UserUUID             string          `json:"userUUID"`
	ScheduserName        string          `json:"scheduserName"` // spelled so
	ConferenceType       int             `json:"conferenceType"`
	ConfType             string          `json:"confType"`
	IsAutoMute           int             `json:"isAutoMute"`
	IsAutoRecord         int             `json:"isAutoRecord"`
	ChairJoinURI         string          `json:"chairJoinUri,omitempty"`
	GuestJoinURI         string          `json:"guestJoinUri"`
	RecordType           int             `json:"recordType"`
	ConfConfigInfo       confConfigInfo  `json:"confConfigInfo"`
	VmrFlag              int             `json:"vmrFlag"`
	VmrID                string          `json:"vmrID,omitempty"`
	VmrConferenceID      string          `json:"vmrConferenceID,omitempty"`
	DeptName             string          `json:"deptName"`
	Role                 string          `json:"role,omitempty"` // the caller's, in details
	OnlineAttendeeAmount *int            `json:"onlineAttendeeAmount,omitempty"`
	Webinar              bool            `json:"webinar"`
	ConfMode             string          `json:"confMode"`
	ScheduleVmr          bool            `json:"scheduleVmr"`
	MultiStreamFlag      int             `json:"multiStreamFlag"`
	CycleParams          *cycleParams    `json:"cycleParams,omitempty"`
	CycleSubConfID       string          `json:"cycleSubConfID,omitempty"` // which of the times this is
	SubConfs             []subConf       `json:"subConfs,omitempty"`
}

type cycleParams struct {
	StartDate string `json:"startDate"`
	EndDate   string `json:"endDate"`
	Cycle     string `json:"cycle"`
	Interval  int    `json:"interval"`
}

// subConf is one time of a recurring meeting.
type subConf struct {
	CycleSubConfID string         `json:"cycleSubConfID"`
	ConferenceID   string         `json:"conferenceID"`
	MediaType      string         `json:"mediaType"`
	StartTime      wireTimestamp  `json:"startTime"`
	EndTime        wireTimestamp  `json:"endTime"`
	IsAutoRecord   int            `json:"isAutoRecord"`
	ConfConfigInfo confConfigInfo `json:"confConfigInfo"`
}

type passwordEntry struct {
	ConferenceRole string `json:"conferenceRole"`
	Password       string `json:"password"`
}

type confConfigInfo struct {
	IsSendNotify      bool   `json:"isSendNotify"`
	IsSendSms         bool   `json:"isSendSms"`
	IsSendCalendar    bool   `json:"isSendCalendar"`
	IsAutoMute        bool   `json:"isAutoMute"`
	IsGuestFreePwd    bool   `json:"isGuestFreePwd"`
	CallInRestriction int    `json:"callInRestriction"`
	GuestPwd          string `json:"guestPwd"`
	VmrIDType         int    `json:"vmrIDType"`
	ProlongLength     *int   `json:"prolongLength,omitempty"`
	EnableWaitingRoom bool   `json:"enableWaitingRoom"`
}

// info is what the user sees of the meeting.
func (r *run) info(u *user, now time.Time, lag time.Duration, readings Readings) conferenceInfo {
	end := r.endShown(now, lag)
	info := conferenceInfo{
		ConferenceID: r.ID, ConfUUID: r.UUID, Subject: r.Subject, Size: 100, TimeZoneID: "56",
		StartTime: wireTimestamp{r.Start, readings.Times}, EndTime: wireTimestamp{end, readings.Times},
		MediaTypes: "Data,HDVideo,Voice", ConferenceState: r.state(), Language: "zh-CN", AccessNumber: "+9900755" + r.ID,
		UserUUID: r.Host.UUID, ScheduserName: r.Host.Name, ConfType: "FUTURE",
		GuestJoinURI: joinLink(r, "guest"), PasswordEntry: []passwordEntry{{"general", r.GuestPassword}},
		ConfConfigInfo: confConfigInfo{
			IsSendNotify: true, IsSendCalendar: true, GuestPwd: r.GuestPassword, VmrIDType: 1, ProlongLength: r.ProlongMinutes,
		},
		DeptName: "Example", ConfMode: "COMMON", MultiStreamFlag: 1,
	}
	if r.RoomID != "" {
		info.VmrFlag, info.VmrID, info.VmrConferenceID = 1, r.room, r.RoomID
		info.ConfConfigInfo.VmrIDType = 0
	}
	if readings.ProlongUntold {
		info.ConfConfigInfo.ProlongLength = nil
	}
	r.addTimes(&info, readings.Times)
	if r.UUID != "" {
		info.ConfType = "IMMEDIATELY"
	}
	if r.showsChair(u, readings) {
		info.PasswordEntry = append(info.PasswordEntry, passwordEntry{"chair", r.ChairPassword})
		info.ChairJoinURI = joinLink(r, "chair")
	}
	return info
}

// addTimes lists the times of a recurring meeting as they are booked: that which runs or is next, and those after it.
func (r *run) addTimes(info *conferenceInfo, form Times) {
	if !r.recurring {
		return
	}
	info.ConferenceType, info.ConfType, info.CycleSubConfID = 2, "CYCLE", r.timeID(0)
	times := append([]Occurrence{r.series.booked}, r.Later...)
	for i, time := range times {
		info.SubConfs = append(info.SubConfs, subConf{
			CycleSubConfID: r.timeID(i), ConferenceID: r.ID, MediaType: info.MediaTypes,
			StartTime: wireTimestamp{time.Start, form}, EndTime: wireTimestamp{time.End, form},
			ConfConfigInfo: info.ConfConfigInfo,
		})
	}
	info.CycleParams = &cycleParams{
		StartDate: times[0].Start.UTC().Format(time.DateOnly), EndDate: times[len(times)-1].End.UTC().Format(time.DateOnly),
		Cycle: "DAY", Interval: 1,
	}
}

// timeID names the time that is so many after the present one.
func (r *run) timeID(after int) string { return fmt.Sprintf("%s%04d", r.room[:28], r.number+after) }

// showsChair tells whether the user sees the chair's password.
func (r *run) showsChair(u *user, readings Readings) bool {
	switch {
	case r.HideChair || readings.Passwords == ToNobody:
		return false
	case readings.Passwords == ToHosts:
		return r.hostedBy(u)
	}
	return u.isAdmin() || r.hostedBy(u)
}

func (r *run) state() string {
	switch {
	case r.running:
		return "Created"
	case r.Scheduled:
		return "Schedule"
	default:
		return "Destroyed"
	}
}

// joinLink carries a key in its path, as the service's links do.
func joinLink(r *run, role string) string {
	return "https://meeting.huaweicloud.com/#/j/" + r.ID + "/" + r.room + role
}

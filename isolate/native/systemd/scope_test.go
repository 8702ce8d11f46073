package systemd

import (
	"context"
	"strings"
	"testing"
)

func TestAround(t *testing.T) {
	for _, test := range []struct {
		cgroup         string
		user           int
		slice, service string
	}{
		{"/user.slice/user-0.slice/session-3.scope", 0, "user-0.slice", ""},
		{"/system.slice/cron.service", 0, "system.slice", "cron.service"},
		{"/system.slice/runner.service/jobs", 0, "system.slice", "runner.service"},
		{"/user.slice/user-0.slice/user@0.service/app.slice/a.scope", 0, "user-0.slice", "user@0.service"},
		{"/init.scope", 0, "", ""},
		{"/", 0, "", ""},
		{"/user.slice/user-7.slice/session-3.scope", 7, "", ""},
		{"/system.slice/cron.service", 7, "", ""},
		{"/user.slice/user-7.slice/user@7.service/app.slice/vte.scope", 7, "app.slice", ""},
		{"/user.slice/user-7.slice/user@7.service/app.slice/app-x.slice/x.service", 7, "app-x.slice", "x.service"},
		{"/user.slice/user-77.slice/user@77.service/app.slice/x.service", 7, "", ""},
	} {
		if slice, service := Around(test.cgroup, test.user); slice != test.slice || service != test.service {
			t.Errorf("user %d in %s: got %q, %q, want %q, %q", test.user, test.cgroup, slice, service, test.slice, test.service)
		}
	}
}

// TestEnterWithoutManager: a user who never logs in has no manager to ask.
func TestEnterWithoutManager(t *testing.T) {
	err := Enter(context.Background(), 987654321, Scope{Name: "evalx-test.scope"})
	if err == nil || !strings.Contains(err.Error(), "/run/user/987654321/bus: ") {
		t.Errorf("got %v", err)
	}
}

package docker

import (
	"archive/tar"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate/native"
)

// What Docker 20.10.24 answered.
const (
	recordedVersion = `{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"20.10.24+dfsg1","Details":{"ApiVersion":"1.41","Arch":"amd64"}}],"Version":"20.10.24+dfsg1","ApiVersion":"1.41","MinAPIVersion":"1.12","GitCommit":"5d6db84","GoVersion":"go1.19.8","Os":"linux","Arch":"amd64","KernelVersion":"6.18.44","BuildTime":"2026-05-07T21:09:36.000000000+00:00"}` + "\n"
	recordedImage   = `{"Id":"sha256:e9654e8452d9d8ae0ad2b964d10c07ad847104ef1082b277d134f0847774c5ee","RepoTags":["toolchains:test"],"Parent":"","Comment":"Imported from -","ContainerConfig":{"Tty":false,"Env":null},"Os":"linux"}` + "\n"
	recordedNoImage = `{"message":"no such image: nonesuch: No such image: nonesuch:latest"}` + "\n"
	recordedNone    = `{"message":"No such container: abc"}` + "\n"
	recordedUpgrade = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)

// standIn answers as a Docker Engine does, and starts the agent as a plain
// process where an engine would start a container. What a container adds is
// tested by make test-docker; all the rest needs none.
type standIn struct {
	t       testing.TB
	address string
	mu      sync.Mutex
	last    int
	agents  map[string]*exec.Cmd // by container, created
	streams map[string]net.Conn  // attached
	specs   []containerSpec
	refuse  string // what starting a container is refused with
	left    string // the answer to who is left
	removed []string
}

// agentProcess is the test binary as the agent, see TestMain.
const agentProcess = "EVALX_TEST_AGENT"

func TestMain(m *testing.M) {
	native.Main()
	if os.Getenv(victimAgent) != "" && !slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-test.") }) {
		runVictim()
		os.Exit(0)
	}
	if dir := os.Getenv(agentProcess); dir != "" {
		agent := Agent{Find: hostFinder().Find, Mounts: dir}
		agent.Sandbox, agent.Failure = native.Open(native.Config{Workers: 1})
		if err := agent.Serve(testContext(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func newStandIn(t testing.TB) *standIn {
	t.Helper()
	dir, err := os.MkdirTemp("", "e") // short: the path of a socket has 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	s := &standIn{t: t, address: "unix://" + filepath.Join(dir, "s"), agents: map[string]*exec.Cmd{}, streams: map[string]net.Conn{}, left: "[]"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, recordedVersion) })
	mux.HandleFunc("GET /v1.41/images/{name}/json", s.image)
	mux.HandleFunc("GET /v1.41/containers/json", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s.left) })
	mux.HandleFunc("POST /v1.41/containers/create", s.create)
	mux.HandleFunc("PUT /v1.41/containers/{id}/archive", s.archive)
	mux.HandleFunc("POST /v1.41/containers/{id}/attach", s.attach)
	mux.HandleFunc("POST /v1.41/containers/{id}/start", s.start)
	mux.HandleFunc("DELETE /v1.41/containers/{id}", s.remove)
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: mux}}
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// open opens a sandbox on the stand-in.
func (s *standIn) open(workers int, image string) (*Sandbox, error) {
	env := map[string]string{"DOCKER_HOST": s.address}
	return Open(Config{Workers: workers, Image: image, Agent: "/proc/self/exe", Env: func(name string) string { return env[name] }})
}

func fail(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	io.WriteString(w, text)
}

func (s *standIn) image(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("name") == "nonesuch" {
		fail(w, http.StatusNotFound, recordedNoImage)
		return
	}
	io.WriteString(w, recordedImage)
}

func (s *standIn) create(w http.ResponseWriter, r *http.Request) {
	var spec containerSpec
	if err := json.NewDecoder(r.Body).Decode(&spec); err != nil {
		s.t.Errorf("create: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	id := fmt.Sprint("container", s.last)
	s.specs = append(s.specs, spec)
	s.agents[id] = nil
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"Id":"%s","Warnings":[]}`+"\n", id)
}

func (s *standIn) archive(_ http.ResponseWriter, r *http.Request) {
	archive := tar.NewReader(r.Body)
	var names []string
	for header, err := archive.Next(); err == nil; header, err = archive.Next() {
		names = append(names, header.Name)
	}
	io.Copy(io.Discard, r.Body)
	if got := strings.Join(names, " "); got != ".evalx/ .evalx/mounts/ .evalx/evalx" {
		s.t.Errorf("copied in: %s", got)
	}
}

func (s *standIn) attach(w http.ResponseWriter, r *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		s.t.Error(err)
		return
	}
	s.mu.Lock()
	s.streams[r.PathValue("id")] = conn
	s.mu.Unlock()
	io.WriteString(conn, recordedUpgrade)
}

func (s *standIn) start(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != "" {
		fail(w, http.StatusInternalServerError, s.refuse)
		return
	}
	id := r.PathValue("id")
	conn := s.streams[id]
	agent := exec.Command("/proc/self/exe")
	agent.Env = []string{agentProcess + "=" + s.t.TempDir(), "PATH=/usr/bin:/bin"}
	agent.Stdout, agent.Stderr = &muxer{conn, 1}, &muxer{conn, 2}
	input, err := agent.StdinPipe()
	if err == nil {
		err = agent.Start()
	}
	if err != nil {
		s.t.Error(err)
	}
	s.agents[id] = agent
	go func() {
		io.Copy(input, conn)
		input.Close() // as StdinOnce does
	}()
	w.WriteHeader(http.StatusNoContent)
}

func (s *standIn) remove(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	s.removed = append(s.removed, id)
	agent, ok := s.agents[id]
	if !ok {
		fail(w, http.StatusNotFound, recordedNone)
		return
	}
	delete(s.agents, id)
	if conn := s.streams[id]; conn != nil {
		conn.Close()
	}
	if agent != nil {
		// A container goes with its cgroups; a process needs time to remove its own.
		kill := time.AfterFunc(5*time.Second, func() { agent.Process.Kill() })
		agent.Wait()
		kill.Stop()
	}
	w.WriteHeader(http.StatusNoContent)
}

// muxer puts the engine's header before each piece.
type muxer struct {
	w      io.Writer
	stream byte
}

func (m *muxer) Write(p []byte) (int, error) {
	piece := binary.BigEndian.AppendUint32([]byte{m.stream, 0, 0, 0}, uint32(len(p)))
	if _, err := m.w.Write(append(piece, p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

package docker

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
)

// unavailable is why there is no sandbox, and what to do about it.
type unavailable struct {
	err    error
	advice string
}

func (e *unavailable) Error() string { return fmt.Sprintf("%v: %v", isolate.ErrUnavailable, e.err) }
func (e *unavailable) Unwrap() error { return errors.Join(isolate.ErrUnavailable, e.err) }
func (e *unavailable) Hint() string  { return e.advice }

// findEngine returns the address of the engine that the docker command would
// use, as in DOCKER_HOST: the variable, the context that is chosen, or the
// first socket that is there.
func findEngine(env func(string) string) (string, error) {
	if host := env("DOCKER_HOST"); host != "" {
		return host, nil
	}
	host, err := contextHost(env)
	if host != "" || err != nil {
		return host, err
	}
	var looked []string
	for _, socket := range sockets(env) {
		if _, err := os.Stat(socket); err == nil {
			return "unix://" + socket, nil
		}
		looked = append(looked, socket)
	}
	return "", fmt.Errorf("no Docker Engine: no socket at %s", strings.Join(looked, ", "))
}

// sockets are where engines listen: Docker, Docker Desktop, colima, OrbStack,
// Rancher Desktop, and Docker without root.
func sockets(env func(string) string) []string {
	list := []string{"/var/run/docker.sock"}
	if home := env("HOME"); home != "" {
		for _, name := range []string{".docker/run", ".colima/default", ".orbstack/run", ".rd"} {
			list = append(list, filepath.Join(home, name, "docker.sock"))
		}
	}
	if dir := env("XDG_RUNTIME_DIR"); dir != "" {
		list = append(list, filepath.Join(dir, "docker.sock"))
	}
	return list
}

// contextHost returns the address of the chosen context of the docker command,
// or "" for the default one (docs.docker.com/engine/manage-resources/contexts).
func contextHost(env func(string) string) (string, error) {
	dir := env("DOCKER_CONFIG")
	if dir == "" {
		dir = filepath.Join(env("HOME"), ".docker")
	}
	name := env("DOCKER_CONTEXT")
	if name == "" {
		var config struct{ CurrentContext string }
		data, err := os.ReadFile(filepath.Join(dir, "config.json"))
		if err != nil || json.Unmarshal(data, &config) != nil {
			return "", nil // the docker command, too, goes on without
		}
		name = config.CurrentContext
	}
	if name == "" || name == "default" {
		return "", nil
	}
	// Folders are named by the SHA-256 of the context's name.
	file := filepath.Join(dir, "contexts", "meta", fmt.Sprintf("%x", sha256.Sum256([]byte(name))), "meta.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("docker context %q: %w", name, err)
	}
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	if err := json.Unmarshal(data, &meta); err != nil {
		return "", fmt.Errorf("docker context %q: %s: %w", name, file, err)
	}
	return meta.Endpoints["docker"].Host, nil
}

// dialTimeout bounds how long an engine may take to accept a connection.
const dialTimeout = 5 * time.Second

// transport connects to the engine at an address as in DOCKER_HOST.
func transport(address string, env func(string) string) (*http.Transport, error) {
	scheme, rest, _ := strings.Cut(address, "://")
	dialer := &net.Dialer{Timeout: dialTimeout}
	network := scheme
	t := &http.Transport{DisableCompression: true}
	switch scheme {
	case "unix":
	case "tcp":
		rest = strings.TrimSuffix(rest, "/")
		if env("DOCKER_TLS_VERIFY") != "" {
			config, err := tlsConfig(env, rest)
			if err != nil {
				return nil, err
			}
			t.DialTLSContext = (&tls.Dialer{NetDialer: dialer, Config: config}).DialContext
		}
	default:
		return nil, fmt.Errorf("address %q: evalx reaches an engine by unix:// and tcp:// only", address)
	}
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, rest)
	}
	return t, nil
}

// tlsConfig reads the certificates that the docker command would use
// (docs.docker.com/engine/security/protect-access).
func tlsConfig(env func(string) string, address string) (*tls.Config, error) {
	dir := env("DOCKER_CERT_PATH")
	if dir == "" {
		dir = filepath.Join(env("HOME"), ".docker")
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		return nil, fmt.Errorf("certificate for the engine: %w", err)
	}
	authority, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return nil, fmt.Errorf("certificate for the engine: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("certificate for the engine: %s has none", filepath.Join(dir, "ca.pem"))
	}
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address of the engine: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: pool, ServerName: name, MinVersion: tls.VersionTLS12}, nil
}

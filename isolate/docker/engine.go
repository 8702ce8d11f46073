package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// engine is a client of the Docker Engine API
// (docs.docker.com/reference/api/engine): the few calls that this package needs.
type engine struct {
	client  *http.Client
	base    string // scheme and host, which only the transport knows better
	address string // as in DOCKER_HOST
	version string // of the API, such as "1.41"; "" before it is known
	arch    string // of the engine, such as "amd64"
}

// errNotFound says that the engine has no such container or image.
var errNotFound = errors.New("not found")

// newEngine connects to the engine that the environment names.
func newEngine(ctx context.Context, env func(string) string) (*engine, error) {
	address, err := findEngine(env)
	if err != nil {
		return nil, err
	}
	t, err := transport(address, env)
	if err != nil {
		return nil, err
	}
	e := &engine{client: &http.Client{Transport: t}, base: "http://docker", address: address}
	if t.DialTLSContext != nil {
		e.base = "https://docker"
	}
	var v struct{ APIVersion, Arch, Os string }
	if err := e.call(ctx, "GET", "/version", nil, &v); err != nil {
		return nil, fmt.Errorf("Docker Engine at %s: %w", address, err)
	}
	if v.Os != "linux" {
		return nil, fmt.Errorf("Docker Engine at %s: it runs containers of %q, not of Linux", address, v.Os)
	}
	e.version, e.arch = v.APIVersion, v.Arch
	return e, nil
}

// call makes a request with a JSON body, unless in is nil, and reads a JSON
// answer, unless out is nil.
func (e *engine) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	resp, err := e.send(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out)
}

// maxAnswer is the most bytes of an answer that is read into memory.
const maxAnswer = 64 << 20

// send makes a request. An answer that says that it failed is an error.
func (e *engine) send(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	if e.version != "" {
		path = "/v" + e.version + path
	}
	req, err := http.NewRequestWithContext(ctx, method, e.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", kind)
	if kind == upgrade {
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "tcp")
	}
	resp, err := e.client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // without the made-up host name
		}
		return nil, err
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, refusal(resp)
}

// refusal is the error that an answer states.
func refusal(resp *http.Response) error {
	var answer struct{ Message string }
	data, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if json.Unmarshal(data, &answer) != nil || answer.Message == "" {
		answer.Message = strings.TrimSpace(string(data))
	}
	err := fmt.Errorf("the engine says: %s (%s)", answer.Message, resp.Status)
	if resp.StatusCode == http.StatusNotFound {
		return fmt.Errorf("%w: %w", errNotFound, err)
	}
	return err
}

// imageID returns the content address of an image.
func (e *engine) imageID(ctx context.Context, name string) (string, error) {
	var image struct{ ID string }
	err := e.call(ctx, "GET", (&url.URL{Path: "/images/" + name + "/json"}).EscapedPath(), nil, &image)
	return image.ID, err
}

// create makes a container that is not started yet and returns its id.
func (e *engine) create(ctx context.Context, spec *containerSpec) (string, error) {
	var made struct{ ID string }
	err := e.call(ctx, "POST", "/containers/create", spec, &made)
	return made.ID, err
}

// copyIn unpacks a tar archive at the root of a container.
func (e *engine) copyIn(ctx context.Context, id string, archive io.Reader) error {
	resp, err := e.send(ctx, "PUT", "/containers/"+id+"/archive?path=/", "application/x-tar", archive)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (e *engine) start(ctx context.Context, id string) error {
	return e.call(ctx, "POST", "/containers/"+id+"/start", nil, nil)
}

// upgrade marks the request whose connection becomes the container's streams.
const upgrade = "application/vnd.docker.raw-stream"

// attach connects to the standard streams of a container. What is read is
// framed, see demux.
func (e *engine) attach(ctx context.Context, id string) (io.ReadWriteCloser, error) {
	resp, err := e.send(ctx, "POST", "/containers/"+id+"/attach?stream=1&stdin=1&stdout=1&stderr=1", upgrade, nil)
	if err != nil {
		return nil, err
	}
	stream, ok := resp.Body.(io.ReadWriteCloser)
	if !ok || resp.StatusCode != http.StatusSwitchingProtocols {
		resp.Body.Close()
		return nil, fmt.Errorf("the engine does not open a stream: %s", resp.Status)
	}
	return stream, nil
}

// remove kills a container and removes it. That it has gone is fine.
func (e *engine) remove(ctx context.Context, id string) error {
	err := e.call(ctx, "DELETE", "/containers/"+id+"?force=1&v=1", nil, nil)
	// It removes itself when it ends, and only one of two can be first.
	if errors.Is(err, errNotFound) || err != nil && strings.Contains(err.Error(), "already in progress") {
		return nil
	}
	return err
}

// container is one that the engine has.
type container struct {
	ID     string `json:"Id"`
	State  string // such as "running"
	Labels map[string]string
}

// labelled returns the containers that have a label, running or not.
func (e *engine) labelled(ctx context.Context, label string) ([]container, error) {
	filters, err := json.Marshal(map[string][]string{"label": {label}})
	if err != nil {
		return nil, err
	}
	var list []container
	err = e.call(ctx, "GET", "/containers/json?all=1&filters="+url.QueryEscape(string(filters)), nil, &list)
	return list, err
}

func (e *engine) close() { e.client.CloseIdleConnections() }

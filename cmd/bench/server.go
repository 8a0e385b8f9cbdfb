package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// server is the program under measurement, as a process of its own.
type server struct {
	address string
	command *exec.Cmd
}

// startServer builds cmd/fasthold from this tree and waits until it is ready.
func startServer(ctx context.Context, dir, databaseURL string, of *site) (*server, error) {
	binary := filepath.Join(dir, "fasthold")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/fasthold") //nolint:gosec // our own program, into our own folder
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build the server: %w", err)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "server.log"))
	if err != nil {
		return nil, err
	}
	s := &server{address: address, command: exec.CommandContext(ctx, binary, "serve")} //nolint:gosec // the program just built
	s.command.Env = append(os.Environ(), "FASTHOLD_DATABASE_URL="+databaseURL, "FASTHOLD_LISTEN="+address, "FASTHOLD_REQUEST_RATE=1000000", "FASTHOLD_CODE_KEYS="+of.keys, "FASTHOLD_DATA_KEYS="+of.dataKeys)
	s.command.Stdout, s.command.Stderr = log, log
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	for range 100 {
		if ready(ctx, address) {
			return s, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.stop()
	said, _ := os.ReadFile(log.Name())
	return nil, fmt.Errorf("the server is not ready after 10 s:\n%s", said)
}

func ready(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
}

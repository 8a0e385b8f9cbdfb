package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the program under measurement, as a process of its own.
type server struct {
	address string
	command *exec.Cmd
}

// build makes the program from this tree, as it is delivered.
func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "fasthold")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/fasthold") //nolint:gosec // our own program, into our own folder
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the program: %w", err)
	}
	return binary, nil
}

// startServer serves a database from the program, in the environment, and waits
// until it is ready.
func startServer(ctx context.Context, binary string, env []string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(binary + ".log")
	if err != nil {
		return nil, err
	}
	s := &server{address: address, command: exec.CommandContext(ctx, binary, "serve")}
	s.command.Env = append(append(os.Environ(), "FASTHOLD_LISTEN="+address, "FASTHOLD_REQUEST_RATE=1000000"), env...)
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

// spent is what a process has taken so far.
type spent struct {
	processor time.Duration
	memory    int64 // bytes, at most
}

// spent reads it from Linux.
func (s *server) spent() (used spent, err error) {
	of := fmt.Sprint("/proc/", s.command.Process.Pid)
	stat, err := os.ReadFile(of + "/stat")
	if err != nil {
		return used, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')'):])) // the program's name is before
	for _, ticks := range fields[12:14] {                                   // user and system, in hundredths
		n, err := strconv.ParseInt(ticks, 10, 64)
		if err != nil {
			return used, err
		}
		used.processor += time.Duration(n) * 10 * time.Millisecond
	}
	status, err := os.ReadFile(of + "/status")
	if err != nil {
		return used, err
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	_, err = fmt.Sscan(peak, &kilobytes)
	used.memory = kilobytes << 10
	return used, err
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

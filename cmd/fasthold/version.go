package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Help is what --help adds.
func (versionCommand) Help() string { return "Example:\n\n  fasthold version" }

// Run prints the version, the commit it was built from, and the Go it was built
// with.
func (versionCommand) Run(p *program) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary does not say which version it is: it was built without module support")
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := cmp.Or(settings["vcs.revision"], "unknown")
	if settings["vcs.modified"] == "true" {
		commit += " with changes"
	}
	fmt.Fprintf(p.stdout, "fasthold %s, commit %s, %s %s/%s\n", cmp.Or(info.Main.Version, "(devel)"), commit, info.GoVersion, settings["GOOS"], settings["GOARCH"])
	return nil
}

// Command fasthold is the whole of Fasthold in one binary: the server, its
// demo, and what its operator runs beside it.
//
// main.go wires it up in the order of dependency; each command has a file of
// its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fasthold:", err)
		os.Exit(1)
	}
}

// commands is the command line: kong reads it from the tags.
type commands struct {
	Demo         demoCommand          `cmd:"" help:"Build a demo municipality and serve it: needs nothing but this program."`
	Serve        serveCommand         `cmd:"" help:"Serve the API, configured by environment (docs/operations.md)."`
	Migrate      migrateCommands      `cmd:"" help:"Bring the database's schema up to date, or show or undo steps."`
	Keys         keysCommands         `cmd:"" help:"Make the secret keys, or change those of personal data."`
	Municipality municipalityCommands `cmd:"" help:"Make or list municipalities, the tenants."`
	Token        tokenCommands        `cmd:"" help:"Make a token with which a person's program calls the API."`
	Assign       assignCommand        `cmd:"" help:"Give a person who signs in a role."`
	Account      accountCommands      `cmd:"" help:"Invite a person to sign in here, such as the first administrator."`
	Import       importCommand        `cmd:"" help:"Take in a municipality's export of treatment plans and attendance."`
	Rules        rulesCommands        `cmd:"" help:"Check, explain and compare a programme's rules, without a server."`
	Verify       verifyCommand        `cmd:"" help:"Derive every balance, award and report figure again, and compare."`
	Erase        eraseCommand         `cmd:"" help:"Destroy the key of what is personal about a citizen."`
	Scrub        scrubCommand         `cmd:"" help:"Clean the database's files of what erased citizens left there."`
	Version      versionCommand       `cmd:"" help:"Say which version this is."`
}

// program is what every command works with.
type program struct {
	config         config
	stdout, stderr io.Writer
}

// run is the program: its command line, environment and output are arguments,
// so that tests run it whole. It ends when ctx does.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	helped := false // kong prints help and would exit; we return
	parser, err := kong.New(&commands{}, kong.Name("fasthold"),
		kong.Description("Fasthold rewards attendance in treatment with vouchers, and accounts for every krone. Start with: fasthold demo"),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&program{config: loadConfig(getenv), stdout: stdout, stderr: stderr}),
	)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if helped {
		return nil
	}
	if usage, ok := errors.AsType[*kong.ParseError](err); ok {
		return fmt.Errorf("%w: see %s --help", err, path(usage.Context))
	}
	if err != nil {
		return err
	}
	return command.Run()
}

// path is the command as far as it was understood: "fasthold token create".
func path(c *kong.Context) string {
	words := "fasthold"
	for _, part := range c.Path {
		if part.Command != nil {
			words += " " + part.Command.Name
		}
	}
	return words
}

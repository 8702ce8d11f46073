package main

import (
	"github.com/spf13/cobra"

	"github.com/evalx/evalx/isolate/docker"
	"github.com/evalx/evalx/isolate/native"
)

// newAgent is the command that the first process of a container runs: see
// package docker. It is no command for people.
func newAgent(io *streams) *cobra.Command {
	return &cobra.Command{
		Use:    docker.AgentCommand,
		Short:  "Serve as the sandbox in a container, for --sandbox=docker",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			agent := docker.Agent{Failure: docker.Settle(), Find: finder(io).Find, Mounts: docker.MountsDir}
			if agent.Failure == nil {
				agent.Sandbox, agent.Failure = native.Open(native.Config{Workers: 1})
			}
			return agent.Serve(cmd.Context(), io.In, io.Out)
		},
	}
}

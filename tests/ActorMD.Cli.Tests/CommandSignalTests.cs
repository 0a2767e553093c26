using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics;

namespace ActorMD.Cli.Tests;

/// <summary>Signals at commands that write no run folder: they end, and no mistake is reported.</summary>
public sealed class CommandSignalTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("TERM", "bench", "split", "--only", "fluid-4000", "--collisions", "1e6")]
    [InlineData("INT", "bench", "--only", "fluid-4000", "--seconds", "1000")]
    [InlineData("TERM", "bench", "dsmc", "--seconds", "1000")]
    [InlineData("TERM", "bench", "observables", "--collisions", "1e6")]
    public void Signals_end_a_measurement(string signal, params string[] arguments)
    {
        using ActorMdProcess process = ActorMdProcess.Start(_place.Path, arguments);
        Stopwatch watch = Stopwatch.StartNew();
        while (process.CpuTime < TimeSpan.FromSeconds(2)) // then it computes, and would do so for many minutes
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "it does not begin");
            Thread.Sleep(50);
        }

        watch.Restart();
        process.Send(signal);
        process.Send(signal); // as 'timeout' and a terminal do: to the process and to its group
        ActorMdProcess.Result ended = process.Wait();
        Assert.Equal(130, ended.Code);
        Assert.DoesNotContain("mistake", ended.Error, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    /// <summary>Commands with a task get the signals of System.CommandLine, which throws at the second one, on a thread of its own.</summary>
    [Fact]
    public void No_command_leaves_signals_to_the_library()
    {
        List<Command> commands = [];
        Collect(Root.Create());
        Assert.True(commands.Count > 20, $"{commands.Count} commands");
        Assert.All(commands, command => Assert.False(command.Action is AsynchronousCommandLineAction, command.Name));

        void Collect(Command command)
        {
            commands.Add(command);
            foreach (Command below in command.Subcommands)
            {
                Collect(below);
            }
        }
    }
}

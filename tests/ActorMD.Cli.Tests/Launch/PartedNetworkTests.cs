using System.Diagnostics;
using Xunit.Abstractions;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>
/// Four nodes on two machines, as far as the network can tell: two namespaces with one cable, which is cut. Both reach the run folder, as
/// with a shared file system.
/// </summary>
[Trait("Tier", "Validation")]
public sealed class PartedNetworkTests(ITestOutputHelper output) : IDisposable
{
    private const string Until = "100";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>In turn the side that leads has the lowest address, which goes on when both are equal, and has not.</summary>
    [PrivilegedTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void When_the_cable_between_two_and_two_is_cut_exactly_one_side_goes_on(int number)
    {
        string tag = FormattableString.Invariant($"amp{Environment.ProcessId}");
        string[] names = [tag + "a", tag + "b"];
        string[] addresses = number % 2 == 1 ? ["10.78.0.1", "10.78.0.2"] : ["10.78.0.2", "10.78.0.1"];
        Assert.Equal(0, _place.Run("certificate", "--out", "certificate").Code);
        List<ActorMdProcess> nodes = [];
        try
        {
            Shell(
                $"ip netns add {names[0]}; ip netns add {names[1]}; ip link add c{names[0]} netns {names[0]} type veth peer name "
                    + $"c{names[1]} netns {names[1]}");
            for (int side = 0; side < 2; side++)
            {
                Shell(
                    $"ip -n {names[side]} addr add {addresses[side]}/24 dev c{names[side]}; ip -n {names[side]} link set lo up; ip -n "
                        + $"{names[side]} link set c{names[side]} up");
            }

            for (int k = 0; k < 4; k++)
            {
                string config = Config(k, addresses);
                nodes.Add(ActorMdProcess.StartIn(
                    names[k / 2], _place.Path, "run", "tube.yaml", "--resume", "--until", Until, "--set", "run.checkpoint=2", "--domains",
                    "4x1x1", "--workers", "1",
                    "--quiet", "--out", "parted", "--runtime", "akka", "--cluster-config", config));
            }

            Stopwatch watch = Stopwatch.StartNew();
            while (LoggedEvent.Read(_place["parted/log.jsonl"]).Count(logged => logged.Says("Sampled at")) < 10)
            {
                Assert.True(watch.Elapsed < Patience && nodes.TrueForAll(node => !node.HasExited), "the run does not begin");
                Thread.Sleep(5);
            }

            Shell($"ip -n {names[0]} link set c{names[0]} down");
            watch.Restart();
            ActorMdProcess.Result[] results = [.. nodes.Select(node => node.Wait())];
            int[] codes = [.. results.Select(result => result.Code)];
            output.WriteLine(
                FormattableString.Invariant($"exit codes {string.Join(' ', codes)} {watch.Elapsed.TotalSeconds:F1} s after the cut"));
            Assert.True(
                codes is [0, 0, 4, 4] or [4, 4, 0, 0], string.Join("\n", results.Select(result => $"{result.Code}: {result.Error}")));
            OneWriterAtATime.Check(_place["parted"]);
            Assert.Equal(StraightDigests.At(Until), StraightRun.DigestOf(_place["parted"]));
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
            Shell($"ip netns del {names[0]} || true; ip netns del {names[1]} || true");
        }
    }

    private static void Shell(string commands)
    {
        using Process process = Process.Start("sh", ["-ec", commands]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Config(int number, string[] addresses)
    {
        string path = _place[FormattableString.Invariant($"parted-{number}.conf")];
        File.WriteAllText(path, FormattableString.Invariant($$"""
            actormd {
              host = "{{addresses[number / 2]}}"
              port = {{4101 + (number % 2)}}
              seeds = ["{{addresses[0]}}:4101"]
              nodes = 4
              certificate-file = "certificate/node.pem"
              certificate-key-file = "certificate/node.key"
              lease-folder = "lease"
            }
            """));
        return path;
    }
}

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Observables are measured by the node that leads, from the events of all nodes: the same bytes as by one process.</summary>
public sealed class ObservedNodesTests : IDisposable
{
    private const string Observables = """
        output:
          observables:
            - { kind: rdf, every: 0.1 }
            - { kind: msd, every: 0.01, lags: { max: 0.2 } }
            - { kind: vacf, every: 0.01, lags: { max: 0.2 } }
            - { kind: helfand, every: 0.01, lags: { max: 0.2, spacing: logarithmic } }
            - { kind: mutual_diffusion, every: 0.01, lags: { max: 0.2 } }
            - { kind: collisions }
            - { kind: velocities, times: { from: 0.1, per_decade: 3 } }

        """;

    private readonly Workplace _place = new();

    public ObservedNodesTests() => File.AppendAllText(_place["small.yaml"], Observables);

    public void Dispose() => _place.Dispose();

    [MpiFact]
    public void Two_ranks_measure_the_same_bytes() => AssertSame("mpi");

    [Fact]
    public void Two_Akka_nodes_measure_the_same_bytes() => AssertSame("akka");

    private void AssertSame(string runtime)
    {
        string[] run = ["run", "small.yaml", "--quiet", "--out"];
        Assert.Equal(0, _place.Run([.. run, "one"]).Code);
        Assert.Equal(0, _place.Run(["launch", "--runtime", runtime, "-n", "2", "--", .. run, "two"]).Code);
        string[] tables = [.. Directory.GetFiles(_place["one"], "observable-*.csv").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.True(tables.Length >= 9, string.Join(' ', tables));
        Assert.All(tables, table => Assert.Equal(File.ReadAllText(_place[$"one/{table}"]), File.ReadAllText(_place[$"two/{table}"])));
        Assert.DoesNotContain("\n0.2,0,", File.ReadAllText(_place["one/observable-msd.csv"]), StringComparison.Ordinal); // origins
    }
}

using System.Globalization;
using ActorMD.Physics;
using ActorMD.Simulation;

// Arguments: first seed, number of seeds.
ulong first = ulong.Parse(args[0], CultureInfo.InvariantCulture), count = ulong.Parse(args[1], CultureInfo.InvariantCulture);
for (ulong seed = first; seed < first + count; seed++)
{
    RandomCase @case = new(seed, 2000);
    using SynchronousCluster cluster = new(
        @case.Gas, @case.Initial, null, @case.Split, @case.Plan, @case.Comparison, @case.CreatePolicy);
    cluster.Advance(@case.EndTime);
    bool isRight = StateDigest.Of(cluster.Client.State) == StateDigest.Of(@case.EndState);
    Console.WriteLine($"{(isRight ? "right" : "WRONG")} {@case} {cluster.Client.Work}");
}

using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;

namespace ActorMD.Files.Tests;

public sealed class EnsembleStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EnsembleStore _store;

    public EnsembleStoreTests()
    {
        Directory.CreateDirectory(_folder["checkpoints"]);
        _store = new EnsembleStore(_folder["checkpoints"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_is_read_back_bit_for_bit()
    {
        EnsembleCheckpoint expected = Sample(done: 3);
        _store.Write(expected);
        EnsembleCheckpoint actual = _store.Read(out string? complaint);

        Assert.Null(complaint);
        Assert.Equal(
            (expected.Fingerprint, expected.ReplicaCount, expected.ListLength),
            (actual.Fingerprint, actual.ReplicaCount, actual.ListLength));
        Assert.Equal((expected.WallSeconds, expected.CpuSeconds), (actual.WallSeconds, actual.CpuSeconds));
        Assert.Equal((expected.Sums.Count, expected.Sums.Digest), (actual.Sums.Count, actual.Sums.Digest));
        Assert.Equal(expected.Sums.Means.ToArray(), actual.Sums.Means.ToArray());
        Assert.Equal(expected.Sums.StandardError(0), actual.Sums.StandardError(0));
        Assert.Equal(expected.Sums.Largest.ToArray(), actual.Sums.Largest.ToArray());
        Assert.Equal(expected.Sums.Totals.ToArray(), actual.Sums.Totals.ToArray());
        ReplicaResult finished = Assert.Single(actual.Finished);
        Assert.Equal(expected.Finished[0].Values, finished.Values);
        Assert.Equal((expected.Finished[0].Index, expected.Finished[0].Seed), (finished.Index, finished.Seed));
        ReplicaSnapshot running = Assert.Single(actual.Running);
        Assert.Equal(expected.Running[0].Values, running.Values);
        Assert.Equal(expected.Running[0].Checkpoint.State.Particles, running.Checkpoint.State.Particles);
    }

    [Fact]
    public void A_damaged_newest_one_falls_back_to_the_one_before_and_says_so()
    {
        _store.Write(Sample(done: 3));
        _store.Write(Sample(done: 4));
        string newest = Path.Combine(_folder["checkpoints"], "ensemble.state");
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^40] ^= 1;
        File.WriteAllBytes(newest, bytes);

        Assert.Equal(3, _store.Read(out string? complaint).Sums.Count);
        Assert.Contains("ensemble.state", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_errors_and_extremes_are_those_of_all_replicas()
    {
        EnsembleSums sums = new(valueCount: 2, extremeCount: 1, countCount: 1);
        double[] values = [3, 1, 4, 1, 5];
        for (int k = 0; k < values.Length; k++)
        {
            sums.Add(new ReplicaResult(k, 7, $"d{k}", [values[k], k == 2 ? double.NaN : 0], [-values[k]], [k]));
        }

        double mean = values.Average(), variance = values.Sum(v => (v - mean) * (v - mean)) / 4;
        Assert.Equal(mean, sums.Mean(0)!.Value, 1e-15);
        Assert.Equal(Math.Sqrt(variance / 5), sums.StandardError(0)!.Value, 1e-15);
        Assert.Null(sums.Mean(1));
        Assert.Null(sums.StandardError(1));
        Assert.Equal(0, sums.Largest[0]);
        Assert.Equal(10, sums.Totals[0]);
        Assert.Equal(EnsembleSums.DigestOf(["d0", "d1", "d2", "d3", "d4"]), sums.Digest);
        Assert.NotEqual(EnsembleSums.DigestOf(["d1", "d0", "d2", "d3", "d4"]), sums.Digest);
    }

    private static EnsembleCheckpoint Sample(int done)
    {
        EnsembleSums sums = new(valueCount: 2, extremeCount: 1, countCount: 1);
        for (int k = 0; k < done; k++)
        {
            sums.Add(Result(k));
        }

        Checkpoint checkpoint = new(
            Cases.Mixture(), "f", Cases.State(Cases.Mixture(), 10), new Physics.EventTally(2, 3), new RunProgress { EventsLength = 5 });
        return new EnsembleCheckpoint(
            "fingerprint", 9, sums, 123, [Result(done + 1)], [new ReplicaSnapshot(done, checkpoint, [0.5, double.NaN])], 1.5, 2.5);
    }

    private static ReplicaResult Result(int index) =>
        new(index, ulong.MaxValue - (ulong)index, "sha256:0", [1.0 / (index + 1), double.NaN], [1e-15], [index]);
}

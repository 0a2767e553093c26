using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_is_read_back_bit_for_bit(bool withBaseline)
    {
        Checkpoint expected = Sample(withBaseline, particleCount: 20_000); // more than a buffer
        Checkpoint actual = Read(Bytes(expected));
        Assert.Equal(expected.Gas, actual.Gas);
        Assert.Equal(expected.Fingerprint, actual.Fingerprint);
        Assert.Equal(expected.State.Particles, actual.State.Particles);
        Assert.Equal(
            (expected.State.EpochLength, expected.State.Epoch, expected.State.Time),
            (actual.State.EpochLength, actual.State.Epoch, actual.State.Time));
        Assert.Equal(StateDigest.Of(expected.State), StateDigest.Of(actual.State));
        AssertSame(expected.Tally, actual.Tally);
        Assert.Equal(
            expected.Progress with { Baseline = null, LastSample = null }, actual.Progress with { Baseline = null, LastSample = null });
        Assert.Equal(withBaseline, actual.Progress.Baseline is not null);
        if (withBaseline)
        {
            Assert.Equal(expected.Progress.Baseline!.Time, actual.Progress.Baseline!.Time);
            AssertSame(expected.Progress.Baseline.Tally, actual.Progress.Baseline.Tally);
            AssertSame(expected.Progress.LastSample!.Tally, actual.Progress.LastSample!.Tally);
        }
    }

    [Fact]
    public void An_infinite_epoch_and_minus_zero_are_kept()
    {
        Gas gas = Cases.Mixture();
        SystemState state = new([new ParticleState { Position = new Vec3(-0.0, 1, 2) }], double.PositiveInfinity);
        Checkpoint actual = Read(Bytes(new Checkpoint(gas, "", state, new EventTally(2, 3), new RunProgress())));
        Assert.Equal(double.PositiveInfinity, actual.State.EpochLength);
        Assert.True(double.IsNegative(actual.State.Particles[0].Position.X));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Earlier_versions_of_the_format_stay_readable(int version)
    {
        ParticleFileLoad load = ParticleFile.Read(Golden.PathOf($"periodic-3d-version-{version}.state"));
        Assert.Empty(load.Faults);
        Assert.Equal([new Vec3(1e-300, -1, 0.25), new Vec3(1, 0, 0)], Assert.Single(load.Frames).Velocities!);
    }

    [Fact]
    public void Every_truncation_is_detected()
    {
        byte[] bytes = Bytes(Sample(withBaseline: false, particleCount: 3));
        for (int length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes[..length]);
        }

        AssertRefused([.. bytes, 0]);
    }

    [Fact]
    public void Every_flipped_bit_is_detected()
    {
        byte[] bytes = Bytes(Sample(withBaseline: false, particleCount: 3));
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Content_with_a_right_checksum_but_impossible_values_is_refused()
    {
        byte[] bytes = Bytes(Sample(withBaseline: false, particleCount: 3));
        for (int offset = CheckpointFormat.HeaderSize; offset + 36 <= bytes.Length; offset++)
        {
            byte[] forged = (byte[])bytes.Clone();
            BinaryPrimitives.WriteInt32LittleEndian(forged.AsSpan(offset), int.MaxValue);
            Sign(forged);
            try
            {
                Read(forged); // a number that may have this value
            }
            catch (InputFaultException)
            {
                // refused, and nothing else than that
            }
        }

        // Epoch length, epoch, time, and then the count of particles.
        int countAt = bytes.AsSpan().IndexOf([.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(1L)]) + 24;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(countAt), int.MaxValue);
        Sign(bytes);
        Assert.Contains("not within", Assert.Throws<InputFaultException>(() => Read(bytes)).Message);
    }

    public static TheoryData<string, Action<ParticleState[]>> ImpossibleParticles => new()
    {
        { "particle 1 has no position", particles => particles[1].Position = new Vec3(double.NaN, 1, 1) },
        { "particle 1 has no position", particles => particles[1].Position = new Vec3(1, double.PositiveInfinity, 1) },
        { "particle 1 has no position", particles => particles[1].Position = new Vec3(1, 1, 6) },
        { "particle 1 has no position", particles => particles[1].Position = new Vec3(1, 1, -1e-9) },
        { "particle 2 has no finite velocity", particles => particles[2].Velocity = new Vec3(1, double.NaN, 1) },
        { "particle 2 has no finite velocity", particles => particles[2].Velocity = new Vec3(1, 1, 1e60) },
        { "particle 0 has no position", particles => particles[0].Velocity = new Vec3(1e40, 0, 0) },
        { "particle 0 has its last event after", particles => particles[0].Time = double.NaN },
        { "particle 0 has its last event after", particles => particles[0].Time = 0.25 },
        { "the number 2 is not within 0 and 1", particles => particles[0].Kind = 2 },
    };

    [Theory, MemberData(nameof(ImpossibleParticles))]
    public void Particles_that_cannot_be_are_refused_though_the_checksum_is_right(string problem, Action<ParticleState[]> spoil)
    {
        Checkpoint checkpoint = Sample(withBaseline: true, particleCount: 3);
        spoil(checkpoint.State.Particles);
        Assert.Contains(problem, Assert.Throws<InputFaultException>(() => Read(Bytes(checkpoint))).Message);
    }

    [Theory]
    [InlineData(double.NaN, 1, 0.125)]
    [InlineData(-1, 0, 0.125)]
    [InlineData(0.5, -1, 0.125)]
    [InlineData(0.5, 1, double.NaN)]
    [InlineData(0.5, 1, -1)]
    [InlineData(0.5, 1, 0.75)]
    [InlineData(double.PositiveInfinity, 1, 0.125)]
    public void Times_that_cannot_be_are_refused(double epochLength, long epoch, double time)
    {
        Checkpoint checkpoint = Sample(withBaseline: true, particleCount: 3);
        checkpoint = checkpoint with { State = new SystemState(checkpoint.State.Particles, epochLength, epoch, time) };
        Assert.Contains("no time of a run", Assert.Throws<InputFaultException>(() => Read(Bytes(checkpoint))).Message);
    }

    [Fact]
    public void A_gas_a_tally_and_a_progress_that_cannot_be_are_refused()
    {
        Checkpoint sound = Sample(withBaseline: true, particleCount: 3);
        Gas gas = sound.Gas;
        AssertRefused(Bytes(sound with { Gas = gas with { Species = [gas.Species[0] with { Mass = double.NaN }, gas.Species[1]] } }));
        AssertRefused(Bytes(sound with { Gas = gas with { Species = [gas.Species[0], gas.Species[0]] } }));
        AssertRefused(Bytes(sound with { Gas = gas with { Box = Box.Cube(double.PositiveInfinity) } }));
        AssertRefused(Bytes(sound with { Gas = gas with { Box = Box.Cube(1e-3) } }));
        AssertRefused(Bytes(sound with { Tally = new EventTally(2, 3) { MultipleCount = -1 } }));
        AssertRefused(Bytes(sound with { Progress = sound.Progress with { InitialEnergy = double.NaN } }));
        AssertRefused(Bytes(sound with { Progress = sound.Progress with { ThermoLength = -1 } }));
        AssertRefused(Bytes(sound with { Progress = sound.Progress with { InitialMomentum = new Vec3(0, double.NaN, 0) } }));
    }

    [Fact]
    public void An_unknown_version_is_named()
    {
        byte[] bytes = Bytes(Sample(withBaseline: false, particleCount: 3));
        bytes[8] = CheckpointFormat.Version + 1;
        Sign(bytes);
        Assert.Contains($"version {CheckpointFormat.Version + 1}", Assert.Throws<InputFaultException>(() => Read(bytes)).Message);
    }

    [Fact]
    public void The_newest_two_are_kept()
    {
        CheckpointStore store = new(_folder["checkpoints"]);
        for (int i = 0; i < 5; i++)
        {
            store.Write(Numbered(i));
        }

        Assert.Equal(["checkpoint-00000003.state", "checkpoint-00000004.state"], Names());
        Assert.Equal(4, new CheckpointStore(store.Directory).ReadNewestSound(out ImmutableArray<string> complaints).Progress.NextSample);
        Assert.Empty(complaints);
    }

    [Fact]
    public void A_damaged_newest_one_falls_back_to_the_one_before_and_says_so()
    {
        CheckpointStore store = Two();
        File.WriteAllBytes(PathOf("checkpoint-00000001.state"), File.ReadAllBytes(PathOf("checkpoint-00000001.state"))[..^1]);
        Checkpoint checkpoint = store.ReadNewestSound(out ImmutableArray<string> complaints);
        Assert.Equal(0, checkpoint.Progress.NextSample);
        Assert.Contains("checkpoint-00000001.state", Assert.Single(complaints));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void After_a_fall_back_the_sound_one_is_kept_and_not_the_damaged_one(bool readBefore)
    {
        CheckpointStore store = Two();
        File.WriteAllText(PathOf("checkpoint-00000001.state"), "");
        store = new CheckpointStore(store.Directory);
        if (readBefore)
        {
            store.ReadNewestSound(out _);
        }

        store.Write(Numbered(7));
        Assert.Equal(["checkpoint-00000000.state", "checkpoint-00000002.state"], Names());
    }

    [Fact]
    public void A_temporary_file_of_a_crash_is_no_checkpoint()
    {
        CheckpointStore store = Two();
        File.WriteAllText(PathOf("checkpoint-00000002.state.tmp"), "half");
        Assert.Equal(1, store.ReadNewestSound(out ImmutableArray<string> complaints).Progress.NextSample);
        Assert.Empty(complaints);
    }

    [Fact]
    public void Without_a_sound_one_every_file_is_named()
    {
        CheckpointStore store = Two();
        File.WriteAllText(PathOf("checkpoint-00000000.state"), "");
        File.WriteAllBytes(PathOf("checkpoint-00000001.state"), new byte[1000]);
        InputFaultException error = Assert.Throws<InputFaultException>(() => store.ReadNewestSound(out _));
        Assert.Equal(3, error.Faults.Length);
        Assert.StartsWith("No checkpoint of the run is sound.", error.Message);
        Assert.Contains(
            "holds no checkpoint",
            Assert.Throws<InputFaultException>(() => new CheckpointStore(_folder["gone"]).ReadNewestSound(out _)).Message);
    }

    private string PathOf(string name) => Path.Combine(_folder["checkpoints"], name);

    private IEnumerable<string?> Names() => Directory.GetFiles(_folder["checkpoints"]).Select(Path.GetFileName).Order();

    private CheckpointStore Two()
    {
        CheckpointStore store = new(_folder["checkpoints"]);
        store.Write(Numbered(0));
        store.Write(Numbered(1));
        return store;
    }

    private static Checkpoint Numbered(int number)
    {
        Checkpoint sample = Sample(withBaseline: false, particleCount: 3);
        return sample with { Progress = sample.Progress with { NextSample = number } };
    }

    private static Checkpoint Sample(bool withBaseline, int particleCount)
    {
        Gas gas = Cases.Mixture();
        EventTally tally = Tally(1);
        return new Checkpoint(
            gas, new string('f', 64), Cases.State(gas, particleCount), tally,
            new RunProgress
            {
                NextSample = 3,
                NextFrame = 4,
                CrossingCount = 5,
                Baseline = withBaseline ? new AveragesBaseline(0.25, Tally(2)) : null,
                LastSample = withBaseline ? new AveragesBaseline(0.5, Tally(3)) : null,
                ThermoLength = 1000,
                TrajectoryLength = 1L << 40,
                EventsLength = 1L << 41,
                InitialEnergy = 1.0 / 3,
                InitialMomentum = new Vec3(1e-300, -2, 3),
                InitialAngularMomentum = new Vec3(4, 5, 6),
                EnergyDriftMax = 1e-15,
                MomentumDriftMax = 2e-15,
                AngularMomentumDriftMax = 3e-15,
                WallSeconds = 12.5,
                CpuSeconds = 25,
            });
    }

    private static EventTally Tally(int scale)
    {
        EventTally tally = new(2, 3) { MultipleCount = 5 * scale, GrazingCount = 6 * scale };
        tally.PairCounts[1] = 7 * scale;
        tally.OrderCounts[3] = 8 * scale;
        tally.Virial.Add(1e300 * scale);
        tally.Virial.Add(1e-300);
        tally.WallImpulse.Add(-0.1 * scale);
        return tally;
    }

    private static void AssertSame(EventTally expected, EventTally actual)
    {
        Assert.Equal(expected.PairCounts, actual.PairCounts);
        Assert.Equal(expected.OrderCounts, actual.OrderCounts);
        Assert.Equal((expected.MultipleCount, expected.GrazingCount), (actual.MultipleCount, actual.GrazingCount));
        Assert.Equal(expected.Virial.Export(), actual.Virial.Export());
        Assert.Equal(expected.WallImpulse.Export(), actual.WallImpulse.Export());
    }

    private static byte[] Bytes(Checkpoint checkpoint)
    {
        using MemoryStream stream = new();
        CheckpointFormat.Write(stream, checkpoint);
        return stream.ToArray();
    }

    private static Checkpoint Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return CheckpointFormat.Read(stream, "test.state");
    }

    private static void AssertRefused(byte[] bytes)
    {
        InputFault fault = Assert.Throws<InputFaultException>(() => Read(bytes)).Faults[0];
        Assert.Equal("test.state", fault.File);
    }

    private static void Sign(byte[] bytes) => SHA256.HashData(bytes.AsSpan(..^32)).CopyTo(bytes, bytes.Length - 32);
}
